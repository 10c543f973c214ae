using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The base of layers that rotate, shift, shear or zoom images by a matrix; masks take the nearest pixel.</summary>
public abstract class AffineAugmentation : BaseImagePreprocessingLayer
{
    private protected AffineAugmentation(string fill_mode, string interpolation, double fill_value, string? bounding_box_format, string? data_format, long? seed, string? name, DTypePolicy? dtype)
        : base(bounding_box_format, data_format, seed, name, dtype)
    {
        Known.OneOf(fill_mode, nameof(fill_mode), "reflect", "wrap", "constant", "nearest");
        Known.OneOf(interpolation, nameof(interpolation), "nearest", "bilinear");
        (this.fill_mode, this.interpolation, this.fill_value) = (fill_mode, interpolation, Require.Finite(fill_value));
    }

    /// <summary>How pixels beyond the border are filled, such as "reflect" or "constant".</summary>
    public string fill_mode { get; }

    /// <summary>How values between pixels are found: "nearest" or "bilinear".</summary>
    public string interpolation { get; }

    /// <summary>The value beyond the border if <see cref="fill_mode"/> is "constant".</summary>
    public double fill_value { get; }

    /// <summary>The projective transforms (B, 8), from positions in the result to positions in the image.</summary>
    private protected abstract Tensor MatrixOf(Tensors transformation, Tensor height, Tensor width);

    private protected override Tensor Transformed(Tensor images, Tensors transformation) => Moved(images, transformation, interpolation);

    private protected override Tensor TransformedMasks(Tensor masks, Tensors transformation) => Moved(masks, transformation, "nearest");

    Tensor Moved(Tensor images, Tensors transformation, string by)
    {
        var (height, width) = SizeOf(images);
        return Api.ops.image.affine_transform(images, MatrixOf(transformation, height, width), by, fill_mode, fill_value, data_format);
    }

    /// <summary>Joins columns (B) or (B, 1), and numbers, to transforms (B, 8).</summary>
    private protected static Tensor Matrix(Tensor a0, Tensor a1, Tensor a2, Tensor b0, Tensor b1, Tensor b2)
    {
        Tensor[] columns = [.. new[] { a0, a1, a2, b0, b1, b2 }.Select(c => Tf.Cast(Tf.Reshape(c, Tf.Int32(-1, 1)), DType.Float32))];
        var zero = Tf.ZerosLike(columns[0]);
        return Tf.Concat([.. columns, zero, zero], 1);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["fill_mode"] = fill_mode, ["interpolation"] = interpolation, ["fill_value"] = fill_value, ["seed"] = seed,
    };
}
