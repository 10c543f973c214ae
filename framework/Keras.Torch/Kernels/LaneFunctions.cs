using System.Runtime.Intrinsics;

namespace Keras.Engines.Torch;

/// <summary>A function of single numbers, written for float64 lanes.</summary>
interface ILaneFunction
{
    static abstract T Of<T>(T x) where T : struct, ILanes<T>;
}

/// <summary>A function of pairs, written for float64 lanes.</summary>
interface ILanePair
{
    static abstract T Of<T>(T x, T y) where T : struct, ILanes<T>;
}

/// <summary>Makes row functions from lane functions: float32 is computed in float64 and rounded once.</summary>
static unsafe class LaneFunctions
{
    /// <summary>The row function for a dtype.</summary>
    public static UnaryRow? Row<TOp>(DType dtype) where TOp : ILaneFunction =>
        dtype == DType.Float32 ? (x, d, n) => Run<TOp>((float*)x, (float*)d, n)
        : dtype == DType.Float64 ? (x, d, n) => Run<TOp>((double*)x, (double*)d, n)
        : Rows.Widened(dtype, (x, d, n) => Run<TOp>((float*)x, (float*)d, n));

    /// <inheritdoc cref="Row"/>
    public static BinaryRow? PairRow<TOp>(DType dtype) where TOp : ILanePair =>
        dtype == DType.Float32 ? RunSingles<TOp> : dtype == DType.Float64 ? RunDoubles<TOp> : Rows.Widened(dtype, RunSingles<TOp>);

    /// <summary>Runs a function over float32.</summary>
    public static void Run<TOp>(float* x, float* d, long n) where TOp : ILaneFunction
    {
        if (Vector512.IsHardwareAccelerated) Run<TOp, WideLanes<ForSingle>>(x, d, n);
        else Run<TOp, PlainLanes<ForSingle>>(x, d, n);
    }

    /// <summary>Runs a function over float64.</summary>
    public static void Run<TOp>(double* x, double* d, long n) where TOp : ILaneFunction
    {
        if (Vector512.IsHardwareAccelerated) Run<TOp, WideLanes<ForDouble>>(x, d, n);
        else Run<TOp, PlainLanes<ForDouble>>(x, d, n);
    }

    internal static void Run<TOp, T>(float* x, float* d, long n) where TOp : ILaneFunction where T : struct, ILanes<T>
    {
        var i = 0L;
        for (; i <= n - T.Count; i += T.Count) TOp.Of(T.Load(x + i)).Store(d + i);
        if (i == n) return;
        var rest = stackalloc float[T.Count];
        for (var k = i; k < n; k++) rest[k - i] = x[k];
        TOp.Of(T.Load(rest)).Store(rest);
        for (var k = i; k < n; k++) d[k] = rest[k - i];
    }

    internal static void Run<TOp, T>(double* x, double* d, long n) where TOp : ILaneFunction where T : struct, ILanes<T>
    {
        var i = 0L;
        for (; i <= n - T.Count; i += T.Count) TOp.Of(T.Load(x + i)).Store(d + i);
        if (i == n) return;
        var rest = stackalloc double[T.Count];
        for (var k = i; k < n; k++) rest[k - i] = x[k];
        TOp.Of(T.Load(rest)).Store(rest);
        for (var k = i; k < n; k++) d[k] = rest[k - i];
    }

    /// <summary>The value, or 0 where x is 0.</summary>
    public static T UnlessZero<T>(T x, T value) where T : struct, ILanes<T> => T.Select(T.Less(T.Abs(x), T.All(double.Epsilon)), T.All(0), value);

    static void RunSingles<TOp>(byte* x, bool xs, byte* y, bool ys, byte* d, long n) where TOp : ILanePair
    {
        if (Vector512.IsHardwareAccelerated) Run<TOp, WideLanes<ForSingle>>((float*)x, xs, (float*)y, ys, (float*)d, n);
        else Run<TOp, PlainLanes<ForSingle>>((float*)x, xs, (float*)y, ys, (float*)d, n);
    }

    static void RunDoubles<TOp>(byte* x, bool xs, byte* y, bool ys, byte* d, long n) where TOp : ILanePair
    {
        if (Vector512.IsHardwareAccelerated) Run<TOp, WideLanes<ForDouble>>((double*)x, xs, (double*)y, ys, (double*)d, n);
        else Run<TOp, PlainLanes<ForDouble>>((double*)x, xs, (double*)y, ys, (double*)d, n);
    }

