namespace Keras.Transformers;

/// <summary>The regularised incomplete beta function, which gives the distributions of correlations.</summary>
/// <remarks>Source: NIST Digital Library of Mathematical Functions, 8.17 (the continued fraction 8.17.22) and 5.11 (Stirling's series of the logarithm of the gamma function).</remarks>
static class BetaFunction
{
    /// <summary>I_x(a, b), the probability below x in the beta distribution.</summary>
    public static double Share(double a, double b, double x)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        // The fraction converges fast below the mean; above it the other side is computed.
        if (x > (a + 1) / (a + b + 2)) return 1 - Share(b, a, 1 - x);
        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));
        return front * Fraction(a, b, x) / a;
    }

    /// <summary>1 / (1 + d1 / (1 + d2 / ...)), from the inside out; the number of terms depends on the square root of the larger parameter.</summary>
    static double Fraction(double a, double b, double x)
    {
        var value = 1.0;
        for (var n = 60 + (int)(12 * Math.Sqrt(Math.Max(a, b))); n > 0; n--)
        {
            var m = n / 2;
            var over = n % 2 == 0 ? m * (b - m) / ((a + n - 1) * (a + n)) : -(a + m) * (a + b + m) / ((a + n - 1) * (a + n));
            value = 1 + (over * x / value);
        }
        return 1 / value;
    }

    static double LogGamma(double x)
    {
        // Beyond 15, the series is exact to the last digits; below, gamma(x + 1) = x * gamma(x).
        double shift = 0;
        for (; x < 15; x++) shift -= Math.Log(x);
        var square = x * x;
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI))
            + (((1.0 / 12) - (((1.0 / 360) - (((1.0 / 1260) - (((1.0 / 1680) - (1.0 / (1188 * square))) / square)) / square)) / square)) / x);
    }
}
