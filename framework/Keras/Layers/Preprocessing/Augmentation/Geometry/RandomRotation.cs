using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, rotates each image about its centre by a random angle.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/image_preprocessing/random_rotation.py. As there, boxes are taken for "xyxy" whatever <c>bounding_box_format</c> says, and come out in that format.</remarks>
public sealed class RandomRotation : AffineAugmentation
{
    readonly (double Lower, double Upper) _factor;

    /// <summary>In training, rotates each image about its centre by a random angle.</summary>
    /// <param name="factor">Shares of a full turn, a number f for (-f, f) or two between -1 and 1; positive ones turn counter-clockwise.</param>
    /// <param name="fill_mode">How pixels beyond the border are filled: "reflect" (default), "wrap", "constant" or "nearest".</param>
    /// <param name="interpolation">"bilinear" (default) or "nearest".</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="fill_value">The constant; default 0.</param>
    /// <param name="data_format">"channels_last" (default) or "channels_first".</param>
    /// <param name="bounding_box_format">The format of bounding boxes, such as "xyxy"; needed if inputs have boxes.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">The factor is outside -1 to 1, or a name is unknown.</exception>
    public RandomRotation(Factor factor, string fill_mode = "reflect", string interpolation = "bilinear", long? seed = null, double fill_value = 0, string? data_format = null,
        string? bounding_box_format = null, string? name = null, DTypePolicy? dtype = null) : base(fill_mode, interpolation, fill_value, bounding_box_format, data_format, seed, name, dtype)
    {
        ArgumentNullException.ThrowIfNull(factor);
        _factor = factor.Touching(-1, 1, nameof(factor));
    }

    private protected override Tensors Drawn(Tensor images, Seed seed)
    {
        var (height, width) = SizeOf(images);
        var batch = BatchOf(images);
        var angle = Uniform(seed, (_factor.Lower * 360, _factor.Upper * 360), DType.Float32, batch);
        var (sin, cos) = (Tf.Sin(angle * (Math.PI / 180)), Tf.Cos(angle * (Math.PI / 180)));
        var (x, y) = ((Tf.Cast(width, angle.dtype) - 1) * 0.5, (Tf.Cast(height, angle.dtype) - 1) * 0.5);
        var matrix = Matrix(cos, -sin, x - (x * cos) + (y * sin), sin, cos, y - (x * sin) - (y * cos));
        return Named(("angle", angle), ("rotation_matrix", images.ndim == 3 ? Tf.Squeeze(matrix, 0) : matrix), ("image_height", height.ToTensor()), ("image_width", width.ToTensor()), ("batch_size", batch.ToTensor()));
    }

    private protected override Tensor MatrixOf(Tensors transformation, Tensor height, Tensor width) => transformation["rotation_matrix"].Single;

    private protected override Tensors TransformedBoxes(Tensors boxes, Tensors transformation)
    {
        var (angle, height, width) = (transformation["angle"].Single, transformation["image_height"].Single, transformation["image_width"].Single);
        var (zero, one) = (Tf.ZerosLike(angle), Tf.OnesLike(angle));
        var turned = BoxTensors.With(boxes, BoxTensors.Affine(boxes["boxes"].Single, angle, zero, zero, one, zero, zero, height, width));
        return BoxTensors.Convert(BoxTensors.Clip(turned, height, width, "xyxy"), "xyxy", bounding_box_format!, height, width);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["factor"] = new[] { _factor.Lower, _factor.Upper } };
}