    static void Run<TOp, T>(float* x, bool xs, float* y, bool ys, float* d, long n) where TOp : ILanePair where T : struct, ILanes<T>
    {
        T a = T.All(*x), b = T.All(*y);
        var i = 0L;
        for (; i <= n - T.Count; i += T.Count) TOp.Of(xs ? a : T.Load(x + i), ys ? b : T.Load(y + i)).Store(d + i);
        if (i == n) return;
        float* p = stackalloc float[T.Count], q = stackalloc float[T.Count];
        for (var k = i; k < n; k++) (p[k - i], q[k - i]) = (x[xs ? 0 : k], y[ys ? 0 : k]);
        TOp.Of(T.Load(p), T.Load(q)).Store(p);
        for (var k = i; k < n; k++) d[k] = p[k - i];
    }

    static void Run<TOp, T>(double* x, bool xs, double* y, bool ys, double* d, long n) where TOp : ILanePair where T : struct, ILanes<T>
    {
        T a = T.All(*x), b = T.All(*y);
        var i = 0L;
        for (; i <= n - T.Count; i += T.Count) TOp.Of(xs ? a : T.Load(x + i), ys ? b : T.Load(y + i)).Store(d + i);
        if (i == n) return;
        double* p = stackalloc double[T.Count], q = stackalloc double[T.Count];
        for (var k = i; k < n; k++) (p[k - i], q[k - i]) = (x[xs ? 0 : k], y[ys ? 0 : k]);
        TOp.Of(T.Load(p), T.Load(q)).Store(p);
        for (var k = i; k < n; k++) d[k] = p[k - i];
    }
}

struct ExpOf : ILaneFunction { public static T Of<T>(T x) where T : struct, ILanes<T> => LaneMath.Exp(x); }

struct Expm1Of : ILaneFunction { public static T Of<T>(T x) where T : struct, ILanes<T> => LaneMath.Expm1(x); }

struct LogOf : ILaneFunction { public static T Of<T>(T x) where T : struct, ILanes<T> => LaneMath.Log(x); }

struct Log1pOf : ILaneFunction { public static T Of<T>(T x) where T : struct, ILanes<T> => LaneMath.Log1p(x); }

struct SinhOf : ILaneFunction { public static T Of<T>(T x) where T : struct, ILanes<T> => LaneMath.Sinh(x); }

struct CoshOf : ILaneFunction { public static T Of<T>(T x) where T : struct, ILanes<T> => LaneMath.Cosh(x); }

struct TanhOf : ILaneFunction { public static T Of<T>(T x) where T : struct, ILanes<T> => LaneMath.Tanh(x); }

struct SigmoidOf : ILaneFunction { public static T Of<T>(T x) where T : struct, ILanes<T> => LaneMath.Sigmoid(x); }

struct SoftplusOf : ILaneFunction { public static T Of<T>(T x) where T : struct, ILanes<T> => LaneMath.Softplus(x); }

struct EluOf : ILaneFunction { public static T Of<T>(T x) where T : struct, ILanes<T> => LaneMath.Elu(x); }

struct SeluOf : ILaneFunction
{
    public const double Scale = 1.0507009873554804934193349852946, Alpha = 1.7580993408473768599402175208123;

    public static T Of<T>(T x) where T : struct, ILanes<T> => T.Select(T.Less(x, T.All(0)), T.All(Alpha), T.All(Scale)) * LaneMath.Elu(x);
}

struct XlogyOf : ILanePair
{
    public static T Of<T>(T x, T y) where T : struct, ILanes<T> => LaneFunctions.UnlessZero(x, x * LaneMath.Log(y));
}

struct Xlog1pyOf : ILanePair
{
    public static T Of<T>(T x, T y) where T : struct, ILanes<T> => LaneFunctions.UnlessZero(x, x * LaneMath.Log1p(y));
}

/// <summary>The gradient of tanh; (1 - y) (1 + y) keeps digits that 1 - y² loses near 1.</summary>
struct TanhGradOf : ILanePair
{
    public static T Of<T>(T y, T dy) where T : struct, ILanes<T> => dy * ((T.All(1) - y) * (T.All(1) + y));
}

struct SigmoidGradOf : ILanePair
{
    public static T Of<T>(T y, T dy) where T : struct, ILanes<T> => dy * y * (T.All(1) - y);
}

struct EluGradOf : ILanePair
{
    public static T Of<T>(T dy, T y) where T : struct, ILanes<T> => T.Select(T.Less(y, T.All(0)), dy * (y + T.All(1)), dy);
}

struct SeluGradOf : ILanePair
{
    public static T Of<T>(T dy, T y) where T : struct, ILanes<T> => dy * T.Select(T.Less(y, T.All(0)), y + T.All(SeluOf.Alpha), T.All(SeluOf.Scale));
}
