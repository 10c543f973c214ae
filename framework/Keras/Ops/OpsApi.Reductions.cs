using Keras.Backend;
using Keras.Graphs;

namespace Keras;

/// <content>Sums, means, extremes and truth over axes. <c>axis</c> is one axis, several, or null for all; <c>keepdims</c> leaves reduced axes as 1.</content>
public sealed partial class OpsApi
{
    /// <summary>A reduction op of the engine.</summary>
    delegate Tensor Reduction(Tensor x, ReadOnlySpan<int> axes, bool keep_dims);

    static Tensor Reduce(Tensor x, Axes? axis, bool keepdims, Reduction reduction, string where) => reduction(x, Axes.Of(axis, x.ndim, where), keepdims);

    /// <summary>Casts small integers to 32 bits for sums.</summary>
    static Tensor Summable(TensorLike x)
    {
        var dtype = x.DType;
        return x.As(dtype == DType.Bool || dtype == DType.Int8 || dtype == DType.Int16 ? DType.Int32
            : dtype == DType.UInt8 || dtype == DType.UInt16 ? DType.UInt32 : dtype);
    }

    /// <summary>Computes in at least float32, and casts results of half precision back.</summary>
    static Tensor Precise(TensorLike x, Func<Tensor, Tensor> compute)
    {
        var dtype = DTypePromotion.Floating(x.Type);
        return Tf.Cast(compute(x.As(dtype.Size < 4 ? DType.Float32 : dtype)), dtype);
    }

    /// <summary>The sum over axes; bool and small integers in int32 or uint32.</summary>
    public Tensor sum(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? Reduce(Summable(x), axis, keepdims, Tf.Sum, "ops.sum");

    /// <summary>The product over axes; bool and small integers in int32 or uint32.</summary>
    public Tensor prod(TensorLike x, Axes? axis = null, bool keepdims = false, DType? dtype = null) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims, dtype)
        ?? (Reduce(dtype is null ? Summable(x) : x.As(dtype), axis, keepdims, Tf.Prod, "ops.prod"));

