using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keras.Engines.Torch;

/// <summary>A vector of float64 lanes, as wide as the machine's, so that each function is written once.</summary>
unsafe interface ILanes<T> where T : struct, ILanes<T>
{
    static abstract int Count { get; }
    /// <summary>Whether results are rounded to float32, so that short series suffice and nothing overflows on the way.</summary>
    static abstract bool ForSingle { get; }
    static abstract T All(double value);
    static abstract T Load(double* source);
    static abstract T Load(float* source);
    void Store(double* target);
    void Store(float* target);
    static abstract T operator +(T a, T b);
    static abstract T operator -(T a, T b);
    static abstract T operator *(T a, T b);
    static abstract T operator /(T a, T b);
    /// <summary>a · b + c, rounded once where the machine has fused instructions.</summary>
    static abstract T Fused(T a, T b, T c);
    static abstract T Abs(T a);
    static abstract T Sqrt(T a);
    /// <summary>The nearest integer for numbers below 2⁵¹; for others some number of that size.</summary>
    static abstract T Round(T a);
    /// <summary>The lesser; b where one is NaN.</summary>
    static abstract T Min(T a, T b);
    /// <summary>The greater; b where one is NaN.</summary>
    static abstract T Max(T a, T b);
    /// <summary>All bits where a is less than b, otherwise none.</summary>
    static abstract T Less(T a, T b);
    static abstract T Select(T mask, T a, T b);
    static abstract T WithSign(T magnitude, T sign);
    /// <summary>2 to the power of an integer from -1022 to 1023.</summary>
    static abstract T PowerOfTwo(T exponent);
    /// <summary>Splits a positive normal number into a part from √½ to √2 and a power of two.</summary>
    static abstract (T Part, T Exponent) Split(T a);
}

/// <summary>The precision that lanes compute for.</summary>
interface IPrecision
{
    static abstract bool IsSingle { get; }
}

struct ForSingle : IPrecision { public static bool IsSingle => true; }

struct ForDouble : IPrecision { public static bool IsSingle => false; }

/// <summary>Constants for taking numbers apart by their bits.</summary>
static class LaneBits
{
    /// <summary>Added to an integer, it puts the integer into the low bits.</summary>
    public const double Shifter = 6755399441055744.0;
    public const long Bias = 1023;
    public const int Digits = 52;
    public const long Fraction = (1L << Digits) - 1;
    /// <summary>The bits of √½, which are subtracted so that the exponent counts from there.</summary>
    public const long RootHalf = 0x3FE6A09E667F3BCD;
}

