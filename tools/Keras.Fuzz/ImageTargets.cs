using System.Buffers.Binary;
using Keras.Images;
using Keras.Transformers;

namespace Keras.Fuzz;

/// <summary>Targets for the image readers, one for each format.</summary>
static class ImageTargets
{
    /// <summary>The maximum number of pixels, which bounds the allocation: a few bytes can claim very many pixels.</summary>
    const int MostPixels = 1 << 20;

    /// <summary>The allowed memory: coefficients, samples and two pictures of that many pixels.</summary>
    const long Memory = 48L * MostPixels;

    public static readonly IReadOnlyList<FuzzTarget> All = [.. new[] { "jpg", "png", "webp", "gif", "bmp" }.Select(format => new FuzzTarget(format, $"fuzz.{format}", Read) { Memory = Memory, Made = format == "bmp" ? BmpRunFiles.All : [] })];

    static void Read(string path)
    {
        var before = Picture.MaxPixels;
        Picture.MaxPixels = MostPixels;
        try
        {
            if (path.EndsWith(".png", StringComparison.Ordinal)) Sign(path);
            var picture = Picture.Open(path);
            picture.Convert("RGBA");
            picture.Upright().Convert("RGB").Resize(16, 16, resample: 2);
        }
        finally
        {
            Picture.MaxPixels = before;
        }
    }

    /// <summary>Fixes the checksums of most files, so that the content behind them is reached.</summary>
    static void Sign(string path)
    {
        var png = File.ReadAllBytes(path);
        if (png.Length % 8 == 0) return;
        for (long at = 8; at + 12 <= png.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan((int)at));
            if (at + 12 + length > png.Length) break;
            BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan((int)(at + 8 + length)), PngChecksum.Of(png.AsSpan((int)at + 4, (int)length + 4)));
            at += 12 + length;
        }
        File.WriteAllBytes(path, png);
    }
}
