using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Keras.Checkpoints;

/// <summary>The Castagnoli checksum that LevelDB tables, tensor bundles and TFRecords carry.</summary>
static class Crc32c
{
    const uint MaskDelta = 0xA282EAD8;

    public static uint Compute(ReadOnlySpan<byte> bytes) => Extend(0, bytes);

    /// <summary>The checksum of what <paramref name="crc"/> covers followed by <paramref name="bytes"/>.</summary>
    public static uint Extend(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        ref var start = ref MemoryMarshal.GetReference(bytes);
        var i = 0;
        for (; i <= bytes.Length - sizeof(ulong); i += sizeof(ulong))
            crc = BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, i)));
        for (; i < bytes.Length; i++) crc = BitOperations.Crc32C(crc, bytes[i]);
        return ~crc;
    }

    /// <summary>The stored form: a checksum of data that holds checksums would be weak otherwise.</summary>
    public static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + MaskDelta;
}
