using Keras.Graphs;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Keeps the most typical tokens: those whose information is nearest to the entropy, as few as have probabilities that sum to at least a mass.</summary>
/// <remarks>Source: Meister et al. 2022, "Locally Typical Sampling"; transformers/generation/logits_process.py.</remarks>
public sealed class TypicalLogitsWarper : TruncatingLogitsWarper
{
    /// <summary>Creates a processor that keeps the most typical tokens.</summary>
    /// <param name="mass">The mass, between 0 and 1; default 0.9.</param>
    /// <param name="filter_value">The score that removed tokens get; default -infinity.</param>
    /// <param name="min_tokens_to_keep">The minimum number of tokens to keep; default 1.</param>
    /// <exception cref="ValueRangeException">A number is out of its range.</exception>
    public TypicalLogitsWarper(double mass = 0.9, float filter_value = float.NegativeInfinity, int min_tokens_to_keep = 1) : base(filter_value, min_tokens_to_keep, (Tensor)(float)mass) =>
        OptionRange.Ensure(GetType(), nameof(mass), mass, 0, 1, above: true, below: true);

    /// <summary>False, since the most probable tokens may be removed.</summary>
    private protected override bool KeepsOrder => false;

    private protected override Tensor Removed(Candidates candidates, IReadOnlyList<Tensor> values)
    {
        var logarithms = candidates.LogProbabilities;
        var distance = ops.abs(logarithms + Entropy.Of(logarithms));
        if (!candidates.AreFew)
        {
            var found = MassThreshold.Of(distance, ops.exp(logarithms), _ => values[0], (sums, target) => sums >= target);
            var far = found.Keys > found.At;
            return Kept == 1 ? far : ops.logical_and(far, distance > -(candidates with { Scores = -distance }).Greatest(Kept));
        }
        var all = ops.shape(distance)[1].ToTensor();
        var (nearest, places) = Tf.TopK(-distance, all);
        var sum = ops.cumsum(ops.take_along_axis(ops.exp(logarithms), places, 1), 1);
        var last = ops.maximum(ops.sum(ops.cast(sum < values[0], "int32"), 1, keepdims: true), Kept - 1);
        return distance > -ops.take_along_axis(nearest, ops.minimum(last, all - 1), 1);
    }
}

/// <summary>Keeps tokens whose probability is at least epsilon.</summary>
/// <remarks>Source: Hewitt et al. 2022, "Truncation Sampling as Language Model Desmoothing"; transformers/generation/logits_process.py.</remarks>
public sealed class EpsilonLogitsWarper : TruncatingLogitsWarper
{
    /// <summary>Creates a processor with a least probability.</summary>
    /// <param name="epsilon">The probability, between 0 and 1.</param>
    /// <param name="filter_value">The score that removed tokens get; default -infinity.</param>
    /// <param name="min_tokens_to_keep">The minimum number of tokens to keep; default 1.</param>
    /// <exception cref="ValueRangeException">A number is out of its range.</exception>
    public EpsilonLogitsWarper(double epsilon, float filter_value = float.NegativeInfinity, int min_tokens_to_keep = 1) : base(filter_value, min_tokens_to_keep, (Tensor)(float)Math.Log(epsilon)) =>
        OptionRange.Ensure(GetType(), nameof(epsilon), epsilon, 0, 1, above: true, below: true);

    private protected override Tensor Removed(Candidates candidates, IReadOnlyList<Tensor> values) =>
        ButTheBest(candidates, candidates.Scores < ops.logsumexp(candidates.Scores, 1, keepdims: true) + values[0]);
}

/// <summary>Keeps tokens whose probability is at least epsilon, or less where the entropy is high: the lesser of epsilon and its square root times exp(-entropy).</summary>
/// <remarks>Source: Hewitt et al. 2022; transformers/generation/logits_process.py.</remarks>
public sealed class EtaLogitsWarper : TruncatingLogitsWarper
{
    /// <summary>Creates a processor with a least probability that depends on the entropy.</summary>
    /// <param name="epsilon">The probability, between 0 and 1.</param>
    /// <param name="filter_value">The score that removed tokens get; default -infinity.</param>
    /// <param name="min_tokens_to_keep">The minimum number of tokens to keep; default 1.</param>
    /// <exception cref="ValueRangeException">A number is out of its range.</exception>
    public EtaLogitsWarper(double epsilon, float filter_value = float.NegativeInfinity, int min_tokens_to_keep = 1) : base(filter_value, min_tokens_to_keep, (Tensor)(float)Math.Log(epsilon)) =>
        OptionRange.Ensure(GetType(), nameof(epsilon), epsilon, 0, 1, above: true, below: true);

    private protected override Tensor Removed(Candidates candidates, IReadOnlyList<Tensor> values)
    {
        var logarithms = candidates.LogProbabilities;
        return ButTheBest(candidates, logarithms < ops.minimum(values[0], (values[0] * 0.5) - Entropy.Of(logarithms)));
    }
}

/// <summary>The entropy of a distribution.</summary>
static class Entropy
{
    /// <summary>The entropy, (R, 1); removed tokens add nothing.</summary>
    /// <param name="logarithms">The logarithms of probabilities, (R, K).</param>
    public static Tensor Of(Tensor logarithms) => -ops.sum(ops.where(ops.isfinite(logarithms), ops.exp(logarithms) * logarithms, 0), 1, keepdims: true);
}
