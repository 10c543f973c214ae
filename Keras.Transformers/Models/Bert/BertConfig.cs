namespace Keras.Transformers;

/// <summary>The configuration of BERT models, under Hugging Face's keys and with its defaults (bert-base-uncased).</summary>
/// <remarks>Source: Devlin et al. 2018 (arXiv:1810.04805); transformers/models/bert/configuration_bert.py.</remarks>
/// <example>
/// <code>
/// var config = new BertConfig { vocab_size = 8000, hidden_size = 256, num_hidden_layers = 4, num_attention_heads = 4, intermediate_size = 1024 };
/// var model = new TFBertForMaskedLM(config);   // newly initialised weights
/// </code>
/// </example>
public sealed class BertConfig : PretrainedConfig
{
    static readonly string[] Names =
    [
        "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act", "hidden_dropout_prob",
        "attention_probs_dropout_prob", "max_position_embeddings", "type_vocab_size", "initializer_range", "layer_norm_eps", "position_embedding_type", "use_cache", "classifier_dropout",
    ];

    /// <inheritdoc/>
    public override string model_type => "bert";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Keys => Names;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> KeysWithoutEffect =>
        ["directionality", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers", "pooler_size_per_head", "pooler_type"];

    /// <inheritdoc/>
    protected override int? DefaultPadTokenId => 0;

    /// <summary>The number of tokens, V.</summary>
    public int vocab_size { get => Get(30522); set => Set(value); }

    /// <summary>The width of hidden states, C.</summary>
    public int hidden_size { get => Get(768); set => Set(value); }

    /// <summary>The number of layers.</summary>
    public int num_hidden_layers { get => Get(12); set => Set(value); }

    /// <summary>The number of attention heads, H; divides the width.</summary>
    public int num_attention_heads { get => Get(12); set => Set(value); }

    /// <summary>The width between the two dense layers of a feed-forward block.</summary>
    public int intermediate_size { get => Get(3072); set => Set(value); }

    /// <summary>The activation of the feed-forward blocks.</summary>
    public string hidden_act { get => Get("gelu"); set => Set(value); }

    /// <summary>The dropout rate after embeddings and dense layers.</summary>
    public float hidden_dropout_prob { get => Get(0.1f); set => Set(value); }

    /// <summary>The dropout rate on attention probabilities.</summary>
    public float attention_probs_dropout_prob { get => Get(0.1f); set => Set(value); }

    /// <summary>The maximum number of tokens in a sequence.</summary>
    public int max_position_embeddings { get => Get(512); set => Set(value); }

    /// <summary>The number of token types.</summary>
    public int type_vocab_size { get => Get(2); set => Set(value); }

    /// <summary>The standard deviation of new weights.</summary>
    public float initializer_range { get => Get(0.02f); set => Set(value); }

    /// <summary>Added to the variance in layer normalisation.</summary>
    public double layer_norm_eps { get => Get(1e-12); set => Set(value); }

    /// <summary>How positions enter: "absolute" (default) as vectors that are added to the words', "relative_key" as scores of queries with vectors of the distance
    /// between two tokens, "relative_key_query" as such scores of keys too.</summary>
    /// <remarks>Source: Shaw et al. 2018 (arXiv:1803.02155); Huang et al. 2020 (arXiv:2009.13658), method 4.</remarks>
    public string position_embedding_type { get => Get("absolute"); set => Set(value); }

    /// <summary>Whether decoders return keys and values for the next step.</summary>
    public bool use_cache { get => Get(true); set => Set(value); }

    /// <summary>The dropout rate before a classifier; null for <see cref="hidden_dropout_prob"/>.</summary>
    public float? classifier_dropout { get => Get<float?>(null); set => Set(value); }

    /// <summary>The floating-point operations of the backbone's matrix products, pooler included: each of a dense layer's weights counts two for each token, and
    /// attention two products of (T, C) and (C, T) for each sample.</summary>
    /// <param name="batch">Samples, B.</param>
    /// <param name="length">Tokens in each, T.</param>
    /// <param name="withPooler">Whether the first state is pooled; default true.</param>
    internal double ForwardFlops(double batch, double length, bool withPooler = true)
    {
        double width = hidden_size;
        var dense = 2 * ((4 * width * width) + (2 * width * intermediate_size)) * batch * length;
        var attention = 4 * width * length * length * batch;
        var pooler = withPooler ? 2 * width * width * batch : 0;
        return (num_hidden_layers * (dense + attention)) + pooler;
    }

    /// <inheritdoc/>
    protected override void Validate()
    {
        foreach (var (key, value, least, most) in Ranges()) EnsureInRange(key, value, least, most);
        if (hidden_size % num_attention_heads != 0)
            throw new ConfigException("Attention heads do not divide the width", Where("num_attention_heads"), $"a divisor of hidden_size {hidden_size}", $"{num_attention_heads}");
        if (!RelativePositions.Types.Contains(position_embedding_type))
            throw new ConfigException("There is no such kind of positions", Where("position_embedding_type"), string.Join(", ", RelativePositions.Types), $"\"{position_embedding_type}\"");
        if (add_cross_attention && !is_decoder)
            throw new ConfigException("Cross-attention is set for a model that is not a decoder", Where("add_cross_attention"), "is_decoder: true", "is_decoder: false");
        TransformerActivations.Get(hidden_act, Where("hidden_act"));
    }

    /// <summary>Limits far beyond any trained model, so that a damaged file is rejected before a model is made from it.</summary>
    IEnumerable<(string Key, double Value, double Least, double Most)> Ranges() =>
    [
        ("vocab_size", vocab_size, 1, 1 << 26), ("hidden_size", hidden_size, 1, 1 << 20), ("num_hidden_layers", num_hidden_layers, 0, 1 << 12),
        ("num_attention_heads", num_attention_heads, 1, 1 << 16), ("intermediate_size", intermediate_size, 1, 1 << 22),
        ("max_position_embeddings", max_position_embeddings, 1, 1 << 26), ("type_vocab_size", type_vocab_size, 1, 1 << 20),
        ("hidden_dropout_prob", hidden_dropout_prob, 0, 1), ("attention_probs_dropout_prob", attention_probs_dropout_prob, 0, 1),
        ("classifier_dropout", classifier_dropout ?? 0, 0, 1), ("initializer_range", initializer_range, 0, float.MaxValue), ("layer_norm_eps", layer_norm_eps, 0, 1),
    ];
}
