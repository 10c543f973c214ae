namespace Keras.Transformers;

/// <summary>The configuration of GPT-2 models, under Hugging Face's keys and with its defaults (gpt2).</summary>
/// <remarks>Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"; transformers/models/gpt2/configuration_gpt2.py.</remarks>
/// <example>
/// <code>
/// var config = new GPT2Config { vocab_size = 8000, n_positions = 256, n_embd = 256, n_layer = 4, n_head = 4 };
/// var model = new TFGPT2LMHeadModel(config);   // newly initialised weights
/// </code>
/// </example>
public sealed class GPT2Config : PretrainedConfig
{
    static readonly string[] Names =
    [
        "vocab_size", "n_positions", "n_embd", "n_layer", "n_head", "n_inner", "activation_function", "resid_pdrop", "embd_pdrop", "attn_pdrop", "layer_norm_epsilon", "initializer_range",
        "summary_type", "summary_use_proj", "summary_activation", "summary_proj_to_labels", "summary_first_dropout", "scale_attn_weights", "use_cache", "bos_token_id", "eos_token_id",
        "scale_attn_by_inverse_layer_idx", "reorder_and_upcast_attn", "classifier_dropout",
    ];

    /// <summary>The ways to reduce a sequence to one vector.</summary>
    internal static readonly string[] Summaries = ["last", "first", "mean", "cls_index"];

    /// <inheritdoc/>
    public override string model_type => "gpt2";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Keys => Names;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> KeysWithoutEffect => ["n_ctx", "predict_special_tokens"];

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> attribute_map { get; } = new Dictionary<string, string>
    {
        ["hidden_size"] = "n_embd", ["max_position_embeddings"] = "n_positions", ["num_attention_heads"] = "n_head", ["num_hidden_layers"] = "n_layer",
    };

    /// <summary>The number of tokens, V.</summary>
    public int vocab_size { get => Get(50257); set => Set(value); }

    /// <summary>The maximum number of tokens in a sequence.</summary>
    public int n_positions { get => Get(1024); set => Set(value); }

    /// <summary>The width of hidden states, C.</summary>
    public int n_embd { get => Get(768); set => Set(value); }

    /// <summary>The number of layers, L.</summary>
    public int n_layer { get => Get(12); set => Set(value); }

    /// <summary>The number of attention heads, H; divides the width.</summary>
    public int n_head { get => Get(12); set => Set(value); }

    /// <summary>The width between the two dense layers of a feed-forward block; null for four times <see cref="n_embd"/>.</summary>
    public int? n_inner { get => Get<int?>(null); set => Set(value); }

    /// <summary>The activation of the feed-forward blocks.</summary>
    public string activation_function { get => Get("gelu_new"); set => Set(value); }

    /// <summary>The dropout rate after attention and feed-forward blocks.</summary>
    public float resid_pdrop { get => Get(0.1f); set => Set(value); }

    /// <summary>The dropout rate after the embeddings.</summary>
    public float embd_pdrop { get => Get(0.1f); set => Set(value); }

    /// <summary>The dropout rate on attention probabilities.</summary>
    public float attn_pdrop { get => Get(0.1f); set => Set(value); }

    /// <summary>Added to the variance in layer normalisation.</summary>
    public double layer_norm_epsilon { get => Get(1e-5); set => Set(value); }

    /// <summary>The standard deviation of new weights.</summary>
    public float initializer_range { get => Get(0.02f); set => Set(value); }

    /// <summary>The state by which <see cref="TFGPT2DoubleHeadsModel"/> chooses: that of the "last" token, of the "first", the "mean" of all, or of the tokens that mc_token_ids name ("cls_index").</summary>
    public string summary_type { get => Get("cls_index"); set => Set(value); }

    /// <summary>Whether that state goes through a dense layer.</summary>
    public bool summary_use_proj { get => Get(true); set => Set(value); }

