using Keras.Graphs;
using Keras.Saving;

namespace Keras.Transformers;

/// <summary>The base of models with a configuration and pretrained weights: loading, saving, named inputs, a loss of their own.</summary>
/// <remarks>Source: transformers/modeling_tf_utils.py.</remarks>
public abstract partial class TFPreTrainedModel : Model
{
    WeightTable? _weights;

    /// <summary>A model.</summary>
    /// <param name="config">What it is made of.</param>
    /// <param name="name">Its name; default the class name in snake case.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ConfigException">Settings do not fit each other.</exception>
    protected TFPreTrainedModel(PretrainedConfig config, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        this.config = config ?? throw new ArgumentNullException(nameof(config));
        config.EnsureValid();
    }

    /// <summary>What the model is made of.</summary>
    public PretrainedConfig config { get; }

    /// <summary>The tensors that the model takes, the main one first.</summary>
    internal abstract IReadOnlyList<string> InputNames { get; }

    /// <summary>The name of the backbone in files of models with heads: "bert".</summary>
    internal abstract string BasePrefix { get; }

    /// <summary>Which key of a file is which weight.</summary>
    private protected abstract IEnumerable<WeightRow> WeightRows { get; }

    /// <summary>Small inputs that build the model: names, shapes, dtypes.</summary>
    internal abstract IReadOnlyDictionary<string, (DType DType, Shape Shape)> InputSignature { get; }

    /// <summary>Whether an unexpected key is another head's, which is normal.</summary>
    internal virtual bool IgnoresOnLoad(string key) => false;

    /// <summary>The floating-point operations of the matrix products of one forward pass, a multiplication and an addition counting two; null where the
    /// model does not know them. A training step costs three times as many.</summary>
    /// <param name="batch">Samples.</param>
    /// <param name="length">Tokens in each.</param>
    internal virtual double? ForwardFlops(long batch, long length) => null;

    internal WeightTable Weights
    {
        get
        {
            EnsureBuilt();
            return _weights ??= new(this, WeightRows);
        }
    }

    /// <summary>Makes the variables, without values, by inferring shapes.</summary>
    internal void EnsureBuilt()
    {
        if (built) return;
        using (Graph.Suspend())
            Apply(new CallArguments(new Tensors(InputSignature.Select(s => KeyValuePair.Create(s.Key, new Tensors(Graph.Scratch.AddPlaceholder(s.Value.DType, s.Value.Shape, s.Key)))))));
    }

    /// <summary>Fills the model from a folder.</summary>
    internal LoadingReport LoadWeights(string folder, bool ignoreMismatched)
    {
        var path = Path.Combine(folder, SafetensorsSource.FileName);
        var index = Path.Combine(folder, SafetensorsSource.IndexName);
        if (!File.Exists(path) && !File.Exists(index))
            throw new WeightLoadException("A model folder has no weights", folder, $"{SafetensorsSource.FileName} or {SafetensorsSource.IndexName}",
                string.Join(", ", Directory.GetFiles(folder).Select(Path.GetFileName).Order().Take(12)), "Convert the weights to safetensors, or download them again.");
        using var source = SafetensorsSource.Open(File.Exists(path) ? path : index);
        return WeightLoader.Load(this, source, ignoreMismatched);
    }

