using SkiaSharp;

namespace Keras.Examples;

/// <summary>Encodes scans as PNG files.</summary>
static class PngFiles
{
    /// <summary>The bytes of a PNG file of a digit, 8x8 pixels.</summary>
    public static byte[] Of(Digit digit)
    {
        using var bitmap = new SKBitmap(Digit.Side, Digit.Side, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var samples = digit.ToRgb();
        for (var i = 0; i < Digit.Side * Digit.Side; i++) bitmap.SetPixel(i % Digit.Side, i / Digit.Side, new SKColor(samples[i * 3], samples[(i * 3) + 1], samples[(i * 3) + 2]));
        using var file = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return file.ToArray();
    }
}
