namespace Keras.Tests.Accuracy;

/// <summary>Functions in double precision that <see cref="Math"/> lacks; their errors are some units of double's last place.</summary>
static class References
{
    /// <summary>Kahan's quotient gives back the digits that exp(x) - 1 loses.</summary>
    public static double Expm1(double x)
    {
        if (Math.Abs(x) < 1e-9) return x == 0 ? x : x + (x * x / 2);
        var e = Math.Exp(x);
        var less = e - 1;
        return Math.Abs(x) > 1 ? less : less * (x / Math.Log(e));
    }

    public static double Log1p(double x)
    {
        var more = 1 + x;
        if (more == 1) return x;
        return double.IsInfinity(more) || more <= 0 ? Math.Log(more) : Math.Log(more) * (x / (more - 1));
    }

    public static double Sigmoid(double x) => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));

    public static double Softplus(double x) => x > 0 ? x + Log1p(Math.Exp(-x)) : Log1p(Math.Exp(x));

    /// <summary>x · Φ(x).</summary>
    public static double Gelu(double x) => double.IsNegativeInfinity(x) ? double.NaN : x * NormalCdf(x);

    public static double GeluSlope(double x) => NormalCdf(x) + (x * NormalDensity(x));

    static double NormalCdf(double x) => SpecialReferences.Erfc(-x * Math.Sqrt(0.5)) / 2;

    static double NormalDensity(double x) => SpecialReferences.SquareExp(x * Math.Sqrt(0.5)) / Math.Sqrt(2 * Math.PI);

    /// <summary>gelu by tanh: (1 + tanh(u)) / 2 is a sigmoid of 2u.</summary>
    public static double GeluByTanh(double x) => double.IsNegativeInfinity(x) ? double.NaN : x * Sigmoid(TwiceInTanh(x));

    public static double GeluByTanhSlope(double x)
    {
        double share = Sigmoid(TwiceInTanh(x)), rest = Sigmoid(-TwiceInTanh(x));
        return share + (share * rest == 0 ? 0 : x * share * rest * 2 * Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x * x)));
    }

    static double TwiceInTanh(double x) => 2 * Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));

    public static double Silu(double x) => double.IsNegativeInfinity(x) ? double.NaN : x * Sigmoid(x);

    /// <summary>tanh(log(1 + e)) of e = exp(x) is e (e + 2) / (e (e + 2) + 2).</summary>
    public static double Mish(double x)
    {
        if (double.IsNegativeInfinity(x)) return double.NaN;
        if (x > 40) return x;
        var e = Math.Exp(x);
        return x * (e * (e + 2) / ((e * (e + 2)) + 2));
    }

    public static double Elu(double x, double alpha = 1) => x > 0 ? x : alpha * Expm1(x);

    public static double Sinc(double x)
    {
        if (x == 0) return 1;
        var rest = x - (2 * Math.Round(x / 2));
        var sine = Math.Abs(rest) <= 0.5 ? Math.Sin(Math.PI * rest) : Math.CopySign(1, rest) * Math.Sin(Math.PI * (1 - Math.Abs(rest)));
        return sine / (Math.PI * x);
    }

    /// <summary>x - tanh(x), near 0 by its series.</summary>
    public static double TanhShrink(double x)
    {
        if (!(Math.Abs(x) < 0.02)) return x - Math.Tanh(x);
        var s = x * x;
        return x * s * ((1.0 / 3) - (s * ((2.0 / 15) - (s * ((17.0 / 315) - (s * ((62.0 / 2835) - (s * 1382.0 / 155925))))))));
    }

    public static double LogAddExp(double x, double y) => x == y ? x + Math.Log(2) : double.IsNaN(x) || double.IsNaN(y) ? double.NaN : Math.Max(x, y) + Log1p(Math.Exp(-Math.Abs(x - y)));

    public static double FloorModulo(double x, double y)
    {
        var rest = x % y;
        return rest != 0 && rest < 0 != y < 0 ? rest + y : rest;
    }

    public static double Xlogy(double x, double y) => x == 0 ? 0 : x * Math.Log(y);

    public static double Xlog1py(double x, double y) => x == 0 ? 0 : x * Log1p(y);
}
