namespace Keras.Images;

/// <summary>Reads JPEG files (baseline and progressive; grey, YCbCr, RGB, CMYK, YCCK) with exactly TensorFlow's samples.</summary>
/// <remarks>Exif's orientation is ignored, as there. The format is ITU-T T.81.</remarks>
static class JpegReader
{
    public const string Kind = "JPEG";

    /// <summary>The longest side that libjpeg accepts.</summary>
    public const int LargestSide = 65_500;

    /// <summary>Decodes a JPEG file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="channels">1 or 3; 0 for those of the file (3 for inks).</param>
    /// <param name="isAccurate">Whether to use libjpeg's accurate transform, not its fast one.</param>
    /// <exception cref="FileFormatException">The file is damaged.</exception>
    /// <exception cref="UnsupportedException">The file uses a rare feature: lossless, arithmetic, 12 bits, or a progressive file that lacks scans; or grey is requested from inks.</exception>
    public static Raster Read(byte[] bytes, int channels, bool isAccurate = false)
    {
        using var scratch = new Scratch();
        var picture = JpegSegments.Read(bytes, isAccurate, long.MaxValue, scratch);
        return picture.Render(channels != 0 ? channels : picture.Colours == JpegColours.Grey ? 1 : 3, Scratch.None);
    }

    /// <summary>Decodes a file to its own channels (grey, colours, or four inks as stored), with libjpeg's accurate transform.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="mostPixels">The most pixels that an image may have.</param>
    /// <param name="scratch">Rents all arrays, including the result's.</param>
    /// <exception cref="FileFormatException">The file is damaged, or the image too large.</exception>
    /// <exception cref="UnsupportedException">The file uses a rare feature that is not supported.</exception>
    public static Raster ReadAccurate(byte[] bytes, long mostPixels, Scratch scratch)
    {
        var picture = JpegSegments.Read(bytes, isAccurate: true, mostPixels, scratch);
        return picture.Render(picture.Frame.Components.Length, scratch);
    }

    /// <summary>Creates the error for a damaged file.</summary>
    public static FileFormatException Damaged(string what, string? expected = null, string? received = null) => Raster.Damaged(Kind, what, expected, received);
}
