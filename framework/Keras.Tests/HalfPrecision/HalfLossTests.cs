using System.Text.Json;
using Keras.Losses;

namespace Keras.Tests.HalfPrecision;

/// <summary>Every loss of the reference vectors on 16-bit floats, as an object and as a function, with its gradient.</summary>
[Category("Golden")]
public sealed class HalfLossTests
{
    static GoldenList List => GoldenList.Find("losses", "losses")!;

    static IEnumerable<TestCaseData> Classes =>
        from loss in GoldenList.Find("losses", "losses")?.Json.GetProperty("cases").EnumerateArray().GroupBy(c => c.GetProperty("class").GetString()!).ToArray() ?? []
        select new TestCaseData(loss.Key, loss.ToArray()).SetArgDisplayNames(loss.Key);

    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    [TestCaseSource(nameof(Classes))]
    public void AreAsInFloat32(string _, JsonElement[] cases)
    {
        var found = new List<string>();
        foreach (var golden in cases.Where(c => !c.GetProperty("results").EnumerateObject().First().Value.TryGetProperty("raises", out JsonElement _)))
        {
            foreach (var half in HalfComparison.Halves)
            {
                var inputs = new Dictionary<string, Tensor>();
                foreach (var name in (string[])["y_true", "y_pred", "sample_weight", "mask"])
                    if (golden.TryGetProperty(name, out var value)) inputs[name] = List.Tensor(value);
                var expected = Compute(golden, DType.Float32, inputs.ToDictionary(i => i.Key, i => HalfComparison.Rounded(i.Value, half)), RunMode.Eager);
                var narrow = inputs.ToDictionary(i => i.Key, i => HalfComparison.Narrow(i.Value, half));
                foreach (var mode in HalfComparison.Modes)
                {
                    var actual = Compute(golden, half, narrow, mode);
                    for (var i = 0; i < expected.Count; i++)
                        if (HalfComparison.Difference(actual[i], expected[i], half) is { } difference) found.Add($"{golden.GetProperty("id")} {half} {mode} {(i == 0 ? "loss" : "gradient")}: {difference}");
                }
            }
        }
        Assert.That(found, Is.Empty, string.Join("\n", found));
    }

    static IReadOnlyList<Tensor> Compute(JsonElement golden, DType dtype, Dictionary<string, Tensor> inputs, RunMode mode) => GoldenList.Run(mode, inputs, given =>
    {
        var config = GoldenList.Object(golden.GetProperty("kwargs"));
        config["dtype"] = dtype.Name;
        var loss = Api.keras.losses.get(SerializedObject.Of("", golden.GetProperty("class").GetString()!, config));
        var predictions = given["y_pred"].Single;
        using var tape = new GradientTape();
        tape.watch(predictions);
        if (given.ContainsKey("mask")) predictions.KerasMask = given["mask"].Single;
        var value = loss.Apply(given["y_true"].Single, predictions, given.ContainsKey("sample_weight") ? given["sample_weight"].Single : null);
        return new Tensors([new Tensors(value), new Tensors(tape.gradient(value, predictions) ?? Graphs.Tf.ZerosLike(predictions))]);
    }).Flatten();

    /// <summary>Logits beyond what a half holds the square of, shares of 0 and 1, and long sums: loss and gradient are finite and near.</summary>
    [Test]
    public void HardInputsAreAsInFloat32()
    {
        (string Name, float[,] True, float[,] Predicted)[] hard =
        [
            ("binary_crossentropy", new float[,] { { 0, 1, 0, 1 } }, new float[,] { { 0, 0, 1, 1 } }),
            ("categorical_crossentropy", new float[,] { { 0, 1, 0, 0 } }, new float[,] { { 1, 0, 0, 0 } }),
            ("kl_divergence", new float[,] { { 0, 1 } }, new float[,] { { 1, 0 } }),
            ("poisson", new float[,] { { 2, 1 } }, new float[,] { { 0, 1e-7f } }),
            ("mean_squared_error", new float[,] { { 300, 0 } }, new float[,] { { 0, 0 } }),
            ("mean_squared_logarithmic_error", new float[,] { { 30000, 0 } }, new float[,] { { 0, 0 } }),
            ("mean_absolute_percentage_error", new float[,] { { 1, 1 } }, new float[,] { { 600, 1 } }),
            ("cosine_similarity", new float[,] { { 0, 0 } }, new float[,] { { 0, 0 } }),
            ("cosine_similarity", new float[,] { { 30000, 30000 } }, new float[,] { { -30000, 30000 } }),
            ("log_cosh", new float[,] { { 30000, 0 } }, new float[,] { { -30000, 0 } }),
            ("dice", new float[,] { { 300, 0 } }, new float[,] { { 300, 0 } }),
            ("tversky", new float[,] { { 0, 0 } }, new float[,] { { 0, 0 } }),
            ("huber", new float[,] { { 300, 0 } }, new float[,] { { -300, 0 } }),
            ("squared_hinge", new float[,] { { 1, -1 } }, new float[,] { { -200, 200 } }),
        ];
        var found = new List<string>();
        foreach (var (name, truth, predicted) in hard)
        {
            foreach (var half in HalfComparison.Halves)
            {
                var expected = LossAndGradient(name, HalfComparison.Rounded(truth, half), HalfComparison.Rounded(predicted, half));
                var actual = LossAndGradient(name, HalfComparison.Narrow(truth, half), HalfComparison.Narrow(predicted, half));
                for (var i = 0; i < 2; i++)
                    if (HalfComparison.Difference(actual[i], expected[i], half) is { } difference) found.Add($"{name} {half} {(i == 0 ? "loss" : "gradient")}: {difference}");
            }
        }
        Assert.That(found, Is.Empty, string.Join("\n", found));
    }

    static Tensor[] LossAndGradient(string name, Tensor truth, Tensor predicted)
    {
        using var tape = new GradientTape();
        tape.watch(predicted);
        var loss = ((LossFunctionWrapper)Api.keras.losses.get(name)).Function(truth, predicted);
        return [loss, tape.gradient(loss, predicted)!];
    }
}
