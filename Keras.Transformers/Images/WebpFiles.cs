using Keras.Images;
using SkiaSharp;

namespace Keras.Transformers;

/// <summary>Reads WebP files (the first frame of animations) through Skia, which uses the same library as Pillow.</summary>
static class WebpFiles
{
    const string Kind = "WebP";

    /// <exception cref="FileFormatException">The file is damaged or too large.</exception>
    public static Picture Read(byte[] bytes, Scratch scratch)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data) ?? throw Raster.Damaged(Kind, "its header is invalid");
        var info = codec.Info;
        Raster.Check(Kind, 1, info.Height, info.Width, 4);
        Raster.CheckPixels(Kind, info.Width, info.Height, Picture.MaxPixels);
        // Pixels that Skia leaves out are 0.
        var pixels = scratch.TakeZeros<byte>(info.Width * info.Height * 4);
        SKCodecResult result;
        unsafe
        {
            fixed (byte* target = pixels)
                result = codec.GetPixels(new SKImageInfo(info.Width, info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul), (nint)target);
        }
        if (result != SKCodecResult.Success) throw Raster.Damaged(Kind, "its data are wrong or end too early", null, result.ToString());
        var picture = new Picture("RGBA", info.Width, info.Height, pixels, null);
        return info.AlphaType == SKAlphaType.Opaque ? picture.Convert("RGB", scratch) : picture;
    }
}
