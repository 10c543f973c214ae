namespace Keras.Transformers;

/// <summary>A vision transformer without a head: returns the hidden state of each patch.</summary>
/// <remarks>Source: transformers/models/vit/modeling_tf_vit.py, TFViTModel; hidden patches as in modeling_vit.py.</remarks>
public sealed class TFViTModel : TFViTPreTrainedModel<TFViTModel, ViTMaskedInputs, TFBaseModelOutputWithPooling>, IPretrainedModel<TFViTModel>
{
    readonly bool _hasPooler;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="add_pooling_layer">Whether the first state is pooled; default true.</param>
    /// <param name="use_mask_token">Whether the model has a mask token for hidden patches; default false.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFViTModel(ViTConfig config, bool add_pooling_layer = true, bool use_mask_token = false, string? name = null, DTypePolicy? dtype = null)
        : base(config, add_pooling_layer, use_mask_token, name, dtype) => _hasPooler = add_pooling_layer;

    /// <inheritdoc/>
    public static TFViTModel Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((ViTConfig)config, dtype: dtype);

    /// <summary>Loads a model from a folder or from the hub, with or without the pooler.</summary>
    /// <param name="pretrained_model_name_or_path">A folder with config.json and weights, or a repository of the hub, "organisation/name".</param>
    /// <param name="add_pooling_layer">Whether the first state is pooled.</param>
    /// <param name="use_mask_token">Whether the model has a mask token for hidden patches; default false.</param>
    /// <param name="config">Further settings by key that override the file's.</param>
    /// <param name="dtype">The dtype policy; "auto" for the dtype of the file; default the global policy.</param>
    /// <param name="subfolder">The folder within it that holds both files; default none.</param>
    /// <param name="variant">The middle of the weights' file name: "fp16" for model.fp16.safetensors; default none.</param>
    /// <param name="from_pt">Whether pytorch_model.bin is read if there is one; its pickle is parsed, never run; default false.</param>
    /// <param name="use_safetensors">True to read only safetensors, false to read tf_model.h5; default null, safetensors if there are any.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="cache_dir">The cache of downloads; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether only local files are used, without asking the hub; default false.</param>
    /// <param name="force_download">Whether files are downloaded even if the cache has them; default false.</param>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or is needed and cannot be asked.</exception>
    /// <exception cref="ConfigException">There is no such folder, or its configuration is missing, damaged or of another model.</exception>
    /// <exception cref="WeightLoadException">Weights are missing or do not fit.</exception>
    public static TFViTModel from_pretrained(string pretrained_model_name_or_path, bool add_pooling_layer, bool use_mask_token = false, IReadOnlyDictionary<string, object?>? config = null,
        string? dtype = null, string subfolder = "", string? variant = null, bool from_pt = false, bool? use_safetensors = null, string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        new PretrainedFolder(pretrained_model_name_or_path, subfolder, variant, from_pt, use_safetensors, new(revision, token, cache_dir, local_files_only, force_download)).Load(new(null, null, config, dtype), (settings, policy) => new TFViTModel(settings as ViTConfig
            ?? throw new ConfigException("TFViTModel cannot load this model", pretrained_model_name_or_path, "model_type \"vit\"", settings.model_type), add_pooling_layer, use_mask_token, dtype: policy), false, out _);

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => ViTWeights.Backbone("");

    /// <inheritdoc/>
    public override double? ForwardFlops(long batch, long length) => config.ForwardFlops(batch, _hasPooler);

    internal override double? StateFlops(long batch, long length) => config.ForwardFlops(batch);

    /// <inheritdoc/>
    protected override TFBaseModelOutputWithPooling Forward(ViTMaskedInputs inputs) => Backbone(inputs);

    /// <summary>Calls the model with its inputs as named arguments.</summary>
    /// <param name="pixel_values">Images, (B, C, H, W) or (B, H, W, C), floats; or a dictionary or list of all inputs.</param>
    /// <param name="bool_masked_pos">1 for patches that the mask token replaces, (B, N); default none.</param>
    /// <param name="head_mask">1 for heads that are kept, 0 for others, (H) or (L, H); default all.</param>
    /// <param name="output_attentions">Whether attention probabilities are returned; default the configuration's.</param>
    /// <param name="output_hidden_states">Whether the states of every layer are returned; default the configuration's.</param>
    /// <param name="interpolate_pos_encoding">Whether images may differ in size from the model's; default false.</param>
    /// <param name="training">Whether dropout is on; null inherits from the enclosing call, then false.</param>
    public TFBaseModelOutputWithPooling Apply(Tensors? pixel_values = null, Tensor? bool_masked_pos = null, Tensor? head_mask = null, bool? output_attentions = null,
        bool? output_hidden_states = null, bool? interpolate_pos_encoding = null, bool? training = null) =>
        Apply(Keywords(pixel_values, new ViTMaskedInputs
        {
            bool_masked_pos = bool_masked_pos, head_mask = head_mask, output_attentions = output_attentions, output_hidden_states = output_hidden_states,
            interpolate_pos_encoding = interpolate_pos_encoding,
        }, training));
}
