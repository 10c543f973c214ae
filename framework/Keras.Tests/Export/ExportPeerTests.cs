using System.Diagnostics;
using System.Text.Json;
using Keras.Tests;

namespace Keras.Export.Tests;

/// <summary>Python's TensorFlow and Keras call and train what is exported here. Needs a Python with Keras 3, named by KERAS_PEER_KERAS_PYTHON.</summary>
[Category("Peer")]
sealed class ExportPeerTests
{
    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    [Test]
    public void Python_calls_endpoints_and_trains_their_variables([ValueSource(typeof(ExportedModels), nameof(ExportedModels.Names))] string name)
    {
        using var folder = new TemporaryFolder();
        var model = ExportedModels.Make(name);
        var archive = new ExportArchive();
        archive.track_and_add_endpoint("serve", model);
        archive.add_variable_collection("two", model.variables.Take(2));
        archive.write_out(folder["1"], verbose: false);
        var inputs = ExportedModels.Inputs(name, 3, 4);
        double[] expected = [.. EndpointNames.OfOutputs("", model.Apply(inputs)).SelectMany(o => o.Tensor.RequireEager().ToHost().ToDouble())];

        using var result = JsonDocument.Parse(InPython(folder["1"], "serve", inputs, model));

        double[] Numbers(string key) => [.. result.RootElement.GetProperty(key).EnumerateArray().Select(v => v.GetDouble())];
        foreach (var way in new[] { "called", "signature", "layer" }) Assert.That(Numbers(way), Is.EqualTo(expected).Within(1e-5), way);
        Assert.That(result.RootElement.GetProperty("without_gradient").EnumerateArray().Select(v => v.GetString()), Is.Empty);
        Assert.That(Numbers("losses")[1], Is.LessThan(Numbers("losses")[0]));
        var counts = result.RootElement.GetProperty("attributes").EnumerateObject().ToDictionary(a => a.Name, a => a.Value.GetInt32());
        Assert.That(counts, Is.EqualTo(new Dictionary<string, int>
        {
            ["two"] = 2,
            ["variables"] = model.variables.Count,
            ["trainable_variables"] = model.trainable_variables.Count,
            ["non_trainable_variables"] = model.non_trainable_variables.Count,
        }));
    }

    static string InPython(string folder, string endpoint, Tensors inputs, Model model)
    {
        var python = Environment.GetEnvironmentVariable("KERAS_PEER_KERAS_PYTHON");
        if (string.IsNullOrEmpty(python)) Assert.Ignore("KERAS_PEER_KERAS_PYTHON names no Python with Keras 3.");
        var names = EndpointNames.OfInputs(InputSignatures.Of(model, null)).Select(i => i.Name);
        var named = names.Zip(EndpointNames.OfInputs(inputs)).ToDictionary(p => p.First, p => Described(p.Second.Tensor));
        var described = JsonSerializer.Serialize(new { inputs = Described(inputs), named, lists = new[] { "two" } });
        var start = new ProcessStartInfo(python!, [Path.Combine(AppContext.BaseDirectory, "Export", "export_in_python.py"), folder, endpoint, described]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var line = output.Split('\n').LastOrDefault(l => l.StartsWith("RESULT ", StringComparison.Ordinal)) ?? throw new AssertionException($"Python did not run the export: {error.Result}");
        return line["RESULT ".Length..];
    }

    static object Described(Tensors tensors)
    {
        if (tensors.IsDictionary) return tensors.Named().ToDictionary(t => t.Key, t => Described(t.Value));
        if (!tensors.IsLeaf) return tensors.Select(Described).ToArray();
        var host = tensors.Single.RequireEager().ToHost();
        return new { dtype = host.DType.Name, shape = host.Shape.ToArray(), data = host.ToDouble() };
    }
}
