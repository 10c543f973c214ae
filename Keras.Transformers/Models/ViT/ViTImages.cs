using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Checks <c>pixel_values</c>: the position of channels, and whether they match a model.</summary>
static class ViTImages
{
    const string Name = nameof(ViTInputs.pixel_values);

    /// <summary>Whether channels come last: only if the second axis cannot be the channels.</summary>
    /// <exception cref="ShapeMismatchException">No axis of the pixels matches the model's channels.</exception>
    public static bool AreChannelsLast(Tensor pixels, ViTConfig config)
    {
        RequireRank(pixels, config);
        if (pixels.shape[1] == config.num_channels || pixels.shape[1] < 0) return false;
        return pixels.shape[3] == config.num_channels || (pixels.shape[3] < 0 && pixels.shape[1] >= 0)
            ? true
            : throw new ShapeMismatchException("Images have another number of channels than the model", Name, $"{Form(config)}, num_channels is {config.num_channels}", pixels.shape.ToString(),
                "Convert the images (RGB has 3 channels, grey 1), or make the model with config: {\"num_channels\"}.");
    }

    static void RequireRank(Tensor pixels, ViTConfig config)
    {
        if (pixels.shape.HasRank && pixels.ndim != 4) throw new ShapeMismatchException("Images have another number of axes than the model takes", Name, Form(config), pixels.shape.ToString(),
            pixels.ndim == 3 ? $"This is one image without an axis of images: ops.expand_dims({Name}, 0) adds it." : "Give images with axes of images, channels, rows and columns.");
    }

    static string Form(ViTConfig config) => $"(B, {config.num_channels}, {config.image_size.Height}, {config.image_size.Width})";

    /// <summary>Brings images to the convolutions' layout, (B, H, W, C).</summary>
    public static Tensor ChannelsLast(Tensor pixels, ViTConfig config) => AreChannelsLast(pixels, config) ? pixels : ops.transpose(pixels, [0, 2, 3, 1]);

    /// <summary>Rejects images of another size if positions are not interpolated, and images smaller than a patch.</summary>
    /// <param name="images">(B, H, W, C).</param>
    /// <param name="config">The model's.</param>
    /// <param name="isAnySize">Whether positions are interpolated.</param>
    public static void RequireSize(Tensor images, ViTConfig config, bool isAnySize)
    {
        foreach (var (axis, wanted, patch) in new[] { (1, config.image_size.Height, config.patch_size.Height), (2, config.image_size.Width, config.patch_size.Width) })
        {
            if (images.shape[axis] is not (>= 0 and var found)) continue;
            if (isAnySize ? found < patch : found != wanted)
                throw new ShapeMismatchException(isAnySize ? "Images are smaller than a patch" : "Images are of another size than the model's", Name,
                    isAnySize ? $"at least {config.patch_size} pixels (patch_size)" : $"{config.image_size} pixels (image_size)", $"{images.shape[1]}x{images.shape[2]} pixels",
                    isAnySize ? "Make the images larger." : "Resize the images as the model's image processor does, or call the model with interpolate_pos_encoding: true.");
        }
    }
}
