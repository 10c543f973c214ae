using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, shifts each image by a random distance.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_translation.py.</remarks>
public sealed class RandomTranslation : AffineAugmentation
{
    readonly Factor _heightFactor, _widthFactor;
    readonly (double Lower, double Upper) _height, _width;

    /// <summary>In training, shifts each image by a random distance.</summary>
    /// <param name="height_factor">How far down, as a fraction of the height: a number f for (-f, f) or two, between -1 and 1.</param>
    /// <param name="width_factor">How far to the right, as a fraction of the width.</param>
    /// <param name="fill_mode">How pixels beyond the border are filled: "reflect" (default), "wrap", "constant" or "nearest".</param>
    /// <param name="interpolation">"bilinear" (default) or "nearest".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="fill_value">The constant; default 0.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">A factor is outside -1 to 1, or a name is unknown.</exception>
    public RandomTranslation(Factor height_factor, Factor width_factor, string fill_mode = "reflect", string interpolation = "bilinear", long? seed = null, double fill_value = 0, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) : base(fill_mode, interpolation, fill_value, bounding_box_format, data_format, seed, name, dtype)
    {
        ArgumentNullException.ThrowIfNull(height_factor);
        ArgumentNullException.ThrowIfNull(width_factor);
        (_heightFactor, _widthFactor) = (height_factor, width_factor);
        (_height, _width) = (height_factor.Within(-1, 1, nameof(height_factor)), width_factor.Within(-1, 1, nameof(width_factor)));
    }

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        var (batch, (height, width)) = (BatchOf(images), SizeOf(images));
        var down = Uniform(seed, _height, DType.Float32, batch, 1);
        var right = Uniform(seed, _width, DType.Float32, batch, 1);
        var translations = Tf.Concat([right * Tf.Cast(width, right.dtype), down * Tf.Cast(height, down.dtype)], 1);
        return Named(("translations", Tf.Cast(translations, DType.Float32)), ("input_shape", Tf.ShapeOf(images)));
    }

    private protected override Tensor MatrixOf(Tensors transformation, Tensor height, Tensor width)
    {
        var (right, down) = Shift(transformation);
        var (zero, one) = (Tf.ZerosLike(right), Tf.OnesLike(right));
        return Matrix(one, zero, -right, zero, one, -down);
    }

    static (Tensor Right, Tensor Down) Shift(Tensors transformation) => (Slices.Of(transformation["translations"].Single, 1, 0, 1), Slices.Of(transformation["translations"].Single, 1, 1, 2));

    private protected override Tensors TransformedBoxes(Tensors boxes, Tensors transformation)
    {
        var (height, width) = SizeOf(transformation);
        var (right, down) = Shift(transformation);
        (right, down) = (Tf.ExpandDims(right, -1), Tf.ExpandDims(down, -1));
        var corners = BoxTensors.Convert(boxes["boxes"].Single, bounding_box_format!, "xyxy", height, width);
        var moved = BoxTensors.With(boxes, corners + Tf.Concat([right, down, right, down], 2));
        return BoxTensors.Convert(BoxTensors.Clip(moved, height, width, "xyxy"), "xyxy", bounding_box_format!, height, width);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["height_factor"] = _heightFactor.Form, ["width_factor"] = _widthFactor.Form };
}
