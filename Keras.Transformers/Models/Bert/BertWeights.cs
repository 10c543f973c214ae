namespace Keras.Transformers;

/// <summary>BERT's weights: Hugging Face's PyTorch names and our paths.</summary>
static class BertWeights
{
    /// <summary>The backbone under a prefix: "" for the bare model, "bert." for models with heads.</summary>
    public static IEnumerable<WeightRow> Backbone(string prefix) =>
    [
        .. WeightRow.Embedding($"{prefix}embeddings.word_embeddings", "bert/embeddings/word_embeddings"),
        .. WeightRow.Embedding($"{prefix}embeddings.position_embeddings", "bert/embeddings/position_embeddings"),
        .. WeightRow.Embedding($"{prefix}embeddings.token_type_embeddings", "bert/embeddings/token_type_embeddings"),
        .. WeightRow.Norm($"{prefix}embeddings.LayerNorm", "bert/embeddings/LayerNorm"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.attention.self.query", "bert/encoder/layer_{i}/attention/query"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.attention.self.key", "bert/encoder/layer_{i}/attention/key"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.attention.self.value", "bert/encoder/layer_{i}/attention/value"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.attention.output.dense", "bert/encoder/layer_{i}/attention/output/dense"),
        .. WeightRow.Norm($"{prefix}encoder.layer.{{i}}.attention.output.LayerNorm", "bert/encoder/layer_{i}/attention/output/LayerNorm"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.intermediate.dense", "bert/encoder/layer_{i}/intermediate"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.output.dense", "bert/encoder/layer_{i}/output/dense"),
        .. WeightRow.Norm($"{prefix}encoder.layer.{{i}}.output.LayerNorm", "bert/encoder/layer_{i}/output/LayerNorm"),
        .. WeightRow.Dense($"{prefix}pooler.dense", "bert/pooler/dense"),
    ];
}
