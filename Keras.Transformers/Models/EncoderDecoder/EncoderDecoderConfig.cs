namespace Keras.Transformers;

/// <summary>The configuration of a model whose encoder reads a text and whose decoder writes another one, under Hugging Face's keys.</summary>
/// <remarks>Source: transformers/models/encoder_decoder/configuration_encoder_decoder.py.</remarks>
public sealed class EncoderDecoderConfig : EncoderDecoderPartsConfig
{
    /// <inheritdoc/>
    public override string model_type => "encoder-decoder";

    /// <summary>Combines copies of two configurations; the decoder's copy gets is_decoder and add_cross_attention.</summary>
    /// <param name="encoder_config">The encoder's.</param>
    /// <param name="decoder_config">The decoder's.</param>
    /// <param name="config">Further settings of the whole by key; default none.</param>
    /// <exception cref="ConfigException">The parts do not fit, or there is no such setting.</exception>
    public static EncoderDecoderConfig from_encoder_decoder_configs(PretrainedConfig encoder_config, PretrainedConfig decoder_config, IReadOnlyDictionary<string, object?>? config = null)
    {
        var made = new EncoderDecoderConfig();
        return made.Of(made, encoder_config, decoder_config, config);
    }

    private protected override void RequireEncoder(PretrainedConfig config)
    {
        if (config.Common("vocab_size") is null)
            throw new ConfigException("The encoder takes no texts", Where(nameof(encoder)), "the configuration of a text model, which has vocab_size", $"model_type \"{config.model_type}\"", "For an encoder of images use VisionEncoderDecoderConfig.");
    }
}
