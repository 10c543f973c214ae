using Keras.Backend;
using Keras.Graphs;

namespace Keras;

/// <content>Attention.</content>
public sealed partial class OpsApi
{
    /// <summary>Attention of heads: values weighted by the softmax of scaled products of queries and keys, for models that build their own layers of it.</summary>
    /// <remarks>weights = dropout(softmax(query · keyᵀ · scale + bias, masked)) · head_mask; the result is weights · value. Scores are computed in the dtype of queries
    /// and keys, their softmax in float32 at least, and the result has the dtype of the values: queries and keys that are cast to float32 give scores of float32.
    /// Source: Vaswani et al. 2017 (arXiv:1706.03762).</remarks>
    /// <param name="query">(B, H, T, D), floating.</param>
    /// <param name="key">(B, G, S, D), floating; G divides H, each key head serves H / G query heads.</param>
    /// <param name="value">(B, G, S, Dv), floating.</param>
    /// <param name="mask">Broadcast to (B, H, T, S): bool, where true is attended to, or numbers that are added to the scores; default none.</param>
    /// <param name="bias">Added to the scaled scores, broadcast to (B, H, T, S); default none.</param>
    /// <param name="head_mask">Factors of the probabilities, broadcast to (B, H, T, S); default none.</param>
    /// <param name="is_causal">Whether queries see no later keys; default false.</param>
    /// <param name="causal_alignment">"upper_left" (default): query i sees the keys up to i. "lower_right": the last query sees the last key, as where queries follow a past,
    /// so that query i sees the keys up to i + S - T.</param>
    /// <param name="scale">The factor of the products; default 1 / √D.</param>
    /// <param name="dropout">The share of probabilities that are zeroed: a rate in training, 0 (default) otherwise.</param>
    /// <param name="seed">The seed of dropout: a number, a generator, or null for the global generator.</param>
    /// <param name="return_attention_scores">Whether to return the weights too, after dropout and head mask; default false.</param>
    /// <returns>(B, H, T, Dv), and the weights (B, H, T, S) or null. A query that may see no key gets the mean of all values.</returns>
    /// <exception cref="ArgumentException">The alignment is another.</exception>
    /// <exception cref="DTypeMismatchException">An operand is not floating.</exception>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="ValueRangeException"><paramref name="dropout"/> is not between 0 and 1.</exception>
    public (Tensor Context, Tensor? Weights) scaled_dot_product_attention(TensorLike query, TensorLike key, TensorLike value, Tensor? mask = null, Tensor? bias = null,
        Tensor? head_mask = null, bool is_causal = false, string causal_alignment = AttentionForm.UpperLeft, double? scale = null, double dropout = 0, Seed? seed = null,
        bool return_attention_scores = false)
    {
        if (Kept(query, key, value) is { } kept)
            return kept.Run<(Tensor Context, Tensor? Weights)>(query, key, value, mask, bias, head_mask, is_causal, causal_alignment, scale, dropout, seed, return_attention_scores);
        const string where = "ops.scaled_dot_product_attention";
        if (causal_alignment is not (AttentionForm.UpperLeft or AttentionForm.LowerRight))
            throw Known.NoneOf(causal_alignment, nameof(causal_alignment), AttentionForm.UpperLeft, AttentionForm.LowerRight);
        if (dropout is not (>= 0 and <= 1)) throw new ValueRangeException("A share is not between 0 and 1", where, "dropout in [0, 1]", $"{dropout}");
        var scores = DTypePromotion.Floating(query.Type, key.Type);
        var (q, k, v) = (query.As(scores), key.As(scores), Float(value));
        if (q.ndim != 4 || k.ndim != 4 || v.ndim != 4)
            throw new ShapeMismatchException("The inputs of the attention have the wrong rank", where, "query, key and value of rank 4", $"{q.shape}, {k.shape}, {v.shape}");
        var (seen, added) = MaskOf(mask, where);
        if (bias is not null) added = added is null ? Float(bias) : Tf.Wide(added) + Tf.Cast(bias, Tf.Wide(added).dtype);
        var form = new AttentionForm { Scale = Require.Finite(scale ?? 1 / Math.Sqrt(HeadSize(q, where)), nameof(scale)), Causal = is_causal ? causal_alignment : AttentionForm.All, Rate = (float)dropout };
        var inputs = new AttentionInputs<Tensor>(q, k, v, seen, added, head_mask is null ? null : Float(head_mask));
        if (dropout > 0 && (seed ?? default).Draw() is var (noise, counter)) inputs = inputs with { Seed = noise, Counter = counter };
        var (context, _, weights) = Tf.Attention(inputs, form);
        return (context, return_attention_scores ? weights : null);
    }

