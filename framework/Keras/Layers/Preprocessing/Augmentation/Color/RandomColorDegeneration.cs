using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, mixes each image with its grey version.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_color_degeneration.py.</remarks>
public sealed class RandomColorDegeneration : ColorAugmentation
{
    readonly (double Lower, double Upper) _factor;

    /// <summary>In training, mixes each image with its grey version.</summary>
    /// <param name="factor">The fraction of grey, where 1 is all and negative values strengthen colours: a number f for (-f, f) or two between -1 and 1.</param>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public RandomColorDegeneration(Factor factor, ValueRange? value_range = null, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(true, value_range, bounding_box_format, data_format, seed, name, dtype)
    {
        ArgumentNullException.ThrowIfNull(factor);
        _factor = factor.Touching(-1, 1, nameof(factor));
    }

    private protected override Tensors Drawn(Tensor images, Seed seed) => Named(("factor", Uniform(seed, _factor, null, BatchOf(images), 1, 1, 1)));

    private protected override Tensor Transformed(Tensor images, Tensors transformation) =>
        Range.Clip(images + (Tf.Cast(transformation["factor"], images.dtype) * (Api.ops.image.rgb_to_grayscale(Colored(images), data_format) - images)));

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["factor"] = Form(_factor), ["value_range"] = Range.Form, ["seed"] = seed };
}
