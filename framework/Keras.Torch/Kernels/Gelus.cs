using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keras.Engines.Torch;

/// <summary>A form of gelu, x · (1 + s(x)) / 2, where s grows from -1 to 1.</summary>
interface IGelu
{
    static abstract T Of<T>(T x) where T : struct, IFloatLanes<T>;

    static abstract T SlopeOf<T>(T x) where T : struct, IFloatLanes<T>;

    /// <summary>s of float64 numbers.</summary>
    static abstract TorchTensor Saturating(TorchTensor x);

    /// <summary>The derivative of s in float64.</summary>
    /// <param name="x">The number.</param>
    /// <param name="s">s of it.</param>
    static abstract double SlopeOfSaturating(double x, double s);
}

/// <summary>The exact form: s is the error function of x / √2.</summary>
readonly struct ExactGelu : IGelu
{
    const double InverseSqrt2 = 0.70710678118654752440, InverseSqrt2Pi = 0.39894228040143267794;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, IFloatLanes<T> => x * DistributionOf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SlopeOf<T>(T x) where T : struct, IFloatLanes<T> => T.Fused(x * T.All((float)InverseSqrt2Pi), FloatMath.ExpUpToZero(x * x * T.All(-0.5f)), DistributionOf(x));

    /// <summary>The part of a normal distribution that is below x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T DistributionOf<T>(T x) where T : struct, IFloatLanes<T> => (Erf.Of(x * T.All((float)InverseSqrt2)) + T.All(1)) * T.All(0.5f);

    public static TorchTensor Saturating(TorchTensor x)
    {
        var scaled = TorchTensor.Allocate(x.DType, x.Shape);
        TensorPrimitives.Multiply(x.As<double>(), InverseSqrt2, scaled.As<double>());
        Aten.Into(scaled, "aten::erf", "", scaled);
        return scaled;
    }

    public static double SlopeOfSaturating(double x, double s) => 2 * InverseSqrt2Pi * Math.Exp(x * x * -0.5);
}

