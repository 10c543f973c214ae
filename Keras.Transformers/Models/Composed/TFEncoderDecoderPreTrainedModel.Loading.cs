namespace Keras.Transformers;

/// <content>Loading parts from separate folders.</content>
public abstract partial class TFEncoderDecoderPreTrainedModel<TSelf, TInputs>
{
    /// <summary>Loads the parts that are not models yet, and records them in the whole's configuration.</summary>
    private protected static (TFPreTrainedModel Encoder, TFPreTrainedModel Decoder) Pretrained(EncoderDecoderPartsConfig whole, string? encoderFolder, string? decoderFolder,
        TFPreTrainedModel? encoder, TFPreTrainedModel? decoder, IReadOnlyDictionary<string, object?>? config, string? dtype, bool encoderFromPt, bool decoderFromPt)
    {
        var settings = ModelParts.Settings(config, whole, "encoder", "decoder");
        ModelParts.RefuseIdle(settings, (encoder, "encoder"), (decoder, "decoder"));
        encoder = ModelParts.Given(encoder, encoderFolder, "encoder_pretrained_model_name_or_path", folder => ModelParts.Load(folder, typeof(TFAutoModel), settings[0], c =>
        {
            // A decoder's file may hold an encoder.
            if (c.is_decoder || c.add_cross_attention) (c.is_decoder, c.add_cross_attention) = (false, false);
        }, dtype, encoderFromPt));
        decoder = ModelParts.Given(decoder, decoderFolder, "decoder_pretrained_model_name_or_path",
            folder => ModelParts.Load(folder, typeof(TFAutoModelForCausalLM), settings[1], c => (c.is_decoder, c.add_cross_attention) = (true, true), dtype, decoderFromPt));
        (whole.encoder, whole.decoder) = (encoder.config, decoder.config);
        whole.Update(settings[2]);
        return (encoder, decoder);
    }
}
