using System.Text.Json;

namespace Keras.Tests.HalfPrecision;

/// <summary>Every function of keras.ops on the arrays of the reference vectors, in 16-bit floats.</summary>
[Category("Golden")]
public sealed class HalfOpsTests
{
    static IEnumerable<TestCaseData> Functions =>
        from list in GoldenList.Names("ops")
        where GoldenList.Find("ops", list)!.Json.TryGetProperty("cases", out _)
        from function in GoldenList.Find("ops", list)!.Json.GetProperty("cases").EnumerateArray().GroupBy(c => c.GetProperty("function").GetString()!)
        select new TestCaseData(list, function.Key, function.ToArray()).SetArgDisplayNames(list, function.Key);

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Functions))]
    public void AreAsInFloat32(string list, string _, JsonElement[] cases)
    {
        var golds = GoldenList.Find("ops", list)!;
        var found = new List<string>();
        foreach (var golden in cases.Where(c => !c.TryGetProperty("raises", out JsonElement _)))
            foreach (var half in HalfComparison.Halves) found.AddRange(Differences(golds, golden, half));
        Assert.That(found, Is.Empty, string.Join("\n", found));
    }

    /// <summary>Functions of which more than one result is right: eigenvectors of either sign, the largest values in no order.</summary>
    static readonly string[] FreeInXla = ["eigh", "top_k"];

    static IEnumerable<string> Differences(GoldenList golds, JsonElement golden, DType half)
    {
        var (id, call) = (golden.GetProperty("id").GetString(), new GoldenCall(golden));
        if (!call.Inputs.Any(i => i.GetProperty("dtype").GetString() == "float32")) yield break;
        Tensor[] inputs = [.. call.Inputs.Select(golds.Tensor)];
        var (expected, _) = Compute(golden, call, [.. inputs.Select(i => HalfComparison.Rounded(i, half))]);
        if (expected is null) yield break;
        foreach (var mode in HalfComparison.Modes)
        {
            var (actual, error) = Compute(golden, call, [.. inputs.Select(i => HalfComparison.Narrow(i, half))], mode);
            // XLA has no kernel of some functions, whatever the dtype, and says so.
            if (mode == RunMode.Xla && (error is EngineException { Message: var said } && said.StartsWith("XLA cannot compile", StringComparison.Ordinal) || FreeInXla.Contains(golden.GetProperty("function").GetString()!))) continue;
            if (error is not null && error is not UnsupportedException) yield return $"{id} {half} {mode}: {error.GetType().Name} {error.Message}";
            for (var i = 0; actual is not null && i < expected.Length; i++)
                if (expected[i].dtype.IsFloating && HalfComparison.Difference(actual[i], expected[i], half) is { } difference) yield return $"{id} {half} {mode} output {i}: {difference}";
        }
    }

    static (Tensor[]? Values, Exception? Error) Compute(JsonElement golden, GoldenCall call, Tensor[] inputs, RunMode mode = RunMode.Eager)
    {
        var name = golden.GetProperty("function").GetString()!;
        try
        {
            return ([.. GoldenList.Run(mode, inputs, given => new Tensors(GoldenCall.Flatten(name.StartsWith("image.", StringComparison.Ordinal)
                ? call.Invoke(Api.ops.image, name["image.".Length..], given.Flatten()) : call.Invoke(Api.ops, name, given.Flatten())).OfType<Tensor>().Select(t => new Tensors(t)))).Flatten()], null);
        }
        catch (KerasException e)
        {
            return (null, e);
        }
    }
}