/// <summary>Lanes of eight numbers in 512 bits.</summary>
readonly unsafe struct WideLanes<TFor>(Vector512<double> value) : ILanes<WideLanes<TFor>> where TFor : struct, IPrecision
{
    readonly Vector512<double> _v = value;

    public static int Count => Vector512<double>.Count;
    public static bool ForSingle => TFor.IsSingle;
    public static WideLanes<TFor> All(double value) => new(Vector512.Create(value));
    public static WideLanes<TFor> Load(double* source) => new(Vector512.Load(source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes<TFor> Load(float* source)
    {
        var narrow = Vector256.Load(source);
        return new(System.Runtime.Intrinsics.X86.Avx512F.IsSupported ? System.Runtime.Intrinsics.X86.Avx512F.ConvertToVector512Double(narrow)
            : Vector512.Create(Vector256.WidenLower(narrow), Vector256.WidenUpper(narrow)));
    }

    public void Store(double* target) => _v.Store(target);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        if (System.Runtime.Intrinsics.X86.Avx512F.IsSupported) System.Runtime.Intrinsics.X86.Avx512F.ConvertToVector256Single(_v).Store(target);
        else Vector256.Narrow(_v.GetLower(), _v.GetUpper()).Store(target);
    }

    public static WideLanes<TFor> operator +(WideLanes<TFor> a, WideLanes<TFor> b) => new(a._v + b._v);
    public static WideLanes<TFor> operator -(WideLanes<TFor> a, WideLanes<TFor> b) => new(a._v - b._v);
    public static WideLanes<TFor> operator *(WideLanes<TFor> a, WideLanes<TFor> b) => new(a._v * b._v);
    public static WideLanes<TFor> operator /(WideLanes<TFor> a, WideLanes<TFor> b) => new(a._v / b._v);
    public static WideLanes<TFor> Fused(WideLanes<TFor> a, WideLanes<TFor> b, WideLanes<TFor> c) => new(Vector512.MultiplyAddEstimate(a._v, b._v, c._v));
    public static WideLanes<TFor> Abs(WideLanes<TFor> a) => new(Vector512.Abs(a._v));
    public static WideLanes<TFor> Sqrt(WideLanes<TFor> a) => new(Vector512.Sqrt(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes<TFor> Round(WideLanes<TFor> a)
    {
        var shifter = Vector512.Create(LaneBits.Shifter);
        return new(a._v + shifter - shifter);
    }

    public static WideLanes<TFor> Min(WideLanes<TFor> a, WideLanes<TFor> b) => new(Vector512.MinNative(a._v, b._v));
    public static WideLanes<TFor> Max(WideLanes<TFor> a, WideLanes<TFor> b) => new(Vector512.MaxNative(a._v, b._v));
    public static WideLanes<TFor> Less(WideLanes<TFor> a, WideLanes<TFor> b) => new(Vector512.LessThan(a._v, b._v));
    public static WideLanes<TFor> Select(WideLanes<TFor> mask, WideLanes<TFor> a, WideLanes<TFor> b) => new(Vector512.ConditionalSelect(mask._v, a._v, b._v));
    public static WideLanes<TFor> WithSign(WideLanes<TFor> magnitude, WideLanes<TFor> sign) => new(Vector512.ConditionalSelect(Vector512.Create(-0.0), sign._v, magnitude._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes<TFor> PowerOfTwo(WideLanes<TFor> exponent) =>
        new(((exponent._v + Vector512.Create(LaneBits.Shifter + LaneBits.Bias)).AsInt64() << LaneBits.Digits).AsDouble());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (WideLanes<TFor> Part, WideLanes<TFor> Exponent) Split(WideLanes<TFor> a)
    {
        var offset = a._v.AsInt64() - Vector512.Create(LaneBits.RootHalf);
        var exponent = offset >> LaneBits.Digits;
        return (new((a._v.AsInt64() - (exponent << LaneBits.Digits)).AsDouble()),
            new((exponent + Vector512.Create(LaneBits.Shifter).AsInt64()).AsDouble() - Vector512.Create(LaneBits.Shifter)));
    }
}

/// <summary>Lanes of the runtime's own vector width.</summary>
readonly unsafe struct PlainLanes<TFor>(Vector<double> value) : ILanes<PlainLanes<TFor>> where TFor : struct, IPrecision
{
    readonly Vector<double> _v = value;

    public static int Count => Vector<double>.Count;
    public static bool ForSingle => TFor.IsSingle;
    public static PlainLanes<TFor> All(double value) => new(new Vector<double>(value));
    public static PlainLanes<TFor> Load(double* source) => new(Vector.Load(source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PlainLanes<TFor> Load(float* source)
    {
        if (Vector<double>.Count == 4) return new(Vector256.Create(Vector128.WidenLower(Vector128.Load(source)), Vector128.WidenUpper(Vector128.Load(source))).AsVector());
        var wide = stackalloc double[Vector<double>.Count];
        for (var i = 0; i < Vector<double>.Count; i++) wide[i] = source[i];
        return Load(wide);
    }

    public void Store(double* target) => _v.Store(target);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target)
    {
        if (Vector<double>.Count == 4)
        {
            var wide = _v.AsVector256();
            Vector128.Narrow(wide.GetLower(), wide.GetUpper()).Store(target);
            return;
        }
        for (var i = 0; i < Vector<double>.Count; i++) target[i] = (float)_v[i];
    }

    public static PlainLanes<TFor> operator +(PlainLanes<TFor> a, PlainLanes<TFor> b) => new(a._v + b._v);
    public static PlainLanes<TFor> operator -(PlainLanes<TFor> a, PlainLanes<TFor> b) => new(a._v - b._v);
    public static PlainLanes<TFor> operator *(PlainLanes<TFor> a, PlainLanes<TFor> b) => new(a._v * b._v);
    public static PlainLanes<TFor> operator /(PlainLanes<TFor> a, PlainLanes<TFor> b) => new(a._v / b._v);
    public static PlainLanes<TFor> Fused(PlainLanes<TFor> a, PlainLanes<TFor> b, PlainLanes<TFor> c) => new(Vector.MultiplyAddEstimate(a._v, b._v, c._v));
    public static PlainLanes<TFor> Abs(PlainLanes<TFor> a) => new(Vector.Abs(a._v));
    public static PlainLanes<TFor> Sqrt(PlainLanes<TFor> a) => new(Vector.SquareRoot(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PlainLanes<TFor> Round(PlainLanes<TFor> a)
    {
        var shifter = new Vector<double>(LaneBits.Shifter);
        return new(a._v + shifter - shifter);
    }

    public static PlainLanes<TFor> Min(PlainLanes<TFor> a, PlainLanes<TFor> b) => new(Vector.MinNative(a._v, b._v));
    public static PlainLanes<TFor> Max(PlainLanes<TFor> a, PlainLanes<TFor> b) => new(Vector.MaxNative(a._v, b._v));
    public static PlainLanes<TFor> Less(PlainLanes<TFor> a, PlainLanes<TFor> b) => new(Vector.LessThan(a._v, b._v).As<long, double>());
    public static PlainLanes<TFor> Select(PlainLanes<TFor> mask, PlainLanes<TFor> a, PlainLanes<TFor> b) => new(Vector.ConditionalSelect(mask._v, a._v, b._v));
    public static PlainLanes<TFor> WithSign(PlainLanes<TFor> magnitude, PlainLanes<TFor> sign) => new(Vector.ConditionalSelect(new Vector<double>(-0.0), sign._v, magnitude._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PlainLanes<TFor> PowerOfTwo(PlainLanes<TFor> exponent) =>
        new(Vector.ShiftLeft((exponent._v + new Vector<double>(LaneBits.Shifter + LaneBits.Bias)).As<double, long>(), LaneBits.Digits).As<long, double>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (PlainLanes<TFor> Part, PlainLanes<TFor> Exponent) Split(PlainLanes<TFor> a)
    {
        var bits = a._v.As<double, long>();
        var exponent = Vector.ShiftRightArithmetic(bits - new Vector<long>(LaneBits.RootHalf), LaneBits.Digits);
        return (new((bits - Vector.ShiftLeft(exponent, LaneBits.Digits)).As<long, double>()),
            new((exponent + new Vector<double>(LaneBits.Shifter).As<double, long>()).As<long, double>() - new Vector<double>(LaneBits.Shifter)));
    }
}
