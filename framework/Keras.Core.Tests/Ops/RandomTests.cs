using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Philox bits and what is made of them: the same in every mode, and of the right distribution.</summary>
sealed class RandomTests(string engine) : EngineFixture(engine)
{
    static Tensor Key(ulong key = 0x123456789ABCDEFUL) => Tf.Constant(HostTensor.Vector(key));

    static Tensor Counter(ulong counter = 0) => Tf.Constant(HostTensor.Vector(counter, 0UL));

    /// <summary>Philox-4x32-10 by the paper (Salmon et al. 2011).</summary>
    static uint[] Philox(ulong key, ulong counter, int count)
    {
        var words = new List<uint>();
        for (var block = counter; words.Count < count; block++)
        {
            uint[] c = [(uint)block, (uint)(block >> 32), 0, 0];
            var (k0, k1) = ((uint)key, (uint)(key >> 32));
            for (var round = 0; round < 10; round++)
            {
                var (p0, p1) = (0xD2511F53UL * c[0], 0xCD9E8D57UL * c[2]);
                c = [(uint)(p1 >> 32) ^ c[1] ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c[3] ^ k1, (uint)p0];
                (k0, k1) = (k0 + 0x9E3779B9u, k1 + 0xBB67AE85u);
            }
            words.AddRange(c);
        }
        return [.. words.Take(count)];
    }

    [Test]
    public void BitsArePhilox([Values] Mode mode, [Values(0UL, 5UL)] ulong counter) => Assert.That(
        Run(mode, x => Tf.RandomBits(Tf.Int32(3, 7), x[0], x[1], DType.UInt32), Key(), Counter(counter)).ToArray<uint>(),
            Is.EqualTo(Philox(0x123456789ABCDEFUL, counter, 21)));

    [Test]
    public void UniformsAreTheUpperBits([Values] Mode mode) => Assert.That(
        Run(mode, x => Tf.RandomUniform(Tf.Int32(50), x[0], x[1]), Key(), Counter()).ToArray<float>(),
            Is.EqualTo(Philox(0x123456789ABCDEFUL, 0, 50).Select(b => (b >> 9) / (float)(1 << 23))));

    [Test]
    public void UniformsFillTheirInterval([Values("float32", "float64", "float16", "bfloat16")] string dtype)
    {
        var values = Values(Tf.RandomUniform(Tf.Int32(100_000), Key(), Counter(), dtype));
        Assert.That(values.Min(), Is.GreaterThanOrEqualTo(0));
        Assert.That(values.Max(), Is.LessThan(1));
        Assert.That(values.Average(), Is.EqualTo(0.5).Within(dtype == "bfloat16" ? 0.01 : 0.004));
        Assert.That(Enumerable.Range(0, 10).Select(i => values.Count(v => (int)(v * 10) == i)), Is.All.EqualTo(10_000).Within(dtype == "bfloat16" ? 800 : 450));
    }

    [Test]
    public void NormalsAreNormal()
    {
        var values = Values(Tf.RandomNormal(Tf.Int32(200_000), Key(), Counter(), DType.Float64));
        Assert.That(values.Average(), Is.EqualTo(0).Within(0.01));
        Assert.That(values.Average(v => v * v), Is.EqualTo(1).Within(0.015));
        Assert.That(values.Average(v => v * v * v * v), Is.EqualTo(3).Within(0.1));
        Assert.That(values.Count(v => v > 1.959964) / 200_000.0, Is.EqualTo(0.025).Within(0.002));
    }

    [Test]
    public void NormalsAreTheSameInEveryModeFarOutToo([Values(Mode.Graph, Mode.Xla)] Mode mode)
    {
        Tensor Body(Tensor[] x) => Tf.RandomNormal(Tf.Int32(500_000), x[0], x[1]);
        var (eager, other) = (Run(Mode.Eager, Body, Key(), Counter()).ToArray<float>(), Run(mode, Body, Key(), Counter()).ToArray<float>());
        Assert.That(eager.Max(MathF.Abs), Is.GreaterThan(4.5f));
        Assert.That(eager.Zip(other, (a, b) => MathF.Abs(a - b)).Max(), Is.LessThan(1e-5f));
    }

