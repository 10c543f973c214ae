using Keras.Layers;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Adds the distance of two tokens to attention scores: a vector for each distance, times the query and optionally the key.</summary>
/// <remarks>Source: Shaw et al. 2018 (arXiv:1803.02155); Huang et al. 2020 (arXiv:2009.13658), method 4; transformers/models/bert/modeling_bert.py, which, with a past,
/// treats every new token as the last one. Here each has its own position, so that steps with a past equal a single call.</remarks>
sealed class RelativePositions : Layer
{
    public const string Absolute = "absolute", OfQueries = "relative_key", OfQueriesAndKeys = "relative_key_query";

    public static readonly string[] Types = [Absolute, OfQueries, OfQueriesAndKeys];

    readonly bool _ofKeys;
    readonly int _longest;
    readonly Embedding distance_embedding;

    RelativePositions(BertConfig config, DTypePolicy dtype) : base("relative_positions", dtype: dtype)
    {
        (_ofKeys, _longest) = (config.position_embedding_type == OfQueriesAndKeys, config.max_position_embeddings);
        distance_embedding = new((2 * _longest) - 1, config.hidden_size / config.num_attention_heads, BertInit.Weights(config), name: "distance_embedding", dtype: dtype);
    }

    /// <summary>Makes the layer if the configuration asks for it; null for absolute positions.</summary>
    public static RelativePositions? Of(BertConfig config, DTypePolicy dtype) => config.position_embedding_type == Absolute ? null : new(config, dtype);

    protected override void build(CallArguments args)
    {
        if (!distance_embedding.built) distance_embedding.build(Shape.Unknown);
    }

    /// <summary>Computes what is added to the scores before they are scaled, (B, H, T, S).</summary>
    /// <param name="inputs">The queries of the new tokens, (B, H, T, D), and the keys of all tokens, the new ones last, (B, H, S, D).</param>
    /// <param name="training">Has no effect.</param>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        var (queries, keys) = (inputs[0].Single, inputs[1].Single);
        var (length, total) = (ops.shape(queries)[2], ops.shape(keys)[2]);
        var (rows, columns) = (AttentionMasks.PlacesAfter(total - length, length), ops.arange(0, total, dtype: "int32"));
        var vectors = ops.cast(ops.take(distance_embedding.embeddings, ops.expand_dims(rows, 1) - ops.expand_dims(columns, 0) + (_longest - 1), 0), queries.dtype);
        var scores = ops.einsum("bhld,lrd->bhlr", queries, vectors);
        return _ofKeys ? scores + ops.einsum("bhrd,lrd->bhlr", keys, vectors) : scores;
    }
}
