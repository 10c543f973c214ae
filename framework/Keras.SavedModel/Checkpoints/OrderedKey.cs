using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Keras.Checkpoints;

/// <summary>Encodes numbers and texts as bytes that sort in the same order, as TensorFlow's slice keys do.</summary>
sealed class OrderedKey
{
    readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    /// <summary>Writes the number of bytes, then the bytes, big-endian without leading zeros.</summary>
    public void WriteNumber(ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        var length = (64 - BitOperations.LeadingZeroCount(value) + 7) / 8;
        _bytes.Write<byte>([(byte)length]);
        _bytes.Write((ReadOnlySpan<byte>)bytes[^length..]);
    }

    /// <summary>Writes the text's bytes, with 0 and 255 escaped, then an end mark.</summary>
    public void WriteText(string text)
    {
        foreach (var value in Encoding.UTF8.GetBytes(text)) _bytes.Write<byte>(value == 0 ? [0, 255] : value == 255 ? [255, 0] : [value]);
        _bytes.Write<byte>([0, 1]);
    }

    /// <summary>Writes the number in as few bytes as possible after a header with one 1 bit per byte, all with the sign inverted.</summary>
    public void WriteSigned(long value)
    {
        const int bitsPerByte = 7;
        var length = ((64 - BitOperations.LeadingZeroCount((ulong)(value < 0 ? ~value : value))) / bitsPerByte) + 1;
        // The sign fills two bytes before the number, since the header of a long number may reach there.
        Span<byte> bytes = stackalloc byte[2 + sizeof(long)];
        bytes[..2].Fill(value < 0 ? (byte)255 : (byte)0);
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], value);
        var written = bytes[^length..];
        var head = (ushort)(ushort.MaxValue << (16 - length));
        written[0] ^= (byte)(head >> 8);
        if (length > 1) written[1] ^= (byte)head;
        _bytes.Write((ReadOnlySpan<byte>)written);
    }
}
