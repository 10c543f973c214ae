using System.Text.Json;
using Keras.Optimizers;

namespace Keras.Tests.HalfPrecision;

/// <summary>Every optimizer of the reference vectors on variables of 16-bit floats.</summary>
[Category("Golden")]
public sealed class HalfOptimizerTests
{
    static GoldenList List => GoldenList.Find("optimizers", "optimizers")!;

    static IEnumerable<TestCaseData> Classes =>
        from optimizer in GoldenList.Find("optimizers", "optimizers")?.Json.GetProperty("cases").EnumerateArray().GroupBy(c => c.GetProperty("class").GetString()!).ToArray() ?? []
        where optimizer.Key != "LossScaleOptimizer"
        select new TestCaseData(optimizer.Key, optimizer.First()).SetArgDisplayNames(optimizer.Key);

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    /// <summary>Gradients of 0 and of 1e-6, whose squares are 0 in float16, beside ordinary ones.</summary>
    [TestCaseSource(nameof(Classes))]
    public void StepAsInFloat32(string name, JsonElement golden)
    {
        var found = new List<string>();
        foreach (var half in HalfComparison.Halves)
        {
            var expected = Steps(name, golden, DType.Float32, half);
            var actual = Steps(name, golden, half, half);
            if (HalfComparison.Difference(actual, expected, half, 3) is { } difference) found.Add($"{half}: {difference}");
        }
        Assert.That(found, Is.Empty, string.Join("\n", found));
    }

    static Tensor Steps(string name, JsonElement golden, DType dtype, DType half)
    {
        var optimizer = new OptimizersApi().get(SerializedObject.Of("", name, GoldenList.Object(golden.GetProperty("kwargs"))));
        var variable = new Variable(Api.ops.cast(Api.ops.cast(new float[,] { { 0.5f, -0.25f }, { 1, 2 } }, half), dtype), name: "kernel");
        var gradient = Api.ops.cast(Api.ops.cast(new float[,] { { 0, 1e-6f }, { 0.5f, -200 } }, half), dtype);
        for (var step = 0; step < 3; step++) optimizer.apply([gradient], [variable]);
        return variable.value;
    }
}
