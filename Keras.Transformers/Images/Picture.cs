using Keras.Images;

namespace Keras.Transformers;

/// <summary>A decoded image with 8 bits per sample, with Pillow's values and modes.</summary>
/// <remarks>JPEG (baseline, progressive; grey, colours, inks), PNG of every kind, WebP, BMP (run lengths too), and the first frame of GIF files are read.</remarks>
/// <example>
/// <code>
/// var picture = Picture.Open("cat.jpg").Upright().Convert("RGB").Resize(224, 224);
/// Console.WriteLine(picture);   // RGB 224x224
/// </code>
/// </example>
public sealed class Picture
{
    /// <summary>Pillow's limit, above which it rejects an image as a decompression bomb.</summary>
    const long DefaultMaxPixels = 178_956_970;

    internal static readonly Dictionary<string, int> ChannelsOf = new() { ["1"] = 1, ["L"] = 1, ["P"] = 1, ["I;16"] = 2, ["LA"] = 2, ["RGB"] = 3, ["RGBA"] = 4, ["CMYK"] = 4 };

    /// <summary>Creates an image from its samples.</summary>
    /// <param name="mode">"L", "LA", "RGB", "RGBA" or "CMYK".</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="pixels">uint8, (height, width, channels of the mode).</param>
    /// <exception cref="ArgumentException">There is no such mode.</exception>
    /// <exception cref="ShapeMismatchException">There are more or fewer samples than the size and mode need.</exception>
    public Picture(string mode, int width, int height, byte[] pixels) : this(mode, width, height, pixels, null)
    {
        Known.OneOf(mode, nameof(mode), "L", "LA", "RGB", "RGBA", "CMYK");
        ArgumentNullException.ThrowIfNull(pixels);
        if (width < 1 || height < 1 || pixels.Length != (long)width * height * ChannelsOf[mode])
            throw new ShapeMismatchException("An image has another number of samples", nameof(pixels), $"{height} x {width} x {ChannelsOf[mode]} for {mode}, no side 0", $"{pixels.Length}");
    }

    internal Picture(string mode, int width, int height, byte[] pixels, byte[]? palette, int orientation = 1, byte[]? transparent = null) =>
        (Mode, Width, Height, Pixels, Palette, Orientation, Transparent) = (mode, width, height, pixels, palette, orientation, transparent);

    /// <summary>The maximum number of pixels that a file may expand to: a small file can hold a very large image. Default 178,956,970, as in Pillow.</summary>
    /// <exception cref="ValueRangeException">The number is less than 1.</exception>
    public static long MaxPixels
    {
        get;
        set => field = value >= 1 ? value : throw new ValueRangeException("The greatest number of pixels is too small", nameof(MaxPixels), "1 or more", $"{value}");
    } = DefaultMaxPixels;

    /// <summary>The kind of pixels: "1" (black or white), "L" (grey), "P" (an index into a palette), "I;16" (grey, 16 bits), "LA", "RGB", "RGBA" or "CMYK".</summary>
    public string Mode { get; }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>How the camera was held according to Exif: 1 (upright) to 8. Pixels are as stored; see <see cref="Upright"/>.</summary>
    public int Orientation { get; }

    /// <summary>The samples, row by row, channels last. "1" has 0 and 255, "I;16" two bytes a pixel, the lower first.</summary>
    public byte[] Pixels { get; }

    /// <summary>Red, green, blue and alpha of 256 colours.</summary>
    internal byte[]? Palette { get; }

    /// <summary>The colour that the file declares transparent.</summary>
    internal byte[]? Transparent { get; }

    internal int Channels => ChannelsOf[Mode];

    /// <summary>Reads and decodes an image file.</summary>
    /// <exception cref="FileFormatException">There is no such file, it is not an image, is damaged, or has more pixels than <see cref="MaxPixels"/>.</exception>
    /// <exception cref="UnsupportedException">The kind of image is not supported.</exception>
    public static Picture Open(string path) => Open(path, Scratch.None);

