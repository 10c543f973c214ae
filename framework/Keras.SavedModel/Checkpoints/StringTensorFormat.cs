using System.Buffers;
using System.Buffers.Binary;

namespace Keras.Checkpoints;

/// <summary>A bundle's format for strings: all lengths, a checksum of the lengths, then all bytes.</summary>
static class StringTensorFormat
{
    /// <summary>Writes the strings; returns their checksum, which covers the lengths as 32-bit numbers.</summary>
    public static uint Write(Stream stream, ReadOnlySpan<byte[]> values)
    {
        uint checksum = 0;
        var lengths = new ArrayBufferWriter<byte>();
        foreach (var value in values)
        {
            lengths.WriteVarint((ulong)value.Length);
            checksum = ExtendFixed32(checksum, (uint)value.Length);
        }
        var masked = Crc32c.Mask(checksum);
        lengths.WriteFixed32(masked);
        stream.Write(lengths.WrittenSpan);
        checksum = ExtendFixed32(checksum, masked);
        foreach (var value in values)
        {
            stream.Write(value);
            checksum = Crc32c.Extend(checksum, value);
        }
        return checksum;
    }

    /// <summary>Reads <paramref name="count"/> strings that fill <paramref name="bytes"/>.</summary>
    public static (byte[][] Values, uint Checksum) Read(ReadOnlySpan<byte> bytes, long count, string where)
    {
        var cursor = new ByteCursor(bytes, where, 0);
        if (count > cursor.Remaining) throw cursor.Damaged("A tensor of strings is too short for its shape", $"{count} strings", $"{bytes.Length} bytes");
        var lengths = new uint[count];
        uint checksum = 0;
        foreach (ref var length in lengths.AsSpan())
        {
            length = cursor.Varint32();
            checksum = ExtendFixed32(checksum, length);
        }
        var masked = cursor.Fixed32();
        if (masked != Crc32c.Mask(checksum)) throw cursor.Damaged("The checksum of the strings' lengths is wrong", $"{masked:x8}", $"{Crc32c.Mask(checksum):x8}");
        checksum = Crc32c.Extend(ExtendFixed32(checksum, masked), bytes[cursor.Position..]);
        var values = new byte[count][];
        for (var i = 0; i < values.Length; i++) values[i] = cursor.Take(lengths[i]).ToArray();
        if (!cursor.AtEnd) throw cursor.Damaged("Bytes are left over after the last string", "none", $"{cursor.Remaining} bytes");
        return (values, checksum);
    }

    static uint ExtendFixed32(uint checksum, uint value)
    {
        Span<byte> field = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(field, value);
        return Crc32c.Extend(checksum, field);
    }
}
