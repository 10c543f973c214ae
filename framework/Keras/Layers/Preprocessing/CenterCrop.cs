namespace Keras.Layers;

/// <summary>Crops the centre of images; images that are too small are first enlarged, keeping their aspect ratio.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/center_crop.py.</remarks>
public sealed class CenterCrop : ImageSizing
{
    /// <summary>Crops the centre of images; images that are too small are first enlarged, keeping their aspect ratio.</summary>
    /// <param name="height">The height of the output.</param>
    /// <param name="width">The width of the output.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public CenterCrop(int height, int width, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(height, width, data_format, name, dtype) { }

    /// <exception cref="ShapeMismatchException">The size of the images is unknown, so whether to enlarge them is too.</exception>
    private protected override Tensor Sized(Tensor images, Dim givenRows, Dim givenColumns)
    {
        var (rows, columns) = (ConfigForms.KnownDim(images.shape, RowAxis(images.shape), this), ConfigForms.KnownDim(images.shape, RowAxis(images.shape) + 1, this));
        if (rows < height || columns < width) return Api.ops.image.resize(images, (height, width), crop_to_aspect_ratio: true, data_format: Format);
        var keys = new SliceKey[images.ndim];
        Array.Fill(keys, ..);
        var (at, top, left) = (RowAxis(images.shape), (rows - height) / 2, (columns - width) / 2);
        (keys[at], keys[at + 1]) = (top..(top + height), left..(left + width));
        return images[keys];
    }
}
