using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Stretches the values of each image to the whole value range, from darkest to brightest; at inference too.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/auto_contrast.py. As there, extremes are those of the second and third axis, also with channels first.</remarks>
public sealed class AutoContrast : ColorAugmentation
{
    /// <summary>Stretches the values of each image to the whole value range, from darkest to brightest; at inference too.</summary>
    /// <param name="value_range">The darkest and the brightest value of the images; default 0 to 255.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">The range of values is invalid, or a name is unknown.</exception>
    public AutoContrast(ValueRange? value_range = null, string? data_format = null, string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(false, value_range, bounding_box_format, data_format, null, name, dtype) { }

    private protected override bool IsAlwaysOn => true;

    private protected override Tensor Transformed(Tensor images, Tensors transformation)
    {
        var values = Range.To(ValueRange.Bytes, images);
        var (low, high) = (Tf.Min(values, [1, 2], keep_dims: true), Tf.Max(values, [1, 2], keep_dims: true));
        // If all values are equal, there is nothing to stretch.
        var isFlat = Tf.Equal(low, high);
        // Divides first: for close extremes, the factor would overflow half precision.
        var share = (values - low) / Tf.SelectV2(isFlat, Tf.OnesLike(low), high - low);
        var stretched = ValueRange.Bytes.To(Range, ValueRange.Bytes.Clip(share * 255));
        return Tf.SelectV2(Tf.LogicalOr(isFlat, Tf.IsNan(share)), images, stretched);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["value_range"] = Range.Form };
}
