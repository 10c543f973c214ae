namespace Keras.Images;

/// <summary>Reads GIF files as TensorFlow does: in RGB, on a canvas as large as the largest frame, each frame drawn over the one before.</summary>
/// <remarks>Disposal methods of frames are ignored, as there.</remarks>
static class GifReader
{
    const string Kind = "GIF";
    const int Channels = 3;

    public sealed record Frame(int Left, int Top, int Width, int Height, byte[] Palette, int Transparent, byte[] Indices);

    /// <summary>Decodes a GIF file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="allFrames">Whether to read all frames, not only the first.</param>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    public static Raster Read(ReadOnlySpan<byte> bytes, bool allFrames)
    {
        var (frames, _, _) = Frames(bytes, allFrames: true, long.MaxValue);
        if (frames.Count == 0) throw Raster.Damaged(Kind, "it has no frame");
        var image = new Raster(Kind, allFrames ? frames.Count : 1, frames.Max(f => f.Height), frames.Max(f => f.Width), Channels);
        var size = image.Height * image.Width * Channels;
        for (var k = 0; k < image.Frames; k++)
        {
            if (k > 0) image.Bytes.AsSpan((k - 1) * size, size).CopyTo(image.Bytes.AsSpan(k * size));
            Draw(frames[k], image, image.Bytes.AsSpan(k * size, size));
        }
        return image;
    }

    /// <summary>Reads the first frame as stored, with the size of the canvas. What follows it is ignored.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="mostPixels">The most pixels that a frame may have.</param>
    /// <exception cref="FileFormatException">The file is damaged, or the frame too large.</exception>
    public static (Frame Frame, int Width, int Height) First(ReadOnlySpan<byte> bytes, long mostPixels)
    {
        var (frames, width, height) = Frames(bytes, allFrames: false, mostPixels);
        return frames.Count > 0 ? (frames[0], width, height) : throw Raster.Damaged(Kind, "it has no frame");
    }

    static void Draw(Frame frame, Raster image, Span<byte> canvas)
    {
        for (var y = frame.Top; y < Math.Min(frame.Top + frame.Height, image.Height); y++)
            for (var x = frame.Left; x < Math.Min(frame.Left + frame.Width, image.Width); x++)
            {
                int index = frame.Indices[((y - frame.Top) * frame.Width) + x - frame.Left];
                if (index == frame.Transparent) continue;
                if (index * 3 >= frame.Palette.Length) throw Raster.Damaged(Kind, "a pixel is outside of the palette", $"0 to {(frame.Palette.Length / 3) - 1}", $"{index}");
                for (var c = 0; c < Channels; c++) canvas[(((y * image.Width) + x) * Channels) + c] = frame.Palette[(index * 3) + c];
            }
    }

    static (List<Frame> Frames, int Width, int Height) Frames(ReadOnlySpan<byte> bytes, bool allFrames, long mostPixels)
    {
        var cursor = new ImageCursor(bytes, Kind);
        cursor.Take(6);
        int canvasWidth = cursor.Little16(), canvasHeight = cursor.Little16();
        var flags = cursor.Byte();
        cursor.Take(2);
        var common = Palette(ref cursor, flags);
        var (frames, transparent, samples) = (new List<Frame>(), -1, 0L);
        while (true)
        {
            switch (cursor.Byte())
            {
                case 0x3B:
                    return (frames, canvasWidth, canvasHeight);
                case 0x21:
                    var isControl = cursor.Byte() == 0xF9;
                    var content = Blocks(ref cursor);
                    if (isControl && content.Length >= 4) transparent = (content[0] & 1) != 0 ? content[3] : -1;
                    break;
                case 0x2C:
                    int left = cursor.Little16(), top = cursor.Little16(), width = cursor.Little16(), height = cursor.Little16();
                    flags = cursor.Byte();
                    Raster.Check(Kind, 1, height, width, Channels);
                    Raster.CheckPixels(Kind, width, height, mostPixels);
                    Raster.Check(Kind, 1, samples += (long)height * width, 1, Channels);
                    var palette = Palette(ref cursor, flags) ?? common ?? throw Raster.Damaged(Kind, $"frame {frames.Count} has no palette");
                    int bits = cursor.Byte();
                    var indices = GifCodes.Decode(Blocks(ref cursor), bits, checked(width * height));
                    frames.Add(new(left, top, width, height, palette, transparent, (flags & 0x40) != 0 ? Ordered(indices, width, height) : indices));
                    if (!allFrames) return (frames, canvasWidth, canvasHeight);
                    transparent = -1;
                    break;
                case var other:
                    throw Raster.Damaged(Kind, "a part of it is of a kind that no GIF has", "0x21, 0x2C or 0x3B", $"0x{other:X2}");
            }
        }
    }

