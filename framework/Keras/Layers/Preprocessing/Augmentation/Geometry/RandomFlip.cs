using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, flips about half of the images, left to right, upside down or both.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_flip.py. With both directions an image is mirrored in both or in none.</remarks>
public sealed class RandomFlip : BaseImagePreprocessingLayer
{
    readonly string _mode;

    /// <summary>In training, flips about half of the images, left to right, upside down or both.</summary>
    /// <param name="mode">"horizontal_and_vertical" (default), "horizontal" or "vertical".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A name is unknown.</exception>
    public RandomFlip(string mode = "horizontal_and_vertical", long? seed = null, string? data_format = null, string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null)
        : base(bounding_box_format, data_format, seed, name, dtype) => _mode = Known.OneOf(mode, nameof(mode), "horizontal_and_vertical", "horizontal", "vertical")!;

    bool Mirrors(string direction) => _mode.Contains(direction, StringComparison.Ordinal);

    private protected override bool TakesWholeDTypes => true;

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        var chances = Uniform(seed, (0, 1), null, BatchOf(images), 1, 1, 1);
        return Named(("flips", Tf.LessEqual(chances, Tf.Constant(0.5, chances.dtype))), ("input_shape", Tf.ShapeOf(images)));
    }

    private protected override Tensor Transformed(Tensor images, Tensors transformation)
    {
        var flips = transformation["flips"].Single;
        var rows = RowAxis(4);
        if (Mirrors("horizontal")) images = Tf.SelectV2(flips, Tf.Reverse(images, rows + 1), images);
        if (Mirrors("vertical")) images = Tf.SelectV2(flips, Tf.Reverse(images, rows), images);
        return images;
    }

    private protected override Tensor TransformedMasks(Tensor masks, Tensors transformation) => Transformed(masks, transformation);

    private protected override Tensors TransformedBoxes(Tensors boxes, Tensors transformation)
    {
        var (height, width) = SizeOf(transformation);
        var flips = transformation["flips"].Single;
        flips = Tf.Squeeze(flips, flips.ndim - 1);
        var (left, top, right, bottom) = BoxFormat.Columns(BoxTensors.Convert(boxes["boxes"].Single, bounding_box_format!, "rel_xyxy", height, width));
        if (Mirrors("horizontal")) (left, right) = (Tf.SelectV2(flips, 1 - right, left), Tf.SelectV2(flips, 1 - left, right));
        if (Mirrors("vertical")) (top, bottom) = (Tf.SelectV2(flips, 1 - bottom, top), Tf.SelectV2(flips, 1 - top, bottom));
        // Keras clips these fractions to the image's size in pixels, so only negative ones are clipped.
        var cut = BoxTensors.Clip(BoxTensors.With(boxes, Tf.Concat([left, top, right, bottom], left.ndim - 1)), height, width, "xyxy");
        return BoxTensors.Convert(cut, "rel_xyxy", bounding_box_format!, height, width);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["seed"] = seed, ["mode"] = _mode };
}
