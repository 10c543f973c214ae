namespace Keras.Images;

/// <summary>Reads BMP files as TensorFlow does: uncompressed, with 8 (as grey), 24 or 32 bits per pixel.</summary>
static class BmpReader
{
    const string Kind = "BMP";

    /// <summary>Decodes a BMP file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="channels">3, 4, or 0 for those of the file.</param>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    /// <exception cref="UnsupportedException">The file has another number of channels, or is compressed.</exception>
    public static Raster Read(ReadOnlySpan<byte> bytes, int channels)
    {
        var header = new ImageCursor(bytes, Kind);
        header.Take(10);
        var start = header.Little32();
        header.Take(4);
        int width = header.Little32(), signedHeight = header.Little32();
        header.Take(2);
        int bits = header.Little16(), compression = header.Little32();
        // Masks (3) are read in the usual order, as in TensorFlow.
        if (compression is not (0 or 3)) throw new UnsupportedException("A BMP image is compressed", null, "compression 0", $"{compression}", "Save it without compression, or as PNG.");
        if (bits is not (8 or 24 or 32) || channels is not (0 or 3 or 4))
            throw new UnsupportedException("A BMP image has another number of channels", null, "8, 24 or 32 bits a pixel, read as 0, 3 or 4 channels", $"{bits} bits a pixel, {channels} channels", "Ask for 3 channels, or save it as PNG.");
        var (stored, height) = (bits / 8, Math.Abs((long)signedHeight));
        Raster.Check(Kind, 1, height, width, Math.Max(stored, channels));
        var rowBytes = (((long)width * stored) + 3) / 4 * 4;
        if (start < 0 || start + (rowBytes * (height - 1)) + ((long)width * stored) > bytes.Length)
            throw Raster.Damaged(Kind, "it has fewer pixels than its size says", $"{rowBytes * height} bytes at byte {start}", $"{bytes.Length} bytes in all");
        if (channels == 0) channels = stored;
        var image = new Raster(Kind, 1, height, width, channels);
        for (int y = 0, to = 0; y < image.Height; y++)
        {
            var row = bytes.Slice((int)(start + (rowBytes * (signedHeight < 0 ? y : image.Height - 1 - y))), width * stored);
            for (var from = 0; from < row.Length; from += stored)
                for (var channel = 0; channel < channels; channel++) image.Bytes[to++] = Sample(row.Slice(from, stored), channel);
        }
        return image;
    }

    /// <summary>Reads a sample: the file stores blue first; grey gives all colours.</summary>
    static byte Sample(ReadOnlySpan<byte> pixel, int channel) =>
        channel == 3 ? (pixel.Length == 4 ? pixel[3] : byte.MaxValue) : pixel.Length == 1 ? pixel[0] : pixel[2 - channel];
}
