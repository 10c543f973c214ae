namespace Keras.Tests.Accuracy;

/// <summary>Special functions in double precision, by series, continued fractions and expansions that converge to its last digits.</summary>
static class SpecialReferences
{
    static readonly double RootPi = Math.Sqrt(Math.PI);

    public static double Erf(double x) => Math.Abs(x) < 2 ? Series(x) : double.IsNaN(x) ? x : Math.Sign(x) * (1 - Tail(Math.Abs(x)));

    public static double Erfc(double x) => double.IsNaN(x) ? x : x < 0.5 ? 1 - Erf(x) : x < 2 ? SmallTail(x) : Tail(x);

    /// <summary>Sum of x (2x²)ⁿ / (2n + 1)!!, whose terms are all of one sign, times 2 exp(-x²) / √π.</summary>
    static double Series(double x)
    {
        var (sum, term) = (x, x);
        for (var n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++) sum += term *= 2 * x * x / ((2 * n) + 1);
        return 2 / RootPi * SquareExp(x) * sum;
    }

    /// <summary>erfc between 0.5 and 2: what the fraction gives at 2, and the integral of the derivative from there.</summary>
    static double SmallTail(double x)
    {
        // In panels by Gauss and Legendre's rule of five points.
        double[] nodes = [0, 0.53846931010568309104, 0.90617984593866399280], weights = [0.56888888888888888889, 0.47862867049936646804, 0.23692688505618908751];
        const int Panels = 24;
        var (sum, half) = (0.0, (2 - x) / Panels / 2);
        for (var p = Panels - 1; p >= 0; p--)
        {
            var middle = x + (((2 * p) + 1) * half);
            for (var i = 0; i < 3; i++)
                sum += weights[i] * (i == 0 ? SquareExp(middle) : SquareExp(middle - (nodes[i] * half)) + SquareExp(middle + (nodes[i] * half)));
        }
        return Tail(2) + (2 / RootPi * half * sum);
    }

    /// <summary>erfc from 2 on.</summary>
    static double Tail(double x) => SquareExp(x) * ScaledTail(x);

    /// <summary>exp(x²) erfc(x) from 2 on, by Laplace's continued fraction.</summary>
    static double ScaledTail(double x)
    {
        var fraction = x;
        for (var k = x < 3 ? 160 : 80; k > 0; k--) fraction = x + (k / 2.0 / fraction);
        return 1 / (RootPi * fraction);
    }

    /// <summary>exp(-x²), where the square's rounding is made good.</summary>
    public static double SquareExp(double x)
    {
        var square = x * x;
        return square > 750 ? 0 : Math.Exp(-square) * (1 - Math.FusedMultiplyAdd(x, x, -square));
    }

    /// <summary>The z with P(Z > z) = p for the normal distribution, p up to 0.5.</summary>
    static double UpperQuantile(double p)
    {
        // Newton's method on the logarithm of the tail.
        var z = p > 0.1 ? (0.5 - p) * 2.5 : Math.Sqrt(-2 * Math.Log(p));
        for (var i = 0; i < 60; i++)
        {
            var x = z / Math.Sqrt(2);
            var (tail, slope) = x < 2 ? (Math.Log(Erfc(x) / 2), SquareExp(x) / (Erfc(x) / 2)) : ((-x * x) + Math.Log(ScaledTail(x) / 2), 2 / ScaledTail(x));
            var step = (tail - Math.Log(p)) * Math.Sqrt(2 * Math.PI) / slope;
            z += step;
            if (Math.Abs(step) < 1e-15 * Math.Abs(z)) break;
        }
        return z;
    }

    public static double Ndtri(double p) => p is < 0 or > 1 || double.IsNaN(p) ? double.NaN : p == 0 ? double.NegativeInfinity : p == 1 ? double.PositiveInfinity
        : Math.Abs(p - 0.5) < 0.25 ? Math.Sqrt(2) * Erfinv((2 * p) - 1) : p < 0.5 ? -UpperQuantile(p) : UpperQuantile(1 - p);

    public static double Erfinv(double y)
    {
        if (y == 0 || double.IsNaN(y)) return y;
        var magnitude = Math.Abs(y);
        if (magnitude >= 1) return magnitude == 1 ? y * double.PositiveInfinity : double.NaN;
        if (magnitude > 0.5) return Math.Sign(y) * UpperQuantile((1 - magnitude) / 2) / Math.Sqrt(2);
        // Newton's method from the first term of the series.
        var x = y * RootPi / 2;
        for (var i = 0; i < 12; i++) x -= (Erf(x) - y) * RootPi / 2 / SquareExp(x);
        return x;
    }

    /// <summary>B(2k) / (2k (2k - 1)), the coefficients of Stirling's series.</summary>
    static readonly double[] Stirling = [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400];

    static readonly double[] Bernoulli = [1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510];

