using Keras.Graphs;
using static Keras.Api;

namespace Keras.Tests.Ops;

/// <summary>Functions that have no golden cases, by what they mean.</summary>
public sealed class OpsPropertyTests
{
    [SetUp]
    public void UseEngine() => GoldenList.UseEngine();

    static Tensor Numbers(int seed, params long[] dims) => keras.random.normal(new Shape(dims), seed: seed);

    [TestCase("full", 5, 3)]
    [TestCase("full", 3, 5)]
    [TestCase("valid", 6, 3)]
    [TestCase("valid", 3, 6)]
    [TestCase("same", 6, 3)]
    [TestCase("same", 5, 2)]
    public void CorrelationIsTheSumOfShiftedProducts(string mode, int m, int n)
    {
        var (a, b) = (Numbers(1, m).ToArray<float>(), Numbers(2, n).ToArray<float>());
        // Place k of the full correlation: b starts at k - (n - 1).
        var full = Enumerable.Range(0, m + n - 1).Select(k => Enumerable.Range(0, n).Where(i => k - (n - 1) + i is >= 0 and var at && at < m).Sum(i => a[k - (n - 1) + i] * b[i])).ToArray();
        var (longer, shorter) = (Math.Max(m, n), Math.Min(m, n));
        var expected = mode switch { "full" => full, "valid" => full[(shorter - 1)..longer], _ => full[((shorter - 1) / 2)..(((shorter - 1) / 2) + longer)] };
        Assert.That(ops.correlate(a, b, mode).ToArray<float>(), Is.EqualTo(expected).Within(1e-5));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(7)]
    [TestCase(8)]
    public void AnAssociativeScanOfSumsIsTheRunningSum(int count)
    {
        var x = Numbers(3, 2, count);
        Tensor forwards = ops.associative_scan((a, b) => (Tensor)a + b, x, axis: 1);
        Tensor backwards = ops.associative_scan((a, b) => (Tensor)a + b, x, reverse: true, axis: -1);
        Assert.That(forwards.ToArray<float>(), Is.EqualTo(ops.cumsum(x, 1).ToArray<float>()).Within(1e-5));
        Assert.That(backwards.ToArray<float>(), Is.EqualTo(ops.flip(ops.cumsum(ops.flip(x, 1), 1), 1).ToArray<float>()).Within(1e-5));
    }

    [Test]
    public void APartitionHasSmallerElementsBefore()
    {
        var x = Numbers(4, 3, 9);
        var sorted = ops.take_along_axis(x, ops.argpartition(x, 4), -1);
        Assert.That(ops.all(ops.less_equal(ops.max(sorted[.., ..4], 1), sorted[.., 4])).ToScalar<bool>());
        Assert.That(ops.all(ops.greater_equal(ops.min(sorted[.., 5..], 1), sorted[.., 4])).ToScalar<bool>());
    }

    [Test]
    public void EigenvectorsAreScaledByTheirValues()
    {
        var x = Numbers(5, 4, 4);
        var (values, vectors) = ops.eig(x);
        var left = Tf.MatMul(Tf.Complex(x, Tf.ZerosLike(x)), vectors);
        var difference = ops.view_as_real(left - (vectors * Tf.ExpandDims(values, 0)));
        Assert.That(difference.ToArray<float>(), Has.All.EqualTo(0).Within(1e-4));
        Assert.That(ops.view_as_real(ops.view_as_complex(Numbers(6, 3, 2))).ToArray<float>(), Is.EqualTo(Numbers(6, 3, 2).ToArray<float>()));
    }

    [Test]
    public void AnInverseTransformGivesTheSignalBack()
    {
        var signal = Numbers(7, 2, 64);
        var back = ops.istft(ops.stft(signal, 16, 4, 16).ToTuple2(), 16, 4, 16, length: 64);
        Assert.That(back.ToArray<float>(), Is.EqualTo(signal.ToArray<float>()).Within(1e-4));
        Assert.That(ops.irfft(ops.rfft(signal).ToTuple2()).ToArray<float>(), Is.EqualTo(signal.ToArray<float>()).Within(1e-5));
    }

