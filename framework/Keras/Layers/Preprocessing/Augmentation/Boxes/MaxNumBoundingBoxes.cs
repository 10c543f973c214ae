using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Gives every image the same number of boxes: surplus ones are dropped, missing ones filled in. Everything else stays unchanged.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/max_num_bounding_box.py. As there, a config does not have fill_value.</remarks>
public sealed class MaxNumBoundingBoxes : BaseImagePreprocessingLayer
{
    readonly int _most, _fill;

    /// <summary>Gives every image the same number of boxes: surplus ones are dropped, missing ones filled in.</summary>
    /// <param name="max_number">The number of boxes of each image in the output.</param>
    /// <param name="fill_value">The value for missing boxes and their labels; default -1.</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">The number is not positive, or a name is unknown.</exception>
    public MaxNumBoundingBoxes(int max_number, int fill_value = -1, string? bounding_box_format = null, string? data_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(false, bounding_box_format, data_format, null, name, dtype) => (_most, _fill) = (ConfigForms.Positive(max_number, nameof(max_number)), fill_value);

    private protected override bool IsAlwaysOn => true;

    private protected override bool MovesBoxes => false;

    private protected override bool KeepsDType => true;

    private protected override Tensor Transformed(Tensor images, Tensors transformation) => images;

    private protected override Tensors TransformedBoxes(Tensors boxes, Tensors transformation) => BoxTensors.With(boxes, Sized(boxes["boxes"]), Sized(boxes["labels"]));

    /// <summary>Cuts or pads (B, N, ...) to (B, most, ...).</summary>
    Tensor Sized(Tensor x)
    {
        var d = Dims.Of(x);
        var missing = Tf.Fill(Dims.Create([d[0], _most, .. d[2..]]).ToTensor(), Tf.Constant(_fill, x.dtype));
        return Tf.EnsureShape(Slices.Until(Tf.Concat([x, missing], 1), 1, _most), x.shape.With(1, _most));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["max_number"] = _most };
}
