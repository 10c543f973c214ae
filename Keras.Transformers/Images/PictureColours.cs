using Keras.Images;

namespace Keras.Transformers;

/// <summary>Pillow's conversions between modes.</summary>
static class PictureColours
{
    /// <summary>Converts the samples to "RGB", "RGBA" or "L".</summary>
    public static byte[] Convert(Picture picture, string mode, Scratch scratch)
    {
        var channels = Picture.ChannelsOf[mode];
        var count = picture.Width * picture.Height * channels;
        var result = scratch.Take<byte>(count);
        Span<byte> colour = stackalloc byte[4];
        var pixels = picture.Pixels;
        for (int from = 0, to = 0; to < count; from += picture.Channels, to += channels)
        {
            Colour(picture, pixels.AsSpan(from, picture.Channels), colour);
            if (channels == 1) result[to] = picture.Mode is "L" or "LA" or "1" or "I;16" ? colour[0] : Grey(colour);
            else colour[..channels].CopyTo(result.AsSpan(to));
        }
        return result;
    }

    static void Colour(Picture picture, ReadOnlySpan<byte> pixel, Span<byte> colour)
    {
        colour[3] = byte.MaxValue;
        switch (picture.Mode)
        {
            case "RGB" or "RGBA":
                pixel.CopyTo(colour);
                break;
            case "P":
                picture.Palette.AsSpan(pixel[0] * 4, 4).CopyTo(colour);
                break;
            case "CMYK":
                for (var i = 0; i < 3; i++) colour[i] = (byte)Math.Clamp(byte.MaxValue - pixel[3] - Product(pixel[i], byte.MaxValue - pixel[3]), 0, byte.MaxValue);
                break;
            case "I;16":
                colour[..3].Fill(pixel[1] != 0 ? byte.MaxValue : pixel[0]);
                break;
            default:
                colour[..3].Fill(pixel[0]);
                if (pixel.Length == 2) colour[3] = pixel[1];
                break;
        }
        if (picture.Transparent is { } key && colour[..3].SequenceEqual(key)) colour[3] = 0;
    }

    /// <summary>a * b / 255, rounded.</summary>
    static int Product(int a, int b)
    {
        var product = (a * b) + 128;
        return ((product >> 8) + product) >> 8;
    }

    /// <summary>The luma: 0.299 of red, 0.587 of green, 0.114 of blue, in 65536ths.</summary>
    static byte Grey(ReadOnlySpan<byte> rgb) => (byte)(((rgb[0] * 19595) + (rgb[1] * 38470) + (rgb[2] * 7471) + 0x8000) >> 16);
}
