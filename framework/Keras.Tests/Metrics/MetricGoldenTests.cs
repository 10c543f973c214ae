using System.Text.Json;
using Keras.Metrics;

namespace Keras.Tests.Metrics;

/// <summary>Every metric of Keras' reference vectors: results after each of three updates, state, reset, configs, identifiers.</summary>
[Category("Golden")]
public sealed class MetricGoldenTests
{
    static readonly MetricsApi Metrics = new();
    static readonly string[] NeedArguments = ["IoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU", "PrecisionAtRecall", "RecallAtPrecision", "SensitivityAtSpecificity", "SpecificityAtSensitivity"];

    static GoldenList List => GoldenList.Find("metrics", "metrics")!;

    static IEnumerable<TestCaseData> Cases => GoldenList.Cases("metrics", "metrics", RunMode.Eager, RunMode.Graph, RunMode.Xla);

    static IEnumerable<TestCaseData> Configs => GoldenList.Cases("metrics", "metrics", RunMode.Eager);

    static IEnumerable<JsonProperty> Identifiers =>
        GoldenList.Find("metrics", "metrics")?.Json is { } json && json.TryGetProperty("identifiers", out var names) ? [.. names.EnumerateObject()] : [];

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    static Metric Make(JsonElement golden) =>
        Metrics.get(SerializedObject.Of("", golden.GetProperty("class").GetString()!, GoldenList.Kwargs(golden)));

    [TestCaseSource(nameof(Cases))]
    public void ResultsAndStateAreKeras(JsonElement golden, RunMode mode)
    {
        var metric = Make(golden);
        using var step = new Graphs.TracedFunction("update", given => Update(metric, given), new(Jit: mode == RunMode.Xla));
        foreach (var update in golden.GetProperty("updates").EnumerateArray())
        {
            var inputs = new Dictionary<string, Tensor>();
            foreach (var name in (string[])["y_true", "y_pred", "values", "sample_weight"])
                if (update.TryGetProperty(name, out var value)) inputs[name] = List.Tensor(value);
            Tensors result = mode == RunMode.Eager ? Update(metric, inputs) : step.Call(inputs);
            if (GoldenList.Part(update, "result") is { } figure) List.Compare(result, figure, 1e-5, 1e-5, "result");
        }

        if (golden.TryGetProperty("variables", out var expected))
        {
            Assert.That(metric.variables.Select(v => v.name), Is.EqualTo(expected.EnumerateArray().Select(v => v.GetProperty("name").GetString())));
            foreach (var (variable, value) in metric.variables.Zip(expected.EnumerateArray())) List.Compare(variable, value, 1e-5, 1e-5, variable.path);
        }
        metric.reset_state();
        if (golden.TryGetProperty("result_after_reset", out var empty)) List.Compare(metric.result(), empty, 1e-5, 1e-5, "result after reset");
    }

    static Tensors Update(Metric metric, Tensors given)
    {
        Tensor? weight = given.ContainsKey("sample_weight") ? given["sample_weight"].Single : null;
        switch (metric)
        {
            case Mean mean: mean.update_state(given["values"].Single, weight); break;
            case Sum sum: sum.update_state(given["values"].Single, weight); break;
            default: metric.update_state(given["y_true"], given["y_pred"], weight); break;
        }
        return metric.result();
    }

    [TestCaseSource(nameof(Configs))]
    public void ConfigAndNameAreKeras(JsonElement golden, RunMode _)
    {
        var metric = Make(golden);
        if (golden.TryGetProperty("config", out var config)) GoldenList.CompareConfig(metric.get_config(), config, "config");
        if (golden.TryGetProperty("default_name", out var name)) Assert.That(name.GetString(), Does.Match($"^{metric.name}(_\\d+)?$"), "automatic names count per process");
    }

    [TestCaseSource(nameof(Identifiers))]
    public void IdentifierIsKnown(JsonProperty identifier)
    {
        var target = identifier.Value.GetProperty("target").GetString()!;
        if (target is "Metric" or "MeanMetricWrapper" || NeedArguments.Contains(target))
            Assert.That(() => Metrics.get(identifier.Name), Throws.ArgumentException, "the class needs arguments");
        else
            Assert.That(Metrics.get(identifier.Name).GetType().Name, Is.EqualTo(target));
    }
}
