using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, shifts the hue of each image.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_hue.py.</remarks>
public sealed class RandomHue : ColorAugmentation
{
    readonly (double Lower, double Upper) _factor;

    /// <summary>In training, shifts the hue of each image.</summary>
    /// <param name="factor">The angle to either side, where 1 is half a circle: a number f for (0, f) or two between 0 and 1.</param>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public RandomHue(Factor factor, ValueRange? value_range = null, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(true, value_range, bounding_box_format, data_format, seed, name, dtype)
    {
        ArgumentNullException.ThrowIfNull(factor);
        _factor = factor.Touching(0, 1, nameof(factor));
    }

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        var batch = BatchOf(images);
        return Named(("factor", Side(seed, null, batch) * Uniform(seed, _factor, null, batch) * 0.5));
    }

    private protected override Tensor Transformed(Tensor images, Tensors transformation)
    {
        var turn = PerImage(Tf.Cast(transformation["factor"], images.dtype));
        var hsv = Api.ops.image.rgb_to_hsv(Range.To(ValueRange.Unit, Colored(images)), data_format);
        var turned = WithChannel(hsv, 0, hue =>
        {
            hue += turn;
            hue = Tf.SelectV2(Tf.Greater(hue, Tf.OnesLike(hue)), hue - 1, hue);
            return Tf.SelectV2(Tf.Less(hue, Tf.ZerosLike(hue)), hue + 1, hue);
        });
        return ValueRange.Unit.To(Range, ValueRange.Unit.Clip(Api.ops.image.hsv_to_rgb(turned, data_format)));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["factor"] = Form(_factor), ["value_range"] = Range.Form, ["seed"] = seed };
}
