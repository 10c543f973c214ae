using Keras.Layers;

namespace Keras.Transformers;

/// <summary>A vision model and a text model, of any families with a pooled state, that embed images and texts in a common space: ViT with BERT.</summary>
/// <remarks>Source: transformers/models/vision_text_dual_encoder/modeling_tf_vision_text_dual_encoder.py; Radford et al. 2021 (arXiv:2103.00020). predict returns the similarities of all images
/// and texts over several batches; Hugging Face TF joins only those within each batch.</remarks>
public sealed partial class TFVisionTextDualEncoderModel : TFPreTrainedModel<TFVisionTextDualEncoderModel, VisionTextDualEncoderInputs, TFCLIPOutput>, IPretrainedModel<TFVisionTextDualEncoderModel>
{
    readonly Dense visual_projection;
    readonly Dense text_projection;
    readonly LogitScale _scale;

    /// <summary>Creates a model from a configuration, or from two models.</summary>
    /// <param name="config">The configuration; default made from the two models'.</param>
    /// <param name="vision_model">The vision model, which pools images; default a new one from the configuration.</param>
    /// <param name="text_model">The text model, which pools texts; default a new one from the configuration.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy; default that of the text model, otherwise the global one.</param>
    /// <remarks>Given models become the parts as they are: their configurations become those of the whole, and their names "vision_model" and "text_model".</remarks>
    /// <exception cref="ConfigException">A part is of the wrong kind, or neither a configuration nor both models are given.</exception>
    /// <exception cref="UnsupportedException">The models are on different engines.</exception>
    public TFVisionTextDualEncoderModel(VisionTextDualEncoderConfig? config = null, TFPreTrainedModel? vision_model = null, TFPreTrainedModel? text_model = null, string? name = null, DTypePolicy? dtype = null)
        : base(ModelParts.ConfigOf(config, ("vision_config", vision_model), ("text_config", text_model)), name, dtype ?? text_model?.dtype_policy)
    {
        this.vision_model = ModelParts.Named(vision_model, "vision_model", typeof(TFAutoModel), this.config.vision_config, dtype_policy);
        this.text_model = ModelParts.Named(text_model, "text_model", typeof(TFAutoModel), this.config.text_config, dtype_policy);
        RequirePart(this.vision_model, "pixel_values");
        RequirePart(this.text_model, "input_ids");
        ModelParts.RequireOneEngine(GetType().Name, this.vision_model, this.text_model);
        Dense Projection(string part) => new(this.config.projection_dim, use_bias: false, name: part, dtype: dtype_policy);
        (visual_projection, text_projection) = (Projection("visual_projection"), Projection("text_projection"));
        _scale = new(this.config.logit_scale_init_value, dtype_policy);
        foreach (var part in new[] { this.vision_model, this.text_model }) part.Resized += Forget;
    }

    /// <inheritdoc/>
    public static TFVisionTextDualEncoderModel Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((VisionTextDualEncoderConfig)config, dtype: dtype);

    /// <summary>The "model_type" of its configurations.</summary>
    public static string ModelType => "vision-text-dual-encoder";

    /// <summary>The configuration of the model.</summary>
    public new VisionTextDualEncoderConfig config => (VisionTextDualEncoderConfig)base.config;

    /// <inheritdoc/>
    public override string base_model_prefix => "vision_text_dual_encoder";

    /// <summary>The vision model, whose pooled state embeds images.</summary>
    public TFPreTrainedModel vision_model { get; }

    /// <summary>The text model, whose pooled state embeds texts.</summary>
    public TFPreTrainedModel text_model { get; }

    /// <summary>The logarithm of the factor of similarities, ().</summary>
    public Variable logit_scale => _scale.Build();

    void RequirePart(TFPreTrainedModel part, string input)
    {
        if (part.main_input_name != input || part.LabelNames.Count > 0)
            throw new ConfigException("A part is of the wrong kind", $"{GetType().Name}, {part.name}", $"a bare model of {input}, as TFAutoModel makes it", $"{part.GetType().Name}, a model of {part.main_input_name}{(part.LabelNames.Count > 0 ? " with a head" : "")}");
    }

