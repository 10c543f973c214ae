namespace Keras.Transformers;

/// <summary>The base of the Auto classes: each loads or creates the model for its task that fits a configuration.</summary>
/// <typeparam name="TSelf">The Auto class.</typeparam>
public abstract class AutoModelClass<TSelf> where TSelf : AutoModelClass<TSelf>
{
    private protected AutoModelClass() { }

    /// <summary>Loads a model from a folder or from the hub. A head that the file lacks is newly initialised, with a warning.</summary>
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
    /// <exception cref="ConfigException">There is no such folder, or its configuration is missing, damaged, or of a model without a class for this task.</exception>
    /// <exception cref="WeightLoadException">Weights are missing or do not fit.</exception>
    /// <exception cref="FileFormatException">The weights' file is damaged.</exception>
    public static TFPreTrainedModel from_pretrained(string pretrained_model_name_or_path, int? num_labels = null, IReadOnlyDictionary<int, string>? id2label = null,
        bool ignore_mismatched_sizes = false, IReadOnlyDictionary<string, object?>? config = null, string? dtype = null, string subfolder = "", string? variant = null,
        bool from_pt = false, bool? use_safetensors = null, string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        from_pretrained(pretrained_model_name_or_path, out _, num_labels, id2label, ignore_mismatched_sizes, config, dtype, subfolder, variant, from_pt, use_safetensors, revision, token, cache_dir, local_files_only, force_download);

    /// <summary>Loads a model and reports which weights were missing, unexpected or of another shape (Hugging Face's <c>output_loading_info</c>).</summary>
    /// <inheritdoc cref="from_pretrained(string, int?, IReadOnlyDictionary{int, string}?, bool, IReadOnlyDictionary{string, object?}?, string?, string, string?, bool, bool?, string?, string?, string?, bool, bool)"/>
    public static TFPreTrainedModel from_pretrained(string pretrained_model_name_or_path, out LoadingReport loading_info, int? num_labels = null,
        IReadOnlyDictionary<int, string>? id2label = null, bool ignore_mismatched_sizes = false, IReadOnlyDictionary<string, object?>? config = null,
        string? dtype = null, string subfolder = "", string? variant = null, bool from_pt = false, bool? use_safetensors = null, string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false) =>
        new PretrainedFolder(pretrained_model_name_or_path, subfolder, variant, from_pt, use_safetensors, new(revision, token, cache_dir, local_files_only, force_download))
            .Load(new(num_labels, id2label, config, dtype), (settings, policy) => ModelFamilies.Create(typeof(TSelf), settings, policy), ignore_mismatched_sizes, out loading_info);

    /// <summary>Creates a model with newly initialised weights from a configuration, to train it from scratch.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <exception cref="ConfigException">There is no class of this task for such a configuration; the message lists those that have one.</exception>
    public static TFPreTrainedModel from_config(PretrainedConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return ModelFamilies.Create(typeof(TSelf), config);
    }

    /// <summary>Registers a model class for this task: it is used for configurations of its <see cref="IPretrainedModel{TModel}.ModelType"/>.</summary>
    /// <typeparam name="TModel">The class.</typeparam>
    /// <param name="exist_ok">Whether it may replace another class; default false.</param>
    /// <remarks>Register a new kind of configuration with <see cref="AutoConfig.register"/>.</remarks>
    /// <exception cref="ArgumentException">The task has a class for this kind of model.</exception>
    public static void register<TModel>(bool exist_ok = false) where TModel : TFPreTrainedModel, IPretrainedModel<TModel> =>
        ModelFamilies.Extend(TModel.ModelType, typeof(TSelf).Name, f => f.Tasks.ContainsKey(typeof(TSelf)), f => f with { Tasks = f.Tasks.SetItem(typeof(TSelf), ModelClass.Of<TModel>()) }, exist_ok);
}

/// <summary>Loads a model's configuration, of any family, from a folder or from the hub.</summary>
/// <example>
/// <code>
/// var config = AutoConfig.from_pretrained("bert-base-cased");
/// Console.WriteLine(config.model_type);   // bert
/// var model = TFAutoModelForMaskedLM.from_config(config);   // newly initialised weights
/// </code>
/// </example>
public static class AutoConfig
{
    /// <summary>Loads the configuration of a folder or of a repository of the hub.</summary>
    /// <param name="pretrained_model_name_or_path">A folder with config.json, or a repository of the hub, "organisation/name".</param>
    /// <param name="config">Further settings by key that override the file's.</param>
    /// <param name="subfolder">The folder within it that holds the file; default none.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="cache_dir">The cache of downloads; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether only local files are used, without asking the hub; default false.</param>
    /// <param name="force_download">Whether files are downloaded even if the cache has them; default false.</param>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or is needed and cannot be asked.</exception>
    /// <exception cref="ConfigException">There is no such folder, or its configuration is missing, damaged or unknown.</exception>
    public static PretrainedConfig from_pretrained(string pretrained_model_name_or_path, IReadOnlyDictionary<string, object?>? config = null, string subfolder = "",
        string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false)
    {
        var (json, path) = PretrainedConfig.ReadFile(PretrainedSource.Folder(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download), PretrainedConfig.FileName));
        var settings = ModelFamilies.ConfigOf(json, path);
        if (config is not null) settings.Update(config);
        return settings;
    }

