using static Keras.Api;

namespace Keras.Transformers;

/// <summary>A key-value cache that grows by concatenation, as long as there are tokens.</summary>
public sealed class GrowingCache : KeyValueCache
{
    readonly Tensor?[] _keys;
    readonly Tensor?[] _values;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="layers">The number of a model's attention layers.</param>
    public GrowingCache(int layers) : base(layers) => (_keys, _values) = (new Tensor?[layers], new Tensor?[layers]);

    /// <summary>Creates a cache from the keys and values that a model returned.</summary>
    /// <param name="past_key_values">For each layer (B, H, S, D) twice, with cross-attention four times.</param>
    /// <param name="layers">The number of the model's attention layers.</param>
    /// <exception cref="ShapeMismatchException">There are other numbers of layers or of tensors, or they are not of one length.</exception>
    public static GrowingCache Of(Tensors past_key_values, int layers)
    {
        ArgumentNullException.ThrowIfNull(past_key_values);
        if (past_key_values.IsLeaf || past_key_values.Count != layers || past_key_values.Any(p => p.IsLeaf || p.Count is not (2 or 4)))
            throw new ShapeMismatchException("Keys and values of the past do not fit the model", nameof(past_key_values), $"a list of 2 or 4 tensors for each of {layers} layers",
                past_key_values.IsLeaf ? "one tensor" : $"{past_key_values.Count} of {string.Join(", ", past_key_values.Select(p => p.Count).Distinct())}");
        var cache = new GrowingCache(layers);
        for (var layer = 0; layer < layers; layer++)
        {
            var past = past_key_values[layer];
            (cache._keys[layer], cache._values[layer]) = (past[0].Single, past[1].Single);
            if (past[0].ndim != 4 || past[1].ndim != 4)
                throw new ShapeMismatchException("Keys and values of the past do not fit the model", $"{nameof(past_key_values)}[{layer}]", "(B, H, S, D)", $"{past[0].shape} and {past[1].shape}");
            if (past.Count == 4) cache.KeepOfEncoder(layer, past[2].Single, past[3].Single);
        }
        cache._length = ops.shape(cache._keys[0]!)[2];
        return cache;
    }

    Dim _length = 0;

    /// <inheritdoc/>
    public override Dim Length => _length;

    /// <inheritdoc/>
    public override (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        if (_keys[layer] is { } earlierKeys && _values[layer] is { } earlierValues) (keys, values) = (ops.concatenate([earlierKeys, keys], 2), ops.concatenate([earlierValues, values], 2));
        (_keys[layer], _values[layer]) = (keys, values);
        // For the cache, the call ends when the last layer has appended.
        if (layer == Layers - 1) _length = ops.shape(keys)[2];
        return (keys, values);
    }

    /// <inheritdoc/>
    public override Tensor Visible(Dim added) => AttentionMasks.Causal(added, _length);

    /// <inheritdoc/>
    public override Tensor Widen(Tensor mask) => mask;

    private protected override void Change(Func<Tensor, Tensor> change)
    {
        for (var layer = 0; layer < Layers; layer++)
            (_keys[layer], _values[layer]) = (_keys[layer] is { } keys ? change(keys) : null, _values[layer] is { } values ? change(values) : null);
    }

    private protected override (Tensor Keys, Tensor Values) Read(int layer) => (_keys[layer] ?? throw Empty(layer), _values[layer] ?? throw Empty(layer));

    static InvalidOperationException Empty(int layer) => new($"The cache holds no keys of layer {layer} yet. Call the model with it first.");
}
