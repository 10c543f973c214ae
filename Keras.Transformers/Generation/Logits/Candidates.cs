using Keras.Graphs;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>The tokens that may come next: all, or only a few with the greatest scores.</summary>
/// <param name="Scores">(R, K), float32.</param>
/// <param name="Tokens">Their ids, int32 (R, K); null for the whole vocabulary in order.</param>
/// <param name="Vocabulary">The size of the vocabulary, V.</param>
/// <param name="IsSorted">Whether each row is in descending order.</param>
sealed record Candidates(Tensor Scores, Tensor? Tokens, Dim Vocabulary, bool IsSorted)
{
    /// <summary>All tokens of the vocabulary as candidates.</summary>
    public static Candidates All(Tensor scores) => new(scores, null, ops.shape(scores)[1], false);

    Dim Count => ops.shape(Scores)[1];

    /// <summary>The indices 0 to K - 1, int32 (1, K).</summary>
    Tensor Places => ops.expand_dims(ops.arange(Count, dtype: "int32"), 0);

    /// <summary>A number limited to K.</summary>
    Tensor AtMostAll(int count) => Count.Known is { } all ? Tf.Int32Scalar((int)Math.Min(all, count)) : ops.minimum(Count.ToTensor(), count);

    /// <summary>The logarithms of probabilities, (R, K).</summary>
    public Tensor LogProbabilities => ops.log_softmax(Scores);

    /// <summary>The score that this many candidates reach, (R, 1).</summary>
    public Tensor Greatest(int count)
    {
        if (count == 1) return ops.max(Scores, 1, keepdims: true);
        var sorted = IsSorted ? Scores : Tf.TopK(Scores, AtMostAll(count)).Values;
        return ops.take(sorted, ops.expand_dims(AtMostAll(count) - 1, 0), 1);
    }

    /// <summary>Keeps this many candidates, with the greatest scores first.</summary>
    public Candidates Narrow(int count)
    {
        if (IsSorted) return this;
        var (scores, places) = Tf.TopK(Scores, AtMostAll(count));
        return new(scores, Tokens is null ? places : ops.take_along_axis(Tokens, places, 1), Vocabulary, true);
    }

    /// <summary>Whether to sort the candidates: if they are few, or their number is only known at run time. Sorting a whole vocabulary would dominate a step apart from the model.</summary>
    public bool AreFew => Tokens is not null || !(Count.Known > 0);

    /// <summary>The scores in descending order, and the candidate of each, int32 (R, K).</summary>
    public (Tensor Scores, Tensor Places) Falling() => IsSorted ? (Scores, Places) : Tf.TopK(Scores, Count.ToTensor());

    /// <summary>A mask of the candidates after the first ones in descending order, with ties in index order. Bool (R, K).</summary>
    /// <param name="count">The number of first ones, int32 (R, 1), at least 1.</param>
    /// <param name="falling">What <see cref="Falling"/> gives.</param>
    public Tensor Behind(Tensor count, (Tensor Scores, Tensor Places) falling) => IsSorted ? Places >= count
        : Behind(ops.take_along_axis(falling.Scores, count - 1, 1), ops.take_along_axis(falling.Places, count - 1, 1));

    /// <summary>The same for a whole vocabulary and a known number of first ones, at least 1.</summary>
    public Tensor Behind(int count)
    {
        // For XLA, -0 is less than 0.
        var (scores, places) = Tf.TopK(ops.where(ops.equal(Scores, 0), 0, Scores), AtMostAll(count));
        return Behind(scores[.., ^1..], places[.., ^1..]);
    }

    /// <summary>A mask of the candidates after a score and index in descending order, with ties in index order.</summary>
    Tensor Behind(Tensor score, Tensor place) => ops.logical_or(Scores < score, ops.logical_and(ops.equal(Scores, score), Places > place));

    /// <summary>A mask of the least probable candidates whose probabilities sum to at most <paramref name="rest"/>, found without a sort. Bool (R, K).</summary>
    /// <param name="rest">The probability that they may have together, 0 to 1, ().</param>
    public Tensor Spared(Tensor rest)
    {
        var greatest = Greatest(1);
        var found = MassThreshold.Of(Scores, ops.exp(Scores - greatest), total => total * rest, (sums, target) => sums > target);
        var equal = found.IsAt;
        // Among equal ones the first stay, just as many as are needed to reach the mass.
        var last = RunningSums.Passed(ops.cast(equal, "float32"), many =>
        {
            var spared = ops.floor((found.Target - found.Below) / ops.exp(found.Value - greatest));
            return ops.maximum(ops.where(found.Target >= found.Total, 1, many - spared), 1) - 1;
        });
        return ops.where(equal, Places > last, found.Keys < found.At);
    }

    /// <summary>Scores of the whole vocabulary, -infinity for tokens that are not candidates, (R, V).</summary>
    public Tensor ToScores()
    {
        if (Tokens is null) return Scores;
        var rows = ops.shape(Scores)[0];
        var row = ops.broadcast_to(ops.expand_dims(ops.arange(rows, dtype: "int32"), 1), ops.shape(Tokens));
        return ops.scatter_update(ops.full([rows, Vocabulary], float.NegativeInfinity, "float32"), ops.reshape(ops.stack((Tensor[])[row, Tokens], 2), [-1, 2]), ops.reshape(Scores, [-1]));
    }
}

/// <summary>A logits processor that needs only the scores of the candidate tokens.</summary>
public abstract class CandidateLogitsProcessor : TensorLogitsProcessor
{
    private protected CandidateLogitsProcessor() { }

    internal abstract Candidates Apply(Candidates candidates, IReadOnlyList<Tensor> values);

    internal sealed override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values) => Apply(Candidates.All(scores), values).ToScores();
}

/// <summary>A logits processor that removes tokens from the candidates.</summary>
public abstract class TruncatingLogitsWarper : CandidateLogitsProcessor
{
    private protected TruncatingLogitsWarper(float filter_value, int min_tokens_to_keep, params IReadOnlyList<Tensor> options)
    {
        OptionRange.Ensure(GetType(), nameof(min_tokens_to_keep), min_tokens_to_keep, 1, int.MaxValue);
        (FilterValue, Kept, Values) = (filter_value, min_tokens_to_keep, [.. options, (Tensor)filter_value]);
    }

    private protected int Kept { get; }

    private protected float FilterValue { get; }

    /// <summary>Whether sorted candidates stay sorted when some are removed.</summary>
    private protected virtual bool KeepsOrder => float.IsNegativeInfinity(FilterValue);

    internal sealed override IReadOnlyList<Tensor> Values { get; }

    internal override string Structure => $"{base.Structure} {Kept} {KeepsOrder}";

    internal override Candidates Apply(Candidates candidates, IReadOnlyList<Tensor> values) => candidates with
    {
        Scores = ops.where(Removed(candidates, values), values[^1], candidates.Scores),
        IsSorted = candidates.IsSorted && KeepsOrder,
    };

    /// <summary>A mask of the candidates to remove, bool (R, K).</summary>
    private protected abstract Tensor Removed(Candidates candidates, IReadOnlyList<Tensor> values);

    /// <summary>Takes the best candidates, which always stay, out of a mask.</summary>
    private protected Tensor ButTheBest(Candidates candidates, Tensor mask) => ops.logical_and(mask, candidates.Scores < candidates.Greatest(Kept));
}
