using System.Text.Json.Nodes;

namespace Keras.Transformers.Tests.Golden;

/// <summary>What loading a file into another class reports.</summary>
[Category("Golden")]
sealed class ModelLoadingGoldenTests : EngineFixture
{
    static IEnumerable<TestCaseData> Loadings => ModelCases.Loadings();

    [TestCaseSource(nameof(Loadings))]
    public void Loading_reports_what_Hugging_Face_or_PyTorch_reports(string name, int index)
    {
        var golden = ModelCases.Open(name);
        var loading = golden.Json["loading"]![index]!;
        LoadingReport? report = null;
        TFPreTrainedModel Load() => golden.Load(loading["class"]!.GetValue<string>(), Path.Combine(golden.Folder, loading["file"]!.GetValue<string>()), loading["kwargs"]?.AsObject() ?? [], out report);
        if (loading["raises"] is not null)
        {
            Assert.That(Load, Throws.InstanceOf<WeightLoadException>());
            return;
        }
        Load();
        string[] right = [.. new[] { loading["expected"], loading["pytorch"] }.OfType<JsonNode>().Select(Text)];
        if (right.Length > 0) Assert.That(right, Does.Contain(Text(report!)));
    }

    static string Text(LoadingReport report) => Text(report.missing_keys, report.unexpected_keys, report.mismatched_keys.Select(m => $"{m.Key} [{Dims(m.Found)}] [{Dims(m.Wanted)}]"));

    static string Text(JsonNode report) => Text(Strings(report["missing_keys"]!), Strings(report["unexpected_keys"]!),
        report["mismatched_keys"]!.AsArray().Select(m => $"{m![0]} [{string.Join(",", m[1]!.AsArray())}] [{string.Join(",", m[2]!.AsArray())}]"));

    static string Text(IEnumerable<string> missing, IEnumerable<string> unexpected, IEnumerable<string> mismatched) =>
        $"missing: {string.Join(" ", missing.Order(StringComparer.Ordinal))}\nunexpected: {string.Join(" ", unexpected.Order(StringComparer.Ordinal))}\nmismatched: {string.Join("; ", mismatched.Order(StringComparer.Ordinal))}";

    static IEnumerable<string> Strings(JsonNode list) => list.AsArray().Select(n => n!.GetValue<string>());

    static string Dims(Shape shape) => string.Join(",", Enumerable.Range(0, shape.Rank).Select(i => shape[i]));
}
