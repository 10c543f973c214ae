using Keras.Graphs;

namespace Keras;

/// <summary>Order along the last axis, by the largest elements of a falling function.</summary>
static class Sorting
{
    /// <summary>The elements in ascending order and where they were; equal ones keep their order, NaN comes last.</summary>
    public static (Tensor Values, Tensor Places) Ascending(Tensor x)
    {
        if (x.dtype == DType.Bool)
        {
            var (numbers, at) = Ascending(Tf.Cast(x, DType.Int32));
            return (Tf.Cast(numbers, DType.Bool), at);
        }
        // Negation falls for reals; for whole numbers the inverted bits do, without an overflow at the lowest one.
        var falling = x.dtype.IsInteger ? Tf.Invert(x) : -x;
        var (values, places) = Tf.TopK(falling, Tf.DimOf(x, -1));
        return (x.dtype.IsInteger ? Tf.Invert(values) : -values, places);
    }

    /// <summary>For each of a vector of values the number of elements of an ascending vector below it, or not above it: int32.</summary>
    public static Tensor CountBelow(Tensor sorted, Tensor values, bool orEqual)
    {
        var (rows, wanted) = (Tf.ExpandDims(sorted, 0), Tf.ExpandDims(values, 0));
        return Tf.Squeeze(orEqual ? Tf.UpperBound(rows, wanted, DType.Int32) : Tf.LowerBound(rows, wanted, DType.Int32), 0);
    }

    /// <summary>Quantiles of the last axis: those of a vector q as the first axis.</summary>
    public static Tensor Quantiles(Tensor x, Tensor q, string method, bool ignoresNan)
    {
        if (q.ndim > 1) throw new ShapeMismatchException("The shares have the wrong rank", "ops.quantile", "q of rank 0 or 1", q.shape.ToString());
        var isNan = Tf.IsNan(x);
        var sorted = Ascending(Tf.SelectV2(isNan, Tf.Constant(double.PositiveInfinity, x.dtype), x)).Values;
        var size = Tf.Cast(Tf.DimOf(x, -1), x.dtype);
        // The last place: of the elements that count, in every row.
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

    /// <summary>One place, or a vector of places, for all rows alike.</summary>
    static Tensor AtSame(Tensor sorted, Tensor places)
    {
        var last = sorted.ndim - 1;
        var found = Tf.Gather(sorted, Tf.Cast(places, DType.Int32), last);
        return places.ndim == 0 ? found : Tf.Transpose(found, [last, .. Enumerable.Range(0, last)]);
    }

    /// <summary>A place of its own for each row; places have the rows' shape, or that behind an axis for the quantiles.</summary>
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
