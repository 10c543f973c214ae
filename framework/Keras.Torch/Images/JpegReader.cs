using StbImageSharp;

namespace Keras.Engines.Torch;

/// <summary>Reads JPEG files (baseline and progressive; grey, YCbCr, RGB, CMYK) with StbImageSharp.</summary>
/// <remarks>Its inverse cosine transform and colours round otherwise than libjpeg's: samples differ from TensorFlow's by 3 of 255 at most,
/// where colours are stored at half the size by more: 8 was measured on a picture of hard edges. What Exif says of turning is not heeded, as there.</remarks>
static class JpegReader
{
    const string Kind = "JPEG";

    /// <summary>Decodes a file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="channels">1 or 3; 0 takes those of the file.</param>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    /// <exception cref="UnsupportedException">It is of a kind that is hardly used: lossless, arithmetic, 12 bits.</exception>
    public static Raster Read(byte[] bytes, int channels)
    {
        var stored = CheckStructure(bytes);
        if (channels == 0) channels = stored == 1 ? 1 : 3;
        var decoded = Decode(bytes, channels);
        var image = new Raster(Kind, 1, decoded.Height, decoded.Width, channels);
        if (decoded.Data.Length != image.Samples.Length) throw Raster.Damaged(Kind, "it has another number of samples than its header says");
        for (var i = 0; i < decoded.Data.Length; i++) image.Samples[i] = decoded.Data[i];
        return image;
    }

    static ImageResult Decode(byte[] bytes, int channels)
    {
        try
        {
            return ImageResult.FromMemory(bytes, channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library has no exception type of its own.
            throw Raster.Damaged(Kind, "it cannot be decoded", received: e.Message, inner: e);
        }
    }

    /// <summary>Walks over the segments: the library takes what is cut off for zeros, and allocates what the header asks for.</summary>
    /// <returns>The number of components.</returns>
    static int CheckStructure(ReadOnlySpan<byte> bytes)
    {
        var (components, pixels, coded) = (0, 0L, 0L);
        var cursor = new ImageCursor(bytes, Kind);
        cursor.Take(2);
        while (true)
        {
            if (cursor.Byte() != 0xFF) throw Raster.Damaged(Kind, $"there is no segment at byte {cursor.Position - 1}");
            int marker;
            do marker = cursor.Byte();
            while (marker == 0xFF);
            if (marker == 0xD9) break;
            if (marker is 0x00 or (>= 0xD0 and <= 0xD8)) throw Raster.Damaged(Kind, "a segment is of a kind that has no place there", null, $"0x{marker:X2}");
            var length = cursor.Big16();
            var segment = new ImageCursor(cursor.Take(length - 2), Kind);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                int depth = segment.Byte(), height = segment.Big16(), width = segment.Big16();
                if (marker > 0xC2 || depth != 8)
                    throw new UnsupportedException("A JPEG image is of a kind that is hardly used", null, "baseline or progressive, Huffman codes, 8 bits", $"kind 0x{marker:X2}, {depth} bits", "Save it as an ordinary JPEG or PNG.");
                if (components != 0) throw Raster.Damaged(Kind, "it has two headers");
                components = segment.Byte();
                if (components is not (1 or 3 or 4)) throw Raster.Damaged(Kind, "it has a wrong number of components", "1, 3 or 4", $"{components}");
                Raster.Check(Kind, 1, height, width, components);
                pixels = (long)height * width;
            }
            else if (marker == 0xDA) coded += SkipScan(ref cursor, bytes);
        }
        // Each block of 64 pixels takes one bit at least.
        if (components == 0 || coded == 0 || pixels / 512 > coded) throw Raster.Damaged(Kind, "it has less data than its size needs", $"{pixels} pixels", $"{coded} bytes");
        return components;
    }

    /// <summary>Steps over coded data, up to the next segment; returns their length.</summary>
    static int SkipScan(ref ImageCursor cursor, ReadOnlySpan<byte> bytes)
    {
        var start = cursor.Position;
        for (var i = start; i + 1 < bytes.Length; i++)
        {
            if (bytes[i] != 0xFF || bytes[i + 1] is 0x00 or 0xFF or (>= 0xD0 and <= 0xD7)) continue;
            cursor.Take(i - start);
            return i - start;
        }
        throw Raster.Damaged(Kind, "it ends too early", "the mark of its end", $"{bytes.Length} bytes");
    }
}
