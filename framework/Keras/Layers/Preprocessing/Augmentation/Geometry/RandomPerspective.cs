using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, changes the perspective of some images, as if seen from the side.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_perspective.py. As there, boxes come out as "xyxy" whatever <c>bounding_box_format</c> says.</remarks>
public sealed class RandomPerspective : BaseImagePreprocessingLayer
{
    readonly (double Lower, double Upper) _factor;
    readonly double _scale, _fillValue;
    readonly string _interpolation;

    /// <summary>In training, changes the perspective of some images, as if seen from the side.</summary>
    /// <param name="factor">The probability that an image is changed: a number f for (0, f) or two between 0 and 1; default 1.</param>
    /// <param name="scale">The movement of the corners, 0 to 1; default 1.</param>
    /// <param name="interpolation">"bilinear" (default) or "nearest".</param>
    /// <param name="fill_value">The value beyond the border; default 0.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A number is outside its range, or a name is unknown.</exception>
    public RandomPerspective(Factor? factor = null, double scale = 1, string interpolation = "bilinear", double fill_value = 0, long? seed = null, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) : base(bounding_box_format, data_format, seed, name, dtype)
    {
        Known.OneOf(interpolation, nameof(interpolation), "nearest", "bilinear");
        (_factor, _scale, _interpolation, _fillValue) = ((factor ?? 1.0).Touching(0, 1, nameof(factor)), Require.Share(scale), interpolation, Require.Finite(fill_value));
    }

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        var (batch, (height, width)) = (BatchOf(images), SizeOf(images));
        var chosen = Chosen(seed, _factor, images);
        var shift = Uniform(seed, (-0.5 * _scale, 0.5 * _scale), compute_dtype, batch, 4, 2);
        var (right, bottom) = (Tf.Cast(width, shift.dtype) - 1, Tf.Cast(height, shift.dtype) - 1);
        var zero = Tf.ZerosLike(right);
        var corners = Tf.Reshape(Tf.Stack([zero, zero, right, zero, zero, bottom, right, bottom], 0), Tf.Int32(1, 4, 2));
        var start = corners + Tf.ZerosLike(shift);
        return Named(("apply_perspective", chosen), ("start_points", start), ("end_points", start + (start * shift)), ("input_shape", Tf.ShapeOf(images)));
    }

    private protected override Tensor Transformed(Tensor images, Tensors transformation) => Seen(images, transformation, _interpolation);

    private protected override Tensor TransformedMasks(Tensor masks, Tensors transformation) => Seen(masks, transformation, "nearest");

    Tensor Seen(Tensor images, Tensors transformation, string by)
    {
        var seen = Api.ops.image.perspective_transform(images, transformation["start_points"], transformation["end_points"], by, _fillValue, data_format);
        return Tf.SelectV2(PerImage(transformation["apply_perspective"]), seen, images);
    }

    private protected override Tensors TransformedBoxes(Tensors boxes, Tensors transformation)
    {
        var (height, width) = SizeOf(transformation);
        var corners = BoxTensors.Convert(boxes["boxes"].Single, bounding_box_format!, "xyxy", height, width);
        var parameters = ImageOpsApi.Homography(Tf.Cast(transformation["start_points"], DType.Float32), Tf.Cast(transformation["end_points"], DType.Float32));
        var matrix = Tf.Reshape(Tf.Concat([parameters, Tf.OnesLike(Slices.Of(parameters, 1, 0, 1))], 1), Tf.Int32(-1, 3, 3));
        var (left, top, right, bottom) = BoxFormat.Columns(corners);
        Tensor[] places = [.. new[] { (left, top), (right, bottom), (left, bottom), (right, top) }.Select(p => Tf.Concat([p.Item1, p.Item2, Tf.OnesLike(p.Item1)], 2))];
        // Multiplies rows (B, N, 3) by the transposed inverse.
        Tensor[] moved = [.. places.Select(p => Tf.BatchMatMul(p, Tf.MatrixInverse(matrix), adj_y: true))];
        Tensor Coordinate(int i) => Tf.Concat([.. moved.Select(m => Slices.Of(m, 2, i, i + 1) / Slices.Of(m, 2, 2, 3))], 2);
        var chosen = Tf.Reshape(Tf.Cast(transformation["apply_perspective"], DType.Bool), Tf.Int32(-1, 1, 1));
        return BoxTensors.Clip(BoxTensors.With(boxes, Tf.SelectV2(chosen, BoxTensors.Around(Coordinate(0), Coordinate(1)), corners)), height, width, "xyxy");
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["factor"] = new[] { _factor.Lower, _factor.Upper }, ["scale"] = _scale, ["interpolation"] = _interpolation, ["fill_value"] = _fillValue, ["seed"] = seed,
    };
}
