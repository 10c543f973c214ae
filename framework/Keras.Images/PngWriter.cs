using System.Buffers.Binary;
using System.IO.Compression;

namespace Keras.Images;

/// <summary>Writes PNG files of 8 or 16 bits and 1 to 4 channels.</summary>
static class PngWriter
{
    /// <summary>Encodes an image as a PNG file.</summary>
    /// <param name="samples">The samples, row-major; those of 16 bits in big-endian order.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channels">1 to 4: grey, grey and alpha, RGB, RGB and alpha.</param>
    /// <param name="depth">8 or 16.</param>
    /// <param name="compression">zlib's level, 0 to 9; -1 for its default.</param>
    public static byte[] Write(ReadOnlySpan<byte> samples, int height, int width, int channels, int depth, int compression)
    {
        var file = new MemoryStream();
        file.Write(PngReader.Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)depth, channels switch { 1 => (byte)0, 2 => (byte)4, 3 => (byte)2, _ => (byte)6 });
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, Compress(samples, height, width * channels * (depth / 8), channels * (depth / 8), compression));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>Filters rows with Paeth's predictor, which suits photographs, and compresses them.</summary>
    static ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> samples, int height, int length, int distance, int compression)
    {
        const byte paeth = 4;
        var compressed = new MemoryStream();
        using (var stream = new ZLibStream(compressed, new ZLibCompressionOptions { CompressionLevel = compression }, leaveOpen: true))
        {
            var filtered = new byte[length + 1];
            filtered[0] = paeth;
            for (var y = 0; y < height; y++)
            {
                var row = samples.Slice(y * length, length);
                var above = y > 0 ? samples.Slice((y - 1) * length, length) : [];
                for (var i = 0; i < length; i++)
                {
                    int left = i >= distance ? row[i - distance] : 0, up = y > 0 ? above[i] : 0, corner = y > 0 && i >= distance ? above[i - distance] : 0;
                    filtered[i + 1] = (byte)(row[i] - PngReader.Paeth(left, up, corner));
                }
                stream.Write(filtered);
            }
        }
        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        var start = (int)file.Length;
        file.Write(type);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, PngChecksum.Of(file.GetBuffer().AsSpan(start, content.Length + 4)));
        file.Write(number);
    }
}
