namespace Keras.Images;

/// <summary>The colour space of a JPEG file's components.</summary>
enum JpegColours
{
    Grey,
    Rgb,

    /// <summary>Luma, and the differences of blue and red from it.</summary>
    YCbCr,
    Cmyk,

    /// <summary>YCbCr of the complements of cyan, magenta and yellow, and black.</summary>
    Ycck,
}

/// <summary>A decoded file, before its samples are computed.</summary>
/// <param name="Frame">The coefficients.</param>
/// <param name="Colours">The colour space of its components.</param>
/// <param name="IsAdobe">Whether the file has Adobe's segment; such files hold the complements of the inks.</param>
sealed record JpegPicture(JpegFrame Frame, JpegColours Colours, bool IsAdobe)
{
    /// <summary>The fraction bits of the factors, as in libjpeg.</summary>
    const int Bits = 16;
    const int One = 1 << Bits;
    const int Half = One / 2;
    const int GreyOfRed = (int)((0.299 * One) + 0.5), GreyOfGreen = (int)((0.587 * One) + 0.5), GreyOfBlue = (int)((0.114 * One) + 0.5);

    /// <summary>Computes the image from the coefficients.</summary>
    /// <param name="channels">1 or 3, or 4 for inks as stored.</param>
    /// <param name="scratch">Rents the array of the result.</param>
    /// <exception cref="FileFormatException">The sizes of the components do not fit together.</exception>
    /// <exception cref="UnsupportedException">Grey is requested from inks.</exception>
    public Raster Render(int channels, Scratch scratch)
    {
        if (channels == 1 && Colours is (JpegColours.Cmyk or JpegColours.Ycck))
            throw new UnsupportedException("A JPEG image of inks cannot be read as grey", null, "3 channels or 0", "1 channel", "Read it as colours and convert those.");
        var components = Frame.Components.Take(channels == 1 && Colours == JpegColours.YCbCr ? 1 : Frame.Components.Length).Select(c => new JpegUpsampler(c, Frame)).ToArray();
        var image = new Raster(JpegReader.Kind, 1, Frame.Height, Frame.Width, channels, scratch: scratch);
        for (var y = 0; y < image.Height; y++) Convert(components, y, image.Bytes.AsSpan(y * image.Width * channels, image.Width * channels), channels);
        return image;
    }

    void Convert(JpegUpsampler[] components, int y, Span<byte> target, int channels)
    {
        var first = components[0].Row(y)[..Frame.Width];
        if (components.Length == 1)
        {
            Repeat(first, target, channels);
            return;
        }
        ReadOnlySpan<byte> second = components[1].Row(y)[..Frame.Width], third = components[2].Row(y)[..Frame.Width];
        if (channels == 4)
        {
            Inks(first, second, third, components[3].Row(y)[..Frame.Width], target);
            return;
        }
        switch (Colours)
        {
            case JpegColours.Rgb when channels == 1:
                for (var x = 0; x < first.Length; x++) target[x] = Grey(first[x], second[x], third[x]);
                break;
            case JpegColours.Rgb or JpegColours.Cmyk:
                for (int x = 0, to = 0; x < first.Length; x++, to += 3) (target[to], target[to + 1], target[to + 2]) = (first[x], second[x], third[x]);
                break;
            default:
                JpegColourLanes.FromYCbCr(first, second, third, target);
                break;
        }
        if (components.Length == 4) Ink(target, components[3].Row(y)[..Frame.Width]);
    }

    static void Repeat(ReadOnlySpan<byte> row, Span<byte> target, int channels)
    {
        var to = 0;
        foreach (var sample in row)
            for (var i = 0; i < channels; i++) target[to++] = sample;
    }

    static byte Grey(int red, int green, int blue) => (byte)(((GreyOfRed * red) + (GreyOfGreen * green) + (GreyOfBlue * blue) + Half) >> Bits);

    /// <summary>Interleaves four inks.</summary>
    void Inks(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, ReadOnlySpan<byte> black, Span<byte> target)
    {
        var colours = new byte[first.Length * 3];
        if (Colours == JpegColours.Ycck) JpegColourLanes.FromYCbCr(first, second, third, colours);
        for (int x = 0, from = 0, to = 0; x < first.Length; x++, from += 3, to += 4)
        {
            (target[to], target[to + 1], target[to + 2]) = Colours == JpegColours.Ycck
                ? ((byte)~colours[from], (byte)~colours[from + 1], (byte)~colours[from + 2])
                : (first[x], second[x], third[x]);
            target[to + 3] = black[x];
        }
    }

    /// <summary>Converts inks with black to red, green and blue.</summary>
    void Ink(Span<byte> target, ReadOnlySpan<byte> black)
    {
        for (int x = 0, to = 0; x < black.Length; x++)
            for (var end = to + 3; to < end; to++)
            {
                var ink = Colours == JpegColours.Ycck ? byte.MaxValue - target[to] : target[to];
                target[to] = (byte)((IsAdobe ? black[x] * ink : (byte.MaxValue - black[x]) * (byte.MaxValue - ink)) / byte.MaxValue);
            }
    }
}
