using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>A vector of float32 lanes, as wide as the machine's, for functions whose results need not be rounded correctly.</summary>
unsafe interface IFloatLanes<T> where T : struct, IFloatLanes<T>
{
    static abstract int Count { get; }
    static abstract T All(float value);
    static abstract T Load(float* source);
    /// <summary>Loads bfloat16 numbers.</summary>
    static abstract T LoadBrains(ushort* source);
    /// <summary>Loads float16 numbers.</summary>
    static abstract T LoadHalves(ushort* source);
    void Store(float* target);
    static abstract T operator +(T a, T b);
    static abstract T operator -(T a, T b);
    static abstract T operator *(T a, T b);
    static abstract T operator /(T a, T b);
    /// <summary>a · b + c, rounded once where the machine has fused instructions.</summary>
    static abstract T Fused(T a, T b, T c);
    /// <summary>The lesser; b where one is NaN.</summary>
    static abstract T Min(T a, T b);
    /// <summary>The greater; b where one is NaN.</summary>
    static abstract T Max(T a, T b);
    /// <summary>2 to the power of an integer from -126 to 127.</summary>
    static abstract T PowerOfTwo(T exponent);
    /// <summary>The value of <paramref name="then"/> where a is less than b, otherwise that of <paramref name="otherwise"/>.</summary>
    static abstract T IfLess(T a, T b, T then, T otherwise);
    /// <summary>The first lanes of a vector, and other lanes behind them.</summary>
    static abstract T First(int count, T lanes, T others);
    static abstract float Sum(T a);
    static abstract float Greatest(T a);
}

/// <summary>Functions of float32 lanes.</summary>
static class FloatMath
{
    /// <summary>Below this exp is no longer a normal number.</summary>
    const float Lowest = -87.33654f;

    /// <summary>Added to a number below 2²², it leaves no room for a fraction.</summary>
    public const float Shifter = 12582912;

    /// <summary>A float16 whose exponent and fraction are moved to float32's place, times this, is its value, also a subnormal one. From the infinity's bits on it gets the full exponent.</summary>
    public const float HalfScale = 5.192296858534828e33f;
    public const float HalfInfinity = 1.262177448353618888658765704452e-29f;
    public const int HalfBits = unchecked((int)0x8FFFE000), Exponent = 0x7F800000;

    const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f, Log2E = 1.44269504f;

    /// <summary>exp of numbers up to 0, to about one unit in the last place; 0 where it would be subnormal. With Cephes' coefficients.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpUpToZero<T>(T x) where T : struct, IFloatLanes<T>
    {
        var n = T.Fused(x, T.All(Log2E), T.All(Shifter)) - T.All(Shifter);
        var f = T.Fused(n, T.All(-Ln2Low), T.Fused(n, T.All(-Ln2High), x));
        var p = T.All(1.9875691500e-4f);
        p = T.Fused(p, f, T.All(1.3981999507e-3f));
        p = T.Fused(p, f, T.All(8.3334519073e-3f));
        p = T.Fused(p, f, T.All(4.1665795894e-2f));
        p = T.Fused(p, f, T.All(1.6666665459e-1f));
        p = T.Fused(p, f, T.All(5.0000001201e-1f));
        p = T.Fused(p, f * f, f + T.All(1));
        return T.IfLess(x, T.All(Lowest), T.All(0), p * T.PowerOfTwo(n));
    }
}

/// <summary>16 numbers in 512 bits.</summary>
readonly unsafe struct WideFloats(Vector512<float> value) : IFloatLanes<WideFloats>
{
    readonly Vector512<float> _v = value;

    public static int Count => Vector512<float>.Count;
    public static WideFloats All(float value) => new(Vector512.Create(value));
    public static WideFloats Load(float* source) => new(Vector512.Load(source));
    public static WideFloats LoadBrains(ushort* source) => new((Extended(source) << 16).AsSingle());

    public static WideFloats LoadHalves(ushort* source)
    {
        var bits = (Extended(source) << 13) & Vector512.Create(FloatMath.HalfBits);
        var scaled = bits.AsSingle() * Vector512.Create(FloatMath.HalfScale);
        return new(Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(Vector512.Abs(bits.AsSingle()), Vector512.Create(FloatMath.HalfInfinity)), (scaled.AsInt32() | Vector512.Create(FloatMath.Exponent)).AsSingle(), scaled));
    }

    static Vector512<int> Extended(ushort* source)
    {
        var bits = Vector256.Load((short*)source);
        return Avx512F.IsSupported ? Avx512F.ConvertToVector512Int32(bits) : Vector512.Create(Vector256.WidenLower(bits), Vector256.WidenUpper(bits));
    }

    public void Store(float* target) => _v.Store(target);
    public static WideFloats operator +(WideFloats a, WideFloats b) => new(a._v + b._v);
    public static WideFloats operator -(WideFloats a, WideFloats b) => new(a._v - b._v);
    public static WideFloats operator *(WideFloats a, WideFloats b) => new(a._v * b._v);
    public static WideFloats operator /(WideFloats a, WideFloats b) => new(a._v / b._v);
    public static WideFloats Fused(WideFloats a, WideFloats b, WideFloats c) => new(Vector512.FusedMultiplyAdd(a._v, b._v, c._v));
    public static WideFloats Min(WideFloats a, WideFloats b) => new(Vector512.MinNative(a._v, b._v));
    public static WideFloats Max(WideFloats a, WideFloats b) => new(Vector512.MaxNative(a._v, b._v));
    public static WideFloats PowerOfTwo(WideFloats exponent) => new(((exponent._v + Vector512.Create(FloatMath.Shifter + 127)).AsInt32() << 23).AsSingle());
    public static WideFloats IfLess(WideFloats a, WideFloats b, WideFloats then, WideFloats otherwise) => new(Vector512.ConditionalSelect(Vector512.LessThan(a._v, b._v), then._v, otherwise._v));
    public static WideFloats First(int count, WideFloats lanes, WideFloats others) => new(Vector512.ConditionalSelect(Vector512.LessThan(Vector512<float>.Indices, Vector512.Create((float)count)), lanes._v, others._v));
    public static float Sum(WideFloats a) => Vector512.Sum(a._v);

    public static float Greatest(WideFloats a)
    {
        var half = Vector256.MaxNative(a._v.GetLower(), a._v.GetUpper());
        return PlainFloats.Greatest(Vector128.MaxNative(half.GetLower(), half.GetUpper()));
    }
}

