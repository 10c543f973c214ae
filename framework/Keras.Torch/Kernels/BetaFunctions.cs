namespace Keras.Engines.Torch;

/// <summary>The regularised incomplete beta function and its parts.</summary>
static class BetaFunctions
{
    /// <summary>The regularised incomplete beta function: the share of the beta integral of a and b below x.</summary>
    public static double Regularised(double a, double b, double x)
    {
        if (!(a > 0) || !(b > 0) || !(x >= 0) || !(x <= 1)) return double.NaN;
        if (x is 0 or 1) return x;
        // The whole integral lies at 1 if a is infinite, at 0 if b is.
        if (double.IsInfinity(a) || double.IsInfinity(b)) return double.IsInfinity(a) && double.IsInfinity(b) ? double.NaN : double.IsInfinity(a) ? 0 : 1;
        // The continued fraction converges fast below the mean; above it the other tail is used.
        return x <= (a + 1) / (a + b + 2) ? Lower(a, b, x) : 1 - Lower(b, a, 1 - x);
    }

    static double Lower(double a, double b, double x)
    {
        const int most = 20_000;
        const double tiny = 1e-300, exact = 1e-16;
        static double Away(double value) => Math.Abs(value) < tiny ? tiny : value;
        var (c, d) = (1.0, 1 / Away(1 - ((a + b) * x / (a + 1))));
        var fraction = d;
        for (var m = 1; m < most; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / Away(1 + (even * d));
            c = Away(1 + (even / c));
            fraction *= c * d;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Away(1 + (odd * d));
            c = Away(1 + (odd / c));
            fraction *= c * d;
            // NaN would never converge.
            if (!(Math.Abs((c * d) - 1) >= exact)) break;
        }
        return Math.Exp((a * Math.Log(x)) + (b * Log1p(-x)) - LogBeta(a, b)) * fraction / a;
    }

    static double Log1p(double x) => 1 + x is var sum && sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));

    static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    /// <summary>The logarithm of gamma by Stirling's series above 15, to which smaller arguments are shifted.</summary>
    public static double LogGamma(double x)
    {
        const double enough = 15;
        var moved = 0.0;
        if (x < enough)
        {
            var product = 1.0;
            for (; x < enough; x++) product *= x;
            moved = Math.Log(product);
        }
        var (inverse, square) = (1 / x, 1 / (x * x));
        var tail = inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square * ((1.0 / 1680) - (square * ((1.0 / 1188) - (square * 691 / 360360))))))))));
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + tail - moved;
    }
}
