using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Keeps a text from ending before it reaches a length.</summary>
/// <remarks>Source: transformers/generation/logits_process.py.</remarks>
public sealed class MinLengthLogitsProcessor : TensorLogitsProcessor
{
    /// <summary>Creates a processor with a least length.</summary>
    /// <param name="min_length">The minimum length, prompt included.</param>
    /// <param name="eos_token_id">The ids that end a text.</param>
    /// <exception cref="ValueRangeException">A number is negative, or there is no id.</exception>
    public MinLengthLogitsProcessor(int min_length, TokenIds eos_token_id)
    {
        OptionRange.EnsureIds(GetType(), nameof(eos_token_id), eos_token_id);
        Values = [(Tensor)(int)OptionRange.Ensure(GetType(), nameof(min_length), min_length, 0, int.MaxValue), TokenSums.Padded(eos_token_id)];
    }

    internal override IReadOnlyList<Tensor> Values { get; }

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values) => WithoutEnd(history, scores, values);

    internal static Tensor WithoutEnd(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values) =>
        ops.where(ops.logical_and(TokenSums.Members(values[1], ops.shape(scores)[1]), history.Length < values[0]), double.NegativeInfinity, scores);
}

/// <summary>Keeps a text from ending before it has a number of new tokens.</summary>
/// <remarks>Source: transformers/generation/logits_process.py.</remarks>
public sealed class MinNewTokensLengthLogitsProcessor : TensorLogitsProcessor
{
    /// <summary>Creates a processor with a least number of new tokens.</summary>
    /// <param name="prompt_length_to_skip">The length of the prompt.</param>
    /// <param name="min_new_tokens">The minimum number of tokens after it.</param>
    /// <param name="eos_token_id">The ids that end a text.</param>
    /// <exception cref="ValueRangeException">A number is negative, or there is no id.</exception>
    public MinNewTokensLengthLogitsProcessor(int prompt_length_to_skip, int min_new_tokens, TokenIds eos_token_id) : this((Dim)prompt_length_to_skip, min_new_tokens, eos_token_id) { }

    internal MinNewTokensLengthLogitsProcessor(Dim prompt_length_to_skip, int min_new_tokens, TokenIds eos_token_id)
    {
        OptionRange.EnsureIds(GetType(), nameof(eos_token_id), eos_token_id);
        var least = OptionRange.Ensure(GetType(), nameof(min_new_tokens), min_new_tokens, 0, int.MaxValue);
        Values = [OptionRange.Length(GetType(), nameof(prompt_length_to_skip), prompt_length_to_skip, (long)least), TokenSums.Padded(eos_token_id)];
    }

    internal override IReadOnlyList<Tensor> Values { get; }

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values) => MinLengthLogitsProcessor.WithoutEnd(history, scores, values);
}

/// <summary>Makes the end more probable with each token beyond a length: the absolute value of its score is added (factor^n - 1) times.</summary>
/// <remarks>An end that is banned stays so. Source: transformers/generation/logits_process.py.</remarks>
public sealed class ExponentialDecayLengthPenalty : TensorLogitsProcessor
{
    /// <summary>Creates a processor that favours the end more and more.</summary>
    /// <param name="exponential_decay_length_penalty">The number of new tokens after which it begins, and the factor.</param>
    /// <param name="eos_token_id">The ids that end a text.</param>
    /// <param name="input_ids_seq_length">The length of the prompt.</param>
    /// <exception cref="ValueRangeException">A number is negative, or there is no id.</exception>
    public ExponentialDecayLengthPenalty((int StartIndex, double DecayFactor) exponential_decay_length_penalty, TokenIds eos_token_id, int input_ids_seq_length)
        : this(exponential_decay_length_penalty, eos_token_id, (Dim)input_ids_seq_length) { }

    internal ExponentialDecayLengthPenalty((int StartIndex, double DecayFactor) exponential_decay_length_penalty, TokenIds eos_token_id, Dim input_ids_seq_length)
    {
        OptionRange.EnsureIds(GetType(), nameof(eos_token_id), eos_token_id);
        var (start, factor) = exponential_decay_length_penalty;
        OptionRange.Ensure(GetType(), nameof(exponential_decay_length_penalty), start, 0, int.MaxValue);
        OptionRange.Ensure(GetType(), nameof(exponential_decay_length_penalty), factor, 0, float.MaxValue);
        Values = [OptionRange.Length(GetType(), nameof(input_ids_seq_length), input_ids_seq_length, start), (Tensor)(float)factor, TokenSums.Padded(eos_token_id)];
    }

    internal override IReadOnlyList<Tensor> Values { get; }

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values)
    {
        var behind = ops.maximum(history.Length - values[0], 0);
        var more = ops.power(values[1], ops.cast(behind, "float32")) - 1;
        var mask = ops.logical_and(TokenSums.Members(values[2], ops.shape(scores)[1]), ops.logical_and(behind > 0, ops.isfinite(scores)));
        return ops.where(mask, scores + (ops.abs(scores) * more), scores);
    }
}
