using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keras.Engines.Torch;

/// <summary>A stored element that is read as float32.</summary>
unsafe interface IStreamed<T> where T : unmanaged, IStreamed<T>
{
    /// <summary>Loads 16 elements as float32.</summary>
    static abstract Vector512<float> Load(T* source);

    /// <summary>Converts one element to float32.</summary>
    static abstract float Wide(T value);
}

/// <summary>A float32.</summary>
readonly unsafe record struct Single32(float Value) : IStreamed<Single32>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(Single32* source) => Vector512.Load((float*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Wide(Single32 value) => value.Value;
}

/// <summary>A bfloat16: the upper half of a float32.</summary>
readonly unsafe record struct Brain16(BFloat16 Value) : IStreamed<Brain16>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(Brain16* source) => (Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)source)) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Wide(Brain16 value) => value.Value;
}

/// <summary>A float16.</summary>
readonly unsafe record struct Half16(Half Value) : IStreamed<Half16>
{
    /// <summary>Loads 16 elements: exponent and fraction moved to float32's position, times 2^112, give the value, also for subnormal numbers; infinities and NaN get the full exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(Half16* source)
    {
        var bits = (Avx512F.ConvertToVector512Int32(Vector256.Load((short*)source)) << 13) & Vector512.Create(unchecked((int)0x8FFFE000));
        var scaled = bits.AsSingle() * Vector512.Create(5.192296858534828e33f);
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(Vector512.Abs(bits.AsSingle()), Vector512.Create(0x0F800000).AsSingle()),
            (scaled.AsInt32() | Vector512.Create(0x7F800000)).AsSingle(), scaled);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Wide(Half16 value) => (float)value.Value;
}