    public static double Lgamma(double x)
    {
        if (double.IsNaN(x)) return x;
        if (double.IsInfinity(x)) return double.PositiveInfinity;
        if (x < 0 && x > -1e-9) return -Math.Log(-x) - (0.57721566490153286061 * x);
        if (x <= 0) return x == Math.Floor(x) ? double.PositiveInfinity : Math.Log(Math.PI / Math.Abs(SinPi(x) * x)) - Lgamma(-x);
        if (x < 1e-9) return -Math.Log(x) - (0.57721566490153286061 * x);
        if (Math.Abs(x - 1) < 0.25) return NearOne(x - 1);
        if (Math.Abs(x - 2) < 0.25) return NearOne(x - 2) + References.Log1p(x - 2);
        var product = 1.0;
        for (; x < 9; x++) product *= x;
        var sum = 0.0;
        for (var k = Stirling.Length - 1; k >= 0; k--) sum = (sum / x / x) + Stirling[k];
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + (sum / x) - Math.Log(product);
    }

    /// <summary>lgamma(1 + z) by its Taylor series, whose coefficients are values of zeta.</summary>
    static double NearOne(double z)
    {
        var sum = 0.0;
        for (var k = 32; k >= 2; k--) sum = (sum * -z) + (Zetas[k] / k);
        return z * ((sum * z) - 0.57721566490153286061);
    }

    static readonly double[] Zetas = [.. Enumerable.Range(0, 33).Select(s => s < 2 ? 0 : Zeta(s, 1))];

    /// <summary>sin(πx), reduced without an error.</summary>
    static double SinPi(double x)
    {
        var rest = x - (2 * Math.Round(x / 2));
        return Math.Abs(rest) <= 0.5 ? Math.Sin(Math.PI * rest) : Math.Sign(rest) * Math.Sin(Math.PI * (1 - Math.Abs(rest)));
    }

    static double TanPi(double x)
    {
        var rest = x - Math.Round(x);
        return Math.Abs(rest) <= 0.25 ? Math.Tan(Math.PI * rest) : Math.Sign(rest) / Math.Tan(Math.PI * (0.5 - Math.Abs(rest)));
    }

    public static double Digamma(double x)
    {
        if (double.IsNaN(x) || double.IsNegativeInfinity(x)) return double.NaN;
        if (Math.Abs(x) < 1e-10) return (-1 / x) - 0.57721566490153286061;
        if (x < 0) return x == Math.Floor(x) ? double.NaN : Digamma(-x) - (1 / x) - (Math.PI / TanPi(x));
        var shifted = 0.0;
        for (; x < 16; x++) shifted -= 1 / x;
        var sum = 0.0;
        for (var k = Bernoulli.Length - 1; k >= 0; k--) sum = (sum / x / x) + (Bernoulli[k] / (2 * (k + 1)));
        return double.IsInfinity(x) ? x : Math.Log(x) - (0.5 / x) - (sum / x / x) + shifted;
    }

    /// <summary>Hurwitz' zeta function of an integer s from 2 and of x above 0, by Euler's and Maclaurin's formula.</summary>
    public static double Zeta(double s, double x)
    {
        var sum = 0.0;
        var start = x;
        for (var i = 0; i < 16 && x < 16 + start; i++, x++) sum += Math.Pow(x, -s);
        sum += Math.Pow(x, 1 - s) / (s - 1) + (0.5 * Math.Pow(x, -s));
        var term = s * Math.Pow(x, -s - 1);
        for (var k = 0; k < Bernoulli.Length; k++)
        {
            sum += Bernoulli[k] * term / Factorial((2 * k) + 2);
            term *= (s + (2 * k) + 1) * (s + (2 * k) + 2) / x / x;
        }
        return sum;
    }

    static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

    public static double Polygamma(double order, double x) =>
        order < 0 || order != Math.Floor(order) ? double.NaN : order == 0 ? Digamma(x) : double.IsNaN(x) ? x : (order % 2 == 0 ? -1 : 1) * Factorial((int)order) * (x == 0 ? double.PositiveInfinity : double.IsPositiveInfinity(x) ? 0 : Zeta(order + 1, x));

    public static double BesselI0(double x) => Whole(Math.Abs(x), 0);

    public static double BesselI1(double x) => x == 0 ? x : Math.CopySign(Whole(Math.Abs(x), 1), x);

    /// <summary>Of infinity it is NaN, as TensorFlow has it.</summary>
    static double Whole(double x, int order) => double.IsInfinity(x) ? double.NaN : x > 720 ? double.PositiveInfinity : Scaled(x, order) * Math.Exp(x / 2) * Math.Exp(x / 2);

    public static double BesselI0e(double x) => Scaled(Math.Abs(x), 0);

    public static double BesselI1e(double x) => x == 0 ? x : Math.CopySign(Scaled(Math.Abs(x), 1), x);

    /// <summary>exp(-x) I(order, x).</summary>
    static double Scaled(double x, int order)
    {
        if (double.IsNaN(x)) return x;
        if (x < 30)
        {
            var (sum, term) = (0.0, order == 0 ? 1.0 : x / 2);
            for (var k = 1; term > 1e-18 * sum; k++)
            {
                sum += term;
                term *= x / 2 * (x / 2) / (k * (double)(k + order));
            }
            return Math.Exp(-x) * sum;
        }
        var (total, part) = (1.0, 1.0);
        for (var k = 1; k < 40 && Math.Abs(part) > 1e-18; k++) total += part *= -((4.0 * order * order) - (((2 * k) - 1) * (double)((2 * k) - 1))) / (8.0 * k) / x;
        return total / (Math.Sqrt(2 * Math.PI) * Math.Sqrt(x));
    }
}
