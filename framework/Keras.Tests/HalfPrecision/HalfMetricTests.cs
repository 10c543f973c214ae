using System.Text.Json;
using Keras.Metrics;
using static Keras.Api;

namespace Keras.Tests.HalfPrecision;

/// <summary>Every metric of the reference vectors on 16-bit floats, with its own dtype float32 and 16 bits: results are those of float32.</summary>
[Category("Golden")]
public sealed class HalfMetricTests
{
    static GoldenList List => GoldenList.Find("metrics", "metrics")!;

    static IEnumerable<TestCaseData> Classes =>
        from metric in GoldenList.Find("metrics", "metrics")?.Json.GetProperty("cases").EnumerateArray().GroupBy(c => c.GetProperty("class").GetString()!).ToArray() ?? []
        select new TestCaseData(metric.Key, metric.ToArray()).SetArgDisplayNames(metric.Key);

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    [TestCaseSource(nameof(Classes))]
    public void AreAsInFloat32(string name, JsonElement[] cases)
    {
        var found = new List<string>();
        foreach (var golden in cases)
        {
            Dictionary<string, Tensor>[] updates = [.. golden.GetProperty("updates").EnumerateArray().Select(u =>
                ((string[])["y_true", "y_pred", "values", "sample_weight"]).Where(n => u.TryGetProperty(n, out _)).ToDictionary(n => n, n => List.Tensor(u.GetProperty(n))))];
            found.AddRange(Differences(golden.GetProperty("id").GetString()!, dtype => Metrics(name, GoldenList.Kwargs(golden), dtype), updates));
        }
        Assert.That(found, Is.Empty, string.Join("\n", found));
    }

    /// <summary>More samples than a half counts, sums beyond its range, squares of what it holds, shares of 0 and 1, nothing at all.</summary>
    static readonly (string Name, Func<Tensor> True, Func<Tensor> Predicted)[] Hard =
    [
        ("many", () => ops.reshape(ops.cast(ops.arange(12000) % 2, "float32"), [6000, 2]), () => ops.reshape(ops.cast(ops.arange(12000) % 3, "float32") / 2, [6000, 2])),
        ("large", () => new float[,] { { 30000, -30000 }, { 30000, 0 } }, () => new float[,] { { -30000, 30000 }, { 0, 30000 } }),
        ("all large", () => ops.full([8, 2], 40000.0), () => ops.full([8, 2], 40000.0)),
        ("shares", () => new float[,] { { 0, 1 }, { 1, 0 } }, () => new float[,] { { 1, 0 }, { 1, 0 } }),
        ("tiny", () => new float[,] { { 1e-7f, 0 }, { 2e-7f, 1e-7f } }, () => new float[,] { { 0, 1e-7f }, { 3e-7f, 1e-7f } }),
        ("zeros", () => ops.zeros([4, 2]), () => ops.zeros([4, 2])),
    ];

    static readonly string[] Indices = ["SparseCategoricalAccuracy", "SparseTopKCategoricalAccuracy", "SparseCategoricalCrossentropy", "IoU", "MeanIoU", "BinaryIoU"];

    static IEnumerable<TestCaseData> OfFloats =>
        from metric in Classes
        let name = (string)metric.Arguments[0]!
        where !Indices.Contains(name) && !name.Contains("MetricWrapper", StringComparison.Ordinal)
        select new TestCaseData(name, ((JsonElement[])metric.Arguments[1]!)[0]).SetArgDisplayNames(name);

    [TestCaseSource(nameof(OfFloats))]
    public void HardInputsAreAsInFloat32(string name, JsonElement golden)
    {
        var found = new List<string>();
        foreach (var (input, truth, predicted) in Hard)
        {
            var (t, p) = (truth(), predicted());
            found.AddRange(Differences(input, dtype => Metrics(name, GoldenList.Kwargs(golden), dtype), name is "Mean" or "Sum" ? [new() { ["values"] = t }] : [new() { ["y_true"] = t, ["y_pred"] = p }]));
        }
        Assert.That(found, Is.Empty, string.Join("\n", found));
    }

    static Metric Metrics(string name, Dictionary<string, object?> config, DType? dtype)
    {
        if (dtype is not null) config["dtype"] = dtype.Name;
        return keras.metrics.get(SerializedObject.Of("", name, config));
    }

    static IEnumerable<string> Differences(string where, Func<DType?, Metric> make, Dictionary<string, Tensor>[] updates)
    {
        foreach (var half in HalfComparison.Halves)
        {
            var (expected, error) = Result(make(DType.Float32), updates, t => HalfComparison.Rounded(t, half));
            // What float32 refuses may be refused.
            if (error is not null) continue;
            foreach (var dtype in (DType?[])[null, half])
            {
                var (actual, refused) = Result(make(dtype), updates, t => HalfComparison.Narrow(t, half));
                if (refused is not null) yield return $"{where} {half}, metric of {dtype?.Name ?? "float32"}: {refused.GetType().Name} {refused.Message}";
                else if (HalfComparison.Difference(actual!, expected!, half) is { } difference) yield return $"{where} {half}, metric of {dtype?.Name ?? "float32"}: {difference}";
            }
        }
    }

    static (Tensor? Value, Exception? Error) Result(Metric metric, Dictionary<string, Tensor>[] updates, Func<Tensor, Tensor> change)
    {
        try
        {
            foreach (var update in updates)
            {
                Tensor? Given(string key) => update.TryGetValue(key, out var value) ? change(value) : null;
                switch (metric)
                {
                    case Mean mean: mean.update_state(Given("values")!, Given("sample_weight")); break;
                    case Sum sum: sum.update_state(Given("values")!, Given("sample_weight")); break;
                    default: metric.update_state(Given("y_true")!, Given("y_pred")!, Given("sample_weight")); break;
                }
            }
            Tensors result = metric.result();
            return (ops.cast(result.Flatten()[0], "float32"), null);
        }
        catch (Exception e) when (e is KerasException or ArgumentException)
        {
            return (null, e);
        }
    }
}