/// <summary>The approximate form: s is tanh of √(2/π) · (x + 0.044715x³).</summary>
readonly unsafe struct TanhGelu : IGelu
{
    const double Factor = 0.79788456080286535588, Cubic = 0.044715;

    /// <summary>Beyond this s has no slope that a float32 could tell.</summary>
    const float Limit = 10;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x) where T : struct, IFloatLanes<T>
    {
        var (least, greatest) = Sigmoid(x);
        return x * T.IfLess(x, T.All(0), least, greatest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SlopeOf<T>(T x) where T : struct, IFloatLanes<T>
    {
        var (least, greatest) = Sigmoid(x);
        var inside = T.Min(T.Max(x, T.All(-Limit)), T.All(Limit));
        var slope = T.Fused(inside * inside, T.All((float)(6 * Factor * Cubic)), T.All((float)(2 * Factor)));
        return T.Fused(inside * slope, least * greatest, T.IfLess(x, T.All(0), least, greatest));
    }

    /// <summary>The sigmoid of -|2u| and of |2u|, where s is the tanh of u: their sum is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (T Least, T Greatest) Sigmoid<T>(T x) where T : struct, IFloatLanes<T>
    {
        var twice = x * T.Fused(x * x, T.All((float)(2 * Factor * Cubic)), T.All((float)(2 * Factor)));
        var power = FloatMath.ExpUpToZero(T.Min(twice, T.All(0) - twice));
        var greatest = T.All(1) / (T.All(1) + power);
        return (power * greatest, greatest);
    }

    public static TorchTensor Saturating(TorchTensor x)
    {
        var s = TorchTensor.Allocate(x.DType, x.Shape);
        double* px = (double*)x.Data, ps = (double*)s.Data;
        Workers.Run(x.Count, 64, (begin, end) => { for (var i = begin; i < end; i++) ps[i] = Math.Tanh(Factor * (px[i] + (Cubic * px[i] * px[i] * px[i]))); });
        return s;
    }

    public static double SlopeOfSaturating(double x, double s) => s is 1 or -1 ? 0 : (1 - s) * (1 + s) * Factor * (1 + (3 * Cubic * x * x));
}

/// <summary>Kernels of a form of gelu and of its gradient.</summary>
static unsafe class Gelus<TGelu> where TGelu : IGelu
{
    /// <summary>Computes a part of a float32 row, also in place.</summary>
    public static readonly UnaryRow Row = (x, result, count) =>
    {
        if (Vector512.IsHardwareAccelerated) Part<WideFloats>((float*)x, (float*)result, count);
        else Part<PlainFloats>((float*)x, (float*)result, count);
    };

    static readonly BinaryRow GradRow = (x, _, dy, _, result, count) =>
    {
        if (Vector512.IsHardwareAccelerated) GradPart<WideFloats>((float*)x, (float*)dy, (float*)result, count);
        else GradPart<PlainFloats>((float*)x, (float*)dy, (float*)result, count);
    };

    public static void Run(KernelCall c)
    {
        var x = c.Tensor(0);
        if (x.DType == DType.Float64)
        {
            using var s = TGelu.Saturating(x);
            double* px = (double*)x.Data, ps = (double*)s.Data, pd = (double*)c.Result().Data;
            Workers.Run(x.Count, 24, (begin, end) => { for (var i = begin; i < end; i++) pd[i] = px[i] * 0.5 * (1 + ps[i]); });
            return;
        }
        var row = x.DType == DType.Float32 ? Row : Rows.Widened(x.DType, Row) ?? throw c.NotFor(x.DType);
        Elementwise.Map(x, c.ResultInPlaceOf(0), row, 24);
    }

    public static void Grad(KernelCall c)
    {
        var (x, dy) = (c.Tensor(0), c.Tensor(1));
        if (x.DType == DType.Float64)
        {
            using var s = TGelu.Saturating(x);
            double* px = (double*)x.Data, py = (double*)dy.Data, ps = (double*)s.Data, pd = (double*)c.Result().Data;
            Workers.Run(x.Count, 48, (begin, end) =>
            {
                for (var i = begin; i < end; i++) pd[i] = py[i] * 0.5 * (1 + ps[i] + (px[i] * TGelu.SlopeOfSaturating(px[i], ps[i])));
            });
            return;
        }
        var row = x.DType == DType.Float32 ? GradRow : Rows.Widened(x.DType, GradRow) ?? throw c.NotFor(x.DType);
        Elementwise.Run(c, row, c.ResultInPlaceOf(0, 1), 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Part<T>(float* x, float* d, long n) where T : struct, IFloatLanes<T>
    {
        var i = 0L;
        for (; i <= n - T.Count; i += T.Count) TGelu.Of(T.Load(x + i)).Store(d + i);
        if (i == n) return;
        var rest = stackalloc float[T.Count];
        for (var k = i; k < n; k++) rest[k - i] = x[k];
        TGelu.Of(T.Load(rest)).Store(rest);
        for (var k = i; k < n; k++) d[k] = rest[k - i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void GradPart<T>(float* x, float* dy, float* d, long n) where T : struct, IFloatLanes<T>
    {
        var i = 0L;
        for (; i <= n - T.Count; i += T.Count) (T.Load(dy + i) * TGelu.SlopeOf(T.Load(x + i))).Store(d + i);
        if (i == n) return;
        float* rest = stackalloc float[T.Count], restOfGradient = stackalloc float[T.Count];
        for (var k = i; k < n; k++) (rest[k - i], restOfGradient[k - i]) = (x[k], dy[k]);
        (T.Load(restOfGradient) * TGelu.SlopeOf(T.Load(rest))).Store(rest);
        for (var k = i; k < n; k++) d[k] = rest[k - i];
    }
}

/// <summary>The forms of gelu by the names of their ops.</summary>
static class Gelus
{
    public static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["gelu"] = Gelus<ExactGelu>.Run,
        ["gelu_grad"] = Gelus<ExactGelu>.Grad,
        ["gelu_tanh"] = Gelus<TanhGelu>.Run,
        ["gelu_tanh_grad"] = Gelus<TanhGelu>.Grad,
    };

    /// <summary>What a product applies to its sums in float32; null if the op is none of these.</summary>
    public static UnaryRow? RowOf(string op) => op switch { "gelu" => Gelus<ExactGelu>.Row, "gelu_tanh" => Gelus<TanhGelu>.Row, _ => null };
}