    /// <summary>Splits a mask into a boolean one and one that is added to the scores.</summary>
    static (Tensor? Seen, Tensor? Added) MaskOf(Tensor? mask, string where) => mask is null ? (null, null) : mask.dtype == DType.Bool ? (mask, null)
        : mask.dtype.IsFloating ? (null, mask)
        : throw new DTypeMismatchException("The attention mask has the wrong dtype", where, "bool or a floating dtype", mask.dtype.Name,
            "Cast 0 and 1 to bool: ops.cast(mask, \"bool\").");

    /// <summary>Attention: values weighted by the softmax of scaled products of queries and keys.</summary>
    /// <param name="query">(B, T, N, H).</param>
    /// <param name="key">(B, S, K, H); K divides N, each key head serves N / K query heads.</param>
    /// <param name="value">(B, S, K, H).</param>
    /// <param name="bias">Added to the products, broadcast to (B, N, T, S); default none.</param>
    /// <param name="mask">Bool, broadcast to (B, N, T, S): false takes a key out; default none.</param>
    /// <param name="scale">The factor of the products; default 1 / √H.</param>
    /// <param name="is_causal">Whether a position sees itself and earlier ones only; default false.</param>
    /// <param name="flash_attention">Whether there must be a fused kernel: null or false, since the engine decides.</param>
    /// <param name="attn_logits_soft_cap">Products are limited smoothly to ± this; default none.</param>
    /// <returns>(B, T, N, H).</returns>
    /// <exception cref="UnsupportedException"><paramref name="flash_attention"/> is true.</exception>
    public Tensor dot_product_attention(TensorLike query, TensorLike key, TensorLike value, TensorLike? bias = null, TensorLike? mask = null,
        double? scale = null, bool is_causal = false, bool? flash_attention = null, double? attn_logits_soft_cap = null)
    {
        if (Kept(query, key, value, bias, mask) is { } kept) return kept.Run<Tensor>(query, key, value, bias, mask, scale, is_causal, flash_attention, attn_logits_soft_cap);
        const string where = "ops.dot_product_attention";
        if (flash_attention is true) throw new UnsupportedException("Flash attention cannot be asked for: the engine chooses its kernels", where, "flash_attention: null or false", "true", "Leave it out.");
        var dtype = DTypePromotion.Floating(query.Type, key.Type, value.Type);
        var (q, k, v) = (query.As(dtype), key.As(dtype), value.As(dtype));
        if (q.ndim != 4 || k.ndim != 4 || v.ndim != 4)
            throw new ShapeMismatchException("The inputs of the attention have the wrong rank", where, "query, key and value of rank 4", $"{q.shape}, {k.shape}, {v.shape}");
        if (q.shape[2] is > 0 and var heads && k.shape[2] is > 0 and var shared && heads % shared != 0)
            throw new ShapeMismatchException("Key heads cannot be shared evenly", where, $"a number of key heads that divides {heads}", $"{shared}");
        var form = new AttentionForm
        {
            Scale = Require.Finite(scale ?? 1 / Math.Sqrt(HeadSize(q, where)), nameof(scale)), Causal = is_causal ? AttentionForm.UpperLeft : AttentionForm.All, SoftCap = attn_logits_soft_cap is { } cap ? (float)Require.Positive(cap, nameof(attn_logits_soft_cap)) : 0,
        };
        static Tensor HeadsFirst(Tensor x) => Tf.Transpose(x, 0, 2, 1, 3);
        return HeadsFirst(Tf.Attention(new(HeadsFirst(q), HeadsFirst(k), HeadsFirst(v), mask is { } m ? Bool(m) : null, bias is { } b ? b.As(dtype) : null), form).Context);
    }

    static long HeadSize(Tensor query, string where) => query.shape[3] is > 0 and var size ? size
        : throw new ShapeMismatchException("The size of a head is unknown", where, "a known last dimension", query.shape.ToString());
}
