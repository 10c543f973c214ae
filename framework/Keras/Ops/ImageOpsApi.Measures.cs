using Keras.Graphs;

namespace Keras;

/// <content>Edges, similarity, windows of volumes, and images scaled and moved.</content>
public sealed partial class ImageOpsApi
{
    /// <summary>How steeply images change at each pixel, by Sobel's kernels; the borders are mirrored.</summary>
    /// <param name="images">Images with a batch, (B, H, W, C) or with channels first (B, C, H, W), floating; height and width at least 2.</param>
    /// <param name="data_format">The position of the channel axis; default "channels_last".</param>
    /// <returns>As the images with an axis of 2 at the end: the change downwards, and to the right.</returns>
    /// <exception cref="ShapeMismatchException">The images have no batch, or are a single row or column.</exception>
    /// <exception cref="DTypeMismatchException">The images are not floating.</exception>
    public Tensor sobel_edges(TensorLike images, string data_format = "channels_last")
    {
        if (Kept(images) is { } kept) return kept.Run<Tensor>(images, data_format);
        const string where = "ops.image.sobel_edges";
        Known.OneOf(data_format, nameof(data_format), "channels_last", "channels_first");
        var given = images.Tensor;
        if (given.ndim != 4) throw new ShapeMismatchException("The images to find edges in are not a batch", where, "rank 4", given.shape.ToString());
        if (!given.dtype.IsFloating) throw new DTypeMismatchException("Edges cannot be found in images of this dtype", where, "a floating dtype", given.dtype.Name, "Cast the images.");
        var rows = data_format == "channels_first" ? 2 : 1;
        if (given.shape[rows] is 0 or 1 || given.shape[rows + 1] is 0 or 1) throw new ShapeMismatchException("Borders cannot be mirrored", where, "height and width of at least 2", given.shape.ToString());
        int[][] border = [[0, 0], [0, 0], [0, 0], [0, 0]];
        border[rows] = border[rows + 1] = [1, 1];
        var padded = Ops.pad(Wide(given), border, "reflect");
        Tensor Smooth(Tensor x, int axis) => Slices.Until(x, axis, -2) + (Slices.Of(x, axis, 1, -1) * 2) + Slices.From(x, axis, 2);
        Tensor Change(Tensor x, int axis) => Slices.From(x, axis, 2) - Slices.Until(x, axis, -2);
        return Tf.Cast(Tf.Stack([Change(Smooth(padded, rows + 1), rows), Change(Smooth(padded, rows), rows + 1)], 4), given.dtype);
    }

    /// <summary>Casts to floats of at least 32 bits, for calculations that lose precision.</summary>
    static Tensor Wide(Tensor x) => x.dtype.IsFloating && x.dtype.Size >= 4 ? x : Tf.Cast(x, x.dtype.IsFloating ? DType.Float32 : ConfigApi.FloatX);

