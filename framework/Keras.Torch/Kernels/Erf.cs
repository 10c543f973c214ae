using System.Runtime.CompilerServices;

namespace Keras.Engines.Torch;

/// <summary>The error function in float32: a rational function of x² with Eigen's coefficients, accurate to a few units in the last place.</summary>
static class Erf
{
    // Beyond this limit the function rounds to 1.
    const float Limit = 3.832506856900711f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T value) where T : struct, IFloatLanes<T>
    {
        var x = T.Min(T.Max(T.All(-Limit), value), T.All(Limit));
        var s = x * x;
        var p = T.All(0.00022905065861350646f);
        p = T.Fused(p, s, T.All(0.0034082910107109506f));
        p = T.Fused(p, s, T.All(0.050955695062380861f));
        p = T.Fused(p, s, T.All(0.18520832239976145f));
        p = T.Fused(p, s, T.All(1.128379143519084f));
        var q = T.All(-1.1791602954361697e-7f);
        q = T.Fused(q, s, T.All(0.000023547966471313185f));
        q = T.Fused(q, s, T.All(0.0010179625278914885f));
        q = T.Fused(q, s, T.All(0.014070470171167667f));
        q = T.Fused(q, s, T.All(0.11098505178285362f));
        q = T.Fused(q, s, T.All(0.49746925110067538f));
        q = T.Fused(q, s, T.All(1));
        return x * p / q;
    }
}
