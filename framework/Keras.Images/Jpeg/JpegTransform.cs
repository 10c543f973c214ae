using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keras.Images;

/// <summary>An inverse cosine transform, with the steps of quantization of one component.</summary>
/// <remarks>Sums wrap and products are cut as with the vector instructions that libjpeg-turbo uses, so that every sample is the same, those of damaged files included.</remarks>
abstract class JpegTransform
{
    /// <summary>The sample that coefficients of 0 stand for.</summary>
    public const byte Middle = 128;

    /// <summary>The fast transform, which TensorFlow has libjpeg-turbo use, or the accurate one, which Pillow has.</summary>
    /// <param name="steps">The component's steps of quantization, row by row.</param>
    /// <param name="isAccurate">Which.</param>
    public static JpegTransform Of(ReadOnlySpan<ushort> steps, bool isAccurate) => isAccurate ? new JpegAccurateTransform(steps) : new JpegFastTransform(steps);

    /// <summary>Computes the samples of a block.</summary>
    /// <param name="block">Its coefficients.</param>
    /// <param name="samples">Where its first row begins.</param>
    /// <param name="stride">From row to row.</param>
    public abstract void Apply(ReadOnlySpan<short> block, Span<byte> samples, int stride);

    /// <summary>Whether the first coefficient is the only one.</summary>
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
