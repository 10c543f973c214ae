using System.Diagnostics.CodeAnalysis;
using Keras.Graphs;
using Keras.Saving;

namespace Keras.Transformers;

/// <summary>The base of all pretrained models: a configuration, loading and saving of weights, named inputs, and a loss of the model's own.</summary>
/// <remarks>A model of your own derives from <see cref="TFPreTrainedModel{TSelf, TInputs, TOut}"/>, whose record says what it takes, and declares which weights of a file it has;
/// <c>TFAutoModel...register</c> registers it. Source: transformers/modeling_tf_utils.py.</remarks>
public abstract partial class TFPreTrainedModel : Model
{
    WeightTable? _weights;

    /// <summary>Creates the base of a model.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="name">Its name; default the class name in snake case.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ConfigException">Settings do not fit each other.</exception>
    protected TFPreTrainedModel(PretrainedConfig config, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        this.config = config ?? throw new ArgumentNullException(nameof(config));
        config.EnsureValid();
    }

    /// <summary>The configuration of the model.</summary>
    public PretrainedConfig config { get; }

    /// <summary>The repository or folder that the model was loaded from; "" for a newly created model.</summary>
    public string name_or_path { get; internal set; } = "";

    /// <summary>The tensors that the model takes, the main one first; a list of inputs follows this order.</summary>
    public abstract IReadOnlyList<string> InputNames { get; }

    /// <summary>The name of the part without the head, in files of models with heads: "bert".</summary>
    public abstract string base_model_prefix { get; }

    /// <summary>The name of the main input: "input_ids".</summary>
    public string main_input_name => InputNames[0];

    /// <summary>The inputs with which the model is built and exported: names, dtypes, and shapes with -1 for free sizes.</summary>
    public abstract IReadOnlyDictionary<string, (DType DType, Shape Shape)> input_signature { get; }

    /// <summary>Maps keys of a file to weights.</summary>
    protected abstract IEnumerable<WeightRow> WeightRows { get; }

    /// <summary>The prefixes of keys of other heads, which TensorFlow's files may contain without being reported.</summary>
    protected virtual IReadOnlyList<string> OtherHeads => [];

    /// <inheritdoc/>
    internal override string? SavedOtherwise => "Use save_pretrained(folder), which from_pretrained reads; save_weights(\"name.weights.h5\") for the weights alone, or export for inference.";

    /// <summary>The floating-point operations of the matrix products of one forward pass, with a multiplication and an addition counting as two; null if the model does not know. A
    /// training step needs three times as many.</summary>
    /// <param name="batch">Samples.</param>
    /// <param name="length">Tokens in each.</param>
    public virtual double? ForwardFlops(long batch, long length) => null;

    /// <summary>The floating-point operations of the backbone, without the head; null if unknown.</summary>
    internal virtual double? StateFlops(long batch, long length) => ForwardFlops(batch, length);

    /// <summary>The bytes that one decoding step reads at least, which determine its time: the weights, except tables of which it needs single rows, and the keys and values of
    /// earlier tokens; null if the model does not decode or does not know.</summary>
    /// <param name="batch">Texts that are decoded together.</param>
    /// <param name="past">Tokens in each before the step.</param>
    public virtual double? DecodeBytes(long batch, long past) => null;

    /// <summary>The bytes of all weights except lookup tables, plus keys and values of this width and number of layers.</summary>
    private protected double DecodeBytes(IEnumerable<Variable> lookedUp, long keyValues)
    {
        EnsureBuilt();
        return weights.Except(lookedUp).Where(w => w.dtype.IsFloating).Sum(w => (double)w.size * w.dtype.Size) + ((double)keyValues * compute_dtype.Size);
    }

    /// <summary>The weights of the models it is made of, if any, and its own.</summary>
    internal virtual IEnumerable<WeightPart> WeightParts => [new(WeightRows, base_model_prefix, ModelFamilies.Of(config.model_type).Weights, OtherHeads)];

    internal WeightTable Weights
    {
        get
        {
            EnsureBuilt();
            return _weights ??= new(GetType().Name, LayerPaths.Of(this), WeightParts, base_model_prefix);
        }
    }

    /// <summary>Creates the variables by shape inference, without values.</summary>
    internal void EnsureBuilt()
    {
        if (built) return;
        using (Graph.Suspend())
            Apply(new CallArguments(new Tensors(input_signature.Select(s => KeyValuePair.Create(s.Key, new Tensors(Graph.Scratch.AddPlaceholder(s.Value.DType, s.Value.Shape, s.Key)))))));
    }

    /// <summary>The call option for named outputs.</summary>
    private protected const string ReturnDict = "return_dict";

