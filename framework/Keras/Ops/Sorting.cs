using Keras.Graphs;

namespace Keras;

/// <summary>Sorts along the last axis, by top-k of values in reversed order.</summary>
static class Sorting
{
    /// <summary>The elements in ascending order and their original indices; a stable sort, with NaN last.</summary>
    public static (Tensor Values, Tensor Places) Ascending(Tensor x)
    {
        if (x.dtype == DType.Bool)
        {
            var (numbers, at) = Ascending(Tf.Cast(x, DType.Int32));
            return (Tf.Cast(numbers, DType.Bool), at);
        }
        // Negation reverses the order of floats; inverting the bits does for integers, without overflow at the lowest.
        var falling = x.dtype.IsInteger ? Tf.Invert(x) : -x;
        var (values, places) = Tf.TopK(falling, Tf.DimOf(x, -1));
        return (x.dtype.IsInteger ? Tf.Invert(values) : -values, places);
    }

    /// <summary>For each value, the number of elements in an ascending vector that are below it, or not above it: int32.</summary>
    public static Tensor CountBelow(Tensor sorted, Tensor values, bool orEqual)
    {
        var (rows, wanted) = (Tf.ExpandDims(sorted, 0), Tf.ExpandDims(values, 0));
        return Tf.Squeeze(orEqual ? Tf.UpperBound(rows, wanted, DType.Int32) : Tf.LowerBound(rows, wanted, DType.Int32), 0);
    }

    /// <summary>Quantiles along the last axis; those of a vector q form the first axis.</summary>
    public static Tensor Quantiles(Tensor x, Tensor q, string method, bool ignoresNan)
    {
        if (q.ndim > 1) throw new ShapeMismatchException("The shares have the wrong rank", "ops.quantile", "q of rank 0 or 1", q.shape.ToString());
        var isNan = Tf.IsNan(x);
        var sorted = Ascending(Tf.SelectV2(isNan, Tf.Constant(double.PositiveInfinity, x.dtype), x)).Values;
        var size = Tf.Cast(Tf.DimOf(x, -1), x.dtype);
        // The last position in every row, among the elements that count.
        var last = (ignoresNan ? size - Tf.Sum(Tf.Cast(isNan, x.dtype), [-1]) : size) - 1;
        var places = q.ndim == 0 ? last * q : Tf.ExpandDims(last, 0) * Tf.Reshape(q, new Shape([-1, .. Enumerable.Repeat(1L, last.ndim)]));
        var found = Between(sorted, places, method, hasRows: ignoresNan);
        var allNan = ignoresNan ? Tf.All(isNan, [-1]) : Tf.Any(isNan, [-1]);
        return Tf.SelectV2(allNan, Tf.Constant(double.NaN, x.dtype), found);
    }

    static Tensor Between(Tensor sorted, Tensor places, string method, bool hasRows)
    {
        Tensor At(Tensor place) => hasRows ? AtRows(sorted, place) : AtSame(sorted, place);
        switch (method)
        {
            case "lower": return At(Tf.Floor(places));
            case "higher": return At(Tf.Ceil(places));
            case "nearest": return At(Tf.Round(places));
            case "midpoint": return (At(Tf.Floor(places)) + At(Tf.Ceil(places))) * 0.5;
            case "linear":
                var below = Tf.Floor(places);
                var (low, high) = (At(below), At(Tf.Ceil(places)));
                var share = places - below;
                return low + ((high - low) * (hasRows ? share : Expand(share, low.ndim)));
            default: throw Known.NoneOf(method, nameof(method), "linear", "lower", "higher", "midpoint", "nearest");
        }
    }

    /// <summary>The elements at one or several positions, the same for all rows.</summary>
    static Tensor AtSame(Tensor sorted, Tensor places)
    {
        var last = sorted.ndim - 1;
        var found = Tf.Gather(sorted, Tf.Cast(places, DType.Int32), last);
        return places.ndim == 0 ? found : Tf.Transpose(found, [last, .. Enumerable.Range(0, last)]);
    }

    /// <summary>The elements at a separate position for each row; positions have the rows' shape, or that after an axis for quantiles.</summary>
    static Tensor AtRows(Tensor sorted, Tensor places)
    {
        var index = Tf.Maximum(Tf.Cast(places, DType.Int32), Tf.Int32Scalar(0));
        var batch = sorted.ndim - 1;
        if (places.ndim == batch) return Tf.Gather(sorted, index, batch, batch_dims: batch);
        var moved = Tf.Gather(sorted, Tf.Transpose(index, [.. Enumerable.Range(1, batch), 0]), batch, batch_dims: batch);
        return Tf.Transpose(moved, [batch, .. Enumerable.Range(0, batch)]);
    }

    static Tensor Expand(Tensor x, int rank)
    {
        while (x.ndim < rank) x = Tf.ExpandDims(x, -1);
        return x;
    }
}
