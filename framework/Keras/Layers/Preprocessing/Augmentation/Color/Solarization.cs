using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, inverts the values of each image above a threshold.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/solarization.py. As there, only the upper bound of a factor is a share of 255: the lower one is a
/// value itself, so that (0.1, 0.2) draws from 0.1 to 51.</remarks>
public sealed class Solarization : ColorAugmentation
{
    readonly (double Lower, double Upper) _addition, _threshold;

    /// <summary>In training, inverts the values of each image above a threshold.</summary>
    /// <param name="addition_factor">The value to add first, as a fraction of 255: a number f for (0, f) or two between 0 and 1; default 0.</param>
    /// <param name="threshold_factor">The threshold, as a fraction of 255: a number f for (0, f) or two between 0 and 1; default 0, which inverts all values.</param>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public Solarization(Factor? addition_factor = null, Factor? threshold_factor = null, ValueRange? value_range = null, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(true, value_range, bounding_box_format, data_format, seed, name, dtype)
    {
        _addition = (addition_factor ?? 0.0).Within(0, 1, nameof(addition_factor), from: 0);
        _threshold = (threshold_factor ?? 0.0).Within(0, 1, nameof(threshold_factor), from: 0);
    }

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        Tensor Of((double Lower, double Upper) factor) => Uniform(seed, (factor.Lower, Math.Max(factor.Lower, factor.Upper * 255)), compute_dtype, BatchOf(images), 1, 1, 1);
        var additions = Of(_addition);
        return Named(("additions", additions), ("thresholds", Of(_threshold)));
    }

    private protected override Tensor Transformed(Tensor images, Tensors transformation)
    {
        var values = ValueRange.Bytes.Clip(Range.To(ValueRange.Bytes, images) + Tf.Cast(transformation["additions"], images.dtype));
        return ValueRange.Bytes.To(Range, Tf.SelectV2(Tf.Less(values, Tf.Cast(transformation["thresholds"], images.dtype)), values, 255 - values));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["value_range"] = Range.Form, ["addition_factor"] = Form(_addition), ["threshold_factor"] = Form(_threshold), ["seed"] = seed };
}