    /// <summary>The mean over axes, floating; NaN if empty.</summary>
    public Tensor mean(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? Precise(x, t => Reduce(t, axis, keepdims, Tf.Mean, "ops.mean"));

    /// <summary>The mean of squared distances from the mean, over axes, floating.</summary>
    public Tensor var(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? Precise(x, t => Variance(t, axis, keepdims, out _));

    /// <summary>The square root of <see cref="var"/>.</summary>
    public Tensor std(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? Precise(x, t => Tf.Sqrt(Variance(t, axis, keepdims, out _)));

    static Tensor Variance(Tensor x, Axes? axis, bool keepdims, out Tensor mean)
    {
        var axes = Axes.Of(axis, x.ndim, "ops.var");
        mean = Tf.Mean(x, axes, keep_dims: true);
        return Tf.Mean(Tf.Square(x - mean), axes, keepdims);
    }

    /// <summary>Mean and variance over axes, floating.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="axes">The axes to reduce.</param>
    /// <param name="keepdims">Whether reduced axes stay as 1; default false.</param>
    /// <param name="synchronized">Whether to share over replicas: there is one, so it must be false.</param>
    /// <exception cref="UnsupportedException"><paramref name="synchronized"/> is true.</exception>
    public (Tensor Mean, Tensor Variance) moments(TensorLike x, Axes axes, bool keepdims = false, bool synchronized = false)
    {
        if (Kept(x) is { } kept) return kept.Run<(Tensor Mean, Tensor Variance)>(x, axes, keepdims, synchronized);
        if (synchronized) throw new UnsupportedException("Moments over several replicas are not supported", "ops.moments", "synchronized: false", "synchronized: true");
        var dtype = DTypePromotion.Floating(x.Type);
        var tensor = x.As(dtype.Size < 4 ? DType.Float32 : dtype);
        var variance = Variance(tensor, axes, keepdims, out var mean);
        if (!keepdims) mean = Tf.Squeeze(mean, Axes.Of(axes, tensor.ndim, "ops.moments"));
        if (dtype.Size < 4)
        {
            var (low, high) = Limits.Of(dtype);
            (mean, variance) = (clip(mean, low, high), clip(variance, low, high));
        }
        return (Tf.Cast(mean, dtype), Tf.Cast(variance, dtype));
    }

    /// <summary>The largest element over axes; for bools, whether any is true.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="axis">The axes; default all.</param>
    /// <param name="keepdims">Whether reduced axes stay as 1; default false.</param>
    /// <param name="initial">A lower limit of the result, and the result of no elements; default none.</param>
    public Tensor max(TensorLike x, Axes? axis = null, bool keepdims = false, double? initial = null) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims, initial)
        ?? Extreme(x, axis, keepdims, initial, Tf.Max, Tf.Any, Tf.Maximum, "ops.max");

    /// <summary>The smallest element over axes; for bools, whether all are true.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="axis">The axes; default all.</param>
    /// <param name="keepdims">Whether reduced axes stay as 1; default false.</param>
    /// <param name="initial">An upper limit of the result, and the result of no elements; default none.</param>
    public Tensor min(TensorLike x, Axes? axis = null, bool keepdims = false, double? initial = null) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims, initial)
        ?? Extreme(x, axis, keepdims, initial, Tf.Min, Tf.All, Tf.Minimum, "ops.min");

    /// <summary>As <see cref="max"/>.</summary>
    public Tensor amax(TensorLike x, Axes? axis = null, bool keepdims = false) => max(x, axis, keepdims);

    /// <summary>As <see cref="min"/>.</summary>
    public Tensor amin(TensorLike x, Axes? axis = null, bool keepdims = false) => min(x, axis, keepdims);

    static Tensor Extreme(TensorLike x, Axes? axis, bool keepdims, double? initial, Reduction numbers, Reduction truths, Func<Tensor, Tensor, Tensor> choose, string where)
    {
        var tensor = x.Tensor;
        var axes = Axes.Of(axis, tensor.ndim, where);
        if (tensor.dtype == DType.Bool) return truths(tensor, axes, keepdims);
        if (initial is null && Array.Exists(axes, a => tensor.shape[a] == 0))
            throw new ShapeMismatchException("An empty tensor has no largest or smallest element", where, "a non-empty tensor, or an argument 'initial'", tensor.shape.ToString());
        var found = numbers(tensor, axes, keepdims);
        return initial is { } limit ? choose(found, Like(found, limit)) : found;
    }

    /// <summary>The largest minus the smallest element over axes.</summary>
    public Tensor ptp(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? max(x, axis, keepdims) - min(x, axis, keepdims);

    /// <summary>Whether any element over axes is true; numbers count as true if they are not 0.</summary>
    public Tensor any(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? Reduce(Bool(x), axis, keepdims, Tf.Any, "ops.any");

    /// <summary>Whether all elements over axes are true; numbers count as true if they are not 0.</summary>
    public Tensor all(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? Reduce(Bool(x), axis, keepdims, Tf.All, "ops.all");

    /// <summary>The number of elements over axes that are not 0: int32.</summary>
    public Tensor count_nonzero(TensorLike x, Axes? axis = null) =>
        Kept(x)?.Run<Tensor>(x, axis)
        ?? Reduce(Tf.Cast(Bool(x), DType.Int32), axis, false, Tf.Sum, "ops.count_nonzero");

    /// <summary>The index of the largest element of an axis, int32; for ties the first. NaN is skipped, as TensorFlow does; under XLA it is found.</summary>
    public Tensor argmax(TensorLike x, int? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? ArgExtreme(x, axis, keepdims, Tf.ArgMax, "ops.argmax");

    /// <summary>The index of the smallest element of an axis, int32; for ties the first. NaN is skipped, as TensorFlow does; under XLA it is found.</summary>
    public Tensor argmin(TensorLike x, int? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? ArgExtreme(x, axis, keepdims, Tf.ArgMin, "ops.argmin");

    static Tensor ArgExtreme(TensorLike x, int? axis, bool keepdims, Func<Tensor, int, DType, Tensor> find, string where)
    {
        var tensor = NumberOf(x);
        if (tensor.ndim == 0) return Tf.Int32Scalar(0);
        if (axis is not { } given)
        {
            var place = find(Tf.Reshape(tensor, Tf.Int32(-1)), 0, DType.Int32);
            return keepdims ? Tf.Reshape(place, new Shape([.. Enumerable.Repeat(1L, tensor.ndim)])) : place;
        }
        var at = Axes.Normalize(given, tensor.ndim, where);
        var found = find(tensor, at, DType.Int32);
        return keepdims ? Tf.ExpandDims(found, at) : found;
    }

    /// <summary>log(sum(exp(x))) over axes, without overflow on the way.</summary>
    public Tensor logsumexp(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims) ?? Precise(x, t => LogSumExp(t, axis, keepdims));

    static Tensor LogSumExp(Tensor tensor, Axes? axis, bool keepdims)
    {
        var axes = Axes.Of(axis, tensor.ndim, "ops.logsumexp");
        var highest = Tf.Max(tensor, axes, keep_dims: true);
        highest = Tf.StopGradient(Tf.SelectV2(Tf.IsFinite(highest), highest, Tf.ZerosLike(highest)));
        var sum = Tf.Log(Tf.Sum(Tf.Exp(tensor - highest), axes, keep_dims: true)) + highest;
        return keepdims || axes.Length == 0 ? sum : Tf.Squeeze(sum, axes);
    }

    /// <summary>The mean over axes, or the mean weighted, floating.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="axis">The axes; default all.</param>
    /// <param name="weights">A weight for each element, of x's shape, or a vector along the one axis; default all equal.</param>
    public Tensor average(TensorLike x, Axes? axis = null, TensorLike? weights = null)
    {
        if (Kept(x, weights) is { } kept) return kept.Run<Tensor>(x, axis, weights);
        if (weights is not { } given) return mean(x, axis);
        var dtype = DTypePromotion.Floating(x.Type, given.Type);
        var (tensor, weight) = (Tf.Wide(x.As(dtype)), Tf.Wide(given.As(dtype)));
        var axes = Axes.Of(axis, tensor.ndim, "ops.average");
        if (weight.ndim == 1 && tensor.ndim > 1)
        {
            if (axes.Length != 1) throw new ShapeMismatchException("A vector of weights does not go with these axes", "ops.average", "one axis", $"{axes.Length}");
            weight = Tf.Reshape(weight, new Shape([.. Enumerable.Range(0, tensor.ndim).Select(i => i == axes[0] ? -1L : 1)]));
        }
        weight = Tf.BroadcastTo(weight, Tf.ShapeOf(tensor));
        return Tf.Cast(Tf.Sum(tensor * weight, axes) / Tf.Sum(weight, axes), dtype);
    }

    /// <summary>As <see cref="sum"/>; NaN counts as 0.</summary>
    public Tensor nansum(TensorLike x, Axes? axis = null, bool keepdims = false) => Kept(x)?.Run<Tensor>(x, axis, keepdims) ?? sum(WithoutNan(x, 0), axis, keepdims);

    /// <summary>As <see cref="prod"/>; NaN counts as 1.</summary>
    public Tensor nanprod(TensorLike x, Axes? axis = null, bool keepdims = false) => Kept(x)?.Run<Tensor>(x, axis, keepdims) ?? prod(WithoutNan(x, 1), axis, keepdims);

    /// <summary>As <see cref="max"/> without NaN; NaN if there is nothing else.</summary>
    public Tensor nanmax(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? NanExtreme(x, axis, keepdims, double.NegativeInfinity, Tf.Max);

    /// <summary>As <see cref="min"/> without NaN; NaN if there is nothing else.</summary>
    public Tensor nanmin(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? NanExtreme(x, axis, keepdims, double.PositiveInfinity, Tf.Min);

    /// <summary>As <see cref="mean"/> without NaN.</summary>
    public Tensor nanmean(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? Precise(x, t => NanMean(t, axis, keepdims));

    /// <summary>As <see cref="var"/> without NaN.</summary>
    public Tensor nanvar(TensorLike x, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? Precise(x, t => NanMean(Tf.Square(t - NanMean(t, axis, true)), axis, keepdims));

    /// <summary>The square root of <see cref="nanvar"/>.</summary>
    public Tensor nanstd(TensorLike x, Axes? axis = null, bool keepdims = false) => Kept(x)?.Run<Tensor>(x, axis, keepdims) ?? Precise(x, t => Tf.Sqrt(nanvar(t, axis, keepdims)));

    /// <summary>As <see cref="argmax"/> without NaN; -1 if there is nothing else.</summary>
    public Tensor nanargmax(TensorLike x, int? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? NanArg(x, axis, keepdims, double.NegativeInfinity, argmax);

    /// <summary>As <see cref="argmin"/> without NaN; -1 if there is nothing else.</summary>
    public Tensor nanargmin(TensorLike x, int? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, axis, keepdims)
        ?? NanArg(x, axis, keepdims, double.PositiveInfinity, argmin);

    static Tensor WithoutNan(TensorLike x, double instead)
    {
        var tensor = x.Tensor;
        return tensor.dtype.IsFloating ? Tf.SelectV2(Tf.IsNan(tensor), Like(tensor, instead), tensor) : tensor;
    }

    static Tensor NanExtreme(TensorLike x, Axes? axis, bool keepdims, double instead, Reduction extreme)
    {
        var tensor = x.Tensor;
        var axes = Axes.Of(axis, tensor.ndim, "ops.nanmax");
        if (!tensor.dtype.IsFloating) return extreme(tensor, axes, keepdims);
        var onlyNan = Tf.All(Tf.IsNan(tensor), axes, keepdims);
        return Tf.SelectV2(onlyNan, Like(tensor, double.NaN), extreme(WithoutNan(tensor, instead), axes, keepdims));
    }

    static Tensor NanMean(Tensor x, Axes? axis, bool keepdims)
    {
        var axes = Axes.Of(axis, x.ndim, "ops.nanmean");
        var count = Tf.Sum(Tf.Cast(Tf.LogicalNot(Tf.IsNan(x)), x.dtype), axes, keepdims);
        return Tf.Sum(WithoutNan(x, 0), axes, keepdims) / count;
    }

    Tensor NanArg(TensorLike x, int? axis, bool keepdims, double instead, Func<TensorLike, int?, bool, Tensor> find)
    {
        var tensor = x.Tensor;
        if (!tensor.dtype.IsFloating) return find(tensor, axis, keepdims);
        var onlyNan = all(Tf.IsNan(tensor), axis is { } a ? a : null, keepdims);
        return Tf.SelectV2(onlyNan, Tf.Int32Scalar(-1), find(WithoutNan(tensor, instead), axis, keepdims));
    }
}
