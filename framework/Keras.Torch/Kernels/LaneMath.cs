using System.Runtime.CompilerServices;

namespace Keras.Engines.Torch;

/// <summary>Exponentials and logarithms in float64, accurate to one or two units in the last place, and exact for 0, infinities and NaN.</summary>
static class LaneMath
{
    const double Ln2High = 0.693147180369123816490, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>Splits x into n · ln 2 + r, and computes exp(r) - 1. Where n is clamped, the caller's last step replaces the result or overflows anyway.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (T Exponent, T Expm1) Reduce<T>(T x) where T : struct, ILanes<T>
    {
        // Beyond these bounds exp is 0 or infinite in float32.
        if (T.ForSingle) x = T.Max(T.All(-200), T.Min(T.All(200), x));
        var n = T.Round(x * T.All(1.44269504088896340736));
        if (!T.ForSingle) n = T.Max(T.All(-1080), T.Min(T.All(1025), n));
        var r = T.ForSingle ? T.Fused(n, T.All(-Ln2High - Ln2Low), x) : T.Fused(n, T.All(-Ln2Low), T.Fused(n, T.All(-Ln2High), x));
        // Taylor's series: for |r| up to ln 2 / 2 the next term is below half a unit in the last place (of float32, a thousandth).
        var q = T.All(1.0 / 40320);
        if (!T.ForSingle)
        {
            q = T.Fused(T.All(1.0 / 6227020800), r, T.All(1.0 / 479001600));
            q = T.Fused(q, r, T.All(1.0 / 39916800));
            q = T.Fused(q, r, T.All(1.0 / 3628800));
            q = T.Fused(q, r, T.All(1.0 / 362880));
            q = T.Fused(q, r, T.All(1.0 / 40320));
        }
        q = T.Fused(q, r, T.All(1.0 / 5040));
        q = T.Fused(q, r, T.All(1.0 / 720));
        q = T.Fused(q, r, T.All(1.0 / 120));
        q = T.Fused(q, r, T.All(1.0 / 24));
        q = T.Fused(q, r, T.All(1.0 / 6));
        q = T.Fused(q, r, T.All(0.5));
        return (n, T.Fused(r * r, q, r));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x) where T : struct, ILanes<T>
    {
        var (n, p) = Reduce(x);
        if (T.ForSingle)
        {
            var power = T.PowerOfTwo(n);
            return T.Fused(power, p, power);
        }
        // Two factors, because one cannot represent the lowest and highest powers.
        var half = T.Round(n * T.All(0.5));
        return T.Select(T.Less(x, T.All(-746)), T.All(0), (p + T.All(1)) * T.PowerOfTwo(half) * T.PowerOfTwo(n - half));
    }