    [Test]
    public void TruncatedNormalsEndAtTwoDeviations()
    {
        var values = Values(Tf.RandomTruncatedNormal(Tf.Int32(200_000), Key(), Counter()));
        Assert.That(values.Max(Math.Abs), Is.LessThanOrEqualTo(2));
        Assert.That(values.Average(v => v * v), Is.EqualTo(0.7737).Within(0.01));
    }

    [Test]
    public void IntegersFillTheirRange([Values] Mode mode)
    {
        var values = Run(mode, x => Tf.RandomIntegers(Tf.Int32(9_000), x[0], x[1], Tf.Int32Scalar(-4), Tf.Int32Scalar(5)), Key(), Counter()).ToArray<int>();
        Assert.That(Enumerable.Range(-4, 9).Select(i => values.Count(v => v == i)), Is.All.EqualTo(1_000).Within(140));
    }

    [Test]
    public void APermutationHasEveryNumberOnce([Values] Mode mode)
    {
        var order = Run(mode, x => Tf.RandomPermutation(Tf.Int32Scalar(100), x[0], x[1]), Key(), Counter()).ToArray<int>();
        Assert.That(order, Is.EquivalentTo(Enumerable.Range(0, 100)).And.Not.Ordered);
    }

    [Test]
    public void DropoutKeepsTheRightShareAndScales([Values(0.1f, 0.5f, 0.9f)] float rate)
    {
        var kept = Values(Tf.Dropout(Tf.Fill(Tf.Int32(300, 333), Tf.Constant(1, DType.Float32)), rate, Key(), Counter()));
        Assert.That(kept.Distinct().Order(), Is.EqualTo(new double[] { 0, 1 / (1 - rate) }).Within(1e-5));
        Assert.That(kept.Count(v => v == 0) / (double)kept.Length, Is.EqualTo(rate).Within(0.005));
    }

    [Test]
    public void DropoutMasksAreTheSameInEveryMode([Values(1, 2, 7, 4096, 4097)] int size)
    {
        Tensor Body(Tensor[] x) => Tf.Dropout(x[0], 0.3f, x[1], x[2]);
        Tensor[] inputs = [Tf.Fill(Tf.Int32(size), Tf.Constant(1, DType.Float32)), Key(), Counter()];
        var eager = Run(Mode.Eager, Body, inputs).ToArray<float>();
        Assert.That(Run(Mode.Graph, Body, inputs).ToArray<float>(), Is.EqualTo(eager));
        Assert.That(Run(Mode.Xla, Body, inputs).ToArray<float>(), Is.EqualTo(eager));
    }

    [Test]
    public void DropoutDecidesBySixteenBits()
    {
        var decisions = Philox(0x123456789ABCDEFUL, 0, 50).SelectMany(w => new[] { (ushort)w, (ushort)(w >> 16) }).Take(99);
        var kept = Values(Tf.Dropout(Tf.Fill(Tf.Int32(99), Tf.Constant(1, DType.Float64)), 0.25f, Key(), Counter()));
        Assert.That(kept.Select(v => v > 0), Is.EqualTo(decisions.Select(d => d >= 16384)));
    }

    [Test]
    public void AnotherCounterGivesAnotherMask()
    {
        var x = Tf.Fill(Tf.Int32(1000), Tf.Constant(1, DType.Float32));
        var masks = Enumerable.Range(0, 4).Select(i => Values(Tf.Dropout(x, 0.5f, Key(), Counter((ulong)(i * 1000)))).Select(v => v > 0).ToArray()).ToArray();
        for (var i = 1; i < 4; i++) Assert.That(masks[0].Zip(masks[i]).Count(p => p.First == p.Second), Is.EqualTo(500).Within(80));
    }

    [Test]
    public void TheGradientOfDropoutHasItsMask([Values] Mode mode)
    {
        var results = Run(mode, x =>
        {
            using var tape = new GradientTape();
            tape.watch(x[0]);
            var y = Tf.Dropout(x[0], 0.5f, x[1], x[2]);
            return [y, tape.gradient(y, x[0])!];
        }, Tf.Fill(Tf.Int32(101), Tf.Constant(1, DType.Float64)), Key(), Counter());
        Assert.That(Values(results[1]), Is.EqualTo(Values(results[0])));
    }

    [Test]
    public void ARateThatIsNoProbabilityIsAnError() =>
        Assert.That(() => Run(Mode.Graph, x => Tf.Dropout(x[0], 1.5f, x[1], x[2]), Floats(1), Key(), Counter()), Throws.TypeOf<ValueRangeException>());
}