    static byte[]? Palette(ref ImageCursor cursor, int flags) => (flags & 0x80) != 0 ? cursor.Take(3L << ((flags & 7) + 1)).ToArray() : null;

    static byte[] Blocks(ref ImageCursor cursor)
    {
        var all = new MemoryStream();
        for (var length = cursor.Byte(); length > 0; length = cursor.Byte()) all.Write(cursor.Take(length));
        return all.ToArray();
    }

    /// <summary>Puts the rows of an interlaced frame in order.</summary>
    static byte[] Ordered(byte[] indices, int width, int height)
    {
        var (ordered, row) = (new byte[indices.Length], 0);
        foreach (var (first, step) in ((int, int)[])[(0, 8), (4, 8), (2, 4), (1, 2)])
            for (var y = first; y < height; y += step) indices.AsSpan(row++ * width, width).CopyTo(ordered.AsSpan(y * width));
        return ordered;
    }
}

/// <summary>Decodes GIF's LZW compression: codes of growing length, each for an earlier sequence plus one pixel.</summary>
static class GifCodes
{
    const int MaxCodes = 4096;

    /// <summary>The greatest compression ratio: a code of 12 bits gives at most 4096 pixels.</summary>
    const long MaxRatio = 2732;

    public static byte[] Decode(ReadOnlySpan<byte> bytes, int bits, int count)
    {
        const string kind = "GIF";
        if (bits is < 1 or > 8) throw Raster.Damaged(kind, "its codes have a wrong length", "1 to 8 bits", $"{bits}");
        if (count / MaxRatio > bytes.Length) throw Raster.Damaged(kind, "a frame has less data than its size needs", $"{count} pixels", $"{bytes.Length} bytes");
        int clear = 1 << bits, end = clear + 1;
        Span<int> before = stackalloc int[MaxCodes];
        Span<byte> last = stackalloc byte[MaxCodes], sequence = stackalloc byte[MaxCodes];
        for (var i = 0; i < clear; i++) last[i] = (byte)i;
        var pixels = new byte[count];
        int done = 0, position = 0, width = bits + 1, next = end + 1, previous = -1;
        byte first = 0;
        while (done < count)
        {
            if (position + width > bytes.Length * 8L) throw Raster.Damaged(kind, "a frame ends too early", $"{count} pixels", $"{done} pixels");
            var code = 0;
            for (var b = 0; b < width; b++, position++) code |= ((bytes[position >> 3] >> (position & 7)) & 1) << b;
            if (code == end) throw Raster.Damaged(kind, "a frame ends too early", $"{count} pixels", $"{done} pixels");
            if (code == clear)
            {
                (width, next, previous) = (bits + 1, end + 1, -1);
                continue;
            }
            if (code > next || (code == next && previous < 0) || (previous < 0 && code > end)) throw Raster.Damaged(kind, "a code refers to what was not there", $"at most {next}", $"{code}");
            var length = 0;
            var part = code;
            if (code == next)
            {
                sequence[length++] = first;
                part = previous;
            }
            for (; part > end; part = before[part]) sequence[length++] = last[part];
            sequence[length++] = first = last[part];
            while (length > 0 && done < count) pixels[done++] = sequence[--length];
            if (previous >= 0 && next < MaxCodes)
            {
                (before[next], last[next]) = (previous, first);
                if (++next == 1 << width && width < 12) width++;
            }
            previous = code;
        }
        return pixels;
    }
}
