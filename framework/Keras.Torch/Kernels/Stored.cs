using System.Runtime.CompilerServices;

namespace Keras.Engines.Torch;

/// <summary>A stored element that is read as float32.</summary>
unsafe interface IStored<T> where T : unmanaged, IStored<T>
{
    /// <summary>Loads a vector of elements as float32.</summary>
    static abstract TLanes Load<TLanes>(T* source) where TLanes : struct, IFloatLanes<TLanes>;

    /// <summary>Converts one element to float32.</summary>
    static abstract float Wide(T value);
}

/// <summary>A float32.</summary>
readonly unsafe record struct Single32(float Value) : IStored<Single32>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(Single32* source) where TLanes : struct, IFloatLanes<TLanes> => TLanes.Load((float*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Wide(Single32 value) => value.Value;
}

/// <summary>A bfloat16: the upper half of a float32.</summary>
readonly unsafe record struct Brain16(BFloat16 Value) : IStored<Brain16>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(Brain16* source) where TLanes : struct, IFloatLanes<TLanes> => TLanes.LoadBrains((ushort*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Wide(Brain16 value) => value.Value;
}

/// <summary>A float16.</summary>
readonly unsafe record struct Half16(Half Value) : IStored<Half16>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(Half16* source) where TLanes : struct, IFloatLanes<TLanes> => TLanes.LoadHalves((ushort*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Wide(Half16 value) => (float)value.Value;
}