    [TestCase(RunMode.Eager)]
    [TestCase(RunMode.Graph)]
    [TestCase(RunMode.Xla)]
    public void TheCtcLossIsKeras(RunMode mode)
    {
        if (GoldenList.Find("losses", "losses") is not { } list || list.Json.GetProperty("cases").EnumerateArray().FirstOrDefault(c => c.GetProperty("id").GetString() == "CTC/0") is not { ValueKind: System.Text.Json.JsonValueKind.Object } golden)
        {
            Assert.Ignore("The golden folder has no CTC case.");
            return;
        }
        var (labels, logits) = (list.Tensor(golden.GetProperty("y_true")), list.Tensor(golden.GetProperty("y_pred")));

        var results = GoldenList.Run(mode, new Tensor[] { labels, logits }, given =>
        {
            Tensor y_true = given[0], y_pred = given[1];
            using var tape = new GradientTape();
            tape.watch(y_pred);
            var loss = ops.ctc_loss(y_true, y_pred, ops.count_nonzero(y_true, 1), ops.full(2, 8, "int32"));
            return new Tensors([loss, tape.gradient(ops.mean(loss), y_pred)!]);
        }).Flatten();

        list.Compare(results[0], golden.GetProperty("results").GetProperty("none"), 1e-5, 1e-5, "loss");
        list.Compare(results[1], golden.GetProperty("grad"), 1e-4, 2e-5, "gradient");
    }

    [Test]
    public void StepsBehindTheLengthDoNotCount()
    {
        var (labels, logits) = (ops.convert_to_tensor(new[,] { { 1, 2, 0 }, { 2, 2, 1 } }), Numbers(8, 2, 9, 4));
        var whole = ops.ctc_loss(labels, logits[.., ..6], new[] { 2, 3 }, new[] { 6, 6 });
        Assert.That(ops.ctc_loss(labels, logits, new[] { 2, 3 }, new[] { 6, 6 }).ToArray<float>(), Is.EqualTo(whole.ToArray<float>()).Within(1e-5));
        Assert.That(ops.ctc_loss(labels, logits, new[] { 2, 3 }, new[] { 6, 3 }).ToArray<float>()[1], Is.EqualTo(float.PositiveInfinity), "three steps cannot hold 2, blank, 2, 1");
    }

    [Test]
    public void SignalsAreResampledAtFractionalPlaces()
    {
        var x = ops.convert_to_tensor(new float[] { 0, 10, 20, 30 });
        Tensor At(string mode, params float[] places) => ops.image.map_coordinates(x, ops.expand_dims(places, 0), 1, mode, -1);
        Assert.That(At("constant", 0.5f, 3, -2).ToArray<float>(), Is.EqualTo(new float[] { 5, 30, -1 }));
        Assert.That(At("nearest", -2, 7).ToArray<float>(), Is.EqualTo(new float[] { 0, 30 }));
        Assert.That(At("wrap", 4, -1).ToArray<float>(), Is.EqualTo(new float[] { 0, 30 }));
        Assert.That(At("mirror", -1, 4).ToArray<float>(), Is.EqualTo(new float[] { 10, 20 }));
        Assert.That(At("reflect", -1, 4, -2, 9).ToArray<float>(), Is.EqualTo(new float[] { 10, 30, 20, 10 }), "as Keras on TensorFlow, which counts the first place once");
    }

    [Test]
    public void SortingKeepsTheOrderOfEqualsAndPutsNanLast()
    {
        Assert.That(ops.argsort(new[] { 2, 1, 2, 1 }).ToArray<int>(), Is.EqualTo(new[] { 1, 3, 0, 2 }));
        Assert.That(ops.sort(new[] { int.MinValue, 5, int.MaxValue }).ToArray<int>(), Is.EqualTo(new[] { int.MinValue, 5, int.MaxValue }));
        Assert.That(ops.sort(new byte[] { 0, 255, 7 }).ToArray<byte>(), Is.EqualTo(new byte[] { 0, 7, 255 }));
        Assert.That(ops.median(new[] { 1f, float.NaN, 3f }).ToScalar<float>(), Is.NaN);
        Assert.That(ops.nanmedian(new[] { 1f, float.NaN, 3f, 8f }).ToScalar<float>(), Is.EqualTo(3));
    }
}

static class TupleExtensions
{
    /// <summary>Tensors as arguments.</summary>
    public static (TensorLike, TensorLike) ToTuple2(this (Tensor A, Tensor B) pair) => (pair.A, pair.B);
}
