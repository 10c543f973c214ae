using Keras.Callbacks;

namespace Keras.Transformers;

public sealed partial record TrainingSummary
{
    const string GeneratedTag = "generated_from_keras_callback";

    /// <summary>Creates the summary of a model's training.</summary>
    /// <param name="model">The model.</param>
    /// <param name="model_name">The model's name.</param>
    /// <param name="keras_history">The record of <c>fit</c>; default the model's own, or none if it was not trained.</param>
    /// <param name="language">The codes of its languages; default none.</param>
    /// <param name="license">The licence's identifier; default none.</param>
    /// <param name="tags">Tags by which it is found; "generated_from_keras_callback" is added.</param>
    /// <param name="finetuned_from">The model that was fine-tuned; default the repository that it was loaded from.</param>
    /// <param name="tasks">Its tasks; default the one of its class.</param>
    /// <param name="dataset_tags">The ids of the data sets on the hub; default none.</param>
    /// <param name="dataset">The names of the data sets; default dataset_tags.</param>
    /// <param name="dataset_args">The parts of the data sets that were used; default none.</param>
    public static TrainingSummary from_keras(Model model, string model_name, History? keras_history = null, CardTexts? language = null, string? license = null, CardTexts? tags = null, string? finetuned_from = null,
        CardTexts? tasks = null, CardTexts? dataset_tags = null, CardTexts? dataset = null, CardTexts? dataset_args = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrWhiteSpace(model_name);
        return OfEpochs(model, model_name, (keras_history ?? model.history)?.Epochs ?? []).With(language, license, tags, finetuned_from, tasks, dataset_tags, dataset, dataset_args);
    }

    /// <summary>Adds the user's information about a model; origin and tasks that it omits stay.</summary>
    internal TrainingSummary With(CardTexts? language, string? license, CardTexts? tags, string? finetuned_from, CardTexts? tasks, CardTexts? dataset_tags, CardTexts? dataset, CardTexts? dataset_args) => this with
    {
        language = language,
        license = license,
        tags = tags?.Contains(GeneratedTag) == true ? tags : CardTexts.Of([.. tags ?? [], GeneratedTag]),
        finetuned_from = finetuned_from ?? this.finetuned_from,
        tasks = tasks ?? this.tasks,
        dataset_tags = dataset_tags,
        dataset = dataset ?? dataset_tags,
        dataset_args = dataset_args,
    };

    /// <summary>Makes the summary from the logs of epochs.</summary>
    internal static TrainingSummary OfEpochs(Model model, string name, IReadOnlyList<IReadOnlyDictionary<string, double>> epochs)
    {
        string[] trained = [.. model.compiled && epochs.Count > 0 ? model.get_metrics_result().Keys : [], "loss"];
        var began = (model as TFPreTrainedModel)?.name_or_path ?? "";
        var evaluated = epochs.LastOrDefault(e => CardMetrics.Evaluated(e, trained).Any());
        return new()
        {
            model_name = name, tags = GeneratedTag, finetuned_from = RepoName.IsId(began) && !Directory.Exists(began) ? began : null, BeganNew = began.Length == 0, tasks = OfModel(model), eval_lines = epochs, Trained = trained,
            eval_results = evaluated is null ? new Dictionary<string, double>() : CardMetrics.Evaluated(evaluated, trained).DistinctBy(r => r.Name).ToDictionary(r => r.Name, r => r.Value),
            hyperparameters = model.compiled ? new Dictionary<string, object?> { ["optimizer"] = model.optimizer.Serialized(), ["training_precision"] = model.dtype_policy.name } : new Dictionary<string, object?>(),
        };
    }

    static CardTexts? OfModel(Model model) => CardTasks.OfClass(model.GetType().Name) is { } task ? (CardTexts)task : null;
}