    /// <summary>The activation after that dense layer; null for none.</summary>
    public string? summary_activation { get => Get<string?>(null); set => Set(value); }

    /// <summary>Whether that dense layer has one output for each label instead of the model's width.</summary>
    public bool summary_proj_to_labels { get => Get(true); set => Set(value); }

    /// <summary>The dropout rate before that dense layer.</summary>
    public float summary_first_dropout { get => Get(0.1f); set => Set(value); }

    /// <summary>Whether attention scores are divided by the root of a head's size.</summary>
    public bool scale_attn_weights { get => Get(true); set => Set(value); }

    /// <summary>Whether keys and values are returned for the next step.</summary>
    public bool use_cache { get => Get(true); set => Set(value); }

    /// <summary>The id that begins a text.</summary>
    public int? bos_token_id { get => Get<int?>(50256); set => Set(value); }

    /// <summary>The id that ends a text.</summary>
    public int? eos_token_id { get => Get<int?>(50256); set => Set(value); }

    /// <summary>Whether attention scores of layer i, from 0, are divided by i + 1 as well.</summary>
    public bool scale_attn_by_inverse_layer_idx { get => Get(false); set => Set(value); }

    /// <summary>Whether attention scores are computed in float32 whatever the model computes in.</summary>
    public bool reorder_and_upcast_attn { get => Get(false); set => Set(value); }

    /// <summary>The dropout rate before the classifier of tokens; null for 0.1.</summary>
    public float? classifier_dropout { get => Get<float?>(null); set => Set(value); }

    /// <summary>The width of the feed-forward blocks.</summary>
    internal int InnerWidth => n_inner ?? 4 * n_embd;

    /// <summary>The floating-point operations of the backbone's matrix products: each of a dense layer's weights counts two for each token, and attention two products
    /// of (T, C) and (C, T) for each sample.</summary>
    /// <param name="batch">Samples, B.</param>
    /// <param name="length">Tokens in each, T.</param>
    internal double ForwardFlops(double batch, double length)
    {
        double width = n_embd;
        return n_layer * ((2 * ((4 * width * width) + (2 * width * InnerWidth)) * batch * length) + (4 * width * length * length * batch));
    }

    /// <inheritdoc/>
    protected override void Validate()
    {
        foreach (var (key, value, least, most) in Ranges()) EnsureInRange(key, value, least, most);
        if (n_embd % n_head != 0) throw new ConfigException("Attention heads do not divide the width", Where("n_head"), $"a divisor of n_embd {n_embd}", $"{n_head}");
        if (!Summaries.Contains(summary_type)) throw new ConfigException("There is no such summary", Where("summary_type"), string.Join(", ", Summaries), $"\"{summary_type}\"");
        TransformerActivations.Get(activation_function, Where("activation_function"));
        if (summary_activation is { } activation) TransformerActivations.Get(activation, Where("summary_activation"));
    }

    /// <summary>Limits far beyond any trained model, so that a damaged file is rejected before a model is made from it.</summary>
    IEnumerable<(string Key, double Value, double Least, double Most)> Ranges() =>
    [
        ("vocab_size", vocab_size, 1, 1 << 26), ("n_positions", n_positions, 1, 1 << 26), ("n_embd", n_embd, 1, 1 << 20), ("n_layer", n_layer, 0, 1 << 12), ("n_head", n_head, 1, 1 << 16),
        ("n_inner", InnerWidth, 1, 1 << 22), ("resid_pdrop", resid_pdrop, 0, 1), ("embd_pdrop", embd_pdrop, 0, 1), ("attn_pdrop", attn_pdrop, 0, 1),
        ("summary_first_dropout", summary_first_dropout, 0, 1), ("classifier_dropout", classifier_dropout ?? 0, 0, 1), ("initializer_range", initializer_range, 0, float.MaxValue), ("layer_norm_epsilon", layer_norm_epsilon, 0, 1),
    ];
}
