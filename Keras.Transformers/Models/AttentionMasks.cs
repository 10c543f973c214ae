using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Builds masks that keep attention away from padding and from later tokens.</summary>
public static class AttentionMasks
{
    /// <summary>A mask of the tokens that each of the last ones may see: itself and earlier ones, bool (T, past + T).</summary>
    /// <param name="added">The number of new tokens, T.</param>
    /// <param name="past">The number of tokens before these.</param>
    public static Tensor Causal(Dim added, Dim past) => Causal(added, past, past + added);

    /// <summary>A mask of the positions that each new token may see: itself and earlier ones, bool (T, S).</summary>
    /// <param name="added">The number of new tokens, T.</param>
    /// <param name="past">The number of tokens before these.</param>
    /// <param name="places">The number of positions, S.</param>
    public static Tensor Causal(Dim added, Dim past, Dim places)
    {
        var (rows, columns) = (PlacesAfter(past, added), ops.arange(0, places, dtype: "int32"));
        return ops.expand_dims(columns, 0) <= ops.expand_dims(rows, 1);
    }

    /// <summary>The positions of new tokens, int32 (T).</summary>
    /// <param name="past">The number of earlier tokens.</param>
    /// <param name="added">The number of new tokens, T.</param>
    /// <remarks>Adds the past to a range from 0: as a range limit it would be a size, for each of which XLA recompiles.</remarks>
    internal static Tensor PlacesAfter(Dim past, Dim added)
    {
        var places = ops.arange(0, added, dtype: "int32");
        return past == 0 ? places : places + past.ToTensor();
    }

    /// <summary>A mask over heads: (B, S) or (B, T, S) to (B, 1, 1 or T, S).</summary>
    /// <param name="mask">1 or true for visible positions.</param>
    public static Tensor OverHeads(Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return ops.expand_dims(mask, mask.ndim == 3 ? [1] : [1, 2]);
    }

    /// <summary>Converts a mask to a term for scores: 0 where it is 1 or true, and where it is 0 a number that excludes the position.</summary>
    /// <param name="mask">Any shape.</param>
    /// <param name="dtype">The dtype of the scores.</param>
    /// <remarks>The dtype's minimum, as in PyTorch; half of float16's, since a sum with a score below -16 would be infinite, and a row of these NaN.</remarks>
    public static Tensor Additive(Tensor mask, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(dtype);
        return (1 - ops.cast(mask, dtype)) * Least(dtype);
    }

    /// <summary>The mask that a decoder adds to its scores, broadcastable to (B, H, T, S): a token sees itself and earlier ones, and no padding.</summary>
    /// <param name="attention">1 for tokens, 0 for padding, (B, past + T), or for each token its own, (B, T, past + T), which then says all; null for all tokens.</param>
    /// <param name="added">The number of new tokens, T.</param>
    /// <param name="cache">The cache of earlier ones; null for none.</param>
    /// <param name="dtype">The dtype of the scores.</param>
    public static Tensor OfDecoder(Tensor? attention, Dim added, KeyValueCache? cache, DType dtype)
    {
        var seen = attention is null ? null : OverHeads(cache?.Widen(attention) ?? attention);
        if (attention is { ndim: 3 }) return Additive(seen!, dtype);
        var causal = ops.cast(cache?.Visible(added) ?? Causal(added, 0), dtype);
        return Additive(seen is null ? causal : causal * ops.cast(seen, dtype), dtype);
    }

    static double Least(DType dtype) => dtype == DType.Float16 ? (double)Half.MinValue / 2 : dtype == DType.BFloat16 ? -3.3895313892515355e38 : float.MinValue;
}
