namespace Keras.Transformers;

/// <summary>Makes a pipeline from a model and its parts.</summary>
delegate Pipeline MakePipeline(TFPreTrainedModel model, PreTrainedTokenizerBase tokenizer, ViTImageProcessor images, int batch, PipelineOptions options);

/// <summary>A task: its name, the models and parts it needs, and how to make its pipeline.</summary>
/// <param name="Name">The name, such as "text-classification".</param>
/// <param name="Auto">The Auto class that makes its models.</param>
/// <param name="Load">Loads a model for it.</param>
/// <param name="Make">Makes the pipeline.</param>
/// <param name="Texts">Whether it needs a tokenizer.</param>
/// <param name="Images">Whether it needs a processor of images.</param>
/// <param name="Bundled">The bundled model for it; null if there is none.</param>
/// <param name="Optional">Parts of the names of weights that may be untrained.</param>
/// <param name="Input">The main input of its models, if the Auto class makes models of several kinds.</param>
sealed record PipelineTask(string Name, Type Auto, PipelineTask.Loader Load, MakePipeline Make, bool Texts = false, bool Images = false, string? Bundled = null, string? Optional = null, string? Input = null)
{
    /// <summary>Loads a model, and reports what its file lacked.</summary>
    public delegate TFPreTrainedModel Loader(string path, HubOptions hub, out LoadingReport report);

    const string Pooler = "pooler";

    static readonly PipelineTask[] All =
    [
        new("text-classification", typeof(TFAutoModelForSequenceClassification), Loading<TFAutoModelForSequenceClassification>, (m, t, _, b, o) => new TextClassificationPipeline(m, t, b, o), Texts: true),
        new("token-classification", typeof(TFAutoModelForTokenClassification), Loading<TFAutoModelForTokenClassification>, (m, t, _, b, o) => new TokenClassificationPipeline(m, t, b, o), Texts: true),
        new("question-answering", typeof(TFAutoModelForQuestionAnswering), Loading<TFAutoModelForQuestionAnswering>, (m, t, _, b, o) => new QuestionAnsweringPipeline(m, t, b, o), Texts: true),
        new("fill-mask", typeof(TFAutoModelForMaskedLM), Loading<TFAutoModelForMaskedLM>, (m, t, _, b, o) => new FillMaskPipeline(m, t, b, o), Texts: true, Bundled: "bert-tiny"),
        new("feature-extraction", typeof(TFAutoModel), Loading<TFAutoModel>, (m, t, _, b, o) => new FeatureExtractionPipeline(m, t, b, o), Texts: true, Bundled: "bert-tiny", Optional: Pooler, Input: "input_ids"),
        new("sentence-similarity", typeof(TFAutoModel), Loading<TFAutoModel>, (m, t, _, b, o) => new SentenceSimilarityPipeline(m, t, b, o), Texts: true, Bundled: "bert-tiny", Optional: Pooler, Input: "input_ids"),
        new("zero-shot-classification", typeof(TFAutoModelForSequenceClassification), Loading<TFAutoModelForSequenceClassification>, (m, t, _, b, o) => new ZeroShotClassificationPipeline(m, t, b, o), Texts: true),
        new("text-generation", typeof(TFAutoModelForCausalLM), Loading<TFAutoModelForCausalLM>, (m, t, _, b, o) => new TextGenerationPipeline(m, t, b, o), Texts: true, Bundled: "gpt2-tiny"),
        new("image-classification", typeof(TFAutoModelForImageClassification), Loading<TFAutoModelForImageClassification>, (m, _, i, b, o) => new ImageClassificationPipeline(m, i, b, o), Images: true, Bundled: "vit-tiny"),
        new("image-feature-extraction", typeof(TFAutoModel), Loading<TFAutoModel>, (m, _, i, b, o) => new ImageFeatureExtractionPipeline(m, i, b, o), Images: true, Bundled: "vit-tiny", Optional: Pooler, Input: "pixel_values"),
        new("zero-shot-image-classification", typeof(TFAutoModel), Loading<TFAutoModel>, (m, t, i, b, o) => new ZeroShotImageClassificationPipeline(m, t, i, b, o), Texts: true, Images: true),
        new("image-to-text", typeof(TFAutoModelForVision2Seq), Loading<TFAutoModelForVision2Seq>, (m, t, i, b, o) => new ImageToTextPipeline(m, t, i, b, o), Texts: true, Images: true),
    ];

