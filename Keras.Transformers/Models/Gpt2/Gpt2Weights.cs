namespace Keras.Transformers;

/// <summary>Maps Hugging Face's PyTorch names of GPT-2's weights to our paths. Kernels have our layout; in TensorFlow's files biases have an axis of 1.</summary>
static class Gpt2Weights
{
    public static readonly WeightDialect Dialect = new() { Buffers = [@"(^|\.)(attn|crossattention)\.(masked_)?bias$"] };

    /// <summary>The backbone under a prefix: "" for the bare model, "transformer." for models with heads.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="decoder">The name under which scores of words are tied to the word vectors; null for none.</param>
    public static IEnumerable<WeightRow> Backbone(string prefix, string? decoder = null) =>
    [
        new($"{prefix}wte.weight", "transformer/wte/embeddings") { Tied = decoder is null ? [] : [decoder] },
        .. WeightRow.Embedding($"{prefix}wpe", "transformer/wpe"),
        .. WeightRow.Norm($"{prefix}h.{{i}}.ln_1", "transformer/h_{i}/ln_1"),
        .. Product($"{prefix}h.{{i}}.attn.c_attn", "transformer/h_{i}/attn/c_attn"),
        .. Product($"{prefix}h.{{i}}.attn.c_proj", "transformer/h_{i}/attn/c_proj"),
        .. WeightRow.Norm($"{prefix}h.{{i}}.ln_2", "transformer/h_{i}/ln_2"),
        .. Product($"{prefix}h.{{i}}.crossattention.c_attn", "transformer/h_{i}/crossattention/c_attn"),
        .. Product($"{prefix}h.{{i}}.crossattention.q_attn", "transformer/h_{i}/crossattention/q_attn"),
        .. Product($"{prefix}h.{{i}}.crossattention.c_proj", "transformer/h_{i}/crossattention/c_proj"),
        .. WeightRow.Norm($"{prefix}h.{{i}}.ln_cross_attn", "transformer/h_{i}/ln_cross_attn"),
        .. Product($"{prefix}h.{{i}}.mlp.c_fc", "transformer/h_{i}/mlp/c_fc"),
        .. Product($"{prefix}h.{{i}}.mlp.c_proj", "transformer/h_{i}/mlp/c_proj"),
        .. WeightRow.Norm($"{prefix}ln_f", "transformer/ln_f"),
    ];

    /// <summary>The backbone under "transformer." and the scores of words.</summary>
    public static IEnumerable<WeightRow> WithWords(bool tied) => tied ? Backbone("transformer.", "lm_head.weight")
        : [.. Backbone("transformer."), new("lm_head.weight", "lm_head/embeddings") { TensorFlowName = "weight" }];

    /// <summary>The weights of what PyTorch's GPT-2 calls Conv1D.</summary>
    static WeightRow[] Product(string key, string path) =>
    [
        new($"{key}.weight", $"{path}/kernel") { TensorFlowName = "weight" },
        new($"{key}.bias", $"{path}/bias") { TensorFlowTransform = WeightTransform.LeadingOne },
    ];
}