    /// <summary>Reads a file into a rented array, which may be longer than the samples.</summary>
    internal static Picture Open(string path, Scratch scratch)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new FileFormatException("There is no such image", path, "a file", Directory.Exists(path) ? "a folder" : "nothing", "Give the path of an image, or the bytes of one.");
        return PictureFiles.Read(File.ReadAllBytes(path), path, scratch);
    }

    /// <summary>Reads and decodes the rest of a stream.</summary>
    /// <inheritdoc cref="Open(string)" path="/exception"/>
    public static Picture Open(Stream stream) => Open(stream, Scratch.None);

    internal static Picture Open(Stream stream, Scratch scratch)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return PictureFiles.Read(copy.ToArray(), null, scratch);
    }

    /// <summary>Decodes the bytes of an image file.</summary>
    /// <inheritdoc cref="Open(string)" path="/exception"/>
    public static Picture Open(byte[] file) => Open(file, Scratch.None);

    internal static Picture Open(byte[] file, Scratch scratch)
    {
        ArgumentNullException.ThrowIfNull(file);
        return PictureFiles.Read(file, null, scratch);
    }

    /// <summary>Converts the image to another mode. Alpha is dropped without blending; 16-bit values above 255 become 255.</summary>
    /// <param name="mode">"RGB", "RGBA" or "L".</param>
    /// <exception cref="ArgumentException">There is no such mode.</exception>
    public Picture Convert(string mode) => Convert(mode, Scratch.None);

    internal Picture Convert(string mode, Scratch scratch)
    {
        Known.OneOf(mode, nameof(mode), "RGB", "RGBA", "L");
        return mode == Mode ? this : new(mode, Width, Height, PictureColours.Convert(this, mode, scratch), null, Orientation);
    }

    /// <summary>Resizes the image as Pillow does.</summary>
    /// <param name="width">The new width.</param>
    /// <param name="height">The new height.</param>
    /// <param name="resample">0 nearest, 1 lanczos, 2 bilinear, 3 bicubic (default), 4 box, 5 hamming.</param>
    /// <param name="box">Left, top, right and bottom of the part to use. Default: all of it.</param>
    /// <param name="reducing_gap">At least how many times larger than the result a fast preliminary reduction leaves the image. Default: none.</param>
    /// <exception cref="ValueRangeException">A size is less than 1, there is no such filter, the box is not within the image, or the gap is less than 1.</exception>
    /// <exception cref="UnsupportedException">The mode is neither L nor RGB.</exception>
    public Picture Resize(int width, int height, int resample = 3, (double Left, double Top, double Right, double Bottom)? box = null, double? reducing_gap = null)
    {
        if (Mode is not ("L" or "RGB")) throw new UnsupportedException("An image of this mode cannot be resized", nameof(Resize), "L or RGB", Mode, "Convert it first.");
        if (width < 1 || height < 1 || (long)width * height > MaxPixels) throw new ValueRangeException("An image cannot have this size", nameof(Resize), $"1 to {MaxPixels} pixels", $"{width} x {height}");
        if (box is var (left, top, right, bottom) && !(left >= 0 && top >= 0 && right <= Width && bottom <= Height && left < right && top < bottom))
            throw new ValueRangeException("The box is not within the image", nameof(box), $"0 <= left < right <= {Width}, 0 <= top < bottom <= {Height}", $"{box}");
        if (reducing_gap is not (null or >= 1)) throw new ValueRangeException("The gap is too small", nameof(reducing_gap), "1 or more", $"{reducing_gap}");
        ResampleBox? part = box is { } b ? new(b.Left, b.Top, b.Right, b.Bottom) : null;
        return new(Mode, width, height, Resampler.Resize(Pixels, Width, Height, Channels, width, height, resample, Scratch.None, part, reducing_gap), null, Orientation);
    }

    /// <summary>Turns the image upright, as <see cref="Orientation"/> says.</summary>
    public Picture Upright()
    {
        if (Orientation is < 2 or > 8) return this;
        // From 5 on, rows and columns are swapped; each axis then runs forwards or backwards.
        var (isTurned, mirrorX, mirrorY) = (Orientation >= 5, Orientation is 2 or 3 or 6 or 7, Orientation is 3 or 4 or 7 or 8);
        var (width, height) = isTurned ? (Height, Width) : (Width, Height);
        var turned = new byte[Pixels.Length];
        for (int y = 0, to = 0; y < height; y++)
            for (var x = 0; x < width; x++, to += Channels)
            {
                var (u, v) = (mirrorX ? width - 1 - x : x, mirrorY ? height - 1 - y : y);
                var from = isTurned ? (u * Width) + v : (v * Width) + u;
                Pixels.AsSpan(from * Channels, Channels).CopyTo(turned.AsSpan(to));
            }
        return new(Mode, width, height, turned, Palette, 1, Transparent);
    }

    /// <summary>The mode and the size: "RGB 640x480".</summary>
    public override string ToString() => $"{Mode} {Width}x{Height}";
}
