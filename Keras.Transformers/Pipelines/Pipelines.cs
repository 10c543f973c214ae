namespace Keras.Transformers;

/// <summary>Hugging Face's <c>pipeline</c>: <c>using static Keras.Transformers.Pipelines;</c> gives <c>pipeline("fill-mask")</c>.</summary>
public static class Pipelines
{
    /// <summary>Makes the pipeline of a task: a model with its tokenizer or its processor of images, ready for texts or images.</summary>
    /// <param name="task">"text-classification" ("sentiment-analysis"), "token-classification" ("ner"), "question-answering", "fill-mask", "feature-extraction", "sentence-similarity", "zero-shot-classification",
    /// "text-generation", "image-classification", "image-feature-extraction", "zero-shot-image-classification" or "image-to-text".</param>
    /// <param name="model">The folder of a model, the name of one of the hub, "organisation/name", or a model. Default: the small one of this library's repository, of tasks that have one.</param>
    /// <param name="tokenizer">The tokenizer; default the one in the model's folder.</param>
    /// <param name="image_processor">The image processor; default the one in the model's folder.</param>
    /// <param name="batch_size">The number of inputs in one call of the model; default 1. More are faster if they have similar lengths.</param>
    /// <param name="top_k">The number of labels, tokens or answers to return; see <see cref="PipelineOptions.top_k"/>.</param>
    /// <param name="function_to_apply">Classification: "sigmoid", "softmax" or "none".</param>
    /// <param name="truncation">Whether texts that are too long are truncated; default false.</param>
    /// <param name="aggregation_strategy">Tokens: "none" (default), "simple", "first", "average" or "max".</param>
    /// <param name="stride">Tokens: how many tokens the parts of long texts share; default null, which truncates them.</param>
    /// <param name="candidate_labels">Zero-shot classification: the labels, a list or one text with commas.</param>
    /// <param name="hypothesis_template">Zero-shot classification: a sentence with {} for the label.</param>
    /// <param name="multi_label">Zero-shot classification: whether several labels may be true.</param>
    /// <param name="pooling">Features: "mean" or "cls"; default "none".</param>
    /// <param name="normalize">Features: whether rows are scaled to length 1.</param>
    /// <param name="max_new_tokens">Generation: the most tokens that are written.</param>
    /// <param name="do_sample">Generation: whether tokens are drawn.</param>
    /// <param name="options">Every other option, and those above that are not given; see <see cref="PipelineOptions"/>.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="cache_dir">The cache of downloads; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether the hub is not asked; default false.</param>
    /// <returns>The pipeline, of the task's own class: <see cref="TextClassificationPipeline"/> and so on.</returns>
    /// <exception cref="ArgumentException">There is no such task or option.</exception>
    /// <exception cref="UnsupportedException">No model is given and the task has no default; the model has no head, or no trained head, for the task; or its tokenizer is not known.</exception>
    /// <exception cref="ConfigException">The model's folder does not exist, or its configuration is damaged, or of a kind that has no class for the task.</exception>
    /// <exception cref="WeightLoadException">The model's weights are missing or do not fit.</exception>
    /// <exception cref="VocabularyNotFoundException">There is no tokenizer in the model's folder.</exception>
    /// <exception cref="FileFormatException">A file is damaged, or there is no processor of images in the model's folder.</exception>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="ValueRangeException">An option is out of range.</exception>
    /// <example><code>
    /// using static Keras.Transformers.Pipelines;
    /// var fill = pipeline("fill-mask", model: "models/bert-tiny", top_k: 3);
    /// foreach (var word in fill.Apply("a tall [MASK] with green leaves")) Console.WriteLine($"{word.token_str} {word.score:P1}");
    /// </code></example>
    public static Pipeline pipeline(string task, PipelineModel? model = null, PreTrainedTokenizerBase? tokenizer = null, ViTImageProcessor? image_processor = null, int batch_size = 1, int? top_k = null,
        string? function_to_apply = null, bool? truncation = null, string? aggregation_strategy = null, int? stride = null, CandidateLabels? candidate_labels = null, string? hypothesis_template = null,
        bool? multi_label = null, string? pooling = null, bool? normalize = null, int? max_new_tokens = null, bool? do_sample = null, PipelineOptions? options = null, string? revision = null, string? token = null,
        string? cache_dir = null, bool local_files_only = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(task);
        var given = new PipelineOptions
        {
            top_k = top_k, function_to_apply = function_to_apply, truncation = truncation, aggregation_strategy = aggregation_strategy, stride = stride, candidate_labels = candidate_labels,
            hypothesis_template = hypothesis_template, multi_label = multi_label, pooling = pooling, normalize = normalize, max_new_tokens = max_new_tokens, do_sample = do_sample,
        };
        return new PipelineLoading(PipelineTask.Of(task), model, new(revision, token, cache_dir, local_files_only)).Make(tokenizer, image_processor, batch_size, options is null ? given : given.Over(options));
    }
}

