using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, raises or lowers contrast: moves the values of each image and channel away from their mean or towards it.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_contrast.py.</remarks>
public sealed class RandomContrast : ColorAugmentation
{
    readonly (double Lower, double Upper) _factor;

    /// <summary>In training, raises or lowers contrast: moves the values of each image and channel away from their mean or towards it.</summary>
    /// <param name="factor">The factor of distances from the mean: a number f between 0 and 1 for 1 to 1 + f, or two, l and u, for 1 - l to 1 + u.</param>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public RandomContrast(Factor factor, ValueRange? value_range = null, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(true, value_range, bounding_box_format, data_format, seed, name, dtype)
    {
        ArgumentNullException.ThrowIfNull(factor);
        _factor = factor.Touching(0, 1, nameof(factor));
    }

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        (double, double) bounds = (Math.Min(1 - _factor.Lower, 1 + _factor.Upper), Math.Max(1 - _factor.Lower, 1 + _factor.Upper));
        return Named(("contrast_factor", Uniform(seed, bounds, compute_dtype, BatchOf(images), 1, 1, 1)));
    }

    private protected override Tensor Transformed(Tensor images, Tensors transformation)
    {
        var rows = RowAxis(4);
        var mean = Tf.Mean(images, [rows, rows + 1], keep_dims: true);
        return Range.Clip(((images - mean) * Tf.Cast(transformation["contrast_factor"], images.dtype)) + mean);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["factor"] = Form(_factor), ["value_range"] = Range.Form, ["seed"] = seed };
}
