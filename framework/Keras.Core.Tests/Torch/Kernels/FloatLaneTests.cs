using Keras.Engines.Torch;

namespace Keras.Tests.Torch.Kernels;

/// <summary>Functions of float32 lanes beside float64, in each width that a machine may have.</summary>
sealed unsafe class FloatLaneTests
{
    delegate void Row(float* row, int count, in Softmax.Before before);

    static readonly int[] Counts = [1, 2, 7, 8, 15, 16, 17, 33, 70, 128, 500];

    [Test]
    public void SoftmaxIsThatOfFloat64([ValueSource(nameof(Counts))] int count, [Values] bool wide)
    {
        Row run = wide ? Softmax.Run<WideFloats> : Softmax.Run<PlainFloats>;
        var random = new Random(count);
        var x = Numbers(random, count, 20);
        var added = Numbers(random, count, 5);
        foreach (var addsRow in new[] { false, true })
            fixed (float* row = (float[])[.. x, -5], pa = added)
            {
                run(row, count, new(0.25f, (nint)pa, addsRow));
                var expected = Expected([.. x.Select((v, i) => (v * 0.25) + added[addsRow ? i : 0])]);
                for (var i = 0; i < count; i++) Assert.That(row[i], Is.EqualTo(expected[i]).Within(2e-6 * expected[i]), $"element {i}, {addsRow}");
                Assert.That(row[count], Is.EqualTo(-5f), "what lies behind is untouched");
            }
    }

    [Test]
    public void MaskedNumbersGetNothing([ValueSource(nameof(Counts))] int count, [Values] bool wide, [Values(float.MinValue, float.NegativeInfinity, -1e9f)] float lowest)
    {
        Row run = wide ? Softmax.Run<WideFloats> : Softmax.Run<PlainFloats>;
        var x = Numbers(new Random(1), count, 3);
        var mask = Enumerable.Range(0, count).Select(i => i % 3 == 1 ? lowest : 0).ToArray();
        fixed (float* px = x, pm = mask) run(px, count, new(1, (nint)pm, true, Masks: true));
        Assert.That(x.Sum(), Is.EqualTo(1).Within(1e-6));
        for (var i = 0; i < count; i++) Assert.That(x[i] == 0, Is.EqualTo(i % 3 == 1), $"element {i}");
    }

    [Test]
    public void SoftmaxOfWhatIsNoNumberIsNone([Values(5, 16, 21)] int count, [Values] bool wide, [Values(float.NaN, float.PositiveInfinity, float.NegativeInfinity)] float value, [Values(0, 4)] int place)
    {
        Row run = wide ? Softmax.Run<WideFloats> : Softmax.Run<PlainFloats>;
        var x = Numbers(new Random(1), count, 3);
        x[place] = value;
        fixed (float* px = x) run(px, count, new(1));
        if (float.IsNegativeInfinity(value)) Assert.That((x[place], x.Sum()), Is.EqualTo((0f, 1f)).Within(1e-6f));
        else Assert.That(x.All(float.IsNaN));
        Array.Fill(x, float.NegativeInfinity);
        fixed (float* px = x) run(px, count, new(1));
        Assert.That(x.All(float.IsNaN), "of -inf alone");
    }

    [Test]
    public void ExpOfNumbersUpToZeroIsExactToAUnit([Values] bool wide)
    {
        var x = Enumerable.Range(0, 200_000).Select(i => -i / 2000f).ToArray();
        var y = new float[x.Length];
        fixed (float* px = x, py = y)
            for (var i = 0; i < x.Length; i += WideFloats.Count)
            {
                if (wide) FloatMath.ExpUpToZero(WideFloats.Load(px + i)).Store(py + i);
                else for (var k = 0; k < WideFloats.Count; k += PlainFloats.Count) FloatMath.ExpUpToZero(PlainFloats.Load(px + i + k)).Store(py + i + k);
            }
        for (var i = 0; i < x.Length; i++) Assert.That(y[i], Is.EqualTo((float)Math.Exp(x[i])).Within(1.2e-7 * Math.Exp(x[i])).Or.EqualTo(0).And.Matches<float>(v => v != 0 || x[i] < -87.3f), $"exp({x[i]})");
    }

