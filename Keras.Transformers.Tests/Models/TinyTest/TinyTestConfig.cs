namespace Keras.Transformers.Tests;

/// <summary>The configuration of the tiny decoder, with keys as GPT-2 has them.</summary>
sealed class TinyTestConfig : PretrainedConfig
{
    public override string model_type => "tiny-test";

    protected override IReadOnlyList<string> Keys { get; } = ["vocab_size", "n_embd", "n_head", "n_inner", "dropout", "layer_norm_epsilon", "initializer_range", "use_cache"];

    protected override IReadOnlyList<string> KeysWithoutEffect => ["summary_type"];

    protected override IReadOnlyDictionary<string, string> attribute_map { get; } = new Dictionary<string, string> { ["hidden_size"] = "n_embd", ["num_attention_heads"] = "n_head" };

    protected override int? DefaultPadTokenId => 0;

    public int vocab_size { get => Get(64); set => Set(value); }

    public int n_embd { get => Get(32); set => Set(value); }

    public int n_head { get => Get(4); set => Set(value); }

    public int n_inner { get => Get(64); set => Set(value); }

    public float dropout { get => Get(0.1f); set => Set(value); }

    public double layer_norm_epsilon { get => Get(1e-5); set => Set(value); }

    public float initializer_range { get => Get(0.02f); set => Set(value); }

    public bool use_cache { get => Get(true); set => Set(value); }

    protected override void Validate()
    {
        EnsureInRange("vocab_size", vocab_size, 1, 1 << 20);
        EnsureInRange("n_head", n_head, 1, 1 << 10);
        EnsureInRange("n_embd", n_embd, 1, 1 << 16);
        EnsureInRange("n_inner", n_inner, 1, 1 << 18);
        EnsureInRange("dropout", dropout, 0, 1);
        if (n_embd % n_head != 0) throw new ConfigException("Attention heads do not divide the width", Where("n_head"), $"a divisor of n_embd {n_embd}", $"{n_head}");
    }

    /// <summary>The operations of the block's products: three projections, scores, mixing, one projection, two feed-forward layers.</summary>
    public double ForwardFlops(double batch, double length)
    {
        double width = n_embd;
        return batch * ((2 * length * ((4 * width * width) + (2 * width * n_inner))) + (4 * width * length * length));
    }
}
