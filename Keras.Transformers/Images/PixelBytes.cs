using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>A view of bytes: a part of an array of any rank and numeric type.</summary>
readonly record struct PixelBytes(Array Array, long Start, int Length)
{
    public PixelBytes(byte[] bytes, int length) : this(bytes, 0, length) { }

    public ReadOnlySpan<byte> Span => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Array), (nint)Start), Length);
}

/// <summary>The samples of one image, which has three axes.</summary>
readonly record struct ImageSamples(DType DType, Shape Shape, PixelBytes Bytes)
{
    /// <summary>Converts the samples to a tensor, copied if they are part of an array.</summary>
    public HostTensor ToHost() => HostTensor.OfBytes(DType, Shape, Bytes.Array is byte[] whole && whole.Length == Bytes.Length ? whole : Bytes.Span.ToArray());
}