    static readonly Dictionary<string, string> Aliases = new() { ["sentiment-analysis"] = "text-classification", ["ner"] = "token-classification" };

    /// <summary>The names of all tasks, aliases last.</summary>
    public static IEnumerable<string> AllNames => All.Select(t => t.Name).Concat(Aliases.Keys);

    /// <summary>Finds a task by name or alias.</summary>
    /// <exception cref="ArgumentException">There is no such task; the message lists all, and the most similar.</exception>
    public static PipelineTask Of(string task) => All.FirstOrDefault(t => t.Name == Aliases.GetValueOrDefault(task, task)) ?? throw Known.Unknown("There is no such task", task, nameof(task), AllNames);

    /// <summary>The first task whose models an Auto class makes.</summary>
    public static PipelineTask Of(Type auto) => All.First(t => t.Auto == auto);

    /// <summary>Checks that a task can use a model.</summary>
    /// <exception cref="UnsupportedException">The model is of another kind; the message says which are supported.</exception>
    public static TFPreTrainedModel Require(string task, TFPreTrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var known = Of(task);
        if (known.Fits(model)) return model;
        var classes = ModelFamilies.All.Select(f => f.Tasks.GetValueOrDefault(known.Auto)?.Class).OfType<Type>().Where(known.MayFit).Select(c => c.Name);
        var other = All.FirstOrDefault(t => t.Fits(model))?.Name;
        throw new UnsupportedException("A model has no head for the task", $"{task}, model", Known.List(classes), model.GetType().Name,
            other is null ? $"Load it with {known.Auto.Name}." : $"Load it with {known.Auto.Name}, or use the task \"{other}\".");
    }

    bool Fits(TFPreTrainedModel model) => ModelFamilies.Of(model.config.model_type).Tasks.GetValueOrDefault(Auto)?.Class.IsInstanceOfType(model) == true && MayFit(model.GetType()) && (Input is null || model.main_input_name == Input);

    bool MayFit(Type model) => Auto != typeof(TFAutoModel) || model.IsAssignableTo(typeof(TFVisionTextDualEncoderModel)) == (Name == "zero-shot-image-classification");

    static TFPreTrainedModel Loading<TAuto>(string path, HubOptions hub, out LoadingReport report) where TAuto : AutoModelClass<TAuto> =>
        AutoModelClass<TAuto>.from_pretrained(path, out report, revision: hub.Revision, token: hub.Token, cache_dir: hub.CacheDir, local_files_only: hub.LocalOnly);

    /// <summary>Finds the folder of the bundled model for the task, in the working folder or above it, or above the program.</summary>
    /// <exception cref="UnsupportedException">There is no such model, or it was not found.</exception>
    public string BundledModel()
    {
        var ready = All.Where(t => t.Bundled is not null).Select(t => t.Name);
        if (Bundled is null)
            throw new UnsupportedException("The library has no model of its own for the task", $"{Name}, model", "the folder of a model, or the name of one of the hub", "no model",
                $"Give one: pipeline(\"{Name}\", model: \"folder\"). Without a model there are {Known.List(ready)}.");
        var path = Path.Combine("models", Bundled);
        foreach (var start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                if (Path.Combine(folder.FullName, path) is var found && File.Exists(Path.Combine(found, PretrainedConfig.FileName))) return found;
        throw new UnsupportedException("The library's own model for the task is not here", $"{Name}, model", $"{path} in the working folder or above it, or above the program", "no such folder",
            $"Copy {path} from the repository of Keras.Transformers, or give another: pipeline(\"{Name}\", model: \"folder\").");
    }

    /// <summary>Rejects a model whose head came from no file, since its outputs would be noise.</summary>
    /// <exception cref="UnsupportedException">The head came from no file.</exception>
    public void RequireTrained(string model, LoadingReport report)
    {
        string[] missing = [.. report.missing_keys.Where(k => Optional is null || !k.Contains(Optional, StringComparison.Ordinal))];
        if (missing.Length == 0) return;
        throw new UnsupportedException("The model's file has no head for the task, so what it says would be noise", $"{Name}, model {model}", $"weights of {Auto.Name}", $"none for {LoadingReport.Fold(missing)}",
            $"Train the head first (docs/getting-started.md), use a model that was trained for the task, or give a model that you loaded with {Auto.Name} yourself.");
    }
}