    /// <inheritdoc/>
    internal override IEnumerable<WeightPart> WeightParts =>
    [
        .. vision_model.WeightParts.Select(p => p.Under("vision_model")), .. text_model.WeightParts.Select(p => p.Under("text_model")), new(WeightRows, "", WeightDialect.General, []),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows =>
    [
        new("visual_projection.weight", "visual_projection/kernel") { Transform = WeightTransform.Transpose },
        new("text_projection.weight", "text_projection/kernel") { Transform = WeightTransform.Transpose },
        new("logit_scale", "logit_scale/logit_scale") { TensorFlowTransform = WeightTransform.LeadingOne },
    ];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, (DType DType, Shape Shape)> input_signature =>
        new Dictionary<string, (DType DType, Shape Shape)>(text_model.input_signature.Where(i => InputNames.Contains(i.Key)).Concat(vision_model.input_signature));

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, InputRange Range)> IntegerInputs => text_model.InputRanges.Where(r => InputNames.Contains(r.Key)).Select(r => (r.Key, r.Value));

    /// <inheritdoc/>
    internal override IReadOnlyList<string> NeededInputs => ["input_ids", "pixel_values"];

    /// <summary>Images and texts have separate batch axes, since their numbers may differ.</summary>
    internal override string AxesOf(string input, int axis) => input == "pixel_values" ? input : main_input_name;

    /// <inheritdoc/>
    public override Variable get_input_embeddings() => text_model.get_input_embeddings();

    /// <inheritdoc/>
    protected override void ResizeVocabulary(int count) =>
        throw new UnsupportedException("A model of two models has no vocabulary of its own", GetType().Name, "a resize of a part", "one of the whole", "Call model.text_model.resize_token_embeddings.");

    /// <inheritdoc/>
    public override bool supports_gradient_checkpointing => vision_model.supports_gradient_checkpointing && text_model.supports_gradient_checkpointing;

    /// <inheritdoc/>
    protected override void SetGradientCheckpointing(bool on) => ModelParts.SetCheckpointing(on, vision_model, text_model);

    /// <inheritdoc/>
    public override double? ForwardFlops(long batch, long length)
    {
        var projected = 2.0 * batch * config.projection_dim * (ModelParts.Width(config.vision_config) + ModelParts.Width(config.text_config) + batch);
        return vision_model.ForwardFlops(batch, length) + text_model.ForwardFlops(batch, length) + projected;
    }

    /// <summary>Combines two pretrained models; the projections and the factor are newly initialised.</summary>
    /// <param name="vision_model_name_or_path">The folder of a vision model; this or <paramref name="vision_model"/>.</param>
    /// <param name="text_model_name_or_path">The folder of a text model; this or <paramref name="text_model"/>.</param>
    /// <param name="vision_model">The vision model itself.</param>
    /// <param name="text_model">The text model itself.</param>
    /// <param name="config">Settings by key: those that begin with "vision_" or "text_" are for the parts, others for the whole, such as projection_dim.</param>
    /// <param name="dtype">The dtype policy; "auto" for the dtypes of the files; default the global policy.</param>
    /// <param name="vision_from_pt">Whether the image model's pytorch_model.bin is read if there is one; default false.</param>
    /// <param name="text_from_pt">Whether the text model's is; default false.</param>
    /// <exception cref="ConfigException">A folder is missing or of the wrong kind, or there is no such setting.</exception>
    /// <exception cref="WeightLoadException">Weights do not fit.</exception>
    /// <exception cref="UnsupportedException">The parts are on different engines.</exception>
    public static TFVisionTextDualEncoderModel from_vision_text_pretrained(string? vision_model_name_or_path = null, string? text_model_name_or_path = null, TFPreTrainedModel? vision_model = null,
        TFPreTrainedModel? text_model = null, IReadOnlyDictionary<string, object?>? config = null, string? dtype = null, bool vision_from_pt = false, bool text_from_pt = false)
    {
        var whole = new VisionTextDualEncoderConfig();
        var settings = ModelParts.Settings(config, whole, "vision", "text");
        ModelParts.RefuseIdle(settings, (vision_model, "vision"), (text_model, "text"));
        var vision = ModelParts.Given(vision_model, vision_model_name_or_path, nameof(vision_model_name_or_path), folder => ModelParts.Load(folder, typeof(TFAutoModel), settings[0], _ => { }, dtype, vision_from_pt));
        var text = ModelParts.Given(text_model, text_model_name_or_path, nameof(text_model_name_or_path), folder => ModelParts.Load(folder, typeof(TFAutoModel), settings[1], _ => { }, dtype, text_from_pt));
        (whole.vision_config, whole.text_config) = (vision.config, text.config);
        whole.Update(settings[2]);
        return new(whole, vision, text);
    }
}
