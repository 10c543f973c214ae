using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Forces a token after the first one, such as the language of a translation.</summary>
/// <remarks>Source: transformers/generation/logits_process.py.</remarks>
public sealed class ForcedBOSTokenLogitsProcessor : TensorLogitsProcessor
{
    readonly int _token;

    /// <summary>Creates a processor that forces a token after the first one.</summary>
    /// <param name="bos_token_id">The token's id.</param>
    /// <exception cref="ValueRangeException">The id is negative.</exception>
    public ForcedBOSTokenLogitsProcessor(int bos_token_id)
    {
        _token = (int)OptionRange.Ensure(GetType(), nameof(bos_token_id), bos_token_id, 0, int.MaxValue);
        Values = [(Tensor)_token];
    }

    internal override IReadOnlyList<Tensor> Values { get; }

    internal override IEnumerable<int> NamedTokens => [_token];

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values) =>
        ops.where(ops.equal(history.Length, 1), TokenSums.Only(ops.equal(TokenSums.All(ops.shape(scores)[1]), values[0]), scores), scores);
}

/// <summary>Forces an end token when a text reaches its greatest length.</summary>
/// <remarks>Source: transformers/generation/logits_process.py.</remarks>
public sealed class ForcedEOSTokenLogitsProcessor : TensorLogitsProcessor
{
    readonly TokenIds _tokens;

    /// <summary>Creates a processor that forces an end token at a length.</summary>
    /// <param name="max_length">The maximum length, prompt included.</param>
    /// <param name="eos_token_id">The ids of which one must follow.</param>
    /// <exception cref="ValueRangeException">There is no id, or a negative one.</exception>
    public ForcedEOSTokenLogitsProcessor(int max_length, TokenIds eos_token_id) : this((Dim)max_length, eos_token_id) { }

    internal ForcedEOSTokenLogitsProcessor(Dim max_length, TokenIds eos_token_id)
    {
        OptionRange.EnsureIds(GetType(), nameof(eos_token_id), eos_token_id);
        (_tokens, Values) = (eos_token_id, [max_length - 1, TokenSums.Padded(eos_token_id)]);
    }

    internal override IReadOnlyList<Tensor> Values { get; }

    internal override IEnumerable<int> NamedTokens => _tokens;

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values) =>
        ops.where(ops.equal(history.Length, values[0]), TokenSums.Only(TokenSums.Members(values[1], ops.shape(scores)[1]), scores), scores);
}

/// <summary>Forces given tokens at given positions.</summary>
/// <remarks>Source: transformers/generation/tf_logits_process.py, TFForceTokensLogitsProcessor.</remarks>
public sealed class ForceTokensLogitsProcessor : TensorLogitsProcessor
{
    readonly int[] _tokens;

    /// <summary>Creates a processor that forces tokens at positions.</summary>
    /// <param name="force_token_map">Positions, counted from the start of the prompt, with the token for each; of duplicate positions the last one counts.</param>
    /// <exception cref="ValueRangeException">A number is negative.</exception>
    public ForceTokensLogitsProcessor(IEnumerable<(int Index, int Token)> force_token_map)
    {
        ArgumentNullException.ThrowIfNull(force_token_map);
        var map = force_token_map.GroupBy(m => m.Index).Select(g => g.Last()).ToArray();
        foreach (var (index, token) in map)
        {
            OptionRange.Ensure(GetType(), nameof(force_token_map), index, 0, int.MaxValue);
            OptionRange.Ensure(GetType(), nameof(force_token_map), token, 0, int.MaxValue);
        }
        _tokens = [.. map.Select(m => m.Token)];
        Values = [TokenSums.Padded([.. map.Select(m => m.Index)]), TokenSums.Padded(_tokens)];
    }

    internal override IReadOnlyList<Tensor> Values { get; }

    internal override IEnumerable<int> NamedTokens => _tokens;

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values)
    {
        var token = ops.max(ops.where(ops.equal(values[0], history.Length), values[1], -1));
        return ops.where(token >= 0, TokenSums.Only(ops.equal(TokenSums.All(ops.shape(scores)[1]), token), scores), scores);
    }
}
