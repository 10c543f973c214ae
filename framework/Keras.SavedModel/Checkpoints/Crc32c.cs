using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Keras.Checkpoints;

/// <summary>The Castagnoli CRC that LevelDB tables, tensor bundles and TFRecords use.</summary>
static class Crc32c
{
    const uint MaskDelta = 0xA282EAD8;

    public static uint Compute(ReadOnlySpan<byte> bytes) => Extend(0, bytes);

    /// <summary>Extends the checksum <paramref name="crc"/> by more bytes.</summary>
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

    /// <summary>Masks a checksum for storage, since checksums of data that contains checksums would be weak.</summary>
    public static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + MaskDelta;
}
