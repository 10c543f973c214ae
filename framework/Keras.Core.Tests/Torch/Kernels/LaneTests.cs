using Keras.Engines.Torch;

namespace Keras.Tests.Torch.Kernels;

/// <summary>Functions written for lanes, in each width that a machine may have.</summary>
sealed unsafe class LaneTests
{
    [Test]
    public void EachWidthGivesTheSame()
    {
        Compare<ExpOf>();
        Compare<Expm1Of>();
        Compare<LogOf>();
        Compare<Log1pOf>();
        Compare<SinhOf>();
        Compare<CoshOf>();
        Compare<TanhOf>();
        Compare<SigmoidOf>();
        Compare<SoftplusOf>();
        Compare<SeluOf>();
    }

    [Test]
    public void EachCountOfElementsIsComputedWhole([Range(0, 17)] int count)
    {
        var x = Enumerable.Range(0, count + 1).Select(i => i * 0.25f).ToArray();
        var y = x.ToArray();
        fixed (float* p = x, q = y) LaneFunctions.Run<TanhOf>(p, q, count);
        for (var i = 0; i < count; i++) Assert.That(y[i], Is.EqualTo((float)Math.Tanh(x[i])), $"{i}");
        Assert.That(y[count], Is.EqualTo(x[count]), "what lies behind is untouched");
    }

    static void Compare<TOp>() where TOp : ILaneFunction
    {
        var random = new Random(7);
        var singles = Enumerable.Range(0, 20_001).Select(i => i % 2 == 0 ? BitConverter.Int32BitsToSingle(random.Next() - random.Next()) : (random.NextSingle() * 40) - 20).ToArray();
        var doubles = Enumerable.Range(0, 20_001).Select(i => i % 2 == 0 ? BitConverter.Int64BitsToDouble(random.NextInt64() - random.NextInt64()) : (random.NextDouble() * 40) - 20).ToArray();
        float[] wide = new float[singles.Length], plain = new float[singles.Length];
        double[] wideDoubles = new double[doubles.Length], plainDoubles = new double[doubles.Length];
        fixed (float* x = singles, w = wide, p = plain)
        {
            LaneFunctions.Run<TOp, WideLanes<ForSingle>>(x, w, singles.Length);
            LaneFunctions.Run<TOp, PlainLanes<ForSingle>>(x, p, singles.Length);
        }
        fixed (double* x = doubles, w = wideDoubles, p = plainDoubles)
        {
            LaneFunctions.Run<TOp, WideLanes<ForDouble>>(x, w, doubles.Length);
            LaneFunctions.Run<TOp, PlainLanes<ForDouble>>(x, p, doubles.Length);
        }
        Assert.That(plain, Is.EqualTo(wide).Within(1).Ulps, typeof(TOp).Name);
        Assert.That(plainDoubles, Is.EqualTo(wideDoubles).Within(4).Ulps, typeof(TOp).Name);
    }
}
