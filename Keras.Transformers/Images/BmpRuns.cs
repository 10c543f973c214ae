using Keras.Images;

namespace Keras.Transformers;

/// <summary>Decodes the run lengths of BMP files: pairs of a count and a colour, or 0 and an escape code.</summary>
/// <remarks>Skipped pixels get the first colour. As Pillow, rejects data that ends before the last row.</remarks>
static class BmpRuns
{
    const int EndOfRow = 0, EndOfImage = 1, Step = 2;

    /// <summary>The indices of all pixels, from the top.</summary>
    /// <exception cref="FileFormatException">The data begins outside the file, or ends early.</exception>
    public static byte[] Read(byte[] bytes, int start, bool isHalf, int width, int height, bool isFromTop)
    {
        if (start < 0 || start > bytes.Length) throw Raster.Damaged("BMP", "its pixels begin outside of the file", $"at most {bytes.Length}", $"{start}");
        var indices = new byte[width * height];
        var (x, y, at) = (0L, 0L, start);
        while (y < height && at + 1 < bytes.Length)
        {
            var (count, value) = (bytes[at], bytes[at + 1]);
            at += 2;
            if (count > 0)
                for (var i = 0; i < count; i++) Put(isHalf ? Half(value, i) : value);
            else if (value == EndOfRow) (x, y) = (0, y + 1);
            else if (value == EndOfImage) break;
            else if (value == Step)
            {
                if (at + 2 > bytes.Length) break;
                (x, y, at) = (x + bytes[at], y + bytes[at + 1], at + 2);
            }
            else
            {
                var length = isHalf ? (value + 1) / 2 : value;
                for (var i = 0; i < value && at + (isHalf ? i / 2 : i) < bytes.Length; i++) Put(isHalf ? Half(bytes[at + (i / 2)], i) : bytes[at + i]);
                // The next code begins at an even position.
                at += length + (length % 2);
            }
        }
        if ((y * width) + Math.Min(x, width) < indices.Length) throw Raster.Damaged("BMP", "it has fewer pixels than its size says", $"{indices.Length}", $"{(y * width) + Math.Min(x, width)}");
        return indices;

        // Pixels beyond the end of a row are dropped.
        void Put(byte index)
        {
            if (x < width && y < height) indices[((isFromTop ? y : height - 1 - y) * width) + x] = index;
            x++;
        }
    }

    static byte Half(byte pair, int place) => (byte)(place % 2 == 0 ? pair >> 4 : pair & 0xF);
}
