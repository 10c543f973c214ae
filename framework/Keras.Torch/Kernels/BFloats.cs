using System.Runtime.Intrinsics;

namespace Keras.Engines.Torch;

/// <summary>Converts rows of bfloat16 to float32 and back, several elements at a time.</summary>
static unsafe class BFloats
{
    static readonly int Width = Vector256<ushort>.Count;

    public static void Widen(BFloat16* source, float* target, int count)
    {
        var i = 0;
        for (; i <= count - Width; i += Width)
        {
            var (low, high) = Vector256.Widen(Vector256.Load((ushort*)source + i));
            (low << 16).AsSingle().Store(target + i);
            (high << 16).AsSingle().Store(target + i + (Width / 2));
        }
        for (; i < count; i++) target[i] = source[i];
    }

    public static void Narrow(float* source, BFloat16* target, int count)
    {
        var i = 0;
        for (; i <= count - Width; i += Width)
            Vector256.Narrow(Rounded(Vector256.Load(source + i)), Rounded(Vector256.Load(source + i + (Width / 2)))).Store((ushort*)target + i);
        for (; i < count; i++) target[i] = (BFloat16)source[i];
    }

    /// <summary>Rounds to the upper halves, to the nearest, ties to even; NaN stays NaN.</summary>
    static Vector256<uint> Rounded(Vector256<float> values)
    {
        var bits = values.AsUInt32();
        var upper = bits >>> 16;
        var nearest = (bits + Vector256.Create(0x7FFFu) + (upper & Vector256.Create(1u))) >>> 16;
        return Vector256.ConditionalSelect(Vector256.IsNaN(values).AsUInt32(), upper | Vector256.Create(0x40u), nearest);
    }
}
