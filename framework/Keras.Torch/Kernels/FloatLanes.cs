using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>A vector of float32 of one of the machine's widths.</summary>
unsafe interface IFloatLanes<TSelf> where TSelf : struct, IFloatLanes<TSelf>
{
    static abstract int Width { get; }

    static abstract TSelf Load(float* source);

    static abstract TSelf All(float value);

    /// <summary>x · y + z, rounded once.</summary>
    static abstract TSelf Fused(TSelf x, TSelf y, TSelf z);

    static abstract TSelf Add(TSelf x, TSelf y);

    static abstract float Sum(TSelf x);

    void Store(float* target);
}

readonly unsafe struct Lanes16(Vector512<float> value) : IFloatLanes<Lanes16>
{
    readonly Vector512<float> _value = value;

    public static int Width => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 All(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Fused(Lanes16 x, Lanes16 y, Lanes16 z) => new(Vector512.FusedMultiplyAdd(x._value, y._value, z._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Add(Lanes16 x, Lanes16 y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes16 x) => Vector512.Sum(x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _value.Store(target);
}

readonly unsafe struct Lanes8(Vector256<float> value) : IFloatLanes<Lanes8>
{
    readonly Vector256<float> _value = value;

    public static int Width => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 All(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Fused(Lanes8 x, Lanes8 y, Lanes8 z) => new(Fma.MultiplyAdd(x._value, y._value, z._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Add(Lanes8 x, Lanes8 y) => new(x._value + y._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes8 x) => Vector256.Sum(x._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _value.Store(target);
}