    /// <summary>Creates a configuration with a family's defaults, by model type: "bert".</summary>
    /// <exception cref="ConfigException">There is no such kind.</exception>
    public static PretrainedConfig for_model(string model_type) => ModelFamilies.ConfigOf(model_type ?? throw new ArgumentNullException(nameof(model_type)), nameof(for_model));

    /// <summary>Registers a configuration class for a model type.</summary>
    /// <typeparam name="TConfig">Its class.</typeparam>
    /// <param name="model_type">The value of "model_type" in files.</param>
    /// <param name="exist_ok">Whether it may replace another; default false.</param>
    /// <exception cref="ArgumentException">The model type is registered already, and exist_ok is false.</exception>
    public static void register<TConfig>(string model_type, bool exist_ok = false) where TConfig : PretrainedConfig, new()
    {
        if (new TConfig().model_type is var own && own != model_type)
            throw new ArgumentException($"{typeof(TConfig).Name} is of another model_type. Expected: \"{own}\". Received: \"{model_type}\".", nameof(model_type));
        ModelFamilies.Extend(model_type, nameof(AutoConfig), f => f.Config is not null, f => f with { Config = () => new TConfig() }, exist_ok);
    }
}

/// <summary>Loads models without a head, which return the hidden state of each token or patch (<c>last_hidden_state</c>).</summary>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var model = TFAutoModel.from_pretrained("bert-base-cased");
/// Tensor states = model.predict(tokenizer.Apply(["a large wild cat"]))["last_hidden_state"];   // (1, T, 768)
/// </code>
/// </example>
public sealed class TFAutoModel : AutoModelClass<TFAutoModel>;

/// <summary>Loads models that turn texts into vectors; the same classes as <see cref="TFAutoModel"/>, for texts alone.</summary>
public sealed class TFAutoModelForTextEncoding : AutoModelClass<TFAutoModelForTextEncoding>;

/// <summary>Loads models with the heads that they were pretrained with.</summary>
public sealed class TFAutoModelForPreTraining : AutoModelClass<TFAutoModelForPreTraining>;

/// <summary>Loads models that predict words, masked or next ones: Hugging Face's deprecated class. Use <see cref="TFAutoModelForMaskedLM"/> or <see cref="TFAutoModelForCausalLM"/>.</summary>
public sealed class TFAutoModelWithLMHead : AutoModelClass<TFAutoModelWithLMHead>;

/// <summary>Loads models that predict masked words.</summary>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var model = TFAutoModelForMaskedLM.from_pretrained("bert-base-cased");
/// var encoded = tokenizer.Apply(["Paris is the [MASK] of France."]);
/// var place = Array.IndexOf(encoded["input_ids"][0], tokenizer.mask_token_id!.Value);
/// var best = ops.argmax(model.predict(encoded)["logits"].Single[0, place]).ToScalar&lt;int&gt;();
/// Console.WriteLine(tokenizer.convert_ids_to_tokens(best));
/// </code>
/// </example>
public sealed class TFAutoModelForMaskedLM : AutoModelClass<TFAutoModelForMaskedLM>;

