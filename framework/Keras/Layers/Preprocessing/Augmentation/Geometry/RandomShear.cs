using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, shears each image by a random amount.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_shear.py.</remarks>
public sealed class RandomShear : AffineAugmentation
{
    readonly (double Lower, double Upper) _x, _y;

    /// <summary>In training, shears each image by a random amount.</summary>
    /// <param name="x_factor">The shift of rows per row below the first, a number or two between 0 and 1, to either side; default 0.</param>
    /// <param name="y_factor">The shift of columns; default 0.</param>
    /// <param name="interpolation">"bilinear" (default) or "nearest".</param>
    /// <param name="fill_mode">How pixels beyond the border are filled: "reflect" (default), "wrap", "constant" or "nearest".</param>
    /// <param name="fill_value">The constant; default 0.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A factor is outside 0 to 1, or a name is unknown.</exception>
    public RandomShear(Factor? x_factor = null, Factor? y_factor = null, string interpolation = "bilinear", string fill_mode = "reflect", double fill_value = 0, string? data_format = null, long? seed = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) : base(fill_mode, interpolation, fill_value, bounding_box_format, data_format, seed, name, dtype)
    {
        _x = ReadBack(x_factor ?? 0.0, nameof(x_factor));
        _y = ReadBack(y_factor ?? 0.0, nameof(y_factor));
    }

    /// <summary>A number f stands for (-f, f), which is also how configs write it.</summary>
    static (double, double) ReadBack(Factor factor, string name) => factor.Form is double[] and [var low, var high] && low < 0 && low == -high ? factor.Within(-1, 1, name) : factor.Within(0, 1, name);

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        var batch = BatchOf(images);
        var side = Side(seed, compute_dtype, batch, 1);
        var down = Uniform(seed, _y, compute_dtype, batch, 1);
        var right = Uniform(seed, _x, compute_dtype, batch, 1);
        return Named(("shear_factor", Tf.Concat([right, down], 1) * side), ("input_shape", Tf.ShapeOf(images)));
    }

    private protected override Tensor MatrixOf(Tensors transformation, Tensor height, Tensor width)
    {
        var (x, y) = Slant(transformation);
        var (zero, one) = (Tf.ZerosLike(x), Tf.OnesLike(x));
        return Matrix(one, x, zero, y, one, zero);
    }

    static (Tensor X, Tensor Y) Slant(Tensors transformation) => (Slices.Of(transformation["shear_factor"].Single, 1, 0, 1), Slices.Of(transformation["shear_factor"].Single, 1, 1, 2));

    private protected override Tensors TransformedBoxes(Tensors boxes, Tensors transformation)
    {
        var (height, width) = SizeOf(transformation);
        var (x, y) = Slant(transformation);
        (x, y) = (Tf.ExpandDims(Tf.Cast(x, DType.Float32), -1), Tf.ExpandDims(Tf.Cast(y, DType.Float32), -1));
        var (left, top, right, bottom) = BoxFormat.Columns(BoxTensors.Convert(boxes["boxes"].Single, bounding_box_format!, "rel_xyxy", height, width));
        var (slidesRight, slidesDown) = (Tf.Less(x, Tf.ZerosLike(x)), Tf.Greater(y, Tf.ZerosLike(y)));
        (left, right) = (Tf.SelectV2(slidesRight, left - (x * top), left - (x * bottom)), Tf.SelectV2(slidesRight, right - (x * bottom), right - (x * top)));
        var (upper, lower) = (Tf.SelectV2(slidesDown, top - (y * right), top - (y * left)), Tf.SelectV2(slidesDown, bottom - (y * left), bottom - (y * right)));
        var slanted = BoxTensors.Clip(BoxTensors.With(boxes, Tf.Concat([left, upper, right, lower], 2)), height, width, "rel_xyxy");
        return BoxTensors.Convert(slanted, "rel_xyxy", bounding_box_format!, height, width);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["x_factor"] = new[] { _x.Lower, _x.Upper }, ["y_factor"] = new[] { _y.Lower, _y.Upper } };
}
