using Keras.Graphs;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>A key-value cache with a fixed number of positions, updated in place: shapes stay the same from step to step, so a step is compiled only once.</summary>
/// <remarks>The keys of a layer, and its values, are one resource each, (B · H · S, D), written by rows: in place on both engines and under XLA, at a cost that does
/// not depend on the number of positions. A traced step takes the resources as arguments.</remarks>
public sealed class FixedSizeCache : KeyValueCache
{
    readonly Tensor[] _resources;
    readonly Variable[] _owned;
    readonly int _batch;
    readonly int _heads;
    readonly int _size;
    readonly DType _dtype;
    Dim _length;
    Tensor? _rows;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="layers">The number of a model's attention layers.</param>
    /// <param name="batch">Samples, B.</param>
    /// <param name="heads">Heads of keys and values, H.</param>
    /// <param name="places">The maximum number of tokens, S.</param>
    /// <param name="size">The size of a head, D.</param>
    /// <param name="dtype">The dtype of keys and values; default float32.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public FixedSizeCache(int layers, int batch, int heads, int places, int size, DType? dtype = null) : base(layers)
    {
        foreach (var (count, name) in new[] { (batch, nameof(batch)), (heads, nameof(heads)), (places, nameof(places)), (size, nameof(size)) }) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, name);
        (_batch, _heads, Places, _size, _dtype, _length) = (batch, heads, places, size, dtype ?? DType.Float32, 0);
        _owned = [.. Enumerable.Range(0, 2 * layers).Select(_ => Variable.OfZeros(new Shape((long)batch * heads * places, size), _dtype, "cache"))];
        _resources = [.. _owned.Select(v => (Tensor)v.Handle)];
    }

    FixedSizeCache(FixedSizeCache of, IReadOnlyList<Tensor> resources, Dim length) : base(of.Layers) =>
        (_batch, _heads, Places, _size, _dtype, _length, _resources, _owned) = (of._batch, of._heads, of.Places, of._size, of._dtype, length, [.. resources], []);

    /// <summary>The maximum number of tokens, S.</summary>
    public int Places { get; }

    /// <inheritdoc/>
    public override Dim Length => _length;

    /// <summary>The keys' resources, then the values', for a traced step to take.</summary>
    internal IReadOnlyList<Tensor> Resources => _resources;

    /// <summary>A cache of the same form without memory, into which a traced step puts its arguments.</summary>
    internal FixedSizeCache Form => Over([], 0);

    /// <summary>The same cache inside a traced step, on the step's arguments instead of the resources.</summary>
    internal FixedSizeCache Over(IReadOnlyList<Tensor> resources, Dim length) => new(this, resources, length);

    /// <summary>The same cache for the call on a prompt, whose tokens only see one another; each row is written this many times.</summary>
    internal KeyValueCache OverPrompt(IReadOnlyList<Tensor> resources, int repeats) => new PromptCache(Over(resources, 0), repeats);

    /// <summary>Writes the content of another cache, starting at the first position.</summary>
    /// <param name="past">Keys and values of each layer, (B, H, S, D), where B is this cache's divided by <paramref name="repeats"/>.</param>
    /// <param name="repeats">How many times each row is written.</param>
    internal void Load(GrowingCache past, int repeats)
    {
        SetLength(0);
        foreach (var (layer, pair) in past.ToTensors().Index()) Append(layer, ops.repeat(pair[0].Single, repeats, 0), ops.repeat(pair[1].Single, repeats, 0));
    }

    /// <summary>Drops all tokens from a position on, or counts tokens written by a compiled step as stored.</summary>
    /// <param name="length">The number of tokens in the cache, 0 to <see cref="Places"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cache has fewer positions.</exception>
    public void SetLength(int length)
    {
        if (length < 0 || length > Places) throw new ArgumentOutOfRangeException(nameof(length), length, $"Expected: 0 to {Places}.");
        _length = length;
    }

    /// <inheritdoc/>
    /// <exception cref="ValueRangeException">There are fewer free positions than new tokens. Inside a traced step, where the length is an argument, the caller must ensure this.</exception>
    public override (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        var added = ops.shape(keys)[2];
        if (layer == 0)
        {
            if ((_length + added).Known is { } needed && needed > Places)
                throw new ValueRangeException("The cache is full", nameof(FixedSizeCache), $"at most {Places} tokens", $"{needed}", "Make it with more places.");
            _rows = RowsOf(added);
        }
        var result = (Write(layer, keys), Write(Layers + layer, values));
        if (layer == Layers - 1) _length += added;
        return result;
    }

    /// <summary>The rows of a resource that the new tokens get, (B · H · T, 1).</summary>
    Tensor RowsOf(Dim added)
    {
        var blocks = ops.expand_dims(ops.arange(0, _batch * _heads, dtype: "int32") * Places, 1);
        return ops.reshape(blocks + ops.expand_dims(AttentionMasks.PlacesAfter(_length, added), 0), [-1, 1]);
    }

    Tensor Write(int resource, Tensor added)
    {
        Tf.ResourceScatterNdUpdate(_resources[resource], _rows!, ops.cast(ops.reshape(added, [-1, _size]), _dtype));
        return Whole(resource);
    }

    Tensor Whole(int resource) => ops.reshape(Tf.ReadVariable(_resources[resource], _dtype), [_batch, _heads, Places, _size]);

    /// <inheritdoc/>
    public override Tensor Visible(Dim added) => AttentionMasks.Causal(added, _length, Places);

    /// <inheritdoc/>
    public override Tensor Widen(Tensor mask)
    {
        var (rows, columns) = (ops.shape(mask)[0], ops.shape(mask)[1]);
        return columns.Known == Places ? mask : ops.concatenate([mask, ops.zeros([rows, Places - columns], mask.dtype)], 1);
    }

    private protected override void Change(Func<Tensor, Tensor> change)
    {
        for (var i = 0; i < _resources.Length; i++) Tf.AssignVariable(_resources[i], ops.reshape(change(Whole(i)), [-1, _size]));
    }

    private protected override (Tensor Keys, Tensor Values) Read(int layer)
    {
        Tensor Held(int resource) => ops.slice(Whole(resource), [0, 0, 0, 0], [_batch, _heads, _length, _size]);
        return (Held(layer), Held(Layers + layer));
    }
}
