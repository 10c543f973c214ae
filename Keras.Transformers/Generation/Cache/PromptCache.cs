using static Keras.Api;

namespace Keras.Transformers;

/// <summary>A fixed cache during the call on a prompt: new tokens attend only to one another, not to all free positions, and beams with equal beginnings
/// are computed once.</summary>
/// <param name="cache">The cache to write keys and values to, still empty.</param>
/// <param name="repeats">How many times each row is written.</param>
sealed class PromptCache(FixedSizeCache cache, int repeats) : KeyValueCache(cache.Layers)
{
    public override Dim Length => 0;

    public override (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        Tensor Repeated(Tensor x) => repeats == 1 ? x : ops.repeat(x, repeats, 0);
        cache.Append(layer, Repeated(keys), Repeated(values));
        return (keys, values);
    }

    public override Tensor Visible(Dim added) => AttentionMasks.Causal(added, 0);

    public override Tensor Widen(Tensor mask) => mask;

    private protected override void Change(Func<Tensor, Tensor> change) => throw new InvalidOperationException("A prompt's rows are not reordered.");

    private protected override (Tensor Keys, Tensor Values) Read(int layer) => throw new InvalidOperationException("A prompt's keys and values are read from the cache behind it.");
}
