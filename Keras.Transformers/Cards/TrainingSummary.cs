namespace Keras.Transformers;

/// <summary>What a model card says about training: the model's name and origin, the data, the settings and the results.</summary>
/// <remarks>Source: transformers/modelcard.py. Only the figures of an evaluation become results of the model-index. In Hugging Face TF the index has none, because it looks for names that its
/// history does not have.</remarks>
public sealed partial record TrainingSummary
{
    /// <summary>The model's name.</summary>
    public required string model_name { get; init; }

    /// <summary>The codes of its languages: "en".</summary>
    public CardTexts? language { get; init; }

    /// <summary>The licence's identifier: "apache-2.0"; "other" with <see cref="license_name"/>.</summary>
    public string? license { get; init; }

    /// <summary>The name of a licence that has no identifier.</summary>
    public string? license_name { get; init; }

    /// <summary>Keywords for finding the model.</summary>
    public CardTexts? tags { get; init; }

    /// <summary>The model that was fine-tuned; null if training started from scratch or from a local folder.</summary>
    public string? finetuned_from { get; init; }

    /// <summary>The model's tasks, by the hub's names: "text-classification".</summary>
    public CardTexts? tasks { get; init; }

    /// <summary>The display names of the data sets.</summary>
    public CardTexts? dataset { get; init; }

    /// <summary>The ids of the data sets on the hub, in the same order.</summary>
    public CardTexts? dataset_tags { get; init; }

    /// <summary>The parts of the data sets that were used, in the same order.</summary>
    public CardTexts? dataset_args { get; init; }

    /// <summary>The evaluation results by name, from the last epoch that has any.</summary>
    public IReadOnlyDictionary<string, double> eval_results { get; init; } = new Dictionary<string, double>();

    /// <summary>The logs of each epoch by name, with the key "epoch".</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, double>> eval_lines { get; init; } = [];

    /// <summary>The training settings: the optimizer's config and the precision.</summary>
    public IReadOnlyDictionary<string, object?> hyperparameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>The first paragraph, Markdown; default one sentence with the model's origin and its data.</summary>
    public string? introduction { get; init; }

    /// <summary>Text by heading, Markdown: "Model description", "Intended uses and limitations", "Training and evaluation data", or others; a heading without text says that it is missing.</summary>
    public IReadOnlyDictionary<string, string> sections { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the weights were initialized at random, not loaded.</summary>
    internal bool BeganNew { get; init; } = true;

    /// <summary>The names of the training logs.</summary>
    internal IReadOnlyCollection<string> Trained { get; init; } = [];

    /// <summary>Creates the card's metadata.</summary>
    public IReadOnlyDictionary<string, object?> create_metadata()
    {
        var data = new OrderedDictionary<string, object?> { ["library_name"] = "transformers" };
        void Add(string field, object? value)
        {
            if (value is not null and not CardTexts { Count: 0 } and not "") data[field] = value;
        }
        Add("language", language);
        Add("license", license);
        Add("license_name", license_name);
        Add("base_model", finetuned_from);
        Add("pipeline_tag", tasks is { Count: > 0 } ? tasks[0] : null);
        Add("tags", tags);
        Add("datasets", dataset_tags);
        var metrics = Metrics();
        if (metrics.Length > 0) data["metrics"] = metrics.Select(m => m.Type).Distinct().ToArray();
        data["model-index"] = new object[] { new OrderedDictionary<string, object?> { ["name"] = model_name, ["results"] = Results(metrics) } };
        return data;
    }

    (string Type, string Name, double Value)[] Metrics() => [.. eval_results.Where(r => CardMetrics.TypeOf(r.Key) is not null && double.IsFinite(r.Value)).Select(r => (CardMetrics.TypeOf(r.Key)!, r.Key, r.Value))];

    /// <summary>The results by task and data set; the hub requires a task, a data set and a metric in each.</summary>
    object[] Results((string Type, string Name, double Value)[] metrics)
    {
        if (metrics.Length == 0) return [];
        return [.. from task in tasks ?? [] from set in DataSets() select (object)new OrderedDictionary<string, object?>
        {
            ["task"] = new OrderedDictionary<string, object?> { ["name"] = CardTasks.NameOf(task), ["type"] = task },
            ["dataset"] = set,
            ["metrics"] = metrics.Select(m => new OrderedDictionary<string, object?> { ["name"] = CardMetrics.Title(m.Name, []), ["type"] = m.Type, ["value"] = m.Value }).ToArray(),
        }];
    }

    IEnumerable<OrderedDictionary<string, object?>> DataSets()
    {
        var names = dataset ?? dataset_tags ?? [];
        for (var i = 0; i < names.Count; i++)
        {
            // A data set that is not on the hub has only its name; the index needs some type.
            var set = new OrderedDictionary<string, object?> { ["name"] = names[i], ["type"] = dataset_tags?.ElementAtOrDefault(i) ?? names[i] };
            if (dataset_args?.ElementAtOrDefault(i) is { } args) set["args"] = args;
            yield return set;
        }
    }
}
