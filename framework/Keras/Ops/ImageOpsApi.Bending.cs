using Keras.Graphs;

namespace Keras;

/// <content>Images seen from the side, and bent.</content>
public sealed partial class ImageOpsApi
{
    /// <summary>Changes the perspective of images: moves four points of each to four others.</summary>
    /// <param name="images">Images.</param>
    /// <param name="start_points">The points in the images, as (x, y): (4, 2) or (B, 4, 2), top left, top right, bottom left, bottom right.</param>
    /// <param name="end_points">The positions they move to, with the same shape.</param>
    /// <param name="interpolation">"bilinear" (default) or "nearest".</param>
    /// <param name="fill_value">The value beyond the border; default 0.</param>
    /// <param name="data_format">The position of the channel axis.</param>
    /// <exception cref="ShapeMismatchException">The points have another shape, or both have different ones.</exception>
    public Tensor perspective_transform(TensorLike images, TensorLike start_points, TensorLike end_points, string interpolation = "bilinear", double fill_value = 0, string data_format = "channels_last")
    {
        if (images.IsKept || start_points.IsKept || end_points.IsKept) return new KeptOp("image.perspective_transform").Run<Tensor>(images, start_points, end_points, interpolation, fill_value, data_format);
        Known.OneOf(interpolation, nameof(interpolation), "bilinear", "nearest");
        var (start, end) = (Points(start_points, nameof(start_points)), Points(end_points, nameof(end_points)));
        if (!start.shape.IsCompatibleWith(end.shape)) throw new ShapeMismatchException("The points before and after have different shapes", "ops.image.perspective_transform", $"start_points {start.shape}", $"end_points {end.shape}");
        return affine_transform(images, Homography(start, end), interpolation, "constant", fill_value, data_format);
    }

    static Tensor Points(TensorLike given, string name)
    {
        var points = given.As(DType.Float32);
        return points.ndim is 2 or 3 && points.shape[-1] is 2 or < 0 && points.shape[-2] is 4 or < 0 ? points.ndim == 2 ? Tf.ExpandDims(points, 0) : points
            : throw new ShapeMismatchException($"The {name} are not four points", "ops.image.perspective_transform", "(4, 2), or (batch, 4, 2)", points.shape.ToString());
    }

    /// <summary>The transforms (B, 8) that take end points to start points, each (B, 4, 2).</summary>
    internal static Tensor Homography(Tensor start, Tensor end)
    {
        Tensor Coordinate(Tensor points, int i) => Slices.Of(points, 2, i, i + 1);
        var (x, y, fromX, fromY) = (Coordinate(end, 0), Coordinate(end, 1), Coordinate(start, 0), Coordinate(start, 1));
        var (one, zero) = (Tf.OnesLike(x), Tf.ZerosLike(x));
        var forX = Tf.Concat([x, y, one, zero, zero, zero, -fromX * x, -fromX * y], 2);
        var forY = Tf.Concat([zero, zero, zero, x, y, one, -fromY * x, -fromY * y], 2);
        var equations = Tf.Reshape(Tf.Stack([forX, forY], 2), Tf.Int32(-1, 8, 8));
        return Tf.Reshape(Tf.MatrixSolve(equations, Tf.Reshape(start, Tf.Int32(-1, 8, 1))), Tf.Int32(-1, 8));
    }

    /// <summary>Distorts images as if they were made of rubber: each pixel comes from a place that blurred noise moves.</summary>
    /// <param name="images">Images.</param>
    /// <param name="alpha">How far; default 20.</param>
    /// <param name="sigma">The standard deviation of the blur in pixels, above 0; default 5.</param>
    /// <param name="interpolation">"bilinear" (default) or "nearest".</param>
    /// <param name="fill_mode">How pixels beyond the border are filled: "reflect" (default), "constant", "nearest", "wrap" or "mirror".</param>
    /// <param name="fill_value">The constant; default 0.</param>
    /// <param name="seed">A number, a generator, or null for the global generator.</param>
    /// <param name="data_format">The position of the channel axis.</param>
    /// <remarks>Source: Simard et al., "Best practices for convolutional neural networks", 2003. The noise is not that of Keras, and each axis has its own.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or <paramref name="sigma"/> not above 0.</exception>
    public Tensor elastic_transform(TensorLike images, double alpha = 20, double sigma = 5, string interpolation = "bilinear", string fill_mode = "reflect", double fill_value = 0, Seed? seed = null, string data_format = "channels_last")
    {
        if (Kept(images) is { } kept) return kept.Run<Tensor>(images, alpha, sigma, interpolation, fill_mode, fill_value, seed, data_format);
        Known.OneOf(interpolation, nameof(interpolation), "bilinear", "nearest");
        var (far, smooth) = (Tf.Constant(Require.Finite(alpha), DType.Float32), Tf.Constant(Require.Positive(sigma), DType.Float32));
        return OnBatch(images.Tensor, data_format, "ops.image.elastic_transform", batch =>
        {
            var d = Dims.Of(batch);
            var (key, counter) = (seed ?? default).Draw();
            var noise = Tf.RandomNormal(Dims.Create([2, d[0], d[1], d[2]]).ToTensor(), key, counter);
            var weight = Tf.Constant(Elastic.WeightOf(sigma), DType.Float32);
            return Elastic.Bend(batch, Slices.At(noise, 0, 0), Slices.At(noise, 0, 1), far, smooth, interpolation, fill_mode, fill_value, channelsFirst: false, weight);
        });
    }
}
