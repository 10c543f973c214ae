using Keras.Transformers.Cli;
using static Keras.Transformers.Tests.Cli.CommandFixture;

namespace Keras.Transformers.Tests.Cli;

/// <summary>generate, card, bench, doctor.</summary>
public sealed class OtherCommandTests
{
    [Test]
    public void A_prompt_is_gone_on_from()
    {
        var text = CommandRun.Of("generate", Gpt2, "--prompt", "animal: a large", "--temperature", "0", "--max-new-tokens", "8");
        Assert.That(text.Code, Is.EqualTo(ExitCodes.Ok), text.Error);
        var json = CommandRun.Of("generate", Gpt2, "--prompt", "animal: a large", "--temperature", "0", "--max-new-tokens", "8", "--json").Json;
        Assert.That(text.Output.TrimEnd(), Is.EqualTo("animal: a large" + json.GetProperty("text").GetString()).And.Length.GreaterThan(20));
    }

    [Test]
    public void Lines_are_gone_on_from_until_the_input_ends()
    {
        var run = CommandRun.With("animal: a\nplant: a\n", "generate", Gpt2, "--seed", "1", "--max-new-tokens", "4");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Ok), run.Error);
        Assert.That(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2).And.Some.StartsWith("plant: a"));
    }

    [Test]
    public void A_card_tells_what_the_training_recorded()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in (string[])["config.json", "metrics.json"]) File.Copy(Path.Combine(TrainedModel, file), folder[file]);
        var run = CommandRun.Of("card", folder, "--name", "kinds", "--license", "apache-2.0", "--language", "en", "--dataset", "org/kinds", "--json");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Ok), run.Error);
        Assert.That(run.Json.GetProperty("path").GetString(), Is.EqualTo(Path.GetFullPath(folder["README.md"])));
        Assert.That(File.ReadAllText(folder["README.md"]), Does.Contain("license: apache-2.0").And.Contain("# kinds").And.Contain("type: accuracy").And.Contain("| Epoch |"));
    }

    [Test]
    public void A_card_needs_no_option()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in (string[])["config.json", "metrics.json"]) File.Copy(Path.Combine(TrainedModel, file), folder[file]);
        var run = CommandRun.Of("card", folder);
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Ok), run.Error);
        Assert.That(File.ReadAllText(folder["README.md"]), Does.Contain("accuracy").And.Not.Contain("datasets:"));
    }

    [Test]
    public void A_measurement_has_figures()
    {
        var run = CommandRun.Of("bench", Gpt2, "--repeat", "2", "--length", "16", "--max-new-tokens", "4", "--no-jit", "--json");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Ok), run.Error);
        Assert.That(Number(run.Json, "median_milliseconds"), Is.GreaterThanOrEqualTo(Number(run.Json, "min_milliseconds")).And.GreaterThan(0));
        Assert.That(Number(run.Json, "generated_tokens_per_second"), Is.GreaterThan(0));
        Assert.That(CommandRun.Of("bench", Bert, "--repeat", "1", "--length", "8", "--no-jit").Output, Does.Contain("rows a second"));
    }

    [Test]
    public void Images_are_not_counted_in_tokens()
    {
        var vit = Repository.PathOf("models", "vit-tiny");
        Assert.That(CommandRun.Of("bench", vit, "--repeat", "1", "--no-jit", "--batch-size", "2").Output, Does.Match("batch +2 images"));
        Assert.That(CommandRun.Of("bench", vit, "--repeat", "1", "--no-jit", "--json").Json.GetProperty("length").ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Null));
    }

    [Test]
    public void The_doctor_knows_the_engine_that_runs()
    {
        var run = CommandRun.Of("doctor", "--json");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Ok), run.Error);
        Assert.That(run.Json.GetProperty("engines").EnumerateArray().Single(e => e.GetProperty("is_running").GetBoolean()).GetProperty("name").GetString(), Is.EqualTo(Api.keras.config.backend()));
        Assert.That(CommandRun.Of("doctor").Output, Does.Contain("models can run").And.Contain("datasets"));
    }

    static IEnumerable<TestCaseData> Mistakes()
    {
        TestCaseData Case(string name, string says, params string[] arguments) => new TestCaseData(says, arguments).SetName($"Refused: {name}");
        yield return Case("generate with a model that does not", "The model does not go on from texts (<MODEL>)", "generate", Bert, "--prompt", "x");
        yield return Case("generate a document of nothing", "--json needs --prompt", "generate", Gpt2, "--json");
        yield return Case("generate with a negative temperature", "(--temperature)", "generate", Gpt2, "--prompt", "x", "--temperature", "-1");
        yield return Case("generate nothing", "(--max-new-tokens)", "generate", Gpt2, "--prompt", "x", "--max-new-tokens", "0");
        yield return Case("a card of no model", "The folder holds no model (<FOLDER>)", "card", Repository.PathOf("docs"));
        yield return Case("a card onto a card", "The output exists (--overwrite)", "card", Bert);
        yield return Case("a card without a folder", "FOLDER", "card");
        yield return Case("bench nothing", "(--repeat)", "bench", Bert, "--repeat", "0");
        yield return Case("bench beyond the model", "(--length). Expected: at most 128", "bench", Bert, "--length", "4000");
        yield return Case("bench tokens of images", "Images have no tokens (--length)", "bench", Repository.PathOf("models", "vit-tiny"), "--length", "5");
        yield return Case("bench with contradicting options", "contradict each other", "bench", Bert, "--jit", "--no-jit");
        yield return Case("a command that there is not", "There is no command \"trian\". Did you mean \"train\"? See keras-transformers --help.", "trian");
        yield return Case("an option of no command", "See keras-transformers bench --help.", "bench", Bert, "--nothing");
        yield return Case("doctor with an argument", "now", "doctor", "now");
        yield return Case("push no model", "The folder holds no model (<FOLDER>)", "push", Repository.PathOf("docs"), "org/name");
        yield return Case("push nothing", "There is no such folder (<FOLDER>)", "push", "nowhere", "org/name");
        yield return Case("push nowhere", "REPOSITORY", "push", Bert);
        yield return Case("download nothing", "REPOSITORY", "download");
        yield return Case("download a name that none has", "A repository cannot have this name", "download", "not a/valid/name");
        yield return Case("download an unknown type", "type", "download", "org/name", "--type", "picture");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_ends_with_2_and_a_message(string says, string[] arguments)
    {
        var run = CommandRun.Of(arguments);
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Usage), run.Error);
        Assert.That(run.Error, Does.Contain(says).And.Not.Contain("   at "));
    }
}