    /// <summary>Structural similarity of images (SSIM), how alike they are to the eye: the mean over all windows and channels.</summary>
    /// <param name="image1">Images; at least as high and wide as the window.</param>
    /// <param name="image2">Others of the same shape.</param>
    /// <param name="max_val">The largest value that a pixel can have, above 0; default 1.</param>
    /// <param name="filter_size">Height and width of the window, at least 1; default 11.</param>
    /// <param name="filter_sigma">The standard deviation of the Gaussian window, above 0; default 1.5.</param>
    /// <param name="k1">Steadies the comparison of brightness, at least 0; default 0.01.</param>
    /// <param name="k2">Steadies the comparison of contrast, at least 0; default 0.03.</param>
    /// <param name="data_format">The position of the channel axis; default "channels_last".</param>
    /// <returns>A number for each image, at most 1 for equal images: (B), or a scalar without a batch.</returns>
    /// <remarks>Source: Wang et al., "Image quality assessment: from error visibility to structural similarity", 2004. Images of integers give <c>floatx</c>; Keras cuts the result to an integer.</remarks>
    /// <exception cref="ShapeMismatchException">The images have different shapes, another rank, or are smaller than the window.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Tensor ssim(TensorLike image1, TensorLike image2, double max_val = 1.0, int filter_size = 11, double filter_sigma = 1.5, double k1 = 0.01, double k2 = 0.03, string data_format = "channels_last")
    {
        if (Kept(image1, image2) is { } kept) return kept.Run<Tensor>(image1, image2, max_val, filter_size, filter_sigma, k1, k2, data_format);
        const string where = "ops.image.ssim";
        Require.Positive(max_val);
        Require.Count(1, filter_size);
        Require.Positive(filter_sigma);
        var (steadyMean, steadyContrast) = (Math.Pow(Require.AtLeast(0, k1) * max_val, 2), Math.Pow(Require.AtLeast(0, k2) * max_val, 2));
        Known.OneOf(data_format, nameof(data_format), "channels_last", "channels_first");
        var (a, b) = (image1.Tensor, image2.Tensor);
        if (a.ndim is not (3 or 4) || b.ndim != a.ndim || !a.shape.IsCompatibleWith(b.shape)) throw new ShapeMismatchException("The two images differ in shape, or have the wrong rank", where, "rank 3, or 4 with a batch, for both", $"{a.shape} and {b.shape}");
        // Channels become separate images: (N, H, W, 1).
        var (height, width) = data_format == "channels_first" ? (Dim.Of(a, -2), Dim.Of(a, -1)) : (Dim.Of(a, -3), Dim.Of(a, -2));
        if (height.Known < filter_size || width.Known < filter_size) throw new ShapeMismatchException("Images are smaller than the window", where, $"height and width of at least {filter_size} (filter_size)", a.shape.ToString());
        var order = a.ndim == 4 ? new[] { 0, 3, 1, 2 } : [2, 0, 1];
        Tensor Planes(Tensor x) => Tf.Reshape(data_format == "channels_first" ? x : Tf.Transpose(x, order), Dims.Create([-1, height, width, 1]).ToTensor());
        var (x, y) = (Planes(Wide(a)), Planes(Tf.Cast(b, Wide(a).dtype)));
        var bell = Bell(filter_size, Tf.Constant(filter_sigma, DType.Float32));
        var kernel = Tf.Cast(Tf.Reshape(Tf.ExpandDims(bell, 1) * Tf.ExpandDims(bell, 0), Tf.Int32(filter_size, filter_size, 1, 1)), x.dtype);
        Tensor Mean(Tensor values) => Ops.conv(values, kernel);
        var (meanX, meanY) = (Mean(x), Mean(y));
        var (squares, product) = (Tf.Square(meanX) + Tf.Square(meanY), meanX * meanY);
        var (variances, covariance) = (Mean(Tf.Square(x)) + Mean(Tf.Square(y)) - squares, Mean(x * y) - product);
        var alike = ((product * 2) + steadyMean) * ((covariance * 2) + steadyContrast) / ((squares + steadyMean) * (variances + steadyContrast));
        var channels = Dim.Of(a, data_format == "channels_first" ? -3 : -1);
        Dims shape = a.ndim == 4 ? [Dim.Of(a, 0), channels] : [channels];
        return Tf.Cast(Tf.Mean(Tf.Reshape(Tf.Mean(alike, [1, 2, 3]), shape.ToTensor()), [a.ndim - 3]), a.dtype.IsFloating ? a.dtype : ConfigApi.FloatX);
    }

    /// <summary>Cuts volumes into windows, each of which becomes one position.</summary>
    /// <param name="volumes">Volumes (D, H, W, C) or (B, D, H, W, C), or with channels first (C, D, H, W) or (B, C, D, H, W).</param>
    /// <param name="size">The window's depth, height and width: one number for all, or three.</param>
    /// <param name="strides">The window's step; default its size.</param>
    /// <param name="dilation_rate">The distance between the window's elements; default 1.</param>
    /// <param name="padding">"valid" (default) or "same".</param>
    /// <param name="data_format">The position of the channel axis; default "channels_last".</param>
    /// <returns>(B, depths, rows, columns, depth · height · width · C).</returns>
    /// <exception cref="ShapeMismatchException">The volumes have another rank, or the number of channels is unknown.</exception>
    /// <exception cref="ValueRangeException">The window has another number of axes, or one below 1.</exception>
    public Tensor extract_patches_3d(TensorLike volumes, Axes size, Axes? strides = null, int dilation_rate = 1, string padding = "valid", string data_format = "channels_last")
    {
        if (Kept(volumes) is { } kept) return kept.Run<Tensor>(volumes, size, strides, dilation_rate, padding, data_format);
        const string where = "ops.image.extract_patches_3d";
        ArgumentNullException.ThrowIfNull(size);
        if (size.Count is not (1 or 3) || size.Any(n => n < 1)) throw new ValueRangeException("The numbers of a window are out of range", where, "size of at least 1, 1 or 3 numbers", size.ToString());
        Require.Count(1, dilation_rate);
        Known.OneOf(data_format, nameof(data_format), "channels_last", "channels_first");
        var given = volumes.Tensor;
        if (given.ndim is not (4 or 5)) throw new ShapeMismatchException("The volumes have the wrong rank", where, "rank 4, or 5 with a batch", given.shape.ToString());
        var batch = given.ndim == 5 ? given : Tf.ExpandDims(given, 0);
        if (batch.shape[data_format == "channels_first" ? 1 : -1] is not (> 0 and var channels)) throw new ShapeMismatchException("The number of channels is unknown", where, "a known dimension of channels", given.shape.ToString());
        var (depth, height, width) = (size[0], size[size.Count / 2], size[size.Count - 1]);
        var count = checked((int)(depth * height * width * channels));
        var kernel = Tf.Reshape(Ops.eye(count, dtype: batch.dtype), Tf.Int32(depth, height, width, (int)channels, count));
        var patches = Ops.conv(batch, kernel, strides ?? size, padding, data_format, dilation_rate);
        return given.ndim == 5 ? patches : Tf.Squeeze(patches, 0);
    }

