using Keras.Graphs;

namespace Keras;

/// <content>Sorting, quantiles, running sums, counting.</content>
public sealed partial class OpsApi
{
    /// <summary>Sorts the elements of an axis in ascending order.</summary>
    public Tensor sort(TensorLike x, int axis = -1)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, axis);
        var tensor = x.Tensor;
        return AlongLast(tensor, axis, t => Sorting.Ascending(t).Values, "ops.sort");
    }

    /// <summary>The indices that sort an axis in ascending order, stably: int32.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="axis">The axis, default the last; null for the flattened tensor.</param>
    public Tensor argsort(TensorLike x, int? axis = -1)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, axis);
        var tensor = x.Tensor;
        if (axis is null || tensor.ndim == 0) (tensor, axis) = (Tf.Reshape(tensor, Tf.Int32(-1)), -1);
        return AlongLast(tensor, axis.Value, t => Sorting.Ascending(t).Places, "ops.argsort");
    }

    /// <summary>The indices of an axis' elements such that the kth is where it would be if sorted, smaller ones before, larger ones after: int32.</summary>
    /// <remarks>Fully sorted, which is one of the allowed orders.</remarks>
    public Tensor argpartition(TensorLike x, int kth, int axis = -1)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, kth, axis);
        var size = x.Tensor.shape[Axes.Normalize(axis, x.Rank, "ops.argpartition")];
        if (size >= 0 && (kth < -size || kth >= size)) throw new ValueRangeException("The place does not exist", "ops.argpartition", $"kth from {-size} to {size - 1}", $"{kth}");
        return argsort(x, axis);
    }

    /// <summary>The k largest elements of the last axis, the largest first, and their indices (int32); ties by first index.</summary>
    /// <param name="x">Numbers (..., N).</param>
    /// <param name="k">The number of elements to return.</param>
    /// <param name="sorted">Whether the order matters; default true.</param>
    public (Tensor Values, Tensor Indices) top_k(TensorLike x, int k, bool sorted = true) =>
        Kept(x) is { } kept ? kept.Run<(Tensor Values, Tensor Indices)>(x, k, sorted)
        : Tf.TopK(x.Tensor, Tf.Int32Scalar(Require.Count(0, k)), sorted);

    /// <summary>Whether each target is among the k highest predictions of its row; ties at the border count as in.</summary>
    /// <param name="targets">Class indices, int (B).</param>
    /// <param name="predictions">Scores, float (B, C).</param>
    /// <param name="k">The number of elements to return.</param>
    public Tensor in_top_k(TensorLike targets, TensorLike predictions, int k)
    {
        if (Kept(targets, predictions) is { } kept) return kept.Run<Tensor>(targets, predictions, k);
        var scores = Float(predictions);
        var wanted = ClassIndices(targets.Tensor);
        var classes = Tf.DimOf(scores, -1);
        var isValid = Tf.LogicalAnd(Tf.GreaterEqual(wanted, Tf.Int32Scalar(0)), Tf.Less(wanted, classes));
        var own = Tf.Gather(scores, Tf.SelectV2(isValid, wanted, Tf.ZerosLike(wanted)), 1, batch_dims: 1);
        var higher = Tf.Sum(Tf.Cast(Tf.Greater(scores, Tf.ExpandDims(own, -1)), DType.Int32), [-1]);
        return Tf.LogicalAnd(Tf.LogicalAnd(isValid, Tf.IsFinite(own)), Tf.Less(higher, Tf.Int32Scalar(Require.Count(1, k))));
    }

    /// <summary>The middle element over axes, or the mean of the two middle ones, floating; NaN if one is NaN.</summary>
    public Tensor median(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? Quantile(Float(x), Like(Float(x), 0.5), axis, "midpoint", keepdims);

    /// <summary>As <see cref="median"/> without NaN.</summary>
    public Tensor nanmedian(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? Quantile(Float(x), Like(Float(x), 0.5), axis, "midpoint", keepdims, ignoresNan: true);

    /// <summary>The quantiles over axes, floating: the elements below which the given shares of all lie.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="q">One share in [0, 1], or a vector of them: then the result has a first axis for them.</param>
    /// <param name="axis">The axes; default all.</param>
    /// <param name="method">Between two elements: "linear", "lower", "higher", "midpoint" or "nearest".</param>
    /// <param name="keepdims">Whether reduced axes stay as 1; default false.</param>
    public Tensor quantile(TensorLike x, TensorLike q, Axes? axis = null, string method = "linear", bool keepdims = false)
    {
        if (Kept(x, q) is { } kept) return kept.Run<Tensor>(x, q, axis, method, keepdims);
        var tensor = Float(x);
        return Quantile(tensor, q.As(tensor.dtype), axis, method, keepdims);
    }

    /// <summary>As <see cref="quantile"/>, of shares in percent.</summary>
    public Tensor percentile(TensorLike x, TensorLike q, Axes? axis = null, string method = "linear", bool keepdims = false)
    {
        if (Kept(x, q) is { } kept) return kept.Run<Tensor>(x, q, axis, method, keepdims);
        var tensor = Float(x);
        return Quantile(tensor, q.As(tensor.dtype) / 100, axis, method, keepdims);
    }

    /// <summary>As <see cref="quantile"/> without NaN.</summary>
    public Tensor nanquantile(TensorLike x, TensorLike q, Axes? axis = null, string method = "linear", bool keepdims = false)
    {
        if (Kept(x, q) is { } kept) return kept.Run<Tensor>(x, q, axis, method, keepdims);
        var tensor = Float(x);
        return Quantile(tensor, q.As(tensor.dtype), axis, method, keepdims, ignoresNan: true);
    }

    static Tensor Quantile(Tensor x, Tensor q, Axes? axis, string method, bool keepdims, bool ignoresNan = false)
    {
        var axes = Axes.Of(axis, x.ndim, "ops.quantile");
        int[] kept = [.. Enumerable.Range(0, x.ndim).Except(axes)];
        var dims = Dims.Of(x);
        Dims outer = [.. kept.Select(k => dims[k])];
        var rows = Tf.Reshape(Tf.Transpose(x, [.. kept, .. axes]), outer.Concat(-1).ToTensor());
        var found = Sorting.Quantiles(rows, q, method, ignoresNan);
        if (!keepdims) return found;
        Dims full = [.. dims.Select((d, i) => axes.Contains(i) ? 1 : d)];
        return Tf.Reshape(found, (q.ndim == 0 ? full : Dims.Of(q).Concat(full)).ToTensor());
    }

    /// <summary>Applies a function of the last axis along another one.</summary>
    static Tensor AlongLast(Tensor x, int axis, Func<Tensor, Tensor> compute, string where)
    {
        var at = Axes.Normalize(axis, x.ndim, where);
        if (at == x.ndim - 1) return compute(x);
        int[] swap = [.. Enumerable.Range(0, x.ndim)];
        (swap[at], swap[^1]) = (swap[^1], at);
        return Tf.Transpose(compute(Tf.Transpose(x, swap)), swap);
    }

    /// <summary>The running sum along an axis, or of the flattened tensor.</summary>
    public Tensor cumsum(TensorLike x, int? axis = null, DType? dtype = null) =>
        Kept(x)?.Run<Tensor>(x, axis, dtype)
        ?? Running(x, axis, dtype, (t, a) => Tf.Cumsum(t, a));

    /// <summary>The running product along an axis, or of the flattened tensor.</summary>
    public Tensor cumprod(TensorLike x, int? axis = null, DType? dtype = null) =>
        Kept(x)?.Run<Tensor>(x, axis, dtype)
        ?? Running(x, axis, dtype, (t, a) => Tf.Cumprod(t, a));

    static Tensor Running(TensorLike x, int? axis, DType? dtype, Func<Tensor, int, Tensor> compute)
    {
        var tensor = dtype is null ? NumberOf(x) : x.As(dtype);
        return axis is { } given ? compute(tensor, Axes.Normalize(given, tensor.ndim, "ops.cumsum")) : compute(Tf.Reshape(tensor, Tf.Int32(-1)), 0);
    }

    /// <summary>The differences of neighbours along an axis, n times over.</summary>
    public Tensor diff(TensorLike a, int n = 1, int axis = -1)
    {
        if (Kept(a) is { } kept) return kept.Run<Tensor>(a, n, axis);
        var tensor = NumberOf(a);
        var at = Axes.Normalize(axis, tensor.ndim, "ops.diff");
        for (var i = 0; i < Require.Count(0, n); i++) tensor = Slices.From(tensor, at, 1) - Slices.Until(tensor, at, -1);
        return tensor;
    }

    /// <summary>The integral of samples by trapezoids along an axis, floating.</summary>
    /// <param name="y">Samples.</param>
    /// <param name="x">Their positions, broadcast against y; default equally spaced.</param>
    /// <param name="dx">The spacing if <paramref name="x"/> is not given; default 1.</param>
    /// <param name="axis">The axis; default the last.</param>
    public Tensor trapezoid(TensorLike y, TensorLike? x = null, double dx = 1, int axis = -1)
    {
        if (Kept(y, x) is { } kept) return kept.Run<Tensor>(y, x, dx, axis);
        var samples = Float(y);
        return AlongLastReduced(samples, axis, rows =>
        {
            var pairs = Slices.From(rows, rows.ndim - 1, 1) + Slices.Until(rows, rows.ndim - 1, -1);
            if (x is not { } places) return Tf.Sum(pairs, [-1]) * (Require.Finite(dx) / 2);
            var place = places.As(samples.dtype);
            if (place.ndim > 1) place = moveaxis(place, axis, -1);
            return Tf.Sum(pairs * (Slices.From(place, place.ndim - 1, 1) - Slices.Until(place, place.ndim - 1, -1)), [-1]) * 0.5;
        });
    }

    Tensor AlongLastReduced(Tensor x, int axis, Func<Tensor, Tensor> compute) =>
        compute(Axes.Normalize(axis, x.ndim, "ops.trapezoid") == x.ndim - 1 ? x : moveaxis(x, axis, -1));

    /// <summary>Counts how often each integer from 0 occurs, or sums the weights of its occurrences.</summary>
    /// <param name="x">Integers of at least 0: (N) or (B, N).</param>
    /// <param name="weights">A weight for each, of x's shape; default 1.</param>
    /// <param name="minlength">The smallest number of counts; default 0.</param>
    /// <param name="sparse">Keras' sparse result is not supported: must be false.</param>
    /// <returns>Counts (M) or (B, M), int32 or the weights' dtype; M is the largest number plus 1, or <paramref name="minlength"/>.</returns>
    /// <exception cref="UnsupportedException"><paramref name="sparse"/> is true.</exception>
    public Tensor bincount(TensorLike x, TensorLike? weights = null, int minlength = 0, bool sparse = false)
    {
        if (Kept(x, weights) is { } kept) return kept.Run<Tensor>(x, weights, minlength, sparse);
        if (sparse) throw new UnsupportedException("Sparse results are not supported", "ops.bincount", "sparse: false", "sparse: true");
        var tensor = Tf.Cast(x.Tensor, DType.Int32);
        var values = weights is { } w ? w.Tensor : Tf.OnesLike(tensor);
        var count = Tf.Maximum(Tf.Int32Scalar(Require.Count(0, minlength)), Tf.SelectV2(Tf.Equal(Tf.SizeOf(tensor), Tf.Int32Scalar(0)), Tf.Int32Scalar(0), Tf.Max(tensor, [.. Enumerable.Range(0, tensor.ndim)]) + Tf.Int32Scalar(1)));
        if (tensor.ndim == 1) return Tf.UnsortedSegmentSum(values, tensor, count);
        var rows = Tf.DimOf(tensor, 0);
        var offsets = Tf.ExpandDims(Tf.Range(Tf.Int32Scalar(0), rows, Tf.Int32Scalar(1)) * count, 1);
        return Tf.Reshape(Tf.UnsortedSegmentSum(values, tensor + offsets, rows * count), Tf.Stack([rows, count], 0));
    }

    /// <summary>Counts the elements in each of several intervals of equal width.</summary>
    /// <param name="x">Numbers of any shape.</param>
    /// <param name="bins">The number of intervals; default 10.</param>
    /// <param name="range">The lowest and highest border; default the smallest and largest element. What is outside is not counted.</param>
    /// <returns>Counts (bins) and borders (bins + 1), of x's dtype or <c>floatx</c>.</returns>
    /// <exception cref="ValueRangeException">bins is below 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A border is not finite, or the higher one comes first.</exception>
    public (Tensor Counts, Tensor Edges) histogram(TensorLike x, int bins = 10, (double Low, double High)? range = null)
    {
        if (Kept(x) is { } kept) return kept.Run<(Tensor Counts, Tensor Edges)>(x, bins, range);
        if (bins < 1) throw new ValueRangeException("A histogram was given no intervals", "ops.histogram", "bins of at least 1", $"{bins}");
        if (range is { } borders && !(double.IsFinite(borders.Low) && double.IsFinite(borders.High) && borders.Low <= borders.High))
            throw new ArgumentOutOfRangeException(nameof(range), range, "The range is not valid. Expected: two finite numbers, the lower one first.");
        var tensor = Tf.Reshape(Float(x), Tf.Int32(-1));
        var (low, high) = range is { } given ? (Like(tensor, given.Low), Like(tensor, given.High)) : (Tf.Min(tensor, [0]), Tf.Max(tensor, [0]));
        var edges = linspace(low, high, bins + 1, dtype: tensor.dtype);
        var places = Sorting.CountBelow(edges, tensor, orEqual: true) - Tf.Int32Scalar(1);
        places = Tf.SelectV2(Tf.Equal(tensor, high), Tf.Int32Scalar(bins - 1), places);
        var isOutside = Tf.LogicalOr(Tf.Less(tensor, low), Tf.Greater(tensor, high));
        return (Tf.UnsortedSegmentSum(Tf.OnesLike(tensor), Tf.SelectV2(isOutside, Tf.Int32Scalar(-1), places), Tf.Int32Scalar(bins)), edges);
    }

    /// <summary>The interval that each element falls into: the number of borders that are not above it, int32.</summary>
    public Tensor digitize(TensorLike x, TensorLike bins)
    {
        if (Kept(x, bins) is { } kept) return kept.Run<Tensor>(x, bins);
        var (borders, values) = Promote(bins, x);
        return Tf.Reshape(Sorting.CountBelow(borders, Tf.Reshape(values, Tf.Int32(-1)), orEqual: true), Tf.ShapeOf(values));
    }

    /// <summary>The index at which each value would be inserted into a sorted vector: int32.</summary>
    /// <param name="sorted_sequence">Ascending numbers (N).</param>
    /// <param name="values">Numbers of any shape.</param>
    /// <param name="side">"left" for before equal elements, "right" for after them; default "left".</param>
    public Tensor searchsorted(TensorLike sorted_sequence, TensorLike values, string side = "left")
    {
        if (Kept(sorted_sequence, values) is { } kept) return kept.Run<Tensor>(sorted_sequence, values, side);
        Known.OneOf(side, nameof(side), "left", "right");
        var (sequence, wanted) = Promote(sorted_sequence, values);
        if (sequence.ndim != 1) throw new ShapeMismatchException("The sorted_sequence is not a vector", "ops.searchsorted", "sorted_sequence of rank 1", sequence.shape.ToString());
        var flat = Tf.Reshape(wanted, Tf.Int32(-1));
        return Tf.Reshape(Sorting.CountBelow(sequence, flat, orEqual: side == "right"), Tf.ShapeOf(wanted));
    }

    /// <summary>The distinct elements in ascending order; their number is only known at run time, so not under XLA.</summary>
    /// <param name="x">Numbers of any shape; flattened.</param>
    /// <returns>The elements (M).</returns>
    public Tensor unique(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? sort(Tf.Unique(Tf.Reshape(x.Tensor, Tf.Int32(-1)), DType.Int32).Values);

    /// <summary>Whether each element of x1 is among x2.</summary>
    /// <param name="x1">Numbers of any shape.</param>
    /// <param name="x2">Numbers of any shape.</param>
    /// <param name="assume_unique">Keras' hint that neither has an element twice; the result is the same.</param>
    /// <param name="invert">Whether to turn the answer round; default false.</param>
    public Tensor isin(TensorLike x1, TensorLike x2, bool assume_unique = false, bool invert = false)
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2, assume_unique, invert);
        var (elements, among) = Promote(x1, x2);
        var found = Tf.Any(Tf.Equal(Tf.ExpandDims(elements, -1), Tf.Reshape(among, Tf.Int32(-1))), [-1]);
        return invert ? Tf.LogicalNot(found) : found;
    }

    /// <summary>The cross-correlation of two vectors: the sums of products of one with the other moved along it.</summary>
    /// <param name="x1">A vector (M).</param>
    /// <param name="x2">A vector (N).</param>
    /// <param name="mode">"valid" (default) where the shorter is entirely within the longer, "same" for the centre with the longer's size, "full" wherever they overlap.</param>
    public Tensor correlate(TensorLike x1, TensorLike x2, string mode = "valid")
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2, mode);
        var (a, b) = Promote(x1, x2);
        if (a.ndim != 1 || b.ndim != 1 || a.shape[0] < 1 || b.shape[0] < 1) throw new ShapeMismatchException("The tensors to correlate are not vectors of known length", "ops.correlate", "rank 1, at least one element", $"{a.shape} and {b.shape}");
        var (m, n) = ((int)a.shape[0], (int)b.shape[0]);
        var full = matmul(extract_sequences(pad(a, n - 1), n, 1), b);
        var (longer, shorter) = (Math.Max(m, n), Math.Min(m, n));
        var start = (shorter - 1) / 2;
        return mode switch
        {
            "full" => full,
            "valid" => Slices.Of(full, 0, shorter - 1, longer),
            "same" => n > m ? Slices.Of(full, 0, shorter / 2, (shorter / 2) + longer) : Slices.Of(full, 0, start, start + longer),
            _ => throw Known.NoneOf(mode, nameof(mode), "valid", "same", "full"),
        };
    }

    /// <summary>The correlation of each row with each other: floating (N, N).</summary>
    public Tensor corrcoef(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var rows = Float(x);
        if (rows.ndim == 1) rows = Tf.ExpandDims(rows, 0);
        var centered = rows - Tf.Mean(rows, [-1], keep_dims: true);
        var covariance = Tf.MatMul(centered, centered, transpose_b: true);
        var scale = Tf.Sqrt(Tf.Sum(Tf.Square(centered), [-1], keep_dims: true));
        var correlation = covariance / scale / Tf.Reshape(scale, Tf.Int32(1, -1));
        return x.Rank == 1 ? Tf.Reshape(correlation, Shape.Scalar) : clip(correlation, -1, 1);
    }
}