/// <summary>Loads models that predict the next token and so generate text with <c>generate</c>.</summary>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("gpt2");
/// var model = TFAutoModelForCausalLM.from_pretrained("gpt2");
/// int[] prompt = [.. tokenizer.encode("Once upon a time")];
/// var output = model.generate(prompt, max_new_tokens: 30, do_sample: true, top_p: 0.9);
/// Console.WriteLine(tokenizer.decode(output.sequences[0], skip_special_tokens: true));
/// </code>
/// </example>
public sealed class TFAutoModelForCausalLM : AutoModelClass<TFAutoModelForCausalLM>;

/// <summary>Loads models that predict whether one sentence follows another.</summary>
public sealed class TFAutoModelForNextSentencePrediction : AutoModelClass<TFAutoModelForNextSentencePrediction>;

/// <summary>Loads models that classify a text (or a pair of texts): one label, several labels, or a number.</summary>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var model = TFAutoModelForSequenceClassification.from_pretrained("bert-base-cased", num_labels: 2);
/// var texts = tokenizer.Apply(["a fine film", "far too long"], padding: true);
/// int[] labels = [1, 0];
/// model.compile(optimizer: keras.optimizers.Adam(3e-5), metrics: ["accuracy"]);   // no loss: the model's own
/// model.fit(texts, labels, epochs: 3);
/// Tensor logits = model.predict(texts)["logits"];   // (2, 2)
/// </code>
/// </example>
public sealed class TFAutoModelForSequenceClassification : AutoModelClass<TFAutoModelForSequenceClassification>;

/// <summary>Loads models that choose one of several texts, such as the answer to a question; inputs are (B, choices, T).</summary>
public sealed class TFAutoModelForMultipleChoice : AutoModelClass<TFAutoModelForMultipleChoice>;

/// <summary>Loads models that label each token, for named entities or parts of speech.</summary>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var model = TFAutoModelForTokenClassification.from_pretrained("bert-base-cased", id2label: new Dictionary&lt;int, string&gt; { [0] = "O", [1] = "NAME" });
/// var encoded = tokenizer.Apply(["Ada lives in London"]);
/// int[] labels = ops.argmax((Tensor)model.predict(encoded)["logits"], axis: -1).ToArray&lt;int&gt;();
/// for (var i = 0; i &lt; labels.Length; i++) Console.WriteLine($"{encoded.tokens()[i]}: {model.config.id2label[labels[i]]}");
/// </code>
/// </example>
public sealed class TFAutoModelForTokenClassification : AutoModelClass<TFAutoModelForTokenClassification>;

/// <summary>Loads models that find the answer to a question in a text, by its first and last token.</summary>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var model = TFAutoModelForQuestionAnswering.from_pretrained("bert-base-cased");
/// var pair = tokenizer.Apply(["Where does Ada live?"], ["Ada lives in London."]);
/// var outputs = model.predict(pair);
/// var (first, last) = (ops.argmax(outputs["start_logits"].Single[0]), ops.argmax(outputs["end_logits"].Single[0]));
/// Console.WriteLine(tokenizer.decode(pair["input_ids"][0][first.ToScalar&lt;int&gt;()..(last.ToScalar&lt;int&gt;() + 1)]));
/// </code>
/// </example>
public sealed class TFAutoModelForQuestionAnswering : AutoModelClass<TFAutoModelForQuestionAnswering>;

/// <summary>Loads models that classify images.</summary>
/// <example>
/// <code>
/// var processor = AutoImageProcessor.from_pretrained("google/vit-base-patch16-224");
/// var model = TFAutoModelForImageClassification.from_pretrained("google/vit-base-patch16-224");
/// Tensor logits = model.predict(processor.Apply("cat.jpg"))["logits"];
/// Console.WriteLine(model.config.id2label[ops.argmax(logits, axis: -1).ToArray&lt;int&gt;()[0]]);
/// </code>
/// </example>
public sealed class TFAutoModelForImageClassification : AutoModelClass<TFAutoModelForImageClassification>;

/// <summary>Loads models that reconstruct the masked patches of images.</summary>
public sealed class TFAutoModelForMaskedImageModeling : AutoModelClass<TFAutoModelForMaskedImageModeling>;

/// <summary>Loads models that generate a text from another text.</summary>
public sealed class TFAutoModelForSeq2SeqLM : AutoModelClass<TFAutoModelForSeq2SeqLM>;

/// <summary>Loads models that generate a text from an image, such as a caption.</summary>
public sealed class TFAutoModelForVision2Seq : AutoModelClass<TFAutoModelForVision2Seq>;
