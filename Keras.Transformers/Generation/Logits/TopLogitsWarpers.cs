using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Keeps the k most probable tokens, and those with the same score as the last of them.</summary>
/// <remarks>If the vocabulary is far larger than k, equal scores are kept only as far as they fit into the next power of two. Source: Fan et al. 2018;
/// transformers/generation/logits_process.py.</remarks>
public sealed class TopKLogitsWarper : TruncatingLogitsWarper
{
    /// <summary>The minimum number of candidates to keep, which leaves room for ties; narrowing to fewer gains nothing.</summary>
    const int LeastRoom = 64;

    readonly int _room;

    /// <summary>Creates a processor that keeps the k most probable tokens.</summary>
    /// <param name="top_k">The number k of tokens, at least 1; from the vocabulary's size on, all.</param>
    /// <param name="filter_value">The score that removed tokens get; default -infinity.</param>
    /// <param name="min_tokens_to_keep">The minimum number of tokens to keep; default 1.</param>
    /// <exception cref="ValueRangeException">A number is not positive.</exception>
    public TopKLogitsWarper(int top_k, float filter_value = float.NegativeInfinity, int min_tokens_to_keep = 1) : base(filter_value, min_tokens_to_keep, (Tensor)Math.Max(top_k, min_tokens_to_keep))
    {
        OptionRange.Ensure(GetType(), nameof(top_k), top_k, 1, int.MaxValue);
        _room = TokenSums.Room((int)Math.Clamp(Math.Max(top_k, min_tokens_to_keep) + 1L, LeastRoom, 1 << 30));
    }

    // The minimum number to keep is part of the value.
    internal override string Structure => $"{GetType().Name} {_room} {KeepsOrder}";

    internal override Candidates Apply(Candidates candidates, IReadOnlyList<Tensor> values) => base.Apply(IsNarrow(candidates) ? candidates.Narrow(_room) : candidates, values);

    /// <summary>Whether other candidates can be dropped, because their scores are not needed.</summary>
    bool IsNarrow(Candidates candidates) => float.IsNegativeInfinity(FilterValue) && !(ops.shape(candidates.Scores)[1].Known <= _room);

    private protected override Tensor Removed(Candidates candidates, IReadOnlyList<Tensor> values)
    {
        var sorted = candidates.Narrow(_room).Scores;
        var last = ops.minimum(values[0], ops.shape(sorted)[1].ToTensor()) - 1;
        return candidates.Scores < ops.take(sorted, ops.expand_dims(last, 0), 1);
    }
}

/// <summary>Keeps the most probable tokens, as few as have probabilities that sum to at least p (nucleus sampling).</summary>
/// <remarks>Source: Holtzman et al. 2019; transformers/generation/logits_process.py.</remarks>
public sealed class TopPLogitsWarper : TruncatingLogitsWarper
{
    /// <summary>Creates a processor that keeps tokens up to a sum of probabilities.</summary>
    /// <param name="top_p">p, 0 to 1; 0 keeps the best token only, 1 keeps all.</param>
    /// <param name="filter_value">The score that removed tokens get; default -infinity.</param>
    /// <param name="min_tokens_to_keep">The minimum number of tokens to keep; default 1.</param>
    /// <exception cref="ValueRangeException">A number is out of its range.</exception>
    public TopPLogitsWarper(double top_p, float filter_value = float.NegativeInfinity, int min_tokens_to_keep = 1) : base(filter_value, min_tokens_to_keep, (Tensor)(float)(1 - top_p)) =>
        OptionRange.Ensure(GetType(), nameof(top_p), top_p, 0, 1);

    private protected override Tensor Removed(Candidates candidates, IReadOnlyList<Tensor> values)
    {
        if (!candidates.AreFew)
        {
            var spared = candidates.Spared(values[0]);
            return Kept == 1 ? spared : ops.logical_and(spared, candidates.Behind(Kept));
        }
        var falling = candidates.Falling();
        // The total probability of a token and all less probable ones.
        var rest = Graphs.Tf.Cumsum(ops.softmax(falling.Scores), 1, reverse: true);
        var count = ops.sum(ops.cast(rest > values[0], "int32"), 1, keepdims: true);
        return candidates.Behind(ops.minimum(ops.maximum(count, Kept), ops.shape(falling.Scores)[1].ToTensor()), falling);
    }
}

/// <summary>Keeps tokens whose probability is at least a given fraction of the greatest one.</summary>
/// <remarks>Source: Nguyen et al. 2024; transformers/generation/logits_process.py.</remarks>
public sealed class MinPLogitsWarper : TruncatingLogitsWarper
{
    /// <summary>Creates a processor with a minimum fraction of the greatest probability.</summary>
    /// <param name="min_p">The fraction, 0 to 1.</param>
    /// <param name="filter_value">The score that removed tokens get; default -infinity.</param>
    /// <param name="min_tokens_to_keep">The minimum number of tokens to keep; default 1.</param>
    /// <exception cref="ValueRangeException">A number is out of its range.</exception>
    public MinPLogitsWarper(double min_p, float filter_value = float.NegativeInfinity, int min_tokens_to_keep = 1) : base(filter_value, min_tokens_to_keep, (Tensor)(float)Math.Log(min_p)) =>
        OptionRange.Ensure(GetType(), nameof(min_p), min_p, 0, 1);

    private protected override Tensor Removed(Candidates candidates, IReadOnlyList<Tensor> values) => ButTheBest(candidates, candidates.Scores < candidates.Greatest(1) + values[0]);
}
