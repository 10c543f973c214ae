using Keras.Transformers.Cli;
using static Keras.Transformers.Tests.Cli.CommandFixture;

namespace Keras.Transformers.Tests.Cli;

/// <summary>train: what it writes, says and refuses.</summary>
public sealed class TrainCommandTests
{
    [Test]
    public void Training_writes_a_model_that_is_right_and_says_so_in_one_document()
    {
        Assert.That(Trained.Code, Is.EqualTo(ExitCodes.Ok), Trained.Error);
        var json = Trained.Json;
        Assert.Multiple(() =>
        {
            Assert.That(Number(json, "evaluation", "accuracy"), Is.GreaterThanOrEqualTo(0.8));
            Assert.That(json.GetProperty("labels").EnumerateArray().Select(l => l.GetString()), Is.EqualTo(new[] { "animal", "plant" }));
            Assert.That(json.GetProperty("epochs").GetArrayLength(), Is.EqualTo(8));
            Assert.That(json.GetProperty("train_rows").GetInt32(), Is.EqualTo(48));
            Assert.That(((string[])["config.json", "model.safetensors", "tokenizer.json", "README.md", "metrics.json"]).Where(f => !File.Exists(Path.Combine(TrainedModel, f))), Is.Empty);
            Assert.That(File.ReadAllText(Path.Combine(TrainedModel, "metrics.json")), Does.Contain("\"output\": \"model\""), "no path of this machine");
            Assert.That(Trained.Error, Does.Contain("training").And.Contain("evaluating"));
        });
    }

    [Test]
    public void Without_json_a_table_tells_the_epochs()
    {
        using var folder = new TemporaryFolder();
        var run = CommandRun.Of("train", "--task", "text-classification", "-m", Bert, "-d", Test, "-o", folder["new"], "--epochs", "1", "--eval-split", "0.25", "--cache-dir", Cache);
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Ok), run.Error);
        Assert.That(run.Output, Does.Contain("val_accuracy").And.Contain("12 to learn from, 4 to judge by").And.Contain("animal, plant"));
    }

    static IEnumerable<TestCaseData> Mistakes()
    {
        TestCaseData Case(string name, string says, params string[] arguments) => new TestCaseData(says, arguments).SetName($"Refused: {name}");
        yield return Case("no such task", "Did you mean \"text-classification\"?", "--task", "text-clasification");
        yield return Case("no such column", "(--label-column). Expected: text, label. Received: \"lable\". Did you mean \"label\"?", "--label-column", "lable");
        yield return Case("a column that the task does not read", "does not read this column", "--question-column", "text");
        yield return Case("no such data", "Did you mean \"train.csv\"?", "--data", Repository.PathOf("examples", "CakePipeline", "trian.csv"));
        yield return Case("data of no format", "does not follow from its name (--data)", "--data", Repository.PathOf("README.md"));
        yield return Case("an output that exists", "The output exists (--output)", "--output", Repository.PathOf("models", "bert-tiny"));
        yield return Case("no epoch", "(--epochs). Expected: a whole number of at least 1. Received: 0", "--epochs", "0");
        yield return Case("no number", "\"many\" is not a whole number.", "--epochs", "many");
        yield return Case("a negative learning rate", "(--lr)", "--lr", "-1");
        yield return Case("a share beyond 1", "(--eval-split)", "--eval-split", "1.5");
        yield return Case("no such precision", "Did you mean \"bfloat16\"?", "--mixed-precision", "bfloat");
        yield return Case("longer than the model", "(--max-length). Expected: at most 128", "--max-length", "1000");
        yield return Case("contradicting options", "contradict each other", "--jit", "--no-jit");
        yield return Case("contradicting draws", "contradict each other", "--stratify", "--no-stratify");
        yield return Case("shares of nothing held back", "No rows are drawn to judge by (--stratify)", "--stratify", "--eval-split", "none");
        yield return Case("no such kind of labels", "Did you mean \"regression\"?", "--problem-type", "regresion");
        yield return Case("numbers of texts", "A label is no number (--label-column)", "--problem-type", "regression");
        yield return Case("an option that there is not", "nonsense", "--nonsense");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_ends_with_2_a_message_and_nothing_written(string says, string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var defaults = new Dictionary<string, string> { ["--task"] = "text-classification", ["--model"] = Bert, ["--data"] = Train, ["--output"] = folder["new"], ["--cache-dir"] = Cache };
        foreach (var name in arguments.Where(a => a.StartsWith("--", StringComparison.Ordinal))) defaults.Remove(name);
        var run = CommandRun.Of(["train", .. defaults.SelectMany(d => new[] { d.Key, d.Value }), .. arguments]);
        Assert.Multiple(() =>
        {
            Assert.That(run.Code, Is.EqualTo(ExitCodes.Usage), run.Error);
            Assert.That(run.Error, Does.Contain(says).And.Contain("error: ").And.Not.Contain("   at "));
            Assert.That(run.Output, Is.Empty);
            Assert.That(folder.Entries(), Is.Empty);
        });
    }

    [Test]
    public void Missing_labels_are_told()
    {
        using var folder = new TemporaryFolder();
        var data = Lines(folder, "data.csv", "text,label", "a dog,animal", "a tree,", "a fern,plant");
        var run = CommandRun.Of("train", "--task", "text-classification", "-m", Bert, "-d", data, "-o", folder["new"], "--cache-dir", Cache, "--json");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Usage), run.Error);
        Assert.That(run.Error, Does.Contain("A label is missing (--label-column)"));
        Assert.That(run.Json.GetProperty("error").GetProperty("exit_code").GetInt32(), Is.EqualTo(ExitCodes.Usage));
        Assert.That(Path.Exists(folder["new"]), Is.False);
    }

    [Test]
    public void A_folder_that_is_no_model_fails_with_1()
    {
        using var folder = new TemporaryFolder();
        var run = CommandRun.Of("train", "--task", "text-classification", "-m", Repository.PathOf("docs"), "-d", Train, "-o", folder["new"], "--cache-dir", Cache);
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Failed), run.Error);
        Assert.That(run.Error, Does.Contain("no configuration"));
    }

    [Test]
    public void Help_shows_examples()
    {
        var run = CommandRun.Of("train", "--help");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Ok));
        Assert.That(run.Output, Does.Contain("EXAMPLES").And.Contain("--task text-classification").And.Contain("--eval-split"));
    }
}
