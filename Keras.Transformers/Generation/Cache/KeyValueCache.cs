using static Keras.Api;

namespace Keras.Transformers;

/// <summary>The keys and values of earlier tokens, which a decoder's attention layers read and append to. Models know no other cache class.</summary>
/// <remarks>A layer's keys and values are (B, H, S, D), as in Hugging Face's past_key_values.</remarks>
public abstract class KeyValueCache
{
    readonly Dictionary<int, (Tensor Keys, Tensor Values)> _encoder = [];

    /// <summary>The keys and values of earlier tokens, which a decoder's attention layers read and append to.</summary>
    /// <param name="layers">The number of a model's attention layers.</param>
    private protected KeyValueCache(int layers) => Layers = layers;

    /// <summary>The number of a model's attention layers.</summary>
    public int Layers { get; }

    /// <summary>The number of tokens in the cache before the current call.</summary>
    public abstract Dim Length { get; }

    /// <summary>Appends a layer's new keys and values to those it holds.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="keys">(B, H, T, D).</param>
    /// <param name="values">(B, H, T, D).</param>
    /// <returns>The keys and values to attend to, (B, H, S, D) each: earlier tokens, the new ones, and possibly free positions.</returns>
    public abstract (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values);

    /// <summary>A mask of the positions that each new token may attend to: its own and earlier ones.</summary>
    /// <param name="added">The number of new tokens, T.</param>
    /// <returns>bool, (T, S); S as <see cref="Append"/> returns it.</returns>
    public abstract Tensor Visible(Dim added);

    /// <summary>Widens a mask of all tokens so far to the width of what <see cref="Append"/> returns.</summary>
    /// <param name="mask">1 for tokens, 0 for padding, (B, past + T).</param>
    public abstract Tensor Widen(Tensor mask);

    /// <summary>Makes each row continue another one, as beam search needs it: row i becomes a copy of row <paramref name="rows"/>[i].</summary>
    /// <param name="rows">int32, (B).</param>
    public void Reorder(Tensor rows)
    {
        Tensor Chosen(Tensor x) => ops.take(x, rows, 0);
        foreach (var (layer, (keys, values)) in _encoder.ToArray()) _encoder[layer] = (Chosen(keys), Chosen(values));
        Change(Chosen);
    }

    /// <summary>Replaces every layer's keys and values.</summary>
    private protected abstract void Change(Func<Tensor, Tensor> change);

    /// <summary>The keys and values of an encoder's states, computed once per layer since they are the same in every step.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="compute">Computes both, (B, H, S, D).</param>
    public (Tensor Keys, Tensor Values) OfEncoder(int layer, Func<(Tensor Keys, Tensor Values)> compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        if (!_encoder.TryGetValue(layer, out var known)) _encoder[layer] = known = compute();
        return known;
    }

    /// <summary>The computed keys and values of an encoder's states, by layer.</summary>
    internal IReadOnlyList<(Tensor Keys, Tensor Values)> EncoderPairs => [.. _encoder.OrderBy(l => l.Key).Select(l => l.Value)];

    /// <summary>Stores a layer's keys and values of an encoder's states.</summary>
    internal void KeepOfEncoder(int layer, Tensor keys, Tensor values) => _encoder[layer] = (keys, values);

    /// <summary>Drops the keys and values of the encoder's states, as the next texts have others.</summary>
    internal void ForgetEncoder() => _encoder.Clear();

    /// <summary>A layer's keys and values of all tokens so far, (B, H, S, D).</summary>
    /// <exception cref="InvalidOperationException">The layer holds nothing yet.</exception>
    private protected abstract (Tensor Keys, Tensor Values) Read(int layer);

    /// <summary>The cache in Hugging Face's layout, <c>past_key_values</c>: for each layer its keys and values, (B, H, S, D), and with cross-attention the encoder's too.</summary>
    public Tensors ToTensors() => new(Enumerable.Range(0, Layers).Select(layer =>
    {
        var (keys, values) = Read(layer);
        return _encoder.TryGetValue(layer, out var encoder) ? new Tensors([keys, values, encoder.Keys, encoder.Values]) : new Tensors([keys, values]);
    }));
}
