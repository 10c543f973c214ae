namespace Keras.Transformers;

/// <summary>The configuration of a model that embeds images and texts in a common space, under Hugging Face's keys and with its defaults.</summary>
/// <remarks>Source: transformers/models/vision_text_dual_encoder/configuration_vision_text_dual_encoder.py.</remarks>
public sealed class VisionTextDualEncoderConfig : PretrainedConfig
{
    /// <inheritdoc/>
    public override string model_type => "vision-text-dual-encoder";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Keys => ["projection_dim", "logit_scale_init_value"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> PartNames => ["vision_config", "text_config"];

    /// <summary>The configuration of the vision model, of any family with a pooled state.</summary>
    /// <exception cref="ConfigException">There is no configuration of the vision model.</exception>
    public PretrainedConfig vision_config { get => Part(); set => SetPart(value); }

    /// <summary>The configuration of the text model, of any family with a pooled state.</summary>
    /// <exception cref="ConfigException">There is no configuration of the text model.</exception>
    public PretrainedConfig text_config { get => Part(); set => SetPart(value); }

    /// <summary>The width of the common space of images and texts, P.</summary>
    public int projection_dim { get => Get(512); set => Set(value); }

    /// <summary>The initial logarithm of the factor of similarities.</summary>
    public double logit_scale_init_value { get => Get(2.6592); set => Set(value); }

    /// <summary>Combines copies of two configurations.</summary>
    /// <param name="vision_config">The configuration of the vision model.</param>
    /// <param name="text_config">The configuration of the text model.</param>
    /// <param name="config">Further settings of the whole by key; default none.</param>
    /// <exception cref="ConfigException">The parts do not fit, or there is no such setting.</exception>
    public static VisionTextDualEncoderConfig from_vision_text_configs(PretrainedConfig vision_config, PretrainedConfig text_config, IReadOnlyDictionary<string, object?>? config = null)
    {
        ArgumentNullException.ThrowIfNull(vision_config);
        ArgumentNullException.ThrowIfNull(text_config);
        var made = new VisionTextDualEncoderConfig { vision_config = vision_config.Copy(), text_config = text_config.Copy() };
        made.Update(config ?? new Dictionary<string, object?>());
        return made;
    }

    /// <inheritdoc/>
    protected override void Validate()
    {
        if (vision_config.Common("num_channels") is null) throw NoPart(nameof(vision_config), "images", "a vision model, which has num_channels", vision_config);
        if (text_config.Common("vocab_size") is null) throw NoPart(nameof(text_config), "texts", "a text model, which has vocab_size", text_config);
        EnsureInRange(nameof(projection_dim), projection_dim, 1, 1 << 20);
        EnsureInRange(nameof(logit_scale_init_value), logit_scale_init_value, -50, 50);
    }

    ConfigException NoPart(string key, string what, string expected, PretrainedConfig config) =>
        new($"The part that sees {what} is of another kind", Where(key), $"the configuration of {expected}", $"model_type \"{config.model_type}\"");
}
