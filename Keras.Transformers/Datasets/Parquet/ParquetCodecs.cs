using System.IO.Compression;

namespace Keras.Transformers;

/// <summary>Decompresses pages.</summary>
static class ParquetCodecs
{
    const int Likely = 1 << 20;
    static readonly string[] Names = ["none", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"];

    /// <param name="page">A page as stored in the file.</param>
    /// <param name="codec">The number of the codec.</param>
    /// <param name="whole">The length of the decompressed page.</param>
    /// <param name="where">File and column, for errors.</param>
    /// <exception cref="InvalidDataException">The page does not have this length.</exception>
    /// <exception cref="UnsupportedException">The codec is not supported.</exception>
    public static ReadOnlyMemory<byte> Unpacked(ReadOnlyMemory<byte> page, int codec, int whole, string where)
    {
        if (codec == 0) return page;
        if (whole < 0) throw new InvalidDataException($"a page says that it holds {whole} bytes");
        // A few bytes must not make this allocate gigabytes. Only Zstandard and Brotli compress repeated values this densely.
        if (whole > Likely + (4096L * page.Length))
            return codec switch
            {
                4 => Grown(new BrotliStream(new MemoryStream(page.ToArray()), CompressionMode.Decompress), whole),
                6 => Grown(new ZstdSharp.DecompressionStream(new MemoryStream(page.ToArray())), whole),
                _ => throw new InvalidDataException($"a page of {page.Length} bytes says that it holds {whole}"),
            };
        var bytes = new byte[whole];
        var length = codec switch
        {
            1 => Snappier.Snappy.GetUncompressedLength(page.Span) == whole ? Snappier.Snappy.Decompress(page.Span, bytes) : -1,
            2 => Gzip(page, bytes),
            4 => BrotliDecoder.TryDecompress(page.Span, bytes, out var written) ? written : -1,
            6 => Zstd(page.Span, bytes),
            7 => Lz4Block.Unpack(page.Span, bytes),
            _ => throw new UnsupportedException("A Parquet file is compressed in a way that is not read here", where, "none, SNAPPY, GZIP, BROTLI, ZSTD or LZ4_RAW", codec >= 0 && codec < Names.Length ? Names[codec] : $"codec {codec}", "Write the file with one of these."),
        };
        return length == whole ? bytes : throw new InvalidDataException("a page has another length than its header says");
    }

    /// <summary>Decompresses into memory that grows as needed.</summary>
    static byte[] Grown(Stream packed, int whole)
    {
        using var stream = packed;
        var bytes = new byte[Likely];
        try
        {
            for (var length = 0; ; Array.Resize(ref bytes, (int)Math.Min(whole, 2L * bytes.Length)))
            {
                length += stream.ReadAtLeast(bytes.AsSpan(length), bytes.Length - length, throwOnEndOfStream: false);
                if (length == whole && stream.ReadByte() < 0) return bytes;
                if (length == whole || length < bytes.Length) throw new InvalidDataException("a page has another length than its header says");
            }
        }
        catch (Exception e) when (e is InvalidOperationException or EndOfStreamException)
        {
            throw new InvalidDataException($"a page does not unpack ({e.Message})", e);
        }
    }

    static int Gzip(ReadOnlyMemory<byte> page, byte[] bytes)
    {
        using var stream = new GZipStream(new MemoryStream(page.ToArray()), CompressionMode.Decompress);
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length == bytes.Length && stream.ReadByte() >= 0 ? -1 : length;
    }

    static int Zstd(ReadOnlySpan<byte> page, byte[] bytes)
    {
        using var zstd = new ZstdSharp.Decompressor();
        return zstd.Unwrap(page, bytes);
    }
}
