namespace Keras.Layers;

/// <summary>Resizes images to a given height and width.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/resizing.py.</remarks>
public sealed class Resizing : ImageSizing
{
    readonly string _interpolation;
    readonly bool _crop;
    readonly bool _pad;
    readonly string _fillMode;
    readonly double _fillValue;
    readonly bool _antialias;

    /// <summary>Resizes images to a given height and width.</summary>
    /// <param name="height">The height of the output.</param>
    /// <param name="width">The width of the output.</param>
    /// <param name="interpolation">"bilinear" (default), "nearest", "bicubic", "lanczos3" or "lanczos5".</param>
    /// <param name="crop_to_aspect_ratio">Whether to keep the aspect ratio of images and crop the rest; default false.</param>
    /// <param name="pad_to_aspect_ratio">Whether to keep the aspect ratio of images and fill what is missing; default false.</param>
    /// <param name="fill_mode">The fill mode: "constant".</param>
    /// <param name="fill_value">The fill value; default 0.</param>
    /// <param name="antialias">Whether images are smoothed if they shrink; default false.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A size is not positive, or the interpolation, the fill mode or the data format is unknown.</exception>
    public Resizing(int height, int width, string interpolation = "bilinear", bool crop_to_aspect_ratio = false, bool pad_to_aspect_ratio = false, string fill_mode = "constant", double fill_value = 0,
        bool antialias = false, string? data_format = null, string? name = null, DTypePolicy? dtype = null) : base(height, width, data_format, name, dtype)
    {
        Known.OneOf(interpolation, nameof(interpolation), "bilinear", "nearest", "bicubic", "lanczos3", "lanczos5");
        Known.OneOf(fill_mode, nameof(fill_mode), "constant");
        (_interpolation, _crop, _pad, _fillMode, _fillValue, _antialias) = (interpolation, crop_to_aspect_ratio, pad_to_aspect_ratio, fill_mode, fill_value, antialias);
    }

    private protected override Tensor Sized(Tensor images, Dim rows, Dim columns) =>
        Api.ops.image.resize(images, (height, width), _interpolation, _antialias, _crop, _pad, _fillMode, _fillValue, Format);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["interpolation"] = _interpolation,
        ["crop_to_aspect_ratio"] = _crop,
        ["pad_to_aspect_ratio"] = _pad,
        ["fill_mode"] = _fillMode,
        ["fill_value"] = _fillValue,
        ["antialias"] = _antialias,
    };
}
