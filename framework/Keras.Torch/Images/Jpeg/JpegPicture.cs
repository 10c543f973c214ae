namespace Keras.Engines.Torch;

/// <summary>What the components of a JPEG file stand for.</summary>
enum JpegColours
{
    Grey,
    Rgb,

    /// <summary>Brightness, and how far blue and red are from it.</summary>
    YCbCr,
    Cmyk,

    /// <summary>YCbCr of the complement of cyan, magenta and yellow, and black.</summary>
    Ycck,
}

/// <summary>A decoded file, before its samples are computed.</summary>
/// <param name="Frame">The coefficients.</param>
/// <param name="Colours">What its components stand for.</param>
/// <param name="IsAdobe">Whether Adobe's segment is there: such files hold the complements of the inks.</param>
sealed record JpegPicture(JpegFrame Frame, JpegColours Colours, bool IsAdobe)
{
    /// <summary>Factors are whole numbers of 65536ths, as libjpeg has them.</summary>
    const int Bits = 16;
    const int One = 1 << Bits;
    const int Half = One / 2;
    const int RedOfCr = (int)((1.402 * One) + 0.5), BlueOfCb = (int)((1.772 * One) + 0.5);
    const int GreenOfCr = (int)((0.71414 * One) + 0.5), GreenOfCb = (int)((0.34414 * One) + 0.5);
    const int GreyOfRed = (int)((0.299 * One) + 0.5), GreyOfGreen = (int)((0.587 * One) + 0.5), GreyOfBlue = (int)((0.114 * One) + 0.5);

    /// <summary>Computes the image.</summary>
    /// <param name="channels">1 or 3.</param>
    /// <exception cref="FileFormatException">The sizes of the components do not fit.</exception>
    /// <exception cref="UnsupportedException">Grey is asked for of inks.</exception>
    public Raster Render(int channels)
    {
        if (channels == 1 && Colours is (JpegColours.Cmyk or JpegColours.Ycck))
            throw new UnsupportedException("A JPEG image of inks cannot be read as grey", null, "3 channels or 0", "1 channel", "Read it as colours and convert those.");
        var components = Frame.Components.Take(channels == 1 && Colours == JpegColours.YCbCr ? 1 : Frame.Components.Length).Select(Upsampled).ToArray();
        var image = new Raster(JpegReader.Kind, 1, Frame.Height, Frame.Width, channels);
        for (var y = 0; y < image.Height; y++) Convert(components, y, image.Samples.AsSpan(y * image.Width * channels, image.Width * channels), channels);
        return image;
    }

    JpegUpsampler Upsampled(JpegComponent component)
    {
        var upsampler = new JpegUpsampler(component, Frame);
        component.Free();
        return upsampler;
    }

    void Convert(JpegUpsampler[] components, int y, Span<ushort> target, int channels)
    {
        var first = components[0].Row(y)[..Frame.Width];
        if (components.Length == 1)
        {
            Repeat(first, target, channels);
            return;
        }
        ReadOnlySpan<byte> second = components[1].Row(y)[..Frame.Width], third = components[2].Row(y)[..Frame.Width];
        switch (Colours)
        {
            case JpegColours.Rgb when channels == 1:
                for (var x = 0; x < first.Length; x++) target[x] = Grey(first[x], second[x], third[x]);
                break;
            case JpegColours.Rgb or JpegColours.Cmyk:
                for (int x = 0, to = 0; x < first.Length; x++, to += 3) (target[to], target[to + 1], target[to + 2]) = (first[x], second[x], third[x]);
                break;
            default:
                FromYCbCr(first, second, third, target);
                break;
        }
        if (components.Length == 4) Ink(target, components[3].Row(y)[..Frame.Width]);
    }

    static void Repeat(ReadOnlySpan<byte> row, Span<ushort> target, int channels)
    {
        var to = 0;
        foreach (var sample in row)
            for (var i = 0; i < channels; i++) target[to++] = sample;
    }

    static ushort Grey(int red, int green, int blue) => (ushort)(((GreyOfRed * red) + (GreyOfGreen * green) + (GreyOfBlue * blue) + Half) >> Bits);

    static void FromYCbCr(ReadOnlySpan<byte> y, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<ushort> target)
    {
        for (int x = 0, to = 0; x < y.Length; x++, to += 3)
        {
            int brightness = y[x], blue = cb[x] - 128, red = cr[x] - 128;
            target[to] = Limited(brightness + (((RedOfCr * red) + Half) >> Bits));
            target[to + 1] = Limited(brightness + ((Half - (GreenOfCb * blue) - (GreenOfCr * red)) >> Bits));
            target[to + 2] = Limited(brightness + (((BlueOfCb * blue) + Half) >> Bits));
        }
    }

    static ushort Limited(int value) => (ushort)Math.Clamp(value, byte.MinValue, byte.MaxValue);

    /// <summary>Makes red, green and blue of inks and black.</summary>
    void Ink(Span<ushort> target, ReadOnlySpan<byte> black)
    {
        for (int x = 0, to = 0; x < black.Length; x++)
            for (var end = to + 3; to < end; to++)
            {
                var ink = Colours == JpegColours.Ycck ? byte.MaxValue - target[to] : target[to];
                target[to] = (ushort)((IsAdobe ? black[x] * ink : (byte.MaxValue - black[x]) * (byte.MaxValue - ink)) / byte.MaxValue);
            }
    }
}
