using System.Buffers;
using System.Buffers.Binary;

namespace Keras.Checkpoints;

/// <summary>Reads little-endian fields from untrusted bytes; every read is checked against the end.</summary>
ref struct ByteCursor(ReadOnlySpan<byte> bytes, string file, long origin)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public readonly bool AtEnd => Position == _bytes.Length;

    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)Remaining) throw Damaged("A field reaches past the end of its block", $"at most {Remaining} bytes", $"{count} bytes");
        var taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public uint Varint32()
    {
        var value = Varint64();
        return value <= uint.MaxValue ? (uint)value : throw Damaged("A length is too large", "at most 32 bits", $"{value}");
    }

    public ulong Varint64()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            if (shift == 63 && part > 1) break;
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw Damaged("A variable-length number does not end", "at most 64 bits", null);
    }

    public readonly FileFormatException Damaged(string what, string? expected, string? received) =>
        new(what, $"{file}, byte {origin + Position}", expected, received, "The file is damaged; write or download it again.");
}

/// <summary>Appends the fields that <see cref="ByteCursor"/> reads.</summary>
static class ByteFields
{
    public static void WriteVarint(this IBufferWriter<byte> writer, ulong value)
    {
        var span = writer.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7) span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        writer.Advance(length);
    }

    public static void WriteFixed32(this IBufferWriter<byte> writer, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(writer.GetSpan(sizeof(uint)), value);
        writer.Advance(sizeof(uint));
    }

    public static void WriteFixed64(this IBufferWriter<byte> writer, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(writer.GetSpan(sizeof(ulong)), value);
        writer.Advance(sizeof(ulong));
    }
}
