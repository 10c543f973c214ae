using System.Diagnostics.CodeAnalysis;

namespace Keras.Transformers;

/// <summary>The base of vision transformers: inputs, names and the checks of images.</summary>
/// <typeparam name="TSelf">The class.</typeparam>
/// <typeparam name="TInputs">The record of its inputs.</typeparam>
/// <typeparam name="TOut">Its output.</typeparam>
public abstract class TFViTPreTrainedModel<TSelf, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TInputs, TOut> : TFPreTrainedModel<TSelf, TInputs, TOut>
    where TSelf : TFViTPreTrainedModel<TSelf, TInputs, TOut>, IPretrainedModel<TSelf>
    where TInputs : ViTInputs, new()
    where TOut : ModelOutput
{
    /// <inheritdoc/>
    /// <param name="config">The model's configuration.</param>
    /// <param name="add_pooling_layer">Whether the first state is pooled.</param>
    /// <param name="use_mask_token">Whether the model has a mask token for hidden patches.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    protected TFViTPreTrainedModel(ViTConfig config, bool add_pooling_layer, bool use_mask_token, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype)
    {
        vit = new(config, add_pooling_layer, use_mask_token, dtype: dtype_policy);
        input_signature = new Dictionary<string, (DType DType, Shape Shape)>
        {
            [nameof(ViTInputs.pixel_values)] = (DType.Float32, new Shape(-1, config.num_channels, config.image_size.Height, config.image_size.Width)),
        };
    }

    /// <summary>The vision transformer without the model's head.</summary>
    public TFViTMainLayer vit { get; }

    /// <summary>The configuration of the model.</summary>
    public new ViTConfig config => (ViTConfig)base.config;

    /// <summary>The "model_type" of its configurations.</summary>
    public static string ModelType => "vit";

    /// <inheritdoc/>
    public override string base_model_prefix => "vit";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, (DType DType, Shape Shape)> input_signature { get; }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> OtherHeads => ["classifier.", "decoder."];

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => [];

    /// <summary>Applies the backbone to the inputs that it takes.</summary>
    private protected TFBaseModelOutputWithPooling Backbone(ViTInputs inputs) => vit.Apply(inputs as ViTMaskedInputs ?? new(inputs));

    /// <inheritdoc/>
    public override bool supports_gradient_checkpointing => true;

    /// <inheritdoc/>
    protected override void SetGradientCheckpointing(bool on) => vit.Recomputes = on;
}