    /// <summary>exp(x) - 1 for x up to 700, without the sign of 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Expm1Below<T>(T x) where T : struct, ILanes<T>
    {
        var (n, p) = Reduce(T.ForSingle ? x : T.Max(T.All(-50), x));
        var power = T.PowerOfTwo(n);
        return T.Fused(power, p, power - T.All(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Expm1<T>(T x) where T : struct, ILanes<T> => T.WithSign(T.ForSingle ? Expm1Below(x) : T.Select(T.Less(T.All(50), x), Exp(x), Expm1Below(x)), x);

    /// <summary>Computed as -t / (2 + t) with t = exp(-2 |x|) - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x) where T : struct, ILanes<T>
    {
        var t = Expm1Below(T.Abs(x) * T.All(-2));
        return T.WithSign(t / (T.All(2) + t), x);
    }

    /// <summary>Computed as (t + t / (t + 1)) / 2 with t = exp(|x|) - 1, by a quarter of t, because t may be twice the greatest number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sinh<T>(T x) where T : struct, ILanes<T>
    {
        var (n, p) = Reduce(T.Abs(x));
        var power = T.PowerOfTwo(n - T.All(2));
        var quarter = T.Fused(power, p, power - T.All(0.25));
        return T.WithSign((quarter + (T.Min(T.All(1e300), quarter) / T.Fused(quarter, T.All(4), T.All(1)))) * T.All(2), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Cosh<T>(T x) where T : struct, ILanes<T>
    {
        var (n, p) = Reduce(T.Abs(x));
        var power = T.PowerOfTwo(n - T.All(2));
        var quarter = T.Fused(power, p, power);
        return T.Fused(quarter, T.All(2), T.All(0.125) / quarter);
    }

    /// <summary>1 / (1 + exp(-x)), in float64 with an exponential that never overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x) where T : struct, ILanes<T>
    {
        if (T.ForSingle) return T.All(1) / (T.All(1) + Exp(T.All(0) - x));
        var e = Exp(T.Abs(x) * T.All(-1));
        return T.Select(T.Less(x, T.All(0)), e, T.All(1)) / (T.All(1) + e);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Softplus<T>(T x) where T : struct, ILanes<T> => T.Max(T.All(0), x) + Log1p(Exp(T.Abs(x) * T.All(-1)));

    const double LeastNormal = 2.2250738585072014e-308;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T x) where T : struct, ILanes<T>
    {
        // Subnormal float32 numbers are normal in float64.
        var isSmall = T.Less(x, T.All(LeastNormal));
        var (part, exponent) = T.Split(T.ForSingle ? x : T.Select(isSmall, x * T.All(18014398509481984.0), x));
        var value = LogOfParts(part, T.ForSingle ? exponent : T.Select(isSmall, exponent - T.All(54), exponent));
        value = T.Select(T.Less(x, T.All(double.Epsilon)), T.Select(T.Less(x, T.All(0)), T.All(double.NaN), T.All(double.NegativeInfinity)), value);
        // Infinity and NaN are their own logarithms.
        return T.Select(T.Less(x, T.All(double.PositiveInfinity)), value, x);
    }

    /// <summary>log(m · 2ⁿ) = n ln 2 + f - f² / 2 + s (f² / 2 + R(s²)) with f = m - 1 and s = f / (2 + f), where s R(s²) is log((1 + s) / (1 - s)) - 2 s.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T LogOfParts<T>(T m, T n) where T : struct, ILanes<T>
    {
        var f = m - T.All(1);
        var s = f / (T.All(2) + f);
        var z = s * s;
        T r;
        if (T.ForSingle)
        {
            r = T.Fused(T.All(0.24279078841), z, T.All(0.28498786688));
            r = T.Fused(r, z, T.All(0.40000972152));
            r = T.Fused(r, z, T.All(0.66666662693)) * z;
        }
        else
        {
            r = T.Fused(T.All(0.1479819860511658591), z, T.All(0.1531383769920937332));
            r = T.Fused(r, z, T.All(0.1818357216161805012));
            r = T.Fused(r, z, T.All(0.2222219843214978396));
            r = T.Fused(r, z, T.All(0.2857142874366239149));
            r = T.Fused(r, z, T.All(0.3999999999940941908));
            r = T.Fused(r, z, T.All(0.6666666666666735130)) * z;
        }
        var square = f * f * T.All(0.5);
        return T.Fused(n, T.All(Ln2High), f - (square - T.Fused(s, square + r, n * T.All(Ln2Low))));
    }

    /// <summary>Computed as log(u) + c / u, where u + c is exactly 1 + x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log1p<T>(T x) where T : struct, ILanes<T>
    {
        var u = x + T.All(1);
        var shifted = u - T.All(1);
        var c = (T.All(1) - (u - shifted)) + (x - shifted);
        var rest = T.Select(T.Less(T.Abs(x), T.All(1e300)), T.Select(T.Less(u, T.All(LeastNormal)), T.All(0), c / u), T.All(0));
        return T.WithSign(T.Abs(Log(u) + rest), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Elu<T>(T x) where T : struct, ILanes<T> => T.Select(T.Less(x, T.All(0)), Expm1Below(x), x);
}
