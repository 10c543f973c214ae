using Keras.Graphs;
using Keras.Losses;

namespace Keras.Metrics;

/// <summary>A weighted mean over batches: a total and a count.</summary>
sealed class RunningMean(Variable total, Variable count)
{
    public void Update(Tensor values, Tensor? sample_weight)
    {
        (values, sample_weight) = SamplewiseValues.Of(values, sample_weight, total.dtype, Tf.Mean);
        total.Gather(RunningSum.Exact(values));
        count.Gather(sample_weight is not null ? RunningSum.Exact(sample_weight) : values.ndim >= 1 ? Tf.DimOf(values, 0) : Tf.Int32Scalar(1));
    }

    public Tensor Result() => Tf.Cast(Tf.DivNoNan(total.Whole(DType.Float64), count.Whole(DType.Float64)), total.dtype);
}

/// <summary>Reduces values to one for each sample, and weights them.</summary>
static class SamplewiseValues
{
    public delegate Tensor ReduceAxes(Tensor x, ReadOnlySpan<int> axes, bool keep_dims = false);

    public static (Tensor Values, Tensor? Weight) Of(Tensor values, Tensor? weight, DType dtype, ReduceAxes reduce)
    {
        var mask = values.KerasMask;
        values = Tf.Cast(values, dtype);
        if (weight is not null)
        {
            weight = LossReduction.ApplyMask(Tf.Cast(weight, dtype), mask, dtype, "sum")!;
            (values, weight) = LossMath.SameRank(values, weight);
            if (values.ndim > weight.ndim) values = reduce(values, Axes(weight.ndim, values.ndim));
            weight = Tf.BroadcastTo(weight, Tf.ShapeOf(values));
            values *= weight;
            if (weight.ndim > 1) weight = reduce(weight, Axes(1, weight.ndim));
        }
        if (values.ndim > 1) values = reduce(values, Axes(1, values.ndim));
        return (values, weight);
    }

    static int[] Axes(int from, int to) => [.. Enumerable.Range(from, to - from)];
}
