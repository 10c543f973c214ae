using System.Buffers.Binary;
using Keras.Images;

namespace Keras.Transformers;

/// <summary>Reads image files with Pillow's modes and values.</summary>
static class PictureFiles
{
    const int Opaque = 255;

    /// <summary>The file kinds, each with a signature check and a reader.</summary>
    static readonly (string Kind, Func<byte[], bool> Begins, Func<byte[], Scratch, Picture> Read)[] Kinds =
    [
        ("JPEG", b => b is [0xFF, 0xD8, 0xFF, ..], Jpeg),
        ("PNG", b => b.AsSpan().StartsWith(PngReader.Signature), Png),
        ("WebP", b => b.Length >= 12 && b.AsSpan().StartsWith("RIFF"u8) && b.AsSpan(8).StartsWith("WEBP"u8), WebpFiles.Read),
        ("GIF", b => b.AsSpan().StartsWith("GIF87a"u8) || b.AsSpan().StartsWith("GIF89a"u8), Gif),
        ("BMP", b => b.AsSpan().StartsWith("BM"u8), BmpFiles.Read),
    ];

    /// <param name="bytes">The file.</param>
    /// <param name="path">Its name in error messages; null for "an image in memory".</param>
    /// <param name="scratch">Rents the array of the samples.</param>
    /// <exception cref="FileFormatException">The file is not an image, is damaged, or is too large.</exception>
    /// <exception cref="UnsupportedException">The kind of image is not supported.</exception>
    public static Picture Read(byte[] bytes, string? path, Scratch scratch)
    {
        foreach (var (_, begins, read) in Kinds)
        {
            if (!begins(bytes)) continue;
            try
            {
                return read(bytes, scratch);
            }
            catch (FileFormatException e) when (path is not null && e.Where is null)
            {
                throw new FileFormatException("An image cannot be read", path, received: e.Message, inner: e);
            }
            catch (UnsupportedException e) when (path is not null && e.Where is null)
            {
                throw new UnsupportedException("An image cannot be read", path, received: e.Message, inner: e);
            }
        }
        throw new FileFormatException("The file is not an image", path, $"a file of {Known.List(Kinds.Select(k => k.Kind))}", bytes.Length == 0 ? "no bytes" : $"{bytes.Length} bytes that begin with {System.Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 8)))}",
            "Save the image in one of these formats.");
    }

    static Picture Jpeg(byte[] bytes, Scratch scratch)
    {
        var image = JpegReader.ReadAccurate(bytes, Picture.MaxPixels, scratch);
        // Pillow treats all inks as complements, as Adobe writes them.
        if (image.Channels == 4)
            for (var i = 0; i < image.Count; i++) image.Bytes[i] = (byte)~image.Bytes[i];
        return new(image.Channels switch { 1 => "L", 3 => "RGB", _ => "CMYK" }, image.Width, image.Height, image.Bytes, null, ExifOrientation.OfJpeg(bytes));
    }

    static Picture Png(byte[] bytes, Scratch scratch)
    {
        var png = PngReader.ReadStored(bytes, Picture.MaxPixels, scratch);
        var samples = png.Samples;
        var key = png.Transparency;
        var orientation = ExifOrientation.OfPng(bytes);
        if (png.Palette is { } palette) return new("P", samples.Width, samples.Height, samples.Bytes, Colours(palette, key), orientation);
        if (samples.IsWide && png.Colour == 0)
        {
            var wide = new byte[samples.Count * 2];
            for (var i = 0; i < samples.Count; i++) BinaryPrimitives.WriteUInt16LittleEndian(wide.AsSpan(i * 2), samples.Wide[i]);
            return new("I;16", samples.Width, samples.Height, wide, null, orientation);
        }
        var pixels = samples.IsWide ? Array.ConvertAll(samples.Wide, s => (byte)(s >> 8)) : samples.Bytes;
        if (png.Depth < 8)
        {
            var scale = Opaque / ((1 << png.Depth) - 1);
            for (var i = 0; i < samples.Count; i++) pixels[i] = (byte)(pixels[i] * scale);
        }
        // Grey with alpha of 16 bits becomes RGBA.
        if (png.Colour == 4 && samples.IsWide) return new Picture("LA", samples.Width, samples.Height, pixels).Convert("RGBA", scratch);
        var mode = png.Colour switch { 0 => png.Depth == 1 ? "1" : "L", 2 => "RGB", 4 => "LA", _ => "RGBA" };
        return new(mode, samples.Width, samples.Height, pixels, null, orientation, Key(key, png.Colour));
    }

    /// <summary>The transparent colour of a grey or RGB image, if 8-bit samples can equal it.</summary>
    static byte[]? Key(byte[]? bytes, int colour)
    {
        var values = colour == 0 && bytes is { Length: >= 2 } ? [bytes[0], bytes[1], bytes[0], bytes[1], bytes[0], bytes[1]] : colour == 2 && bytes is { Length: >= 6 } ? bytes : null;
        return values is [0, var red, 0, var green, 0, var blue, ..] ? [red, green, blue] : null;
    }

    static Picture Gif(byte[] bytes, Scratch scratch)
    {
        var (frame, width, height) = GifReader.First(bytes, Picture.MaxPixels);
        (width, height) = (Math.Max(width, frame.Left + frame.Width), Math.Max(height, frame.Top + frame.Height));
        Raster.Check("GIF", 1, height, width, 1);
        Raster.CheckPixels("GIF", width, height, Picture.MaxPixels);
        var pixels = scratch.TakeZeros<byte>(width * height);
        if (frame.Transparent > 0) pixels.AsSpan(0, width * height).Fill((byte)frame.Transparent);
        for (var y = 0; y < frame.Height; y++) frame.Indices.AsSpan(y * frame.Width, frame.Width).CopyTo(pixels.AsSpan(((frame.Top + y) * width) + frame.Left));
        var colours = Colours(frame.Palette, null);
        if (frame.Transparent >= 0) colours[(frame.Transparent * 4) + 3] = 0;
        return new("P", width, height, pixels, colours);
    }

    /// <summary>A palette of 256 colours with alpha; missing colours are black.</summary>
    public static byte[] Colours(ReadOnlySpan<byte> palette, ReadOnlySpan<byte> alpha)
    {
        var colours = new byte[256 * 4];
        for (var i = 0; i < 256; i++)
        {
            if ((i * 3) + 3 <= palette.Length) palette.Slice(i * 3, 3).CopyTo(colours.AsSpan(i * 4));
            colours[(i * 4) + 3] = i < alpha.Length ? alpha[i] : (byte)Opaque;
        }
        return colours;
    }
}
