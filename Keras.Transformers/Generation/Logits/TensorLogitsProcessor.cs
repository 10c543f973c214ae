using static Keras.Api;

namespace Keras.Transformers;

/// <summary>A logits processor made only of tensor operations, which becomes part of the compiled step.</summary>
/// <remarks>Its option values are inputs of that step, so that other values need no new trace; what does change the trace is its <see cref="Structure"/>.</remarks>
public abstract class TensorLogitsProcessor : LogitsProcessor
{
    private protected TensorLogitsProcessor() { }

    /// <summary>All that a trace depends on besides shapes: options that are not tensors.</summary>
    internal virtual string Structure => GetType().Name;

    /// <summary>The option values, as tensors.</summary>
    internal abstract IReadOnlyList<Tensor> Values { get; }

    /// <summary>The tokens named by options, which the vocabulary must contain.</summary>
    internal virtual IEnumerable<int> NamedTokens => [];

    /// <summary>The changed scores.</summary>
    /// <param name="history">The tokens so far.</param>
    /// <param name="scores">(R, V), float32.</param>
    /// <param name="values">The option values: <see cref="Values"/>, or the inputs of a traced step in their place.</param>
    internal abstract Tensor Apply(TokenHistory history, Tensor scores, IReadOnlyList<Tensor> values);

    /// <inheritdoc/>
    /// <exception cref="ValueRangeException">An option names a token that the vocabulary does not have.</exception>
    public sealed override Tensor Apply(Tensor input_ids, Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(input_ids);
        ArgumentNullException.ThrowIfNull(scores);
        if (ops.shape(scores)[1].Known is { } vocabulary) EnsureFits((int)vocabulary);
        return Apply(new TokenHistory(ops.cast(input_ids, "int32"), ops.cast(ops.shape(input_ids)[1], "int32")), scores, Values);
    }

    /// <summary>Checks that a vocabulary contains all tokens named by options.</summary>
    /// <exception cref="ValueRangeException">An option names a token that it does not contain.</exception>
    internal void EnsureFits(int vocabulary)
    {
        var strange = NamedTokens.Where(t => t >= vocabulary).Distinct().Take(8).ToArray();
        if (strange.Length > 0)
            throw new ValueRangeException("An option names tokens that the vocabulary does not have", GetType().Name, $"ids from 0 to {vocabulary - 1}", string.Join(", ", strange), "Encode the words with the model's own tokenizer.");
    }
}

/// <summary>The tokens so far, in a buffer of a fixed size, so that a step is traced once.</summary>
/// <param name="Ids">(R, L), int32; only the first <paramref name="Length"/> columns have a meaning.</param>
/// <param name="Length">The number of filled columns, (), int32.</param>
readonly record struct TokenHistory(Tensor Ids, Tensor Length)
{
    /// <summary>The indices of the columns, int32 (L).</summary>
    public Tensor Columns => ops.arange(0, ops.shape(Ids)[1], dtype: "int32");

    /// <summary>Which columns are filled, bool (1, L).</summary>
    public Tensor Filled => ops.expand_dims(Columns, 0) < Length;

    /// <summary>The ids at computed columns, int32 (R, N); arbitrary for columns out of range.</summary>
    /// <param name="columns">int32 (N).</param>
    public Tensor At(Tensor columns) => ops.take(Ids, ops.minimum(ops.maximum(columns, 0), (ops.shape(Ids)[1] - 1).ToTensor()), 1);
}
