using System.Text.Json;
using Keras.Tests.Layers;

namespace Keras.Tests.HalfPrecision;

/// <summary>Every layer of the reference vectors in 16-bit floats: outputs and gradients.</summary>
[Category("Golden")]
public sealed class HalfLayerTests
{
    /// <summary>XLA takes seconds to compile a case: one class in so many is run with it, unless KERAS_HALF_XLA asks for all.</summary>
    static readonly int OneInXla = HalfComparison.WithXla ? 1 : 10;

    static IEnumerable<TestCaseData> Compiled => Classes.Index().Where(c => c.Index % OneInXla == 0).Select(c => c.Item);

    static IEnumerable<TestCaseData> Classes =>
        from list in GoldenList.Names("layers")
        where list != "preprocessing" && GoldenList.Find("layers", list)!.Json.TryGetProperty("cases", out _)
        from layer in GoldenList.Find("layers", list)!.Json.GetProperty("cases").EnumerateArray().GroupBy(c => c.GetProperty("class").GetString()!)
        select new TestCaseData(list, layer.Key, layer.ToArray()).SetArgDisplayNames(list, layer.Key);

    [SetUp]
    public void UseEngine()
    {
        GoldenList.UseEngine();
        LayerNames.Clear();
    }

    [TearDown]
    public void RestorePolicy() => Api.keras.config.set_dtype_policy("float32");

    [TestCaseSource(nameof(Classes))]
    public void AreAsInFloat32(string list, string _, JsonElement[] cases)
    {
        var found = new List<string>();
        foreach (var golden in cases)
            foreach (var half in HalfComparison.Halves) found.AddRange(Differences(GoldenList.Find("layers", list)!, golden, half, [RunMode.Eager, RunMode.Graph]));
        Assert.That(found, Is.Empty, string.Join("\n", found));
    }

    [TestCaseSource(nameof(Compiled))]
    public void AreAsInFloat32CompiledByXla(string list, string _, JsonElement[] cases)
    {
        List<string> found = [.. HalfComparison.Halves.SelectMany(half => Differences(GoldenList.Find("layers", list)!, cases[0], half, [RunMode.Xla]))];
        Assert.That(found, Is.Empty, string.Join("\n", found));
    }

    static List<string> Differences(GoldenList golds, JsonElement golden, DType half, RunMode[] modes)
    {
        var found = new List<string>();
        Api.keras.config.set_dtype_policy("float32");
        var expected = LayerCase.Make(golds, golden, x => HalfComparison.Rounded(x, half)).Run(RunMode.Eager);
        // Gradients that cancel out, as those of a key's bias, are roundings of the others.
        var among = expected.InputGradients.Concat(expected.WeightGradients).OfType<Tensor>().Select(g => HalfComparison.Largest(g, half)).DefaultIfEmpty().Max();
        Api.keras.config.set_dtype_policy(half);
        foreach (var mode in modes)
        {
            var actual = LayerCase.Make(golds, golden, x => HalfComparison.Narrow(x, half)).Run(mode);
            foreach (var (what, a, e) in ((string, IReadOnlyList<Tensor?>, IReadOnlyList<Tensor?>)[])[("output", actual.Outputs, expected.Outputs),
                ("gradient of input", actual.InputGradients, expected.InputGradients), ("gradient of weight", actual.WeightGradients, expected.WeightGradients)])
            {
                for (var i = 0; i < e.Count; i++)
                    if (a[i] is { } x && e[i] is { } y && y.dtype.IsFloating && HalfComparison.Difference(x, y, half, what == "output" ? 2 : 4, what == "output" ? 0 : among) is { } difference)
                        found.Add($"{golden.GetProperty("id")} {half} {mode} {what} {i}: {difference}");
            }
        }
        return found;
    }
}
