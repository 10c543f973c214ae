using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Keras;

/// <summary>Widens 16-bit floats exactly and narrows to the nearest, ties to even; vectorised and on all cores.</summary>
static class HalfConvert
{
    /// <summary>Widens float16 to float32.</summary>
    public static void Widen(ReadOnlySpan<Half> source, Span<float> target) => Run(source, target, TensorPrimitives.ConvertToSingle);

    /// <summary>Rounds float32 to float16; numbers that overflow become infinite, NaN stays NaN.</summary>
    public static void Narrow(ReadOnlySpan<float> source, Span<Half> target) => Run(source, target, TensorPrimitives.ConvertToHalf);

    /// <summary>Widens bfloat16 to float32.</summary>
    public static void Widen(ReadOnlySpan<BFloat16> source, Span<float> target) => Run(source, target, WidenPart);

    /// <summary>Rounds float32 to bfloat16; NaN stays NaN.</summary>
    public static void Narrow(ReadOnlySpan<float> source, Span<BFloat16> target) => Run(source, target, NarrowPart);

    delegate void Part<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> target);

    static unsafe void Run<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> target, Part<TFrom, TTo> part) where TFrom : unmanaged where TTo : unmanaged
    {
        if (source.Length != target.Length)
            throw new ArgumentException($"The target has another length than the source. Expected: a target of {source.Length} elements. Received: {target.Length}.", nameof(target));
        fixed (TFrom* from = source)
        fixed (TTo* to = target)
        {
            var (f, t) = ((nint)from, (nint)to);
            ParallelRanges.Run(source.Length, bytesPerItem: sizeof(TFrom) + sizeof(TTo),
                (start, count) => part(new((TFrom*)f + start, (int)count), new((TTo*)t + start, (int)count)));
        }
    }

    static void WidenPart(ReadOnlySpan<BFloat16> source, Span<float> target)
    {
        var from = MemoryMarshal.Cast<BFloat16, ushort>(source);
        var to = MemoryMarshal.Cast<float, uint>(target);
        var i = 0;
        for (; i <= from.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(from[i..]), out var low, out var high);
            (low << 16).CopyTo(to[i..]);
            (high << 16).CopyTo(to[(i + Vector<uint>.Count)..]);
        }
        for (; i < from.Length; i++) to[i] = (uint)from[i] << 16;
    }

    static void NarrowPart(ReadOnlySpan<float> source, Span<BFloat16> target)
    {
        var to = MemoryMarshal.Cast<BFloat16, ushort>(target);
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
            Vector.Narrow(Round(new Vector<float>(source[i..])), Round(new Vector<float>(source[(i + Vector<float>.Count)..]))).CopyTo(to[i..]);
        for (; i < source.Length; i++) target[i] = (BFloat16)source[i];
    }

    /// <summary>Rounds to the upper halves, as <see cref="BFloat16"/>'s conversion does for one number.</summary>
    static Vector<uint> Round(Vector<float> values)
    {
        var bits = Vector.AsVectorUInt32(values);
        var upper = bits >> 16;
        var rounded = (bits + new Vector<uint>(0x7FFF) + (upper & Vector<uint>.One)) >> 16;
        var quiet = upper | new Vector<uint>(0x40);
        return Vector.ConditionalSelect(Vector.AsVectorUInt32(Vector.Equals(values, values)), rounded, quiet);
    }
}
