using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Divides scores by a temperature: below 1 the most probable tokens gain, above 1 probabilities become more equal.</summary>
/// <remarks>Source: transformers/generation/logits_process.py.</remarks>
public sealed class TemperatureLogitsWarper : CandidateLogitsProcessor
{
    /// <summary>Creates a processor that divides by a temperature.</summary>
    /// <param name="temperature">The temperature, above 0.</param>
    /// <exception cref="ValueRangeException">The temperature is not above 0.</exception>
    public TemperatureLogitsWarper(double temperature) =>
        Values = [(Tensor)(float)OptionRange.Ensure(GetType(), nameof(temperature), temperature, 0, float.MaxValue, above: true)];

    internal override IReadOnlyList<Tensor> Values { get; }

    internal override Candidates Apply(Candidates candidates, IReadOnlyList<Tensor> values) => candidates with { Scores = candidates.Scores / values[0] };
}

/// <summary>Turns scores into log-probabilities.</summary>
/// <remarks>Source: transformers/generation/logits_process.py.</remarks>
public sealed class LogitNormalization : CandidateLogitsProcessor
{
    internal override IReadOnlyList<Tensor> Values => [];

    internal override Candidates Apply(Candidates candidates, IReadOnlyList<Tensor> values) => candidates with { Scores = candidates.LogProbabilities };
}

/// <summary>Replaces NaN by 0, and infinities by the greatest and least number of the dtype.</summary>
/// <remarks>Source: transformers/generation/logits_process.py.</remarks>
public sealed class InfNanRemoveLogitsProcessor : TensorLogitsProcessor
{
    internal override IReadOnlyList<Tensor> Values => [];

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values) =>
        ops.where(ops.isnan(scores), 0, ops.minimum(ops.maximum(scores, float.MinValue), float.MaxValue));
}

/// <summary>Keeps some tokens from ever occurring.</summary>
/// <remarks>Source: transformers/generation/logits_process.py.</remarks>
public sealed class SuppressTokensLogitsProcessor : TensorLogitsProcessor
{
    /// <summary>Creates a processor that suppresses tokens.</summary>
    /// <param name="suppress_tokens">Their ids; ids that the vocabulary does not have are ignored.</param>
    public SuppressTokensLogitsProcessor(IEnumerable<int> suppress_tokens) => Values = [TokenSums.Padded([.. suppress_tokens])];

    internal override IReadOnlyList<Tensor> Values { get; }

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values) =>
        ops.where(TokenSums.Members(values[0], ops.shape(scores)[1]), double.NegativeInfinity, scores);
}

/// <summary>Keeps some tokens from occurring first.</summary>
/// <remarks>Source: transformers/generation/logits_process.py.</remarks>
public sealed class SuppressTokensAtBeginLogitsProcessor : TensorLogitsProcessor
{
    /// <summary>Creates a processor that suppresses tokens where generation begins.</summary>
    /// <param name="begin_suppress_tokens">Their ids; ids that the vocabulary does not have are ignored.</param>
    /// <param name="begin_index">The length, prompt included, at which generation begins.</param>
    public SuppressTokensAtBeginLogitsProcessor(IEnumerable<int> begin_suppress_tokens, int begin_index) : this(begin_suppress_tokens, (Dim)begin_index) { }

    internal SuppressTokensAtBeginLogitsProcessor(IEnumerable<int> begin_suppress_tokens, Dim begin_index) => Values = [TokenSums.Padded([.. begin_suppress_tokens]), begin_index];

    internal override IReadOnlyList<Tensor> Values { get; }

    internal override Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values) =>
        ops.where(ops.logical_and(TokenSums.Members(values[0], ops.shape(scores)[1]), ops.equal(history.Length, values[1])), double.NegativeInfinity, scores);
}
