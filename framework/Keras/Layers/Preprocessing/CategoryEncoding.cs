using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Encodes integers as vectors: one-hot, multi-hot (which occur) or counts.</summary>
/// <remarks>Source: keras/src/layers/preprocessing/category_encoding.py. Numbers beyond num_tokens are not counted.</remarks>
public sealed class CategoryEncoding : Layer
{
    readonly int _numTokens;
    readonly string _outputMode;

    /// <summary>Encodes integers as vectors: one-hot, multi-hot (which occur) or counts.</summary>
    /// <param name="num_tokens">The number of categories.</param>
    /// <param name="output_mode">"multi_hot" (default), "one_hot" or "count".</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">The mode is another.</exception>
    public CategoryEncoding(int num_tokens, string output_mode = "multi_hot", string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        Known.OneOf(output_mode, nameof(output_mode), "multi_hot", "one_hot", "count");
        (_numTokens, _outputMode) = (ConfigForms.Positive(num_tokens, nameof(num_tokens)), output_mode);
        autocast = false;
        built = true;
    }

    internal int NumTokens => _numTokens;

    /// <inheritdoc/>
    protected internal override IReadOnlyList<string> CallParameters => ["inputs", "count_weights"];

    /// <summary>Encodes numbers, each counted by its weight if count_weights are given.</summary>
    /// <param name="inputs">Integers: (B) or (B, N); for one_hot any shape.</param>
    /// <param name="count_weights">The weight of each, in the shape of the inputs, for "count" only; default 1.</param>
    public Tensor Apply(Tensors inputs, Tensor? count_weights) => Apply(new CallArguments(inputs).With("count_weights", count_weights));

    /// <inheritdoc/>
    public override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var weights = args["count_weights"]?.Single;
        if (weights is not null && _outputMode != "count") throw new ArgumentException($"count_weights were given, but output_mode is not \"count\". Received: \"{_outputMode}\".", nameof(args));
        var ids = OpsApi.ClassIndices(args.Inputs);
        if (_outputMode == "one_hot" && ids.ndim > 1 && ids.shape[-1] == 1) ids = Tf.Squeeze(ids, ids.ndim - 1);
        var oneHot = Api.ops.one_hot(ids, _numTokens, dtype: compute_dtype);
        if (_outputMode == "one_hot") return oneHot;
        if (weights is not null) oneHot *= Tf.ExpandDims(Tf.Cast(weights, oneHot.dtype), -1);
        if (ids.ndim < 2) return oneHot;
        return _outputMode == "multi_hot" ? Api.ops.max(oneHot, oneHot.ndim - 2) : Api.ops.sum(oneHot, oneHot.ndim - 2);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["num_tokens"] = _numTokens, ["output_mode"] = _outputMode };
}
