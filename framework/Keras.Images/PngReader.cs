using System.IO.Compression;

namespace Keras.Images;

/// <summary>Reads PNG files exactly, of every colour type and depth, interlaced or not; gamma and colour profiles are not applied.</summary>
sealed class PngReader : IDisposable
{
    const string Kind = "PNG";
    const int Palette = 3;

    /// <summary>The greatest compression ratio of deflate: a match of 258 bytes takes at least 2 bits.</summary>
    const long MaxRatio = 1032;

    /// <summary>The passes of interlaced images: first column and row, and steps. Other images have one pass.</summary>
    static readonly (int X, int Y, int StepX, int StepY)[] Passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    long _width;
    long _height;
    int _depth;
    int _colour;
    bool _isInterlaced;
    byte[]? _palette;
    byte[]? _transparency;
    readonly MemoryStream _data = new();

    /// <summary>The first bytes of every PNG file.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>Decodes a PNG file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="channels">1, 3 or 4; 0 for those of the file.</param>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    public static Raster Read(ReadOnlySpan<byte> bytes, int channels)
    {
        var stored = ReadStored(bytes);
        if (channels == 0) channels = stored.Palette is null ? stored.Samples.Channels : stored.Transparency is null ? 3 : 4;
        Raster.Check(Kind, 1, stored.Samples.Height, stored.Samples.Width, channels);
        return PngColours.Convert(stored.Samples, channels, stored.Colour is 4 or 6, stored.Palette, stored.Transparency, Math.Min(stored.Depth, 8));
    }

    /// <summary>Decodes a file to the samples as stored: indices into a palette, or numbers of the file's bit depth.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="mostPixels">The most pixels that an image may have.</param>
    /// <param name="scratch">Rents the array of the result.</param>
    /// <exception cref="FileFormatException">The file is damaged, or the image too large.</exception>
    public static PngPicture ReadStored(ReadOnlySpan<byte> bytes, long mostPixels = long.MaxValue, Scratch? scratch = null)
    {
        using var reader = new PngReader();
        reader.ReadChunks(bytes, mostPixels);
        return reader.Decode(scratch);
    }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();

    int StoredChannels => _colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    void ReadChunks(ReadOnlySpan<byte> bytes, long mostPixels)
    {
        var cursor = new ImageCursor(bytes, Kind);
        if (!cursor.Take(Signature.Length).SequenceEqual(Signature)) throw Raster.Damaged(Kind, "it does not begin as one");
        for (var isFirst = true; ; isFirst = false)
        {
            var length = cursor.Big32();
            var start = cursor.Position;
            var type = System.Text.Encoding.ASCII.GetString(cursor.Take(4));
            var content = cursor.Take(length);
            var isCritical = char.IsAsciiLetterUpper(type[0]);
            var isSound = cursor.Big32() == PngChecksum.Of(bytes.Slice(start, content.Length + 4));
            if (!isSound && isCritical) throw Raster.Damaged(Kind, $"the checksum of its chunk {type} is wrong");
            if (isFirst != (type == "IHDR")) throw Raster.Damaged(Kind, "its header is not its first chunk", "IHDR", type);
            if (type == "IEND") return;
            if (type == "IHDR")
            {
                ReadHeader(content);
                Raster.CheckPixels(Kind, _width, _height, mostPixels);
            }
            else if (type == "PLTE") _palette = content.Length % 3 == 0 && content.Length is > 0 and <= 768 ? content.ToArray() : throw Raster.Damaged(Kind, "its palette has a wrong length");
            else if (type == "tRNS" && isSound) _transparency = content.ToArray();
            else if (type == "IDAT") _data.Write(content);
            else if (isCritical) throw Raster.Damaged(Kind, "it has a critical chunk that no PNG has", "IHDR, PLTE, IDAT, IEND", type);
        }
    }

