using System.Numerics;
using Keras.Images;

namespace Keras.Transformers;

/// <summary>Reads BMP files as Pillow does: palettes of 1, 4 and 8 bits, run-length encodings of 4 and 8 bits, colours of 16, 24 and 32 bits.</summary>
static class BmpFiles
{
    const string Kind = "BMP";
    const int RunsOf8 = 1, RunsOf4 = 2;

    /// <exception cref="FileFormatException">The file is damaged or too large.</exception>
    /// <exception cref="UnsupportedException">The file is compressed, or of an old or rare kind.</exception>
    public static Picture Read(byte[] bytes, Scratch scratch)
    {
        var header = new ImageCursor(bytes, Kind);
        header.Take(10);
        int start = header.Little32(), headerSize = header.Little32();
        if (headerSize < 40) throw new UnsupportedException("A BMP image has an old header", null, "40 bytes or more", $"{headerSize} bytes", "Save it as PNG.");
        int width = header.Little32(), signedHeight = header.Little32();
        header.Take(2);
        int bits = header.Little16(), compression = header.Little32();
        header.Take(12);
        var colours = header.Little32();
        header.Take(4);
        var height = Math.Abs((long)signedHeight);
        var isKnown = compression switch { 0 => bits is 1 or 4 or 8 or 16 or 24 or 32, RunsOf8 => bits == 8, RunsOf4 => bits == 4, 3 => bits is 16 or 32, _ => false };
        if (!isKnown)
            throw new UnsupportedException("A BMP image is of a kind that is not read", null, "1, 4, 8, 16, 24 or 32 bits without compression, or run lengths of 4 or 8 bits", $"{bits} bits, compression {compression}", "Save it without compression, or as PNG.");
        Raster.Check(Kind, 1, height, width, 4);
        Raster.CheckPixels(Kind, width, height, Picture.MaxPixels);
        var isFromTop = signedHeight < 0;
        Picture Indexed(byte[] indices)
        {
            // The palette comes after the header, blue first.
            var palette = new ImageCursor(bytes, Kind);
            palette.Take(14L + headerSize);
            return new("P", width, (int)height, indices, PictureFiles.Colours(Palette(palette, colours > 0 ? Math.Min(colours, 256) : 1 << bits), []));
        }
        if (compression is RunsOf4 or RunsOf8) return Indexed(BmpRuns.Read(bytes, start, compression == RunsOf4, width, (int)height, isFromTop));
        var rowBytes = (((long)width * bits) + 31) / 32 * 4;
        if (start < 0 || start + (rowBytes * (height - 1)) + ((((long)width * bits) + 7) / 8) > bytes.Length)
            throw Raster.Damaged(Kind, "it has fewer pixels than its size says", $"{rowBytes * height} bytes at byte {start}", $"{bytes.Length} bytes in all");
        var rows = new BmpRows(bytes, start, (int)rowBytes, width, (int)height, isFromTop);
        if (bits <= 8) return Indexed(rows.Indices(bits, scratch));
        uint[] masks = bits == 16 ? [0x7C00, 0x3E0, 0x1F] : [0xFF0000, 0xFF00, 0xFF];
        var alpha = 0u;
        if (compression == 3)
        {
            var stored = new ImageCursor(bytes, Kind);
            stored.Take(14 + 40);
            for (var i = 0; i < 3; i++) masks[i] = (uint)stored.Little32();
            if (headerSize >= 56) alpha = (uint)stored.Little32();
        }
        return rows.Colours(bits / 8, masks, alpha, scratch);
    }

    static byte[] Palette(ImageCursor cursor, int count)
    {
        var colours = new byte[count * 3];
        for (var i = 0; i < count; i++)
        {
            var colour = cursor.Take(4);
            (colours[i * 3], colours[(i * 3) + 1], colours[(i * 3) + 2]) = (colour[2], colour[1], colour[0]);
        }
        return colours;
    }

    /// <summary>The rows of a BMP file.</summary>
    sealed record BmpRows(byte[] Bytes, int Start, int Stride, int Width, int Height, bool IsFromTop)
    {
        ReadOnlySpan<byte> Row(int y) => Bytes.AsSpan((int)(Start + ((long)Stride * (IsFromTop ? y : Height - 1 - y))));

        public byte[] Indices(int bits, Scratch scratch)
        {
            var indices = scratch.Take<byte>(Width * Height);
            for (int y = 0, to = 0; y < Height; y++)
            {
                var row = Row(y);
                for (var x = 0; x < Width; x++) indices[to++] = (byte)((row[x * bits / 8] >> (8 - bits - (x * bits % 8))) & ((1 << bits) - 1));
            }
            return indices;
        }

        /// <summary>Reads pixels whose colour components are given by bit masks, scaled to 8 bits.</summary>
        public Picture Colours(int size, uint[] masks, uint alpha, Scratch scratch)
        {
            uint[] all = alpha != 0 ? [.. masks, alpha] : masks;
            var pixels = scratch.Take<byte>(Width * Height * all.Length);
            for (int y = 0, to = 0; y < Height; y++)
            {
                var row = Row(y);
                for (var x = 0; x < Width; x++)
                {
                    var pixel = 0u;
                    for (var i = size - 1; i >= 0; i--) pixel = (pixel << 8) | row[(x * size) + i];
                    foreach (var mask in all)
                    {
                        var (value, most) = mask == 0 ? (0u, 1u) : ((pixel & mask) >> BitOperations.TrailingZeroCount(mask), mask >> BitOperations.TrailingZeroCount(mask));
                        pixels[to++] = (byte)((ulong)value * byte.MaxValue / most);
                    }
                }
            }
            return new(all.Length == 4 ? "RGBA" : "RGB", Width, Height, pixels, null);
        }
    }
}
