using static Keras.Api;

namespace Keras.Transformers;

/// <summary>The cache of a loop inside a graph: keys and values are variables of the loop, with space for every token that may come. It serves one step.</summary>
/// <remarks>Each layer's keys, and its values, are one tensor, (B · H · S, D), of which a step replaces rows, in place if nothing else holds the tensor.</remarks>
sealed class LoopCache : KeyValueCache
{
    readonly Tensor[] _held;
    readonly CacheForm _form;
    readonly Dim _batch;
    readonly Dim _places;
    readonly Tensor _rows;

    /// <summary>Creates the cache of one step from what the loop carries.</summary>
    /// <param name="form">The dimensions of keys and values.</param>
    /// <param name="held">The keys of each layer, then the values.</param>
    /// <param name="batch">The number of rows, B.</param>
    /// <param name="places">The number of positions in each row, S.</param>
    /// <param name="length">The number of filled positions.</param>
    public LoopCache(CacheForm form, IEnumerable<Tensor> held, Dim batch, Dim places, Dim length) : base(form.Layers)
    {
        (_form, _held, _batch, _places, Length) = (form, [.. held], batch, places, length);
        _rows = ops.expand_dims((ops.arange(0, batch * form.Heads, dtype: "int32") * places.ToTensor()) + length.ToTensor(), 1);
    }

    /// <summary>The initial loop variables: the prompt's keys and values, and free positions.</summary>
    /// <param name="prompt">The keys and values of the prompt.</param>
    /// <param name="repeats">The number of rows that continue each text.</param>
    /// <param name="free">The number of free positions.</param>
    public static IEnumerable<Tensor> Begin(GrowingCache prompt, int repeats, Dim free)
    {
        var layers = prompt.ToTensors();
        return layers.Select(l => l[0].Single).Concat(layers.Select(l => l[1].Single)).Select(x =>
        {
            var (batch, heads, size) = (ops.shape(x)[0], ops.shape(x)[1], ops.shape(x)[3]);
            var all = ops.concatenate([x, ops.zeros([batch, heads, free, size], x.dtype)], 2);
            return ops.reshape(repeats == 1 ? all : ops.repeat(all, repeats, 0), [-1, size]);
        });
    }

    /// <summary>The tensors that the loop carries on.</summary>
    public IReadOnlyList<Tensor> Held => _held;

    public override Dim Length { get; }

    public override (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values) => (Write(layer, keys), Write(Layers + layer, values));

    Tensor Write(int place, Tensor added)
    {
        _held[place] = Graphs.Tf.TensorScatterUpdate(_held[place], _rows, ops.reshape(added, [-1, _form.Size]));
        return Whole(place);
    }

    Tensor Whole(int place) => ops.reshape(_held[place], [_batch, _form.Heads, _places, _form.Size]);

    public override Tensor Visible(Dim added) => AttentionMasks.Causal(added, Length, _places);

    public override Tensor Widen(Tensor mask) => mask;

    private protected override void Change(Func<Tensor, Tensor> change)
    {
        for (var i = 0; i < _held.Length; i++) _held[i] = ops.reshape(change(Whole(i)), [-1, _form.Size]);
    }

    private protected override (Tensor Keys, Tensor Values) Read(int layer) => (Whole(layer), Whole(Layers + layer));
}