    void ReadHeader(ReadOnlySpan<byte> content)
    {
        if (content.Length != 13) throw Raster.Damaged(Kind, "its header has a wrong length", "13 bytes", $"{content.Length} bytes");
        var header = new ImageCursor(content, Kind);
        (_width, _height, _depth, _colour) = (header.Big32(), header.Big32(), header.Byte(), header.Byte());
        var (compression, filter, interlace) = (header.Byte(), header.Byte(), header.Byte());
        var fits = _colour switch { 0 => _depth is 1 or 2 or 4 or 8 or 16, Palette => _depth is 1 or 2 or 4 or 8, 2 or 4 or 6 => _depth is 8 or 16, _ => false };
        if (!fits || compression != 0 || filter != 0 || interlace > 1)
            throw Raster.Damaged(Kind, "its header has values that no PNG has", null, $"colour type {_colour}, depth {_depth}, compression {compression}, filter {filter}, interlacing {interlace}");
        _isInterlaced = interlace == 1;
    }

    PngPicture Decode(Scratch? scratch)
    {
        if (_colour == Palette && _palette is null) throw Raster.Damaged(Kind, "it has no palette");
        Raster.Check(Kind, 1, _height, _width, StoredChannels);
        var rowBytes = ((_width * StoredChannels * _depth) + 7) / 8;
        if (rowBytes * _height / MaxRatio > _data.Length + 1) throw Raster.Damaged(Kind, "it has less data than its size needs", $"{rowBytes * _height} bytes", $"{_data.Length} compressed");

        var stored = new Raster(Kind, 1, _height, _width, StoredChannels, _depth == 16, scratch);
        _data.Position = 0;
        using (var stream = new ZLibStream(_data, CompressionMode.Decompress))
        {
            foreach (var pass in _isInterlaced ? Passes : [(0, 0, 1, 1)]) ReadPass(stream, stored, pass);
        }
        return new(stored, _colour, _depth, _colour == Palette ? _palette : null, _transparency);
    }

    void ReadPass(Stream stream, Raster into, (int X, int Y, int StepX, int StepY) pass)
    {
        var (columns, rows) = ((into.Width - pass.X + pass.StepX - 1) / pass.StepX, (into.Height - pass.Y + pass.StepY - 1) / pass.StepY);
        if (columns <= 0 || rows <= 0) return;
        var (bits, length) = (StoredChannels * _depth, checked((int)((((long)columns * StoredChannels * _depth) + 7) / 8)));
        var (row, previous) = (new byte[length], new byte[length]);
        for (var r = 0; r < rows; r++)
        {
            var filter = ReadRow(stream, row);
            Unfilter(filter, row, previous, Math.Max(bits / 8, 1));
            var target = ((pass.Y + (r * pass.StepY)) * into.Width) + pass.X;
            if (_depth == 8 && pass.StepX == 1) row.CopyTo(into.Bytes, target * StoredChannels);
            else
                for (var x = 0; x < columns; x++)
                    for (var s = 0; s < StoredChannels; s++)
                        into[((target + (x * pass.StepX)) * StoredChannels) + s] = Sample(row, (x * StoredChannels) + s);
            (row, previous) = (previous, row);
        }
    }

    static int ReadRow(Stream stream, byte[] row)
    {
        try
        {
            var filter = stream.ReadByte();
            stream.ReadExactly(row);
            return filter;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw Raster.Damaged(Kind, "its data end too early or are not a zlib stream", inner: e);
        }
    }

    ushort Sample(byte[] row, int index) => _depth switch
    {
        8 => row[index],
        16 => (ushort)((row[2 * index] << 8) | row[(2 * index) + 1]),
        _ => (ushort)((row[index * _depth / 8] >> (8 - _depth - (index * _depth % 8))) & ((1 << _depth) - 1)),
    };

    static void Unfilter(int filter, byte[] row, byte[] above, int distance)
    {
        if (filter is < 0 or > 4) throw Raster.Damaged(Kind, "a row has a filter that no PNG has", "0 to 4", $"{filter}");
        if (filter == 0) return;
        if (filter == 2)
        {
            for (var i = 0; i < row.Length; i++) row[i] += above[i];
            return;
        }
        for (var i = 0; i < row.Length; i++)
        {
            int left = i >= distance ? row[i - distance] : 0, corner = i >= distance ? above[i - distance] : 0, up = above[i];
            row[i] += (byte)(filter switch { 1 => left, 2 => up, 3 => (left + up) / 2, _ => Paeth(left, up, corner) });
        }
    }

    /// <summary>PNG's Paeth predictor: the neighbour nearest to left + up - corner.</summary>
    public static int Paeth(int left, int up, int corner)
    {
        var (fromLeft, fromUp, fromCorner) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - (2 * corner)));
        return fromLeft <= fromUp && fromLeft <= fromCorner ? left : fromUp <= fromCorner ? up : corner;
    }
}

