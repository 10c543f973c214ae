namespace Keras.Images;

/// <summary>Reads JPEG files (baseline and progressive; grey, YCbCr, RGB, CMYK, YCCK) and gives TensorFlow's samples exactly.</summary>
/// <remarks>The image is not rotated as Exif says, as there. The format is ITU-T T.81.</remarks>
static class JpegReader
{
    public const string Kind = "JPEG";

    /// <summary>The longest side that libjpeg takes.</summary>
    public const int LargestSide = 65_500;

    /// <summary>Decodes a JPEG file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="channels">1 or 3; 0 takes those of the file, 3 for inks.</param>
    /// <param name="isAccurate">Whether the values are those of libjpeg's accurate transform, not of its fast one.</param>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    /// <exception cref="UnsupportedException">The file is of a kind that is hardly used: lossless, arithmetic, 12 bits, a progressive file that lacks scans; or grey is asked for of inks.</exception>
    public static Raster Read(byte[] bytes, int channels, bool isAccurate = false)
    {
        using var scratch = new Scratch();
        var picture = JpegSegments.Read(bytes, isAccurate, long.MaxValue, scratch);
        return picture.Render(channels != 0 ? channels : picture.Colours == JpegColours.Grey ? 1 : 3, Scratch.None);
    }

    /// <summary>Decodes a file to the channels that it has: grey, colours, or four inks as the file holds them. The values are libjpeg's by its accurate transform.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="mostPixels">The greatest number of pixels that an image may have.</param>
    /// <param name="scratch">Where the arrays come from, the result's too.</param>
    /// <exception cref="FileFormatException">The file is damaged, or the image too large.</exception>
    /// <exception cref="UnsupportedException">The file is of a kind that is hardly used.</exception>
    public static Raster ReadAccurate(byte[] bytes, long mostPixels, Scratch scratch)
    {
        var picture = JpegSegments.Read(bytes, isAccurate: true, mostPixels, scratch);
        return picture.Render(picture.Frame.Components.Length, scratch);
    }

    /// <summary>Creates the error for a damaged file.</summary>
    public static FileFormatException Damaged(string what, string? expected = null, string? received = null) => Raster.Damaged(Kind, what, expected, received);
}
