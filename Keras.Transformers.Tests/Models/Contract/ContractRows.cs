namespace Keras.Transformers.Tests.Models;

/// <summary>A family in the contract: one row for each.</summary>
/// <param name="Config">A configuration that is quick to run, without dropout.</param>
/// <param name="Needs">What single classes need of it.</param>
sealed record ContractRow(Func<PretrainedConfig> Config, params (Type Class, Action<PretrainedConfig> Change)[] Needs)
{
    public static readonly IReadOnlyDictionary<string, ContractRow> All = new Dictionary<string, ContractRow>
    {
        ["bert"] = new(() => SmallBert.Config(), (typeof(TFBertLMHeadModel), c => c.is_decoder = true), (typeof(TFBertForQuestionAnswering), c => c.num_labels = 2)),
        ["gpt2"] = new(() => Gpt2(12), (typeof(TFGPT2ForQuestionAnswering), c => c.num_labels = 2), (typeof(TFGPT2DoubleHeadsModel), c => c.num_labels = 1)),
        ["vit"] = new(() => SmallViT.Config()),
        ["encoder-decoder"] = new(() => EncoderDecoderConfig.from_encoder_decoder_configs(SmallBert.Config(), Gpt2(18), Begins)),
        ["vision-encoder-decoder"] = new(() => VisionEncoderDecoderConfig.from_encoder_decoder_configs(SmallViT.Config(), SmallBert.Config(), Begins)),
        ["vision-text-dual-encoder"] = new(() => VisionTextDualEncoderConfig.from_vision_text_configs(SmallViT.Config(), SmallBert.Config(), new Dictionary<string, object?> { ["projection_dim"] = 10, ["logit_scale_init_value"] = 1.0 })),
        ["tiny-test"] = new(() => new TinyTestConfig { vocab_size = 37, n_embd = 12, n_head = 3, n_inner = 20, dropout = 0, initializer_range = 0.25f, num_labels = 3 }),
    };

    static GPT2Config Gpt2(int width) => new()
    {
        vocab_size = 41, n_positions = 24, n_embd = width, n_layer = 2, n_head = 3, n_inner = 20, resid_pdrop = 0, embd_pdrop = 0, attn_pdrop = 0, summary_first_dropout = 0,
        initializer_range = 0.25f, num_labels = 3, pad_token_id = 3, classifier_dropout = 0, bos_token_id = 1, eos_token_id = 1,
    };

    static Dictionary<string, object?> Begins => new() { ["decoder_start_token_id"] = 1, ["pad_token_id"] = 3 };

    /// <summary>The configuration for a class.</summary>
    public PretrainedConfig ConfigOf(Type type)
    {
        var config = Config();
        foreach (var (_, change) in Needs.Where(n => n.Class == type)) change(config);
        return config;
    }
}