    /// <summary>Scales and shifts axes of images: position x moves to x · scale + translation, counted from the border of the first pixel, with zeros outside the image.</summary>
    /// <param name="images">Numbers of any rank.</param>
    /// <param name="output_shape">The shape of the result; axes that are not scaled keep their size, which may also be given as -1.</param>
    /// <param name="scale">The scale of each axis, (K).</param>
    /// <param name="translation">The shift in pixels of the result, (K).</param>
    /// <param name="spatial_dims">The K axes.</param>
    /// <param name="method">"linear" (also "bilinear", "trilinear", "triangle"), "cubic" (also "bicubic", "tricubic"), "lanczos3" or "lanczos5".</param>
    /// <param name="antialias">Whether each result averages all the pixels it covers if the image shrinks; default true.</param>
    /// <returns>Of the images' dtype; integers are rounded, and stay between the lowest and highest of the images.</returns>
    /// <exception cref="ShapeMismatchException">The shape has a wrong rank or changes an unscaled axis, an axis does not exist, or scale and translation do not have one number per axis.</exception>
    /// <exception cref="DTypeMismatchException">The images are bools or complex.</exception>
    public Tensor scale_and_translate(TensorLike images, Dims output_shape, TensorLike scale, TensorLike translation, Axes spatial_dims, string method, bool antialias = true)
    {
        if (images.IsKept || scale.IsKept || translation.IsKept) return new KeptOp("image.scale_and_translate").Run<Tensor>(images, output_shape, scale, translation, spatial_dims, method, antialias);
        const string where = "ops.image.scale_and_translate";
        ArgumentNullException.ThrowIfNull(output_shape);
        ArgumentNullException.ThrowIfNull(spatial_dims);
        Known.OneOf(method, nameof(method), [.. Resizing.Placings]);
        var x = images.Tensor;
        if (!x.dtype.IsFloating && !x.dtype.IsInteger) throw new DTypeMismatchException("The images have the wrong dtype", where, "a floating or whole dtype", x.dtype.Name);
        var axes = Axes.Of(spatial_dims, x.ndim, where);
        if (output_shape.Count != x.ndim) throw new ShapeMismatchException("The output_shape has another rank", where, $"{x.ndim} dimensions", output_shape.ToString());
        for (var i = 0; i < x.ndim; i++)
            if (axes.Contains(i) ? output_shape[i].Known < 1 : output_shape[i].Known is { } wanted && wanted != -1 && x.shape[i] >= 0 && wanted != x.shape[i])
                throw new ShapeMismatchException("The output_shape does not fit", where, axes.Contains(i) ? $"at least 1 for axis {i}" : $"{x.shape[i]} or -1 for axis {i}, which is not scaled", output_shape.ToString());
        var dtype = Backend.DTypePromotion.Floating(scale.Type, translation.Type);
        if (dtype.Size < 4) dtype = DType.Float32;
        var (factors, distances) = (Numbers(scale, nameof(scale)), Numbers(translation, nameof(translation)));
        if (axes.Length == 0) return x;
        var moved = x.dtype.IsFloating ? Wide(x) : Tf.Cast(x, DType.Float32);
        for (var i = 0; i < axes.Length; i++)
            moved = Resizing.Placed(moved, axes[i], output_shape[axes[i]], Slices.At(factors, 0, i), Slices.At(distances, 0, i), method, antialias);
        if (!x.dtype.IsInteger) return Tf.Cast(moved, x.dtype);
        int[] every = [.. Enumerable.Range(0, x.ndim)];
        var (low, high) = (Tf.Cast(Tf.Min(x, every), moved.dtype), Tf.Cast(Tf.Max(x, every), moved.dtype));
        return Tf.Cast(Tf.Minimum(Tf.Maximum(Tf.Round(moved), low), high), x.dtype);

        Tensor Numbers(TensorLike given, string name) => given.As(dtype) is { ndim: 1 } vector && (vector.shape[0] < 0 || vector.shape[0] == axes.Length) ? vector
            : throw new ShapeMismatchException($"The {name} does not have a number for each axis", where, $"({axes.Length},)", given.Tensor.shape.ToString());
    }
}
