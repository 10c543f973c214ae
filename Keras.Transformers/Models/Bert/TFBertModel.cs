namespace Keras.Transformers;

/// <summary>BERT without a head: an encoder that returns hidden states, or a decoder if the configuration says so.</summary>
/// <remarks>Source: transformers/models/bert/modeling_tf_bert.py, TFBertModel.</remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var model = TFBertModel.from_pretrained("bert-base-cased");
/// Tensors inputs = tokenizer.Apply(["a large wild cat", "a tall tree"], padding: true);
/// Tensor states = model.Apply(inputs).last_hidden_state;   // (2, T, 768)
/// </code>
/// </example>
public sealed class TFBertModel : TFBertPreTrainedModel<TFBertModel, BertDecoderInputs, TFBaseModelOutputWithPoolingAndCrossAttentions>, IPretrainedModel<TFBertModel>
{
    readonly bool _hasPooler;

    /// <summary>Creates a model with newly initialised weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="add_pooling_layer">Whether the first state is pooled; default true.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public TFBertModel(BertConfig config, bool add_pooling_layer = true, string? name = null, DTypePolicy? dtype = null) : base(config, add_pooling_layer, name, dtype) =>
        _hasPooler = add_pooling_layer;

    /// <inheritdoc/>
    public static TFBertModel Create(PretrainedConfig config, DTypePolicy? dtype = null) => new((BertConfig)config, dtype: dtype);

    /// <summary>Loads a model from a folder or from the hub, with or without the pooler.</summary>
    /// <param name="pretrained_model_name_or_path">A folder with config.json and weights, or a repository of the hub, "organisation/name".</param>
    /// <param name="add_pooling_layer">Whether the first state is pooled.</param>
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
    public static TFBertModel from_pretrained(string pretrained_model_name_or_path, bool add_pooling_layer, IReadOnlyDictionary<string, object?>? config = null, string? dtype = null,
        string subfolder = "", string? variant = null, bool from_pt = false, bool? use_safetensors = null, string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        new PretrainedFolder(pretrained_model_name_or_path, subfolder, variant, from_pt, use_safetensors, new(revision, token, cache_dir, local_files_only, force_download)).Load(new(null, null, config, dtype), (settings, policy) => new TFBertModel(settings as BertConfig
            ?? throw new ConfigException("TFBertModel cannot load this model", pretrained_model_name_or_path, "model_type \"bert\"", settings.model_type), add_pooling_layer, dtype: policy), false, out _);

    /// <inheritdoc/>
    protected override IEnumerable<WeightRow> WeightRows => BertWeights.Backbone("");

    /// <inheritdoc/>
    public override double? ForwardFlops(long batch, long length) => config.ForwardFlops(batch, length, _hasPooler);

    internal override double? StateFlops(long batch, long length) => config.ForwardFlops(batch, length, withPooler: false);

    /// <inheritdoc/>
    protected override TFBaseModelOutputWithPoolingAndCrossAttentions Forward(BertDecoderInputs inputs) => Backbone(inputs);
}