    /// <summary>Writes config.json and the weights (safetensors, PyTorch's names) into a folder; files that are there are replaced whole.</summary>
    /// <param name="save_directory">The folder; made if absent.</param>
    /// <param name="saved_model">Whether a SavedModel for TensorFlow Serving is written too, into saved_model/<paramref name="version"/>; default false.</param>
    /// <param name="version">The SavedModel's version; default 1.</param>
    /// <param name="max_shard_size">The size above which weights are split over several files; default 5 GB.</param>
    public void save_pretrained(string save_directory, bool saved_model = false, int version = 1, MaxShardSize? max_shard_size = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(save_directory);
        Directory.CreateDirectory(save_directory);
        var tensors = Weights.Keys.Select(Weights.ToFile).ToList();
        SafetensorsShards.Write(save_directory, tensors, new Dictionary<string, string> { ["format"] = "pt" }, max_shard_size ?? MaxShardSize.Default);
        config.Architectures = [GetType().Name.StartsWith("TF", StringComparison.Ordinal) ? GetType().Name[2..] : GetType().Name];
        config.save_pretrained(save_directory);
        if (saved_model) export(Path.Combine(save_directory, "saved_model", version.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    /// <summary>Applies the model to a whole set of arguments.</summary>
    /// <exception cref="ValueRangeException">An id lies outside its range.</exception>
    public new ModelOutput Apply(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        CheckInputs(args);
        return (ModelOutput)base.Apply(args);
    }

    /// <summary>Applies the model: a dictionary of its inputs by name, a list in their order, or the main one alone.</summary>
    public new ModelOutput Apply(Tensors inputs, bool? training = null, Tensor? mask = null) => Apply(new CallArguments(inputs, training) { Mask = mask });
}

/// <summary>A pretrained model whose class and output are known.</summary>
/// <typeparam name="TSelf">The class.</typeparam>
/// <typeparam name="TOut">Its output.</typeparam>
public abstract class TFPreTrainedModel<TSelf, TOut> : TFPreTrainedModel
    where TSelf : TFPreTrainedModel<TSelf, TOut>, IPretrainedModel<TSelf>
    where TOut : ModelOutput
{
    /// <inheritdoc/>
    protected TFPreTrainedModel(PretrainedConfig config, string? name = null, DTypePolicy? dtype = null) : base(config, name, dtype) { }

    /// <summary>A model with the weights of a folder.</summary>
    /// <param name="pretrained_model_name_or_path">A folder with config.json and model.safetensors (or shards with their index).</param>
    /// <param name="num_labels">The number of classes of a new head; default the configuration's.</param>
    /// <param name="id2label">The names of the classes; default the configuration's.</param>
    /// <param name="ignore_mismatched_sizes">Whether weights of another shape start new instead of being refused; default false.</param>
    /// <param name="config">Further settings by key that override the file's.</param>
    /// <exception cref="ConfigException">There is no such folder, or its configuration is missing, damaged or of another model.</exception>
    /// <exception cref="WeightLoadException">Weights are missing or do not fit.</exception>
    /// <exception cref="FileFormatException">The weights' file is damaged.</exception>
    public static TSelf from_pretrained(string pretrained_model_name_or_path, int? num_labels = null, IReadOnlyDictionary<int, string>? id2label = null,
        bool ignore_mismatched_sizes = false, IReadOnlyDictionary<string, object?>? config = null) =>
        from_pretrained(pretrained_model_name_or_path, out _, num_labels, id2label, ignore_mismatched_sizes, config);

    /// <summary>A model with the weights of a folder, and what loading found (Hugging Face's <c>output_loading_info</c>).</summary>
    /// <inheritdoc cref="from_pretrained(string, int?, IReadOnlyDictionary{int, string}?, bool, IReadOnlyDictionary{string, object?}?)"/>
    public static TSelf from_pretrained(string pretrained_model_name_or_path, out LoadingReport loading_info, int? num_labels = null,
        IReadOnlyDictionary<int, string>? id2label = null, bool ignore_mismatched_sizes = false, IReadOnlyDictionary<string, object?>? config = null)
    {
        var (json, path) = PretrainedConfig.ReadFile(pretrained_model_name_or_path);
        var settings = ModelRegistry.ConfigOf(json, path);
        if (settings.model_type != TSelf.ModelType)
            throw new ConfigException($"{typeof(TSelf).Name} cannot load this model", path, $"model_type \"{TSelf.ModelType}\"", $"\"{settings.model_type}\"", "Use the Auto class, or the model's own.");
        ModelRegistry.Override(settings, num_labels, id2label, config);
        var model = TSelf.Create(settings);
        loading_info = model.LoadWeights(pretrained_model_name_or_path, ignore_mismatched_sizes);
        return model;
    }

    /// <inheritdoc cref="Layer.Apply(CallArguments)"/>
    public new TOut Apply(CallArguments args) => (TOut)base.Apply(args);

    /// <inheritdoc cref="TFPreTrainedModel.Apply(Tensors, bool?, Tensor?)"/>
    public new TOut Apply(Tensors inputs, bool? training = null, Tensor? mask = null) => (TOut)base.Apply(inputs, training, mask);
}

/// <summary>What the Auto classes need to know of a model class.</summary>
/// <typeparam name="TSelf">The class.</typeparam>
public interface IPretrainedModel<TSelf>
{
    /// <summary>The "model_type" of its configurations.</summary>
    static abstract string ModelType { get; }

    /// <summary>A new model with untrained weights.</summary>
    static abstract TSelf Create(PretrainedConfig config);
}
