namespace Keras.Engines.Torch;

/// <summary>Special functions in float64, rounded once: libtorch's, and others that it lacks.</summary>
static unsafe class SpecialFunctions
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["BesselJ0"] = Elementwise.InDouble("aten::special_bessel_j0"),
        ["BesselJ1"] = Elementwise.InDouble("aten::special_bessel_j1"),
        ["BesselY0"] = FromZero("aten::special_bessel_y0", double.NegativeInfinity),
        ["BesselY1"] = FromZero("aten::special_bessel_y1", double.NegativeInfinity),
        ["BesselK0"] = FromZero("aten::special_modified_bessel_k0", double.PositiveInfinity),
        ["BesselK1"] = FromZero("aten::special_modified_bessel_k1", double.PositiveInfinity),
        ["BesselK0e"] = FromZero("aten::special_scaled_modified_bessel_k0", double.PositiveInfinity),
        ["BesselK1e"] = FromZero("aten::special_scaled_modified_bessel_k1", double.PositiveInfinity),
        ["Spence"] = Of(Spence),
        ["Dawsn"] = Of(Dawson),
        ["Expint"] = Of(ExponentialIntegral),
        ["FresnelCos"] = Of(x => Fresnel(x).Cos),
        ["FresnelSin"] = Of(x => Fresnel(x).Sin),
        ["Igamma"] = OfPairs("aten::special_gammainc"),
        ["Igammac"] = OfPairs("aten::special_gammaincc"),
        ["Zeta"] = OfPairs("aten::special_zeta"),
        ["Betainc"] = Betainc,
        ["PopulationCount"] = PopulationCount,
    };

    /// <summary>Makes a kernel for a function of positive numbers; below 0 it gives the limit at 0, as in TensorFlow.</summary>
    static Kernel FromZero(string op, double below) => Elementwise.InDouble(op, after: (x, value) => x < 0 ? below : value);

    static Kernel Of(Func<double, double> function) => c =>
    {
        var (x, result) = (c.Tensor(0), c.Result(0, c.ShapeOf(0)));
        using var values = TorchTensor.Allocate(DType.Float64, x.Shape);
        var data = (double*)values.Data;
        Workers.Run(x.Count, 512, (begin, end) =>
        {
            for (var i = begin; i < end; i++) data[i] = function(Numbers.Read(x, i));
        });
        Elementwise.Map(values, result, Casts.Between(DType.Float64, result.DType));
    };

    /// <summary>Makes a kernel for libtorch's function of pairs, with broadcasting done here.</summary>
    static Kernel OfPairs(string op) => c =>
    {
        var result = c.Result();
        using var first = TorchTensor.Allocate(DType.Float64, result.Shape);
        using var second = TorchTensor.Allocate(DType.Float64, result.Shape);
        using var values = TorchTensor.Allocate(DType.Float64, result.Shape);
        Elementwise.EachPair(c, (i, x, y) => (((double*)first.Data)[i], ((double*)second.Data)[i]) = (Numbers.Read(c.Tensor(0), x), Numbers.Read(c.Tensor(1), y)), c.ShapeOf(0), c.ShapeOf(1));
        if (result.Count > 0) Aten.Into(values, op, "", first, second);
        Elementwise.Map(values, result, Casts.Between(DType.Float64, result.DType));
    };

    /// <summary>The dilogarithm of 1 - x: its series near 1, elsewhere by reflection and inversion.</summary>
    static double Spence(double x)
    {
        const double atZero = Math.PI * Math.PI / 6;
        if (!double.IsFinite(x) || x < 0) return double.NaN;
        if (x == 0) return atZero;
        if (x > 2) return (-0.5 * Math.Log(x) * Math.Log(x)) - Spence(1 / x);
        if (x < 0.5) return atZero - (Math.Log(x) * Math.Log(1 - x)) - Series(x);
        return x > 1.5 ? (-0.5 * Math.Log(x) * Math.Log(x)) - Spence(1 / x) : Series(1 - x);

        static double Series(double y)
        {
            var (sum, power) = (0.0, 1.0);
            for (var k = 1; k < 64; k++)
            {
                power *= y;
                sum += power / ((double)k * k);
            }
            return sum;
        }
    }

    /// <summary>Dawson's integral: its series near 0, elsewhere sums of Gaussians around the nearest even step (Rybicki 1989).</summary>
    static double Dawson(double x)
    {
        const double step = 0.25, far = 1e8;
        const int terms = 27;
        if (double.IsNaN(x)) return x;
        if (Math.Abs(x) > far) return 0.5 / x;
        if (Math.Abs(x) < 0.5)
        {
            var (sum, term) = (x, x);
            for (var k = 1; k < 24; k++)
            {
                term *= -2 * x * x / ((2 * k) + 1);
                sum += term;
            }
            return sum;
        }
        var nearest = 2 * Math.Round(x / (2 * step));
        var rest = x - (nearest * step);
        var total = 0.0;
        for (var n = -terms; n <= terms; n += 2) total += Math.Exp(-(rest - (n * step)) * (rest - (n * step))) / (n + nearest);
        return total / Math.Sqrt(Math.PI);
    }

    /// <summary>The exponential integral of positive x: exp(t) / t integrated from minus infinity.</summary>
    static double ExponentialIntegral(double x)
    {
        const double euler = 0.57721566490153286061, far = 40;
        if (!double.IsFinite(x) || x < 0) return double.NaN;
        if (x == 0) return double.NegativeInfinity;
        if (x < far)
        {
            var (series, power) = (0.0, 1.0);
            for (var k = 1; k < 160; k++)
            {
                power *= x / k;
                series += power / k;
            }
            return euler + Math.Log(x) + series;
        }
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; k < 160 && k < x && term > 1e-18; k++)
        {
            term *= k / x;
            sum += term;
        }
        return Math.Exp(x / 2) / x * sum * Math.Exp(x / 2);
    }

    /// <summary>Fresnel's integrals: their series near 0, elsewhere the continued fraction of the complementary error function.</summary>
    static (double Cos, double Sin) Fresnel(double value)
    {
        const double near = 1.5, far = 1e9, tiny = 1e-300, exact = 1e-16;
        var x = Math.Abs(value);
        if (double.IsNaN(x)) return (value, value);
        double cos, sin;
        if (x > far) (cos, sin) = (0.5, 0.5);
        else if (x < near)
        {
            (cos, sin) = (0, 0);
            var (term, factor) = (x, Math.PI / 2 * x * x);
            for (var k = 0; k < 40; k++)
            {
                // The powers of i distribute the terms of one series to both.
                var signed = k % 4 < 2 ? term / ((2 * k) + 1) : -term / ((2 * k) + 1);
                if (k % 2 == 0) cos += signed;
                else sin += signed;
                term *= factor / (k + 1);
            }
        }
        else
        {
            var b = new System.Numerics.Complex(1, -Math.PI * x * x);
            System.Numerics.Complex c = 1 / tiny, d = 1 / b, h = d;
            for (var n = 1; n < 200; n += 2)
            {
                var a = -n * (n + 1.0);
                b += 4;
                d = 1 / ((a * d) + b);
                c = b + (a / c);
                h *= c * d;
                if (System.Numerics.Complex.Abs((c * d) - 1) < exact) break;
            }
            h *= new System.Numerics.Complex(x, -x);
            var turned = new System.Numerics.Complex(0.5, 0.5) * (1 - (System.Numerics.Complex.Exp(new(0, Math.PI / 2 * x * x)) * h));
            (cos, sin) = (turned.Real, turned.Imaginary);
        }
        return (Math.CopySign(cos, value), Math.CopySign(sin, value));
    }

    static void Betainc(KernelCall c)
    {
        var shape = Enumerable.Range(0, 3).Select(c.ShapeOf).FirstOrDefault(s => s.Rank > 0, Shape.Scalar);
        for (var i = 0; i < 3; i++)
            if (c.ShapeOf(i).Rank > 0 && c.ShapeOf(i) != shape) throw c.Fail($"arguments of shape {shape}, or scalars", c.ShapeOf(i).ToString());
        var result = c.Result(0, shape);
        double At(int input, long i) => Numbers.Read(c.Tensor(input), c.ShapeOf(input).Rank == 0 ? 0 : i);
        Workers.Run(result.Count, 1024, (begin, end) =>
        {
            for (var i = begin; i < end; i++)
            {
                var value = BetaFunctions.Regularised(At(0, i), At(1, i), At(2, i));
                if (result.DType == DType.Float64) ((double*)result.Data)[i] = value;
                else ((float*)result.Data)[i] = (float)value;
            }
        });
    }

    static void PopulationCount(KernelCall c)
    {
        var (x, result) = (c.Tensor(0), c.Result(0, c.ShapeOf(0)));
        var size = x.DType.Size;
        for (var i = 0L; i < x.Count; i++)
        {
            var bits = 0;
            for (var k = 0; k < size; k++) bits += System.Numerics.BitOperations.PopCount(x.Data[(i * size) + k]);
            result.Data[i] = (byte)bits;
        }
    }
}