/// <summary>The contents of a PNG file as stored.</summary>
/// <param name="Samples">The samples; palette indices are one channel.</param>
/// <param name="Colour">The colour type: 0, 2, 3, 4 or 6.</param>
/// <param name="Depth">The bits of a sample.</param>
/// <param name="Palette">Red, green and blue of each palette colour, or null.</param>
/// <param name="Transparency">The alpha of the palette's colours, or the one transparent colour, or null.</param>
sealed record PngPicture(Raster Samples, int Colour, int Depth, byte[]? Palette, byte[]? Transparency);

/// <summary>Converts the stored samples of a PNG to the requested channels.</summary>
static class PngColours
{
    /// <param name="stored">The samples as stored.</param>
    /// <param name="channels">1 to 4.</param>
    /// <param name="hasAlpha">Whether the last stored channel is alpha.</param>
    /// <param name="palette">The palette, or null.</param>
    /// <param name="transparency">The alpha of the palette's colours, or the one transparent colour, or null.</param>
    /// <param name="depth">The bits of a stored sample, at most 8. Without alpha, TensorFlow fills in the largest value of that many bits.</param>
    public static Raster Convert(Raster stored, int channels, bool hasAlpha, byte[]? palette, byte[]? transparency, int depth)
    {
        var result = new Raster("PNG", 1, stored.Height, stored.Width, channels, stored.IsWide);
        var scale = 255 / ((1 << depth) - 1);
        var max = (ushort)(stored.IsWide ? ushort.MaxValue : palette is not null && transparency is not null ? byte.MaxValue : (1 << depth) - 1);
        var isGrey = palette is null && stored.Channels < 3;
        var key = palette is null && transparency is { } t && t.Length >= (isGrey ? 2 : 6) ? Enumerable.Range(0, isGrey ? 1 : 3).Select(i => (ushort)((t[2 * i] << 8) | t[(2 * i) + 1])).ToArray() : null;
        Span<ushort> colour = stackalloc ushort[4];
        Span<ushort> whole = stackalloc ushort[4];
        var pixel = whole[..stored.Channels];
        for (int from = 0, to = 0; from < stored.Count; from += stored.Channels, to += channels)
        {
            for (var i = 0; i < pixel.Length; i++) pixel[i] = (ushort)stored[from + i];
            colour[3] = hasAlpha ? pixel[^1] : key is not null && pixel.SequenceEqual(key) ? (ushort)0 : max;
            if (palette is not null)
            {
                var entry = pixel[0] * 3;
                // An index beyond the palette is black, as in libpng.
                for (var i = 0; i < 3; i++) colour[i] = entry < palette.Length ? palette[entry + i] : (ushort)0;
                colour[3] = transparency is not null && pixel[0] < transparency.Length ? transparency[pixel[0]] : max;
            }
            else if (isGrey) colour[..3].Fill((ushort)(pixel[0] * scale));
            else pixel[..3].CopyTo(colour);
            if (channels < 3) result[to] = isGrey ? colour[0] : Grey(colour, stored.IsWide);
            else
                for (var i = 0; i < 3; i++) result[to + i] = colour[i];
            if (channels % 2 == 0) result[to + channels - 1] = colour[3];
        }
        return result;
    }

    /// <summary>Computes libpng's grey with weights in 15 bits: 0.299 of red, 0.587 of green, the rest of blue.</summary>
    static ushort Grey(ReadOnlySpan<ushort> rgb, bool isWide)
    {
        const int red = 9797, green = 19234, blue = 32768 - red - green;
        if (rgb[0] == rgb[1] && rgb[1] == rgb[2]) return rgb[0];
        return (ushort)(((red * (long)rgb[0]) + (green * (long)rgb[1]) + (blue * (long)rgb[2]) + (isWide ? 16384 : 0)) >> 15);
    }
}

/// <summary>The checksum of PNG's chunks: CRC-32.</summary>
static class PngChecksum
{
    static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(n =>
    {
        var c = (uint)n;
        for (var k = 0; k < 8; k++) c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
        return c;
    })];

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var c = uint.MaxValue;
        foreach (var b in bytes) c = Table[(byte)(c ^ b)] ^ (c >> 8);
        return ~c;
    }
}