    /// <summary>Computes the outputs, with the loss if the inputs include all labels.</summary>
    private protected abstract ModelOutput Run(CallArguments args);

    /// <inheritdoc/>
    /// <remarks>With all labels among the inputs, the output holds the loss.</remarks>
    public sealed override Tensors call(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var outputs = Run(args);
        return args.Option(ReturnDict, config.return_dict) ? outputs : outputs.to_tuple();
    }

    /// <summary>The call that an export's endpoint makes.</summary>
    private protected virtual CallArguments ExportCall(Tensors inputs) => new(inputs, training: false);

    /// <summary>Makes a call from keyword arguments.</summary>
    /// <param name="main">The main input, or a dictionary or list of all; null for none.</param>
    /// <param name="others">The others.</param>
    /// <param name="training">Whether dropout is on.</param>
    private protected static CallArguments Keywords<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TGiven>(Tensors? main, TGiven others, bool? training)
        where TGiven : LayerArguments => LayerArguments.ToCall(others, training, main ?? new Tensors(new Dictionary<string, Tensors>()));

    /// <summary>Calls the model with a whole set of arguments.</summary>
    /// <exception cref="ValueRangeException">An id is outside its range.</exception>
    public new ModelOutput Apply(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (!args.Option(ReturnDict, true)) throw new ArgumentException("This Apply returns outputs by name. Call Apply(args, return_dict: false) for a list, or to_tuple() on the output.", nameof(args));
        return (ModelOutput)Apply(args, return_dict: true);
    }

    /// <summary>Calls the model with a dictionary of its inputs by name, an ordered list, or only the main input.</summary>
    public new ModelOutput Apply(Tensors inputs, bool? training = null, Tensor? mask = null) => Apply(new CallArguments(inputs, training) { Mask = mask });

    /// <summary>Calls the model; with <paramref name="return_dict"/> false, the outputs come as a list, the loss first.</summary>
    public Tensors Apply(CallArguments args, bool return_dict)
    {
        ArgumentNullException.ThrowIfNull(args);
        return base.Apply(args.WithOption(ReturnDict, return_dict));
    }

    /// <inheritdoc cref="Apply(CallArguments, bool)"/>
    public Tensors Apply(Tensors inputs, bool return_dict, bool? training = null) => Apply(new CallArguments(inputs, training), return_dict);

    /// <summary>Writes config.json and the weights into a folder; existing files are replaced atomically.</summary>
    private protected void SaveWeights(string folder, WeightFormat format, MaxShardSize? maxShardSize, string? variant)
    {
        Directory.CreateDirectory(folder);
        WeightFormats.Save(this, folder, format, maxShardSize, variant);
        config.Architectures = [GetType().Name.StartsWith("TF", StringComparison.Ordinal) ? GetType().Name[2..] : GetType().Name];
        config.WeightDType = variable_dtype.Name;
        config.save_pretrained(folder);
        if (can_generate()) generation_config.save_pretrained(folder);
    }
}

