using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, makes the colours of each image stronger or paler.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_saturation.py. As there, saturation is multiplied by f / (1 - f), and cut to the range of values.</remarks>
public sealed class RandomSaturation : ColorAugmentation
{
    readonly (double Lower, double Upper) _factor;

    /// <summary>In training, makes the colours of each image stronger or paler.</summary>
    /// <param name="factor">0.5 changes nothing, 0 takes all colour, 1 is as strong as can be: a number f for (-f, f), or two.</param>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public RandomSaturation(Factor factor, ValueRange? value_range = null, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(true, value_range, bounding_box_format, data_format, seed, name, dtype)
    {
        ArgumentNullException.ThrowIfNull(factor);
        _factor = factor.Touching(-1, 1, nameof(factor));
    }

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        var factor = Uniform(seed, _factor, null, BatchOf(images));
        return Named(("factor", factor / (1 - factor + Api.keras.config.epsilon())));
    }

    private protected override Tensor Transformed(Tensor images, Tensors transformation)
    {
        var times = PerImage(Tf.Cast(transformation["factor"], images.dtype));
        var hsv = Api.ops.image.rgb_to_hsv(Colored(images), data_format);
        return Api.ops.image.hsv_to_rgb(WithChannel(hsv, 1, saturation => Range.Clip(saturation * times)), data_format);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["factor"] = Form(_factor), ["value_range"] = Range.Form, ["seed"] = seed };
}
