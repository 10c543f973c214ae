using Keras.Transformers.Cli;
using static Keras.Transformers.Tests.Cli.CommandFixture;

namespace Keras.Transformers.Tests.Cli;

/// <summary>evaluate and predict on a trained model.</summary>
public sealed class EvaluateCommandTests
{
    static CommandRun Evaluate(params string[] arguments) => CommandRun.Of(["evaluate", TrainedModel, "--cache-dir", Cache, .. arguments]);

    [Test]
    public void Figures_are_those_of_the_training()
    {
        var run = Evaluate("--data", Test, "--json", "--at-least", "accuracy=0.5");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Ok), run.Error);
        Assert.That(Number(run.Json, "figures", "loss"), Is.EqualTo(Number(Trained.Json, "evaluation", "loss")).Within(1e-5));
        Assert.That(run.Json.GetProperty("rows").GetInt32(), Is.EqualTo(16));
    }

    [Test]
    public void A_figure_below_its_bound_fails()
    {
        var run = Evaluate("--data", Test, "--at-least", "accuracy=1.01");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Failed));
        Assert.That(run.Error, Does.Contain("too low: accuracy is"));
        Assert.That(run.Output, Does.Contain("accuracy").And.Contain("f1"));
    }

    [TestCase("A figure that there is not", "--at-least", "acuracy=0.5", "There is no figure \"acuracy\"")]
    [TestCase("A bound that is no number", "--at-least", "accuracy", "takes a figure and a number")]
    [TestCase("A split that there is not", "--split", "dev", "There is no such split")]
    [TestCase("A task that there is not", "--task", "nope", "There is no such task (--task)")]
    public void A_mistake_ends_with_2(string name, string option, string value, string says)
    {
        var run = Evaluate("--data", Test, option, value);
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Usage), $"{name}: {run.Error}");
        Assert.That(run.Error, Does.Contain(says).And.Not.Contain("(Parameter"));
    }

    [Test]
    public void A_figure_that_there_is_not_is_the_only_document()
    {
        var run = Evaluate("--data", Test, "--at-least", "acuracy=0.5", "--json");
        Assert.That(run.Json.GetProperty("error").GetProperty("message").GetString(), Does.Contain("There is no figure"));
    }

    [Test]
    public void A_document_that_breaks_off_is_whole_and_says_why()
    {
        using var folder = new TemporaryFolder();
        var data = Lines(folder, "data.jsonl", """{"text": "a tree"}""", """{"text": null}""");
        var run = CommandRun.Of("predict", TrainedModel, "--data", data, "--batch-size", "1", "--json");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Usage), run.Error);
        Assert.That(run.Json.GetProperty("rows").GetArrayLength(), Is.EqualTo(1));
        Assert.That(run.Json.GetProperty("error").GetProperty("message").GetString(), Does.Contain("A text is missing (--text-column)"));
    }

    [Test]
    public void A_column_of_the_name_of_the_answers_is_refused()
    {
        using var folder = new TemporaryFolder();
        var lines = CommandRun.Of("predict", TrainedModel, "--data", Lines(folder, "data.csv", "text,prediction", "a tree,plant"));
        Assert.That((lines.Code, lines.Output), Is.EqualTo((ExitCodes.Usage, "")));
        Assert.That(lines.Error, Does.Contain("The table has a column already that the answers are written to (--data). Expected: no column \"prediction\""));
        var table = CommandRun.Of("predict", TrainedModel, "--data", Lines(folder, "more.csv", "text,predicted_label", "a tree,plant"), "--output", folder["answers.csv"]);
        Assert.That(table.Error, Does.Contain("no column \"predicted_label\""));
        Assert.That(File.Exists(folder["answers.csv"]), Is.False);
    }

    [TestCase("predict")]
    [TestCase("evaluate")]
    public void A_model_without_a_trained_head_is_refused(string command)
    {
        var run = CommandRun.Of(command, Bert, "--task", "text-classification", "--data", Test);
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Failed));
        Assert.That(run.Error, Does.Contain("The model's file has no head for the task, so what it says would be noise"));
    }

    [Test]
    public void A_label_that_the_model_does_not_know_is_told()
    {
        using var folder = new TemporaryFolder();
        var run = Evaluate("--data", Lines(folder, "data.csv", "text,label", "a stone,mineral"));
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Usage));
        Assert.That(run.Error, Does.Contain("A label is no class of the model (--label-column). Expected: animal, plant. Received: \"mineral\""));
    }

    [Test]
    public void Answers_are_lines_of_JSON_as_they_come()
    {
        var run = CommandRun.Of("predict", TrainedModel, "--data", Test, "--top-k", "2");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Ok), run.Error);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.EqualTo(16));
        var first = System.Text.Json.JsonDocument.Parse(lines[0]).RootElement;
        Assert.That(first.GetProperty("text").GetString(), Is.EqualTo("a wild cat of the desert"));
        Assert.That(first.GetProperty("prediction").EnumerateArray().Sum(a => a.GetProperty("score").GetDouble()), Is.EqualTo(1).Within(1e-5));
    }

    [Test]
    public void Answers_are_one_document_with_json()
    {
        var run = CommandRun.Of("predict", TrainedModel, "--data", Test, "--json");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Ok), run.Error);
        Assert.That(run.Json.GetProperty("rows").EnumerateArray().Count(r => r.GetProperty("prediction")[0].GetProperty("label").GetString() == r.GetProperty("label").GetString()), Is.GreaterThanOrEqualTo(12));
    }

    [Test]
    public void An_error_on_the_way_is_the_document()
    {
        using var folder = new TemporaryFolder();
        var data = Lines(folder, "data.csv", [.. Enumerable.Repeat("a red [MASK]", 40), "no mask"]);
        File.WriteAllLines(data, File.ReadAllLines(data).Prepend("text"));
        var run = CommandRun.Of("predict", Bert, "--data", data, "--json");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Usage), run.Error);
        Assert.That(run.Json.GetProperty("error").GetProperty("message").GetString(), Does.Contain("\"no mask\""));
    }

    [Test]
    public void Answers_are_a_table()
    {
        using var folder = new TemporaryFolder();
        var data = Lines(folder, "data.jsonl", """{"sentence": "a tree, \"tall\" and old"}""", """{"sentence": "a small dog"}""");
        var run = CommandRun.Of("predict", TrainedModel, "--data", data, "--output", folder["answers.csv"], "--json");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Ok), run.Error);
        Assert.That(run.Json.GetProperty("rows").GetInt32(), Is.EqualTo(2));
        var lines = File.ReadAllLines(folder["answers.csv"]);
        Assert.That(lines[0], Is.EqualTo("sentence,predicted_label,predicted_score"));
        Assert.That(lines[1], Does.StartWith("\"a tree, \"\"tall\"\" and old\",plant,0."));
        Assert.That(CommandRun.Of("predict", TrainedModel, "--data", data, "--output", folder["answers.csv"]).Code, Is.EqualTo(ExitCodes.Usage), "it is there");
        Assert.That(folder.Entries(), Is.EqualTo(new[] { "answers.csv", "data.jsonl" }), "nothing is left beside");
    }

    [TestCase("--output", "answers.txt", "Answers are not written in this format (--output)")]
    [TestCase("--text-column", "words", "There is no such column (--text-column)")]
    [TestCase("--top-k", "0", "(--top-k)")]
    public void A_mistake_in_predict_ends_with_2(string option, string value, string says)
    {
        var run = CommandRun.Of("predict", TrainedModel, "--data", Test, option, value, "--json");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Usage), run.Error);
        Assert.That(run.Error, Does.Contain(says));
        Assert.That(run.Json.GetProperty("error").GetProperty("message").GetString(), Does.Contain(says));
    }
}