/// <summary>The base of a pretrained model with typed inputs and outputs.</summary>
/// <typeparam name="TSelf">The class.</typeparam>
/// <typeparam name="TInputs">The record of its inputs, labels included, the main one first.</typeparam>
/// <typeparam name="TOut">Its output.</typeparam>
public abstract class TFPreTrainedModel<TSelf, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TInputs, TOut> : TFPreTrainedModel
    where TSelf : TFPreTrainedModel<TSelf, TInputs, TOut>, IPretrainedModel<TSelf>
    where TInputs : LayerArguments, new()
    where TOut : ModelOutput
{
    /// <inheritdoc/>
    protected TFPreTrainedModel(PretrainedConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype) { }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> InputNames { get; } = LayerArguments.TensorNames<TInputs>();

    /// <inheritdoc/>
    protected internal sealed override IReadOnlyList<string> CallParameters { get; } = [.. LayerArguments.Names<TInputs>(), ReturnDict];

    /// <summary>Computes the outputs, without a loss.</summary>
    /// <param name="inputs">The inputs.</param>
    protected abstract TOut Forward(TInputs inputs);

    /// <summary>Computes the model's own loss from labels and outputs, for a model that takes labels.</summary>
    /// <param name="labels">Every label; no other input, but for a model with a <see cref="TFPreTrainedModel.LossInput"/>, which gets all.</param>
    /// <param name="outputs">The model's outputs.</param>
    /// <returns>One value per sample, (B), or a mean over all, (1).</returns>
    protected virtual Tensor OwnLoss(TInputs labels, TOut outputs) =>
        throw new UnsupportedException("A model takes labels and has no loss of its own", GetType().Name, remedy: "Override OwnLoss, or give compile a loss.");

    private protected sealed override Tensor OwnLoss(Tensors labels, ModelOutput outputs) => OwnLoss(LayerArguments.Of<TInputs>(new CallArguments(labels), GetType().Name), (TOut)outputs);

    private protected sealed override ModelOutput Run(CallArguments args)
    {
        var inputs = LayerArguments.Of<TInputs>(args, GetType().Name);
        var named = LayerArguments.ByName(InputNames, args, GetType().Name);
        foreach (var (name, value) in named) RequireKind(name, value);
        var outputs = Forward(inputs);
        if (outputs is ILossOutput head && HasLabels(named.Keys)) head.SetLoss(OwnLoss(inputs, outputs));
        return outputs;
    }

    /// <summary>Calls the model with a record of its inputs.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="training">Whether dropout is on; null inherits from the enclosing call, then false.</param>
    public TOut Apply(TInputs inputs, bool? training = null) => Apply(LayerArguments.ToCall(inputs ?? throw new ArgumentNullException(nameof(inputs)), training));

    /// <summary>Loads a model from a folder or from the hub; a head that the file lacks is newly initialised, with a warning.</summary>
    /// <param name="pretrained_model_name_or_path">A folder with config.json and model.safetensors or tf_model.h5 (or shards with their index), or a repository of the hub, "organisation/name".</param>
    /// <param name="num_labels">The number of classes of a new head; default the configuration's.</param>
    /// <param name="id2label">The names of the classes; default the configuration's.</param>
    /// <param name="ignore_mismatched_sizes">Whether weights of another shape are newly initialised instead of being rejected; default false.</param>
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
    /// <exception cref="FileFormatException">The weights' file is damaged.</exception>
    public static TSelf from_pretrained(string pretrained_model_name_or_path, int? num_labels = null, IReadOnlyDictionary<int, string>? id2label = null,
        bool ignore_mismatched_sizes = false, IReadOnlyDictionary<string, object?>? config = null, string? dtype = null, string subfolder = "", string? variant = null,
        bool from_pt = false, bool? use_safetensors = null, string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        from_pretrained(pretrained_model_name_or_path, out _, num_labels, id2label, ignore_mismatched_sizes, config, dtype, subfolder, variant, from_pt, use_safetensors, revision, token, cache_dir, local_files_only, force_download);

    /// <summary>Loads a model and reports which weights were missing, unexpected or of another shape (Hugging Face's <c>output_loading_info</c>).</summary>
    /// <inheritdoc cref="from_pretrained(string, int?, IReadOnlyDictionary{int, string}?, bool, IReadOnlyDictionary{string, object?}?, string?, string, string?, bool, bool?, string?, string?, string?, bool, bool)"/>
    public static TSelf from_pretrained(string pretrained_model_name_or_path, out LoadingReport loading_info, int? num_labels = null,
        IReadOnlyDictionary<int, string>? id2label = null, bool ignore_mismatched_sizes = false, IReadOnlyDictionary<string, object?>? config = null,
        string? dtype = null, string subfolder = "", string? variant = null, bool from_pt = false, bool? use_safetensors = null, string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        new PretrainedFolder(pretrained_model_name_or_path, subfolder, variant, from_pt, use_safetensors, new(revision, token, cache_dir, local_files_only, force_download))
            .Load(new(num_labels, id2label, config, dtype), (settings, policy) => settings.model_type == TSelf.ModelType ? TSelf.Create(settings, policy)
                : throw new ConfigException($"{typeof(TSelf).Name} cannot load this model", pretrained_model_name_or_path, $"model_type \"{TSelf.ModelType}\"", $"\"{settings.model_type}\"", "Use the Auto class, or the model's own."),
                ignore_mismatched_sizes, out loading_info);

    /// <inheritdoc cref="Layer.Apply(CallArguments)"/>
    public new TOut Apply(CallArguments args) => (TOut)base.Apply(args);

    /// <inheritdoc cref="TFPreTrainedModel.Apply(Tensors, bool?, Tensor?)"/>
    public new TOut Apply(Tensors inputs, bool? training = null, Tensor? mask = null) => (TOut)base.Apply(inputs, training, mask);
}

/// <summary>What the Auto classes need to know about a model class.</summary>
/// <typeparam name="TSelf">The class.</typeparam>
public interface IPretrainedModel<TSelf>
{
    /// <summary>The "model_type" in its configurations.</summary>
    static abstract string ModelType { get; }

    /// <summary>A new model with untrained weights.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="dtype">The dtype policy; default the global one.</param>
    static abstract TSelf Create(PretrainedConfig config, DTypePolicy? dtype = null);
}
