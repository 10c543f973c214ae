using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>The base of configurations that combine an encoder's and a decoder's configuration.</summary>
/// <remarks>Scores of words are tied to the decoder's word vectors if the decoder's own tie_word_embeddings says so.</remarks>
public abstract class EncoderDecoderPartsConfig : PretrainedConfig
{
    private protected EncoderDecoderPartsConfig() { }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Keys => ["is_encoder_decoder", "decoder_start_token_id", "bos_token_id", "eos_token_id"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> PartNames => ["encoder", "decoder"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> KeysWithoutEffect => ["vocab_size", "processor_class"];

    /// <summary>The encoder's configuration, of any family that returns hidden states for the model's inputs.</summary>
    /// <exception cref="ConfigException">There is no configuration of the encoder.</exception>
    public PretrainedConfig encoder { get => Part(); set => SetPart(value); }

    /// <summary>The decoder's configuration, of any family that predicts the next word and attends to an encoder.</summary>
    /// <exception cref="ConfigException">There is no configuration of the decoder.</exception>
    public PretrainedConfig decoder { get => Part(); set => SetPart(value); }

    /// <summary>Whether the model has an encoder and a decoder: always true.</summary>
    public bool is_encoder_decoder => true;

    /// <summary>The id that the decoder's texts begin with; null if there is none.</summary>
    public int? decoder_start_token_id { get => Get<int?>(null); set => Set(value); }

    /// <summary>The id that begins a text; null for that of the decoder.</summary>
    public int? bos_token_id { get => Get<int?>(null); set => Set(value); }

    /// <summary>The id that ends a text; null for that of the decoder.</summary>
    public int? eos_token_id { get => Get<int?>(null); set => Set(value); }

    /// <summary>The id that pads the shorter texts of a batch: this configuration's, otherwise the decoder's.</summary>
    internal int? Padding => pad_token_id ?? decoder.pad_token_id;

    /// <summary>Fills a configuration with copies of its parts'; the decoder's copy becomes a decoder with cross-attention.</summary>
    private protected TSelf Of<TSelf>(TSelf self, PretrainedConfig encoder_config, PretrainedConfig decoder_config, IReadOnlyDictionary<string, object?>? config) where TSelf : EncoderDecoderPartsConfig
    {
        ArgumentNullException.ThrowIfNull(encoder_config);
        ArgumentNullException.ThrowIfNull(decoder_config);
        (encoder, decoder) = (encoder_config.Copy(), decoder_config.Copy());
        (decoder.is_decoder, decoder.add_cross_attention) = (true, true);
        Update(config ?? new Dictionary<string, object?>());
        return self;
    }

    /// <inheritdoc/>
    protected override void Validate()
    {
        RequireEncoder(encoder);
        if (!decoder.is_decoder || !decoder.add_cross_attention)
            throw new ConfigException("The decoder does not attend to an encoder", Where(nameof(decoder)), "is_decoder: true and add_cross_attention: true", $"is_decoder: {decoder.is_decoder}, add_cross_attention: {decoder.add_cross_attention}",
                "Make the configuration by from_encoder_decoder_configs, or the model by from_encoder_decoder_pretrained: both switch them on.");
        if (CrossWidth(decoder) is { } width && width != ModelParts.Width(decoder))
            throw new ConfigException("The decoder's cross-attention is set to another width than the decoder's own", Where("decoder.cross_attention_hidden_size"), $"null, or the decoder's hidden_size {ModelParts.Width(decoder)}", $"{width}",
                "Leave it out: states of another width are projected by enc_to_dec_proj.");
        if (Value("tie_encoder_decoder") is JsonValue tied && tied.TryGetValue<bool>(out var isTied) && isTied)
            throw new ConfigException("Encoders and decoders that share weights are not supported", Where("tie_encoder_decoder"), "false", "true", "Save the model untied with the library that made it.");
    }

    /// <summary>Rejects an encoder of another kind.</summary>
    /// <exception cref="ConfigException">The encoder is of another kind.</exception>
    private protected abstract void RequireEncoder(PretrainedConfig config);

    static int? CrossWidth(PretrainedConfig config) => config.Value("cross_attention_hidden_size") is JsonValue value && value.TryGetValue<int>(out var width) ? width : null;
}
