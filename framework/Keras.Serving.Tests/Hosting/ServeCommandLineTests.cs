using System.Net.Http.Json;
using Keras.Tests;

namespace Keras.Serving.Tests.Hosting;

/// <summary>What flags and folders become.</summary>
public sealed class ServeCommandLineTests
{
    static ServingOptions Parse(params string[] args) => ServeCommandLine.Parse(args);

    [Test]
    public void A_folder_of_versions_is_a_model_of_its_name()
    {
        using var folder = new TemporaryFolder();
        TestModels.WriteVersion(folder["scale"], 3);
        var expected = new ModelConfig("scale", folder["scale"]);
        Assert.Multiple(() =>
        {
            Assert.That(Named(Parse(folder["scale"])), Is.EqualTo(Named(expected)));
            Assert.That(Named(Parse(folder["scale"] + "/")), Is.EqualTo(Named(expected)));
            Assert.That(Named(Parse(Path.GetDirectoryName(folder["scale"])!)), Is.EqualTo(Named(expected)), "a folder of models");
            Assert.That(Parse(Path.Combine(folder["scale"], "3")).Models.Single().Policy.Specific, Is.EqualTo(new[] { 3L }));
        });
    }

    [Test]
    public void What_save_pretrained_wrote_is_a_model_of_the_folders_name()
    {
        using var folder = new TemporaryFolder();
        TestModels.WriteVersion(Path.Combine(folder["review"], "saved_model"), 1);
        var expected = ("review", Path.Combine(folder["review"], "saved_model"));
        Assert.That(Named(Parse(folder["review"])), Is.EqualTo(expected));
        Assert.That(Named(Parse(Path.Combine(folder["review"], "saved_model"))), Is.EqualTo(expected));
    }

    [Test]
    public void A_language_model_is_served_by_its_folders_name()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["writer"]);
        File.WriteAllText(Path.Combine(folder["writer"], "config.json"), "{}");
        Assert.That(Parse(folder["writer"], "--rest_api_port=0").GenerationModels, Is.EqualTo(new Dictionary<string, string> { ["writer"] = folder["writer"] }));
    }

    [Test]
    public void Mistakes_say_what_is_expected()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);
        TestModels.WriteVersion(folder["scale"], 1);
        Directory.Move(Path.Combine(folder["scale"], "1"), Path.Combine(folder["scale"], "newest"));
        Assert.Multiple(() =>
        {
            Assert.That(() => Parse(), Throws.ArgumentException.With.Message.Contains("nothing to serve"));
            Assert.That(() => Parse(folder["none"]), Throws.ArgumentException.With.Message.Contains("no such folder"));
            Assert.That(() => Parse(folder["empty"]), Throws.ArgumentException.With.Message.Contains("holds no model"));
            Assert.That(() => Parse(Path.Combine(folder["scale"], "newest")), Throws.ArgumentException.With.Message.Contains("whose name is a number"));
            Assert.That(() => Parse("--rest_api_prot=1"), Throws.ArgumentException.With.Message.Contains("rest_api_port"));
            Assert.That(() => Parse("--port=many"), Throws.ArgumentException.With.Message.Contains("Received: 'many'"));
            Assert.That(() => Parse("--model_name"), Throws.ArgumentException.With.Message.Contains("needs a value"));
            Assert.That(() => Parse("-p", "1"), Throws.ArgumentException.With.Message.Contains("begins with --"));
        });
    }

    [Test]
    public void The_file_of_monitoring_says_where_metrics_are()
    {
        using var folder = new TemporaryFolder();
        ServingOptions Read(string text)
        {
            File.WriteAllText(folder["monitoring.config"], text);
            return Parse("--model_base_path=x", $"--monitoring_config_file={folder["monitoring.config"]}");
        }
        var moved = Read("prometheus_config { enable: true, path: '/metrics' }");
        Assert.That((moved.Metrics, moved.MetricsPath), Is.EqualTo((true, "/metrics")));
        Assert.That(Read("prometheus_config { enable: true }").MetricsPath, Is.EqualTo(new ServingOptions().MetricsPath));
        Assert.That(Read("").Metrics, Is.False, "TensorFlow Serving gives none either");
        Assert.That(() => Read("prometheus_config { enabled: true }"), Throws.TypeOf<FileFormatException>());
    }

    [Test]
    public void All_bodies_together_have_room_for_the_greatest()
    {
        Assert.That(new ServingOptions().MaxBytesInFlight, Is.EqualTo(1L << 30));
        var large = Parse("--model_base_path=x", "--max_request_bytes=2000000000");
        Assert.That(large.MaxBytesInFlight, Is.EqualTo(2_000_000_000));
        Assert.That(() => large.Validate(), Throws.Nothing);
        Assert.That(() => Parse("--model_base_path=x", "--max_request_bytes=2000000000", "--max_bytes_in_flight=5").Validate(), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task A_folder_answers()
    {
        using var folder = new TemporaryFolder();
        TestModels.WriteVersion(folder["scale"], 2);
        await using var host = await TestModels.StartAsync(Parse(folder["scale"]));
        using var http = new HttpClient { BaseAddress = host.RestAddress };
        using var answer = await http.PostAsJsonAsync("/v1/models/scale:predict", new { instances = new[] { new[] { 1f, 2f } } });
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("[2,4]").Or.Contain("[2.0,4.0]"));
    }

    static (string, string) Named(ServingOptions options) => Named(options.Models.Single());

    static (string, string) Named(ModelConfig model) => (model.Name, model.BasePath);
}
