using Keras.Saving;
using Keras.Transformers.Cli;
using static Keras.Transformers.Tests.Cli.CommandFixture;

namespace Keras.Transformers.Tests.Cli;

/// <summary>inspect, convert and export: files of weights, looked into and written.</summary>
public sealed class WeightCommandTests
{
    [Test]
    public void A_table_has_each_weight_and_the_totals()
    {
        var run = CommandRun.Of("inspect", Bert);
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Ok), run.Error);
        Assert.That(run.Output, Does.Match(@"bert\.embeddings\.word_embeddings\.weight +12288 x 128 +float16 +3\.1 MB").And.Match(@"format +safetensors"));
        var json = CommandRun.Of("inspect", Bert, "--json").Json;
        Assert.That(json.GetProperty("elements").GetInt64(), Is.EqualTo(json.GetProperty("weights").EnumerateArray().Sum(w => w.GetProperty("elements").GetInt64())));
        Assert.That(CommandRun.Of("inspect", Bert, "--json", "--filter", "WORD_embeddings").Json.GetProperty("weights").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public void A_conversion_and_back_is_equal_in_value()
    {
        using var folder = new TemporaryFolder();
        var there = CommandRun.Of("convert", Bert, "--output", folder["h5"], "--format", "h5", "--json");
        Assert.That(there.Code, Is.EqualTo(ExitCodes.Ok), there.Error);
        Assert.That(there.Json.GetProperty("files")[0].GetString(), Is.EqualTo("tf_model.h5"));
        Assert.That(CommandRun.Of("convert", folder["h5"], "--output", folder["back"]).Code, Is.EqualTo(ExitCodes.Ok));
        Assert.That(File.Exists(Path.Combine(folder["back"], "tokenizer.json")), Is.True);

        var same = CommandRun.Of("inspect", Bert, "--diff", folder["back"], "--json");
        Assert.That(same.Json.GetProperty("differences").EnumerateArray().Where(d => d.GetProperty("kind").GetString() is not ("only in the first" or "dtype")), Is.Empty, same.Output);
        Assert.That(CommandRun.Of("inspect", Bert, "--diff", Bert).Code, Is.EqualTo(ExitCodes.Ok));
    }

    [Test]
    public void Another_dtype_is_written_and_named()
    {
        using var folder = new TemporaryFolder();
        var run = CommandRun.Of("convert", Bert, "--output", folder["new"], "--dtype", "bfloat16");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Ok), run.Error);
        Assert.That(File.ReadAllText(Path.Combine(folder["new"], "config.json")), Does.Contain("\"bfloat16\""));
        var differences = CommandRun.Of("inspect", Bert, "--diff", folder["new"], "--json");
        Assert.That(differences.Code, Is.EqualTo(ExitCodes.Failed), "they differ");
        Assert.That(differences.Json.GetProperty("differences").EnumerateArray().Select(d => d.GetProperty("most_apart").GetDouble()), Is.All.LessThan(0.01));
    }

    [Test]
    public void Whole_numbers_of_another_dtype_differ_in_it_alone()
    {
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder["a.safetensors"], [SafetensorsTensor.Of<int>("same", 3, new[] { 1, -2, 3 }), SafetensorsTensor.Of<int>("other", 2, new[] { 1, 2 }), SafetensorsTensor.Of<float>("mixed", 2, new[] { 1f, 2f })]);
        SafetensorsWriter.Write(folder["b.safetensors"], [SafetensorsTensor.Of<long>("same", 3, new[] { 1L, -2, 3 }), SafetensorsTensor.Of<long>("other", 2, new[] { 1, long.MaxValue }), SafetensorsTensor.Of<int>("mixed", 2, new[] { 1, 2 })]);
        var run = CommandRun.Of("inspect", folder["a.safetensors"], "--diff", folder["b.safetensors"], "--json");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Failed), run.Error);
        var kinds = run.Json.GetProperty("differences").EnumerateArray().ToDictionary(d => d.GetProperty("name").GetString()!, d => (d.GetProperty("kind").GetString(), d.GetProperty("most_apart").GetDouble()));
        Assert.That(kinds, Is.EqualTo(new Dictionary<string, (string?, double)> { ["same"] = ("dtype", 0), ["mixed"] = ("dtype", 0), ["other"] = ("dtype and values", (double)(long.MaxValue - 2)) }));
    }

    [Test]
    public void Exports_are_numbered_and_inspected()
    {
        using var folder = new TemporaryFolder();
        var first = CommandRun.Of("export", TrainedModel, "--output", folder["served"], "--json");
        Assert.That(first.Code, Is.EqualTo(ExitCodes.Ok), first.Error);
        Assert.That(first.Json.GetProperty("endpoints").EnumerateArray().Single(e => e.GetProperty("name").GetString() == "serving_default").GetProperty("inputs")[0].GetString(), Is.EqualTo("text: string (None,)"));
        var second = CommandRun.Of("export", TrainedModel, "--output", folder["served"], "--tokens");
        Assert.That(second.Output, Does.Contain("serving_default").And.Match(@"version +2"));
        Assert.That(CommandRun.Of("inspect", folder["served"], "--json").Json.GetProperty("format").GetString(), Is.EqualTo("savedmodel"));
        var again = CommandRun.Of("export", TrainedModel, "--output", folder["served"], "--version", "1");
        Assert.That((again.Code, again.Error), Is.EqualTo((ExitCodes.Usage, again.Error)));
        Assert.That(again.Error, Does.Contain("The output exists (--version)"));
    }

    static IEnumerable<TestCaseData> Mistakes()
    {
        TestCaseData Case(string name, int code, string says, params string[] arguments) => new TestCaseData(code, says, arguments).SetName($"Refused: {name}");
        yield return Case("inspect nothing", ExitCodes.Usage, "There is no such file or folder (<PATH>)", "inspect", "nowhere");
        yield return Case("inspect a folder without weights", ExitCodes.Usage, "The folder holds no weights (<PATH>)", "inspect", Repository.PathOf("docs"));
        yield return Case("inspect a text", ExitCodes.Failed, "unknown ending", "inspect", Repository.PathOf("README.md"));
        yield return Case("inspect without a path", ExitCodes.Usage, "PATH", "inspect");
        yield return Case("convert nothing", ExitCodes.Usage, "There is no such folder (<MODEL>)", "convert", "nowhere", "-o", "new");
        yield return Case("convert to an unknown format", ExitCodes.Usage, "--format is one of safetensors, tf-safetensors, h5", "convert", Bert, "-o", "new", "--format", "onnx");
        yield return Case("convert to an unknown dtype", ExitCodes.Usage, "Did you mean \"float16\"?", "convert", Bert, "-o", "new", "--dtype", "float61");
        yield return Case("convert onto a folder", ExitCodes.Usage, "The output exists (--output)", "convert", Bert, "-o", Bert);
        yield return Case("export no model", ExitCodes.Failed, "no configuration", "export", Repository.PathOf("docs"), "-o", "new");
        yield return Case("export version 0", ExitCodes.Usage, "(--version)", "export", Bert, "-o", "new", "--version", "0");
        yield return Case("export without an output", ExitCodes.Usage, "output", "export", Bert);
        yield return Case("no such command", ExitCodes.Usage, "There is no command \"inspekt\". Did you mean \"inspect\"?", "inspekt");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_ends_with_a_code_and_a_message(int code, string says, string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var run = CommandRun.Of([.. arguments.Select(a => a == "new" ? folder["new"] : a)]);
        Assert.That(run.Code, Is.EqualTo(code), run.Error);
        Assert.That(run.Error, Does.Contain(says).And.Not.Contain("   at "));
        Assert.That(folder.Entries(), Is.Empty);
    }

    [Test]
    public void A_damaged_file_fails_with_1()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["model.safetensors"], [1, 2, 3]);
        var run = CommandRun.Of("inspect", folder["model.safetensors"], "--json");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Failed));
        Assert.That(run.Json.GetProperty("error").GetProperty("type").GetString(), Is.EqualTo(nameof(FileFormatException)));
    }
}
