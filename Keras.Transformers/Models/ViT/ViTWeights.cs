namespace Keras.Transformers;

/// <summary>Maps Hugging Face's PyTorch names of ViT's weights to our paths.</summary>
static class ViTWeights
{
    /// <summary>The names that transformers 5 has for the same modules.</summary>
    public static readonly WeightDialect Dialect = new()
    {
        Spellings =
        [
            new(@"(^|\.)layers\.(\d+)\.", "${1}encoder.layer.${2}."),
            new(@"\.attention\.q_proj\.", ".attention.attention.query."),
            new(@"\.attention\.k_proj\.", ".attention.attention.key."),
            new(@"\.attention\.v_proj\.", ".attention.attention.value."),
            new(@"\.attention\.o_proj\.", ".attention.output.dense."),
            new(@"\.mlp\.fc1\.", ".intermediate.dense."),
            new(@"\.mlp\.fc2\.", ".output.dense."),
        ],
    };

    /// <summary>The backbone under a prefix: "" for the bare model, "vit." for models with heads.</summary>
    public static IEnumerable<WeightRow> Backbone(string prefix) =>
    [
        new($"{prefix}embeddings.cls_token", "vit/embeddings/cls_token"),
        new($"{prefix}embeddings.mask_token", "vit/embeddings/mask_token"),
        new($"{prefix}embeddings.position_embeddings", "vit/embeddings/position_embeddings"),
        .. Convolution($"{prefix}embeddings.patch_embeddings.projection", "vit/embeddings/projection"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.attention.attention.query", "vit/encoder/layer_{i}/attention/query"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.attention.attention.key", "vit/encoder/layer_{i}/attention/key"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.attention.attention.value", "vit/encoder/layer_{i}/attention/value"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.attention.output.dense", "vit/encoder/layer_{i}/attention/output"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.intermediate.dense", "vit/encoder/layer_{i}/intermediate"),
        .. WeightRow.Dense($"{prefix}encoder.layer.{{i}}.output.dense", "vit/encoder/layer_{i}/output"),
        .. WeightRow.Norm($"{prefix}encoder.layer.{{i}}.layernorm_before", "vit/encoder/layer_{i}/layernorm_before"),
        .. WeightRow.Norm($"{prefix}encoder.layer.{{i}}.layernorm_after", "vit/encoder/layer_{i}/layernorm_after"),
        .. WeightRow.Norm($"{prefix}layernorm", "vit/layernorm"),
        .. WeightRow.Dense($"{prefix}pooler.dense", "vit/pooler/dense"),
    ];

    /// <summary>The rows of a convolution's kernel and bias.</summary>
    public static WeightRow[] Convolution(string key, string path) => [new($"{key}.weight", $"{path}/kernel") { Transform = WeightTransform.Conv2D }, new($"{key}.bias", $"{path}/bias")];
}
