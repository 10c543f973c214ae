using Keras.Graphs;

namespace Keras.Losses;

/// <summary>Weights, masks and reductions of loss values, also used by metrics.</summary>
static class LossReduction
{
    public static Tensor Reduce(Tensor values, Tensor? sample_weight, Tensor? mask, string? reduction)
    {
        mask = CountedRows.Within(mask, values);
        var weight = ApplyMask(sample_weight, mask, values.dtype, reduction);
        if (weight is not null)
        {
            (values, weight) = LossMath.Weighted(values, Tf.Cast(weight, values.dtype));
            values *= weight;
        }
        if (reduction is null or "none" || values.shape is { HasRank: true, Rank: 0 } || values.shape.ElementCount == 0) return values;
        var sum = Tf.Sum(values);
        if (reduction == "sum") return sum;
        return Tf.DivNoNan(sum, reduction == "mean_with_sample_weight" && weight is not null ? Tf.Sum(weight) : Count(values));
    }

    /// <summary>Multiplies the mask into the sample weights, scaled so that a mean becomes the mean over the unmasked values.</summary>
    public static Tensor? ApplyMask(Tensor? sample_weight, Tensor? mask, DType dtype, string? reduction)
    {
        if (mask is null) return sample_weight;
        var weight = Tf.Cast(mask, dtype);
        if (reduction is "mean" or "sum_over_batch_size") weight *= Tf.DivNoNan(Count(weight), Tf.Sum(weight));
        if (sample_weight is null) return weight;
        (weight, sample_weight) = LossMath.Weighted(weight, Tf.Cast(sample_weight, dtype));
        return sample_weight * weight;
    }

    /// <summary>The number of elements, in the tensor's dtype.</summary>
    static Tensor Count(Tensor x) => x.shape.IsFullyKnown ? Tf.Constant(x.shape.ElementCount, x.dtype) : Tf.Cast(Tf.SizeOf(x), x.dtype);
}
