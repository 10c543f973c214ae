using System.Buffers.Binary;

namespace Keras.Checkpoints;

/// <summary>Reads and writes TFRecord files; a record is a length, its checksum, the bytes, their checksum.</summary>
/// <remarks>Source: tensorflow/core/lib/io/record_writer.h.</remarks>
static class TfRecordFile
{
    const int Header = sizeof(long) + sizeof(uint), Footer = sizeof(uint);
    const int Piece = 1 << 16;

    /// <summary>Reads the records; each is valid until the next is read.</summary>
    /// <exception cref="FileFormatException">A checksum is wrong, or the file ends within a record; the message names the record.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, Piece, FileOptions.SequentialScan);
        var (header, data) = (new byte[Header], Array.Empty<byte>());
        for (var row = 0; stream.Position < stream.Length; row++)
        {
            Fill(stream, header, path, row);
            Check(header.AsSpan(0, sizeof(long)), header.AsSpan(sizeof(long)), "length", path, row);
            var length = BinaryPrimitives.ReadInt64LittleEndian(header);
            if (length < 0 || length > stream.Length - stream.Position - Footer || length > Array.MaxLength - Footer)
                throw new FileFormatException("A TFRecord file ends within a record: it was cut off", $"{path}, row {row}", $"{length} bytes and a checksum", $"{stream.Length - stream.Position} bytes");
            if (data.Length < length + Footer) data = new byte[Math.Max(length + Footer, Math.Min(2L * data.Length, stream.Length))];
            Fill(stream, data.AsMemory(0, (int)length + Footer), path, row);
            Check(data.AsSpan(0, (int)length), data.AsSpan((int)length, Footer), "content", path, row);
            yield return data.AsMemory(0, (int)length);
        }
    }

    /// <summary>Writes one record.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> record)
    {
        Span<byte> header = stackalloc byte[Header];
        BinaryPrimitives.WriteInt64LittleEndian(header, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[sizeof(long)..], Crc32c.Mask(Crc32c.Compute(header[..sizeof(long)])));
        stream.Write(header);
        stream.Write(record);
        BinaryPrimitives.WriteUInt32LittleEndian(header, Crc32c.Mask(Crc32c.Compute(record)));
        stream.Write(header[..Footer]);
    }

    static void Fill(Stream stream, Memory<byte> buffer, string path, int row)
    {
        if (stream.ReadAtLeast(buffer.Span, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
            throw new FileFormatException("A TFRecord file ends within a record: it was cut off", $"{path}, row {row}");
    }

    static void Check(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> checksum, string what, string path, int row)
    {
        var (expected, actual) = (BinaryPrimitives.ReadUInt32LittleEndian(checksum), Crc32c.Mask(Crc32c.Compute(bytes)));
        if (expected != actual)
            throw new FileFormatException($"The checksum of a record's {what} is wrong", $"{path}, row {row}", $"{expected:x8}, as the file says", $"{actual:x8}", "The file is damaged, or no TFRecord file (compressed ones have to be unpacked first).");
    }
}
