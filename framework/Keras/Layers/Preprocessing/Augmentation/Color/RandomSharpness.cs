using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, blurs or sharpens each image.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_sharpness.py. Below 0.5 images are blurred, above sharpened; the blur counts positions outside as 0.</remarks>
public sealed class RandomSharpness : ColorAugmentation
{
    readonly (double Lower, double Upper) _factor;

    /// <summary>In training, blurs or sharpens each image.</summary>
    /// <param name="factor">0 blurs, 0.5 changes nothing, 1 sharpens: a number f for (0, f) or two between 0 and 1.</param>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public RandomSharpness(Factor factor, ValueRange? value_range = null, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(true, value_range, bounding_box_format, data_format, seed, name, dtype)
    {
        ArgumentNullException.ThrowIfNull(factor);
        _factor = factor.Touching(0, 1, nameof(factor));
    }

    private protected override Tensors Drawn(Tensor images, Seed seed) => Named(("factor", Uniform(seed, _factor, null, BatchOf(images))));

    private protected override Tensor Transformed(Tensor images, Tensors transformation)
    {
        var sharpness = PerImage(Tf.Cast(transformation["factor"].Single * 2, images.dtype));
        var batch = ChannelsFirst ? Tf.Transpose(images, 0, 2, 3, 1) : images;
        const float around = 1 / 13f, middle = 5 / 13f;
        var kernel = Tf.Cast(Tf.Constant(HostTensor.Of<float>([around, around, around, around, middle, around, around, around, around], new Shape(3, 3, 1, 1))), images.dtype);
        var smooth = Api.ops.depthwise_conv(batch, Tf.Tile(kernel, Dims.Create([1, 1, Dim.Of(batch, 3), 1]).ToTensor()), padding: "same");
        var mixed = Range.Clip(batch + ((1 - sharpness) * (smooth - batch)));
        return ChannelsFirst ? Tf.Transpose(mixed, 0, 3, 1, 2) : mixed;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["factor"] = Form(_factor), ["value_range"] = Range.Form, ["seed"] = seed };
}