    [Test]
    public void GeluAndItsSlopeAreThoseOfFloat64([ValueSource(nameof(Counts))] int count, [Values] bool wide) => CheckGelu<ExactGelu>(count, wide, v =>
    {
        var part = 0.5 * (1 + ErfOf(v / Math.Sqrt(2)));
        return (v * part, part + (v * Math.Exp(v * v * -0.5) / Math.Sqrt(2 * Math.PI)));
    });

    [Test]
    public void GeluByTanhAndItsSlopeAreThoseOfFloat64([ValueSource(nameof(Counts))] int count, [Values] bool wide) => CheckGelu<TanhGelu>(count, wide, v =>
    {
        var tanh = Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + (0.044715 * v * v * v)));
        return (v * 0.5 * (1 + tanh), 0.5 * (1 + tanh + (v * (1 - (tanh * tanh)) * Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * v * v)))));
    });

    [Test]
    public void GeluByTanhIsFlatFarFromZero([Values] bool wide)
    {
        float[] x = [1e30f, -1e30f, float.MaxValue, 40, -40, float.NaN, float.PositiveInfinity, float.NegativeInfinity], dy = [.. x.Select(_ => 2f)], y = new float[x.Length], dx = new float[x.Length];
        fixed (float* px = x, pdy = dy, py = y, pdx = dx) Run<TanhGelu>(wide, px, pdy, py, pdx, x.Length);
        Assert.That(y, Is.EqualTo((float[])[1e30f, 0, float.MaxValue, 40, 0, float.NaN, float.PositiveInfinity, float.NaN]));
        Assert.That(dx[..^2], Is.EqualTo((float[])[2, 0, 2, 2, 0, float.NaN]));
    }

    static void CheckGelu<TGelu>(int count, bool wide, Func<double, (double Value, double Slope)> expected) where TGelu : IGelu
    {
        var random = new Random(count);
        float[] x = Numbers(random, count, 6), dy = Numbers(random, count, 1), y = new float[count + 1], dx = new float[count + 1];
        (y[count], dx[count]) = (-5, -5);
        fixed (float* px = x, pdy = dy, py = y, pdx = dx) Run<TGelu>(wide, px, pdy, py, pdx, count);
        for (var i = 0; i < count; i++)
        {
            var (value, slope) = expected(x[i]);
            Assert.That(y[i], Is.EqualTo(value).Within(2e-6), $"the value at {x[i]}");
            Assert.That(dx[i], Is.EqualTo(dy[i] * slope).Within(2e-6), $"its slope at {x[i]}");
        }
        Assert.That((y[count], dx[count]), Is.EqualTo((-5f, -5f)), "what lies behind is untouched");
    }

    static void Run<TGelu>(bool wide, float* x, float* dy, float* y, float* dx, int count) where TGelu : IGelu
    {
        if (wide) Gelus<TGelu>.Part<WideFloats>(x, y, count);
        else Gelus<TGelu>.Part<PlainFloats>(x, y, count);
        if (wide) Gelus<TGelu>.GradPart<WideFloats>(x, dy, dx, count);
        else Gelus<TGelu>.GradPart<PlainFloats>(x, dy, dx, count);
    }

    /// <summary>The error function by its series.</summary>
    static double ErfOf(double x)
    {
        double term = x, sum = x;
        for (var n = 1; n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    static float[] Numbers(Random random, int count, float size) => [.. Enumerable.Range(0, count).Select(_ => ((random.NextSingle() * 2) - 1) * size)];

    static double[] Expected(double[] x)
    {
        var powers = x.Select(v => Math.Exp(v - x.Max())).ToArray();
        return [.. powers.Select(p => p / powers.Sum())];
    }
}
