namespace Keras.Transformers;

/// <summary>Maps Hugging Face's PyTorch names of BERT's weights to our paths.</summary>
static class BertWeights
{
    /// <summary>The heads for words and sentences have other names in TensorFlow, and the first also holds the embeddings; files of 2018 call a normalisation's
    /// scale gamma and its offset beta.</summary>
    public static readonly WeightDialect Dialect = new()
    {
        TensorFlowLayers =
        [
            new("cls.predictions.", "mlm___cls/predictions/") { IsLast = true, AlsoHolds = "bert/embeddings/" },
            new("cls.seq_relationship.", "nsp___cls/seq_relationship/"),
        ],
        Spellings = [new(@"LayerNorm\.gamma$", "LayerNorm.weight"), new(@"LayerNorm\.beta$", "LayerNorm.bias")],
        Buffers = [@"(^|\.)embeddings\.position_ids$"],
    };

    /// <summary>The backbone under a prefix: "" for the bare model, "bert." for models with heads.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="decoder">The name under which scores of words are tied to the word vectors; null for none.</param>
    public static IEnumerable<WeightRow> Backbone(string prefix, string? decoder = null) =>
    [
        new($"{prefix}embeddings.word_embeddings.weight", "bert/embeddings/word_embeddings/embeddings") { TensorFlowName = "weight", Tied = decoder is null ? [] : [decoder] },
        new($"{prefix}embeddings.position_embeddings.weight", "bert/embeddings/position_embeddings/embeddings") { LaterInTensorFlow = 1 },
        .. WeightRow.Embedding($"{prefix}embeddings.token_type_embeddings", "bert/embeddings/token_type_embeddings"),
        .. WeightRow.Norm($"{prefix}embeddings.LayerNorm", "bert/embeddings/LayerNorm"),
        .. Attention($"{prefix}encoder.layer.{{i}}.attention", "bert/encoder/layer_{i}/attention"),
        .. Attention($"{prefix}encoder.layer.{{i}}.crossattention", "bert/encoder/layer_{i}/crossattention"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.intermediate.dense", "bert/encoder/layer_{i}/intermediate"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.output.dense", "bert/encoder/layer_{i}/output/dense"),
        .. WeightRow.Norm($"{prefix}encoder.layer.{{i}}.output.LayerNorm", "bert/encoder/layer_{i}/output/LayerNorm"),
        .. WeightRow.Dense($"{prefix}pooler.dense", "bert/pooler/dense"),
    ];

    /// <summary>The backbone under "bert." and the head that scores words.</summary>
    public static IEnumerable<WeightRow> WithPredictions(bool tied) =>
    [
        .. Backbone("bert.", tied ? DecoderKey : null),
        new("cls.predictions.bias", "predictions/decoder/bias") { Tied = ["cls.predictions.decoder.bias"] },
        .. WeightRow.Dense("cls.predictions.transform.dense", "predictions/dense"),
        .. WeightRow.Norm("cls.predictions.transform.LayerNorm", "predictions/LayerNorm"),
        .. tied ? Array.Empty<WeightRow>() : [new(DecoderKey, "predictions/decoder/embeddings")],
    ];

    const string DecoderKey = "cls.predictions.decoder.weight";

    static IEnumerable<WeightRow> Attention(string key, string path) =>
    [
        .. WeightRow.Dense($"{key}.self.query", $"{path}/query"),
        .. WeightRow.Dense($"{key}.self.key", $"{path}/key"),
        .. WeightRow.Dense($"{key}.self.value", $"{path}/value"),
        .. WeightRow.Embedding($"{key}.self.distance_embedding", $"{path}/relative_positions/distance_embedding"),
        .. WeightRow.Dense($"{key}.output.dense", $"{path}/output/dense"),
        .. WeightRow.Norm($"{key}.output.LayerNorm", $"{path}/output/LayerNorm"),
    ];
}