/// <summary>A pipeline's model, given as a folder, the name of a repository of the hub, or a model.</summary>
public sealed class PipelineModel
{
    internal PipelineModel(object value) => Value = value;

    internal object Value { get; }

    /// <summary>The folder of a model, or the name of one of the hub.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static implicit operator PipelineModel?(string? name)
    {
        if (name is { Length: 0 }) throw new ArgumentException("A model's name is empty. Expected: a folder, or a name of the hub, \"organisation/name\".", nameof(name));
        return name is null ? null : new(name);
    }

    /// <summary>A model.</summary>
    public static implicit operator PipelineModel?(TFPreTrainedModel? model) => model is null ? null : new(model);
}

/// <summary>Loads the parts of a pipeline.</summary>
/// <param name="task">The task.</param>
/// <param name="model">The model; null for the library's own.</param>
/// <param name="hub">Where to look for a repository.</param>
sealed class PipelineLoading(PipelineTask task, PipelineModel? model, HubOptions hub)
{
    public Pipeline Make(PreTrainedTokenizerBase? tokenizer, ViTImageProcessor? images, int batch, PipelineOptions options)
    {
        RefuseIdle(tokenizer, task.Texts, "tokenizer");
        RefuseIdle(images, task.Images, "image_processor");
        if (model?.Value is TFPreTrainedModel ready)
            return task.Make(PipelineTask.Require(task.Name, ready), task.Texts ? tokenizer ?? Tokenizer(FolderOf(ready, "tokenizer")) : null!, task.Images ? images ?? Processor(FolderOf(ready, "image_processor")) : null!, batch, options);
        var path = model?.Value as string ?? task.BundledModel();
        var loaded = task.Load(path, hub, out var report);
        task.RequireTrained(path, report);
        var made = task.Make(loaded, task.Texts ? tokenizer ?? Tokenizer(path) : null!, task.Images ? images ?? Processor(path) : null!, batch, options);
        if (made is ImageFeatureExtractionPipeline features) features.HasUntrainedPooler = report.missing_keys.Count > 0;
        return made;
    }

    /// <summary>Rejects a part that the task does not use.</summary>
    void RefuseIdle(object? part, bool isUsed, string name)
    {
        if (part is not null && !isUsed) throw new ArgumentException($"The task \"{task.Name}\" has no use for a part. Expected: no {name}. Received: {part.GetType().Name}.", name);
    }

    string FolderOf(TFPreTrainedModel made, string part) => made.name_or_path is { Length: > 0 } path ? path
        : throw new ArgumentException($"The model came from no folder, so there is none to read its {part} from. Give {part}: pipeline(\"{task.Name}\", model, {part}: ...).", part);

    PreTrainedTokenizerBase Tokenizer(string path) => AutoTokenizer.from_pretrained(path, revision: hub.Revision, token: hub.Token, cache_dir: hub.CacheDir, local_files_only: hub.LocalOnly);

    ViTImageProcessor Processor(string path) => AutoImageProcessor.from_pretrained(path, revision: hub.Revision, token: hub.Token, cache_dir: hub.CacheDir, local_files_only: hub.LocalOnly);
}
