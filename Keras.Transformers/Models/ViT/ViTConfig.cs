namespace Keras.Transformers;

/// <summary>The configuration of vision transformers, under Hugging Face's keys and with its defaults (google/vit-base-patch16-224).</summary>
/// <remarks>Source: Dosovitskiy et al. 2020 (arXiv:2010.11929); transformers/models/vit/configuration_vit.py.</remarks>
public sealed class ViTConfig : PretrainedConfig
{
    static readonly string[] Names =
    [
        "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act", "hidden_dropout_prob", "attention_probs_dropout_prob", "initializer_range",
        "layer_norm_eps", "image_size", "patch_size", "num_channels", "qkv_bias", "encoder_stride", "pooler_output_size", "pooler_act",
    ];

    /// <inheritdoc/>
    public override string model_type => "vit";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Keys => Names;

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
    public float hidden_dropout_prob { get => Get(0f); set => Set(value); }

    /// <summary>The dropout rate on attention probabilities.</summary>
    public float attention_probs_dropout_prob { get => Get(0f); set => Set(value); }

    /// <summary>The standard deviation of new weights.</summary>
    public float initializer_range { get => Get(0.02f); set => Set(value); }

    /// <summary>Added to the variance in layer normalisation.</summary>
    public double layer_norm_eps { get => Get(1e-12); set => Set(value); }

    /// <summary>The size of an image in pixels; 224 if the file contains none.</summary>
    public HeightWidth image_size { get => Get<HeightWidth>(224); set => Set(value); }

    /// <summary>The size of a patch in pixels. Pixels left over at the right and the bottom of an image are ignored.</summary>
    public HeightWidth patch_size { get => Get<HeightWidth>(16); set => Set(value); }

    /// <summary>The number of channels: 3 for red, green and blue.</summary>
    public int num_channels { get => Get(3); set => Set(value); }

    /// <summary>Whether queries, keys and values have a bias.</summary>
    public bool qkv_bias { get => Get(true); set => Set(value); }

    /// <summary>The side of the square of pixels that the head for masked images reconstructs for each patch.</summary>
    public int encoder_stride { get => Get(16); set => Set(value); }

    /// <summary>The width of the pooled state; null for <see cref="hidden_size"/>.</summary>
    public int? pooler_output_size { get => Get<int?>(null); set => Set(value); }

    /// <summary>The activation of the pooled state.</summary>
    public string pooler_act { get => Get("tanh"); set => Set(value); }

    /// <summary>The numbers of patches in an image, down and across.</summary>
    internal HeightWidth Grid => (image_size.Height / patch_size.Height, image_size.Width / patch_size.Width);

    /// <summary>The number of patches of an image, N.</summary>
    internal int Patches => Grid.Height * Grid.Width;

    internal int PooledWidth => pooler_output_size ?? hidden_size;

    /// <summary>The floating-point operations of the backbone's products: the patches' projection, each of a dense layer's weights two for each state, and attention two products of
    /// (T, C) and (C, T) for each image.</summary>
    /// <param name="batch">Images, B.</param>
    /// <param name="withPooler">Whether the first state is pooled; default false.</param>
    internal double ForwardFlops(double batch, bool withPooler = false)
    {
        double width = hidden_size, states = Patches + 1;
        var patches = 2.0 * Patches * patch_size.Height * patch_size.Width * num_channels * width;
        var dense = 2 * ((4 * width * width) + (2 * width * intermediate_size)) * states;
        var attention = 4 * width * states * states;
        return batch * (patches + (num_hidden_layers * (dense + attention)) + (withPooler ? 2 * width * PooledWidth : 0));
    }

    /// <inheritdoc/>
    protected override void Validate()
    {
        foreach (var (key, value, least, most) in Ranges()) EnsureInRange(key, value, least, most);
        if (hidden_size % num_attention_heads != 0)
            throw new ConfigException("Attention heads do not divide the width", Where("num_attention_heads"), $"a divisor of hidden_size {hidden_size}", $"{num_attention_heads}");
        if (patch_size.Height > image_size.Height || patch_size.Width > image_size.Width)
            throw new ConfigException("A patch is larger than an image", Where("patch_size"), $"at most image_size {image_size}", $"{patch_size}");
        EnsureInRange("image_size", (double)Grid.Height * Grid.Width, 1, 1 << 24);
        TransformerActivations.Get(hidden_act, Where("hidden_act"));
        TransformerActivations.Get(pooler_act, Where("pooler_act"));
    }

    /// <summary>Limits far beyond any trained model, so that a damaged file is rejected before a model is made from it.</summary>
    IEnumerable<(string Key, double Value, double Least, double Most)> Ranges() =>
    [
        ("hidden_size", hidden_size, 1, 1 << 20), ("num_hidden_layers", num_hidden_layers, 0, 1 << 12), ("num_attention_heads", num_attention_heads, 1, 1 << 16),
        ("intermediate_size", intermediate_size, 1, 1 << 22), ("hidden_dropout_prob", hidden_dropout_prob, 0, 1), ("attention_probs_dropout_prob", attention_probs_dropout_prob, 0, 1),
        ("initializer_range", initializer_range, 0, float.MaxValue), ("layer_norm_eps", layer_norm_eps, 0, 1), ("image_size", image_size.Height, 1, 1 << 16), ("image_size", image_size.Width, 1, 1 << 16),
        ("patch_size", patch_size.Height, 1, 1 << 16), ("patch_size", patch_size.Width, 1, 1 << 16), ("num_channels", num_channels, 1, 1 << 12), ("encoder_stride", encoder_stride, 1, 1 << 12),
        ("pooler_output_size", PooledWidth, 1, 1 << 20),
    ];
}