/// <summary>Lanes of the runtime's own vector width.</summary>
readonly unsafe struct PlainFloats(Vector<float> value) : IFloatLanes<PlainFloats>
{
    readonly Vector<float> _v = value;

    public static int Count => Vector<float>.Count;
    public static PlainFloats All(float value) => new(new Vector<float>(value));
    public static PlainFloats Load(float* source) => new(Vector.Load(source));
    public static PlainFloats LoadBrains(ushort* source) => new(Vector.ShiftLeft(Extended(source), 16).As<int, float>());

    public static PlainFloats LoadHalves(ushort* source)
    {
        var bits = Vector.ShiftLeft(Extended(source), 13) & new Vector<int>(FloatMath.HalfBits);
        var scaled = bits.As<int, float>() * new Vector<float>(FloatMath.HalfScale);
        return new(Vector.ConditionalSelect(Vector.GreaterThanOrEqual(Vector.Abs(bits.As<int, float>()), new Vector<float>(FloatMath.HalfInfinity)), (scaled.As<float, int>() | new Vector<int>(FloatMath.Exponent)).As<int, float>(), scaled));
    }

    static Vector<int> Extended(ushort* source)
    {
        if (Count == Vector128<float>.Count) return Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)source).AsInt16()).AsVector();
        var bits = Vector128.Load((short*)source);
        var first = Avx2.IsSupported ? Avx2.ConvertToVector256Int32(bits) : Vector256.Create(Vector128.WidenLower(bits), Vector128.WidenUpper(bits));
        if (Count == Vector256<float>.Count) return first.AsVector();
        bits = Vector128.Load((short*)source + Vector128<short>.Count);
        return Vector512.Create(first, Vector256.Create(Vector128.WidenLower(bits), Vector128.WidenUpper(bits))).AsVector();
    }

    public void Store(float* target) => _v.Store(target);
    public static PlainFloats operator +(PlainFloats a, PlainFloats b) => new(a._v + b._v);
    public static PlainFloats operator -(PlainFloats a, PlainFloats b) => new(a._v - b._v);
    public static PlainFloats operator *(PlainFloats a, PlainFloats b) => new(a._v * b._v);
    public static PlainFloats operator /(PlainFloats a, PlainFloats b) => new(a._v / b._v);
    public static PlainFloats Fused(PlainFloats a, PlainFloats b, PlainFloats c) => new(Vector.MultiplyAddEstimate(a._v, b._v, c._v));
    public static PlainFloats Min(PlainFloats a, PlainFloats b) => new(Vector.MinNative(a._v, b._v));
    public static PlainFloats Max(PlainFloats a, PlainFloats b) => new(Vector.MaxNative(a._v, b._v));
    public static PlainFloats PowerOfTwo(PlainFloats exponent) => new(Vector.ShiftLeft((exponent._v + new Vector<float>(FloatMath.Shifter + 127)).As<float, int>(), 23).As<int, float>());
    public static PlainFloats IfLess(PlainFloats a, PlainFloats b, PlainFloats then, PlainFloats otherwise) => new(Vector.ConditionalSelect(Vector.LessThan(a._v, b._v), then._v, otherwise._v));
    public static PlainFloats First(int count, PlainFloats lanes, PlainFloats others) => new(Vector.ConditionalSelect(Vector.LessThan(Vector<float>.Indices, new Vector<float>(count)), lanes._v, others._v));
    public static float Sum(PlainFloats a) => Vector.Sum(a._v);

    public static float Greatest(PlainFloats a)
    {
        if (Vector<float>.Count == Vector256<float>.Count) return Greatest(Vector128.MaxNative(a._v.AsVector256().GetLower(), a._v.AsVector256().GetUpper()));
        var greatest = a._v[0];
        for (var i = 1; i < Count; i++) greatest = Math.Max(greatest, a._v[i]);
        return greatest;
    }

    internal static float Greatest(Vector128<float> four)
    {
        var two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2)))[0];
    }
}
