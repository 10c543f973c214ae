namespace Keras.Transformers;

/// <summary>What the Auto classes have in common: each makes the model of its task that fits a configuration.</summary>
/// <typeparam name="TSelf">The Auto class.</typeparam>
public abstract class AutoModelClass<TSelf> where TSelf : AutoModelClass<TSelf>
{
    private protected AutoModelClass() { }

    /// <summary>A model with the weights of a folder; a head that the file lacks starts new, with a warning.</summary>
    /// <param name="pretrained_model_name_or_path">A folder with config.json and model.safetensors or tf_model.h5 (or shards with their index), else a repository of the hub, "organisation/name".</param>
    /// <param name="num_labels">The number of classes of a new head; default the configuration's.</param>
    /// <param name="id2label">The names of the classes; default the configuration's.</param>
    /// <param name="ignore_mismatched_sizes">Whether weights of another shape start new instead of being refused; default false.</param>
    /// <param name="config">Further settings by key that override the file's.</param>
    /// <param name="dtype">The dtype policy; "auto" for the dtype of the file; default the global policy.</param>
    /// <param name="subfolder">The folder within the folder that holds both files; default none.</param>
    /// <param name="variant">The middle of the weights' file name: "fp16" for model.fp16.safetensors; default none.</param>
    /// <param name="from_pt">Whether pytorch_model.bin is read where there is one; its pickle is understood, never run; default false.</param>
    /// <param name="use_safetensors">True to read nothing but safetensors, false to read tf_model.h5; default null, safetensors where there are any.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, else what <c>login</c> stored.</param>
    /// <param name="cache_dir">Where downloads are kept; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether the hub is not asked; default false.</param>
    /// <param name="force_download">Whether files are downloaded though the cache has them; default false.</param>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or has to be asked and cannot.</exception>
    /// <exception cref="ConfigException">There is no such folder, or its configuration is missing, damaged, or of a model without a class for this task.</exception>
    /// <exception cref="WeightLoadException">Weights are missing or do not fit.</exception>
    /// <exception cref="FileFormatException">The weights' file is damaged.</exception>
    public static TFPreTrainedModel from_pretrained(string pretrained_model_name_or_path, int? num_labels = null, IReadOnlyDictionary<int, string>? id2label = null,
        bool ignore_mismatched_sizes = false, IReadOnlyDictionary<string, object?>? config = null, string? dtype = null, string subfolder = "", string? variant = null,
        bool from_pt = false, bool? use_safetensors = null, string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        from_pretrained(pretrained_model_name_or_path, out _, num_labels, id2label, ignore_mismatched_sizes, config, dtype, subfolder, variant, from_pt, use_safetensors, revision, token, cache_dir, local_files_only, force_download);

    /// <summary>A model with the weights of a folder, and what loading found (Hugging Face's <c>output_loading_info</c>).</summary>
    /// <inheritdoc cref="from_pretrained(string, int?, IReadOnlyDictionary{int, string}?, bool, IReadOnlyDictionary{string, object?}?, string?, string, string?, bool, bool?, string?, string?, string?, bool, bool)"/>
    public static TFPreTrainedModel from_pretrained(string pretrained_model_name_or_path, out LoadingReport loading_info, int? num_labels = null,
        IReadOnlyDictionary<int, string>? id2label = null, bool ignore_mismatched_sizes = false, IReadOnlyDictionary<string, object?>? config = null,
        string? dtype = null, string subfolder = "", string? variant = null, bool from_pt = false, bool? use_safetensors = null, string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        new PretrainedFolder(pretrained_model_name_or_path, subfolder, variant, from_pt, use_safetensors, new(revision, token, cache_dir, local_files_only, force_download))
            .Load(new(num_labels, id2label, config, dtype), (settings, policy) => ModelFamilies.Create(typeof(TSelf), settings, policy), ignore_mismatched_sizes, out loading_info);

    /// <summary>A model with new weights.</summary>
    /// <param name="config">What it is made of.</param>
    /// <exception cref="ConfigException">There is no class of this task for such a configuration; the message lists those that have one.</exception>
    public static TFPreTrainedModel from_config(PretrainedConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return ModelFamilies.Create(typeof(TSelf), config);
    }

    /// <summary>Makes a class known: configurations of its <see cref="IPretrainedModel{TModel}.ModelType"/> are of this class for this task.</summary>
    /// <typeparam name="TModel">The class.</typeparam>
    /// <param name="exist_ok">Whether it may take the place of another class; default false.</param>
    /// <remarks>A new kind of configuration is made known by <see cref="AutoConfig.register"/>.</remarks>
    /// <exception cref="ArgumentException">The task has a class for this kind of model.</exception>
    public static void register<TModel>(bool exist_ok = false) where TModel : TFPreTrainedModel, IPretrainedModel<TModel> =>
        ModelFamilies.Extend(TModel.ModelType, typeof(TSelf).Name, f => f.Tasks.ContainsKey(typeof(TSelf)), f => f with { Tasks = f.Tasks.SetItem(typeof(TSelf), ModelClass.Of<TModel>()) }, exist_ok);
}

/// <summary>Makes the configuration that a folder holds.</summary>
public static class AutoConfig
{
    /// <summary>The configuration of a folder.</summary>
    /// <param name="pretrained_model_name_or_path">A folder with config.json, else a repository of the hub, "organisation/name".</param>
    /// <param name="config">Further settings by key that override the file's.</param>
    /// <param name="subfolder">The folder within the folder that holds the file; default none.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, else what <c>login</c> stored.</param>
    /// <param name="cache_dir">Where downloads are kept; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether the hub is not asked; default false.</param>
    /// <param name="force_download">Whether files are downloaded though the cache has them; default false.</param>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or has to be asked and cannot.</exception>
    /// <exception cref="ConfigException">There is no such folder, or its configuration is missing, damaged or unknown.</exception>
    public static PretrainedConfig from_pretrained(string pretrained_model_name_or_path, IReadOnlyDictionary<string, object?>? config = null, string subfolder = "",
        string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false)
    {
        var (json, path) = PretrainedConfig.ReadFile(PretrainedSource.Folder(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download), PretrainedConfig.FileName));
        var settings = ModelFamilies.ConfigOf(json, path);
        if (config is not null) settings.Update(config);
        return settings;
    }

    /// <summary>A new configuration of a kind of model: "bert".</summary>
    /// <exception cref="ConfigException">There is no such kind.</exception>
    public static PretrainedConfig for_model(string model_type) => ModelFamilies.ConfigOf(model_type ?? throw new ArgumentNullException(nameof(model_type)), nameof(for_model));

    /// <summary>Makes a kind of configuration known.</summary>
    /// <typeparam name="TConfig">Its class.</typeparam>
    /// <param name="model_type">The value of "model_type" in files.</param>
    /// <param name="exist_ok">Whether it may take the place of another; default false.</param>
    /// <exception cref="ArgumentException">It is known already.</exception>
    public static void register<TConfig>(string model_type, bool exist_ok = false) where TConfig : PretrainedConfig, new()
    {
        if (new TConfig().model_type is var own && own != model_type)
            throw new ArgumentException($"{typeof(TConfig).Name} is of another model_type. Expected: \"{own}\". Received: \"{model_type}\".", nameof(model_type));
        ModelFamilies.Extend(model_type, nameof(AutoConfig), f => f.Config is not null, f => f with { Config = () => new TConfig() }, exist_ok);
    }
}

/// <summary>Makes bare models.</summary>
public sealed class TFAutoModel : AutoModelClass<TFAutoModel>;

/// <summary>Makes models that turn texts into vectors.</summary>
public sealed class TFAutoModelForTextEncoding : AutoModelClass<TFAutoModelForTextEncoding>;

/// <summary>Makes models with the heads of their pretraining.</summary>
public sealed class TFAutoModelForPreTraining : AutoModelClass<TFAutoModelForPreTraining>;

/// <summary>Makes models that score words, masked or next ones: Hugging Face's deprecated class. Use <see cref="TFAutoModelForMaskedLM"/> or <see cref="TFAutoModelForCausalLM"/>.</summary>
public sealed class TFAutoModelWithLMHead : AutoModelClass<TFAutoModelWithLMHead>;

/// <summary>Makes models that fill masked words.</summary>
public sealed class TFAutoModelForMaskedLM : AutoModelClass<TFAutoModelForMaskedLM>;

/// <summary>Makes models that predict the next word.</summary>
public sealed class TFAutoModelForCausalLM : AutoModelClass<TFAutoModelForCausalLM>;

/// <summary>Makes models that tell whether one sentence follows another.</summary>
public sealed class TFAutoModelForNextSentencePrediction : AutoModelClass<TFAutoModelForNextSentencePrediction>;

/// <summary>Makes sequence classifiers.</summary>
public sealed class TFAutoModelForSequenceClassification : AutoModelClass<TFAutoModelForSequenceClassification>;

/// <summary>Makes models that choose among texts.</summary>
public sealed class TFAutoModelForMultipleChoice : AutoModelClass<TFAutoModelForMultipleChoice>;

/// <summary>Makes models that label each token.</summary>
public sealed class TFAutoModelForTokenClassification : AutoModelClass<TFAutoModelForTokenClassification>;

/// <summary>Makes models that find answers in texts.</summary>
public sealed class TFAutoModelForQuestionAnswering : AutoModelClass<TFAutoModelForQuestionAnswering>;

/// <summary>Makes models that classify images.</summary>
public sealed class TFAutoModelForImageClassification : AutoModelClass<TFAutoModelForImageClassification>;

/// <summary>Makes models that paint hidden patches of images.</summary>
public sealed class TFAutoModelForMaskedImageModeling : AutoModelClass<TFAutoModelForMaskedImageModeling>;

/// <summary>Makes models that make texts of other texts.</summary>
public sealed class TFAutoModelForSeq2SeqLM : AutoModelClass<TFAutoModelForSeq2SeqLM>;

/// <summary>Makes models that make texts of images.</summary>
public sealed class TFAutoModelForVision2Seq : AutoModelClass<TFAutoModelForVision2Seq>;
