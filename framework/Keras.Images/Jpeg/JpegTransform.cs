using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keras.Images;

/// <summary>An inverse cosine transform with the quantization table of one component.</summary>
/// <remarks>Sums wrap and products are truncated as in libjpeg-turbo's vector instructions, so that every sample is equal, even in damaged files.</remarks>
abstract class JpegTransform
{
    /// <summary>The sample for coefficients of 0.</summary>
    public const byte Middle = 128;

    /// <summary>Creates the fast transform, which TensorFlow selects in libjpeg-turbo, or the accurate one, which Pillow uses.</summary>
    /// <param name="steps">The component's quantization table, row by row.</param>
    /// <param name="isAccurate">Whether to create the accurate transform.</param>
    public static JpegTransform Of(ReadOnlySpan<ushort> steps, bool isAccurate) => isAccurate ? new JpegAccurateTransform(steps) : new JpegFastTransform(steps);

    /// <summary>Computes the samples of a block.</summary>
    /// <param name="block">Its coefficients.</param>
    /// <param name="samples">The memory from the start of its first row.</param>
    /// <param name="stride">The distance between rows.</param>
    public abstract void Apply(ReadOnlySpan<short> block, Span<byte> samples, int stride);

    /// <summary>Whether all coefficients but the first are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static bool IsFlat(ReadOnlySpan<short> block)
    {
        ref var first = ref MemoryMarshal.GetReference(block);
        var others = Vector128.LoadUnsafe(ref first) & Vector128.Create((short)0, -1, -1, -1, -1, -1, -1, -1);
        for (nuint i = 8; i < JpegBlock.Size; i += 8) others |= Vector128.LoadUnsafe(ref first, i);
        return others == Vector128<short>.Zero;
    }

    /// <summary>Fills a block with one value.</summary>
    protected static void Fill(Span<byte> samples, int stride, byte value)
    {
        var row = value * 0x0101_0101_0101_0101UL;
        for (var i = 0; i < JpegBlock.Side; i++) MemoryMarshal.Write(samples[(i * stride)..], row);
    }

    /// <summary>Writes two rows of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void Write(Span<byte> samples, int stride, int row, Vector128<short> upper, Vector128<short> lower)
    {
        var bytes = (Vector128.NarrowWithSaturation(upper, lower).AsByte() + Vector128.Create(Middle)).AsUInt64();
        MemoryMarshal.Write(samples[(row * stride)..], bytes[0]);
        MemoryMarshal.Write(samples[((row + 1) * stride)..], bytes[1]);
    }
}
