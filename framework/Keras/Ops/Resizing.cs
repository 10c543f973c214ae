using Keras.Graphs;

namespace Keras;

/// <summary>Resizes one axis after the other, each by a product with a matrix of weights, whose values and gradients are the same on every engine.</summary>
/// <remarks>Half-pixel centres; taps outside of the image are dropped and the rest scaled to add up to 1, as TensorFlow does; cubic a = -0.5.</remarks>
static class Resizing
{
    /// <summary>A kernel: its radius, and its value at a distance.</summary>
    sealed record Kernel(double Radius, Func<Tensor, Tensor> At);

    static readonly Dictionary<string, Kernel> Kernels = new()
    {
        ["bilinear"] = new(1, d => Tf.Relu(1 - d)),
        ["bicubic"] = new(2, Cubic),
        ["lanczos3"] = new(3, d => Lanczos(d, 3)),
        ["lanczos5"] = new(5, d => Lanczos(d, 5)),
    };

    /// <summary>The names of the methods.</summary>
    public static IEnumerable<string> Methods => ["nearest", .. Kernels.Keys];

    static readonly Dictionary<string, string> Synonyms = new()
    {
        ["linear"] = "bilinear", ["bilinear"] = "bilinear", ["trilinear"] = "bilinear", ["triangle"] = "bilinear", ["cubic"] = "bicubic", ["bicubic"] = "bicubic", ["tricubic"] = "bicubic",
        ["lanczos3"] = "lanczos3", ["lanczos5"] = "lanczos5",
    };

    /// <summary>The names of the methods of <see cref="Placed"/>.</summary>
    public static IEnumerable<string> Placings => Synonyms.Keys;

    /// <summary>Resizes two axes of a tensor.</summary>
    public static Tensor Resize(Tensor x, int rowAxis, Dim height, Dim width, string method, bool antialias)
    {
        if (method == "nearest") return Nearest(Nearest(x, rowAxis, height), rowAxis + 1, width);
        var computed = x.dtype.IsFloating ? x.dtype.Size < 4 ? DType.Float32 : x.dtype : ConfigApi.FloatX;
        var kernel = Kernels.TryGetValue(method, out var known) ? known
            : throw Known.Unknown("interpolation is unknown", method, "interpolation", Methods);
        var snaps = method == "bicubic" && !antialias;
        var image = Along(Tf.Cast(x, computed), rowAxis, height, kernel, antialias, snaps);
        return Tf.Cast(Along(image, rowAxis + 1, width, kernel, antialias, snaps), x.dtype);
    }

    static Tensor Centers(Tensor x, int axis, Dim size, DType dtype, out Tensor scale)
    {
        scale = Tf.Cast(Tf.DimOf(x, axis), dtype) / Tf.Cast(size.ToTensor(), dtype);
        return (Tf.Cast(Tf.Range(Tf.Int32Scalar(0), size.ToTensor(), Tf.Int32Scalar(1)), dtype) + 0.5) * scale;
    }

    static Tensor Nearest(Tensor x, int axis, Dim size)
    {
        var places = Tf.Cast(Tf.Floor(Centers(x, axis, size, DType.Float32, out _)), DType.Int32);
        return Tf.Gather(x, Tf.Minimum(places, Tf.DimOf(x, axis) - Tf.Int32Scalar(1)), axis);
    }

    static Tensor Along(Tensor x, int axis, Dim size, Kernel kernel, bool antialias, bool snaps)
    {
        if (size.Known is { } known && x.shape[axis] == known) return x;
        var centers = Centers(x, axis, size, x.dtype, out var scale) - 0.5;
        if (snaps) centers = Snapped(centers);
        var places = Tf.Cast(Tf.Range(Tf.Int32Scalar(0), Tf.DimOf(x, axis), Tf.Int32Scalar(1)), x.dtype);
        var distances = Tf.Abs(Tf.ExpandDims(centers, 1) - Tf.ExpandDims(places, 0));
        if (antialias) distances /= Tf.Maximum(scale, Tf.Constant(1, x.dtype));
        var weights = Tf.SelectV2(Tf.Less(distances, Tf.Constant(kernel.Radius, x.dtype)), kernel.At(distances), Tf.ZerosLike(distances));
        weights /= Tf.Sum(weights, [1], keep_dims: true);
        return Product(weights, x, axis);
    }

    /// <summary>Scales and shifts one axis, both by scalars, with zeros outside.</summary>
    public static Tensor Placed(Tensor x, int axis, Dim size, Tensor scale, Tensor translation, string method, bool antialias)
    {
        var (dtype, kernel) = (scale.dtype, Kernels[Synonyms[method]]);
        Tensor Numbers(Tensor count) => Tf.Cast(Tf.Range(Tf.Int32Scalar(0), count, Tf.Int32Scalar(1)), dtype);
        var inverse = 1 / scale;
        var centers = ((Numbers(size.ToTensor()) + 0.5) * inverse) - (translation * inverse) - 0.5;
        var distances = Tf.Abs(Tf.ExpandDims(centers, 1) - Tf.ExpandDims(Numbers(Tf.DimOf(x, axis)), 0));
        if (antialias) distances /= Tf.Maximum(inverse, Tf.Constant(1, dtype));
        var weights = Tf.SelectV2(Tf.Less(distances, Tf.Constant(kernel.Radius, dtype)), kernel.At(distances), Tf.ZerosLike(distances));
        var sums = Tf.Sum(weights, [1], keep_dims: true);
        var isInside = Tf.LogicalAnd(Tf.GreaterEqual(centers, Tf.Constant(-0.5, dtype)), Tf.LessEqual(centers, Tf.Cast(Tf.DimOf(x, axis), dtype) - 0.5));
        var counts = Tf.LogicalAnd(Tf.Greater(Tf.Abs(sums), Tf.Constant(1000 * Math.Pow(2, -23), dtype)), Tf.ExpandDims(isInside, 1));
        weights = Tf.SelectV2(counts, weights / Tf.SelectV2(counts, sums, Tf.OnesLike(sums)), Tf.ZerosLike(weights));
        return Product(Tf.Cast(weights, x.dtype), x, axis);
    }

    /// <summary>Multiplies an axis by a matrix (new, old).</summary>
    static Tensor Product(Tensor weights, Tensor x, int axis)
    {
        var product = Einsum.Contract(weights, x, [1], [axis]);
        return axis == 0 ? product : Tf.Transpose(product, [.. Enumerable.Range(1, axis), 0, .. Enumerable.Range(axis + 1, x.ndim - axis - 1)]);
    }

    /// <summary>Rounds positions to 1/1,024 pixel, the steps at which TensorFlow's bicubic kernel has weights.</summary>
    static Tensor Snapped(Tensor centers)
    {
        var below = Tf.Floor(centers);
        return below + (Tf.Round((centers - below) * 1024) / 1024);
    }

    static Tensor Cubic(Tensor d)
    {
        var near = (((d * 1.5) - 2.5) * d * d) + 1;
        var far = ((((d * -0.5) + 2.5) * d) - 4) * d + 2;
        return Tf.SelectV2(Tf.Less(d, Tf.Constant(1, d.dtype)), near, far);
    }

    static Tensor Lanczos(Tensor d, int radius)
    {
        var isCenter = Tf.Less(d, Tf.Constant(1e-3, d.dtype));
        var angle = Tf.SelectV2(isCenter, Tf.OnesLike(d), d) * Math.PI;
        return Tf.SelectV2(isCenter, Tf.OnesLike(d), Tf.Sin(angle) * Tf.Sin(angle / radius) * radius / Tf.Square(angle));
    }
}
