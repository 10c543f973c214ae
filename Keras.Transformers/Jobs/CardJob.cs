using System.Text.Json;

namespace Keras.Transformers;

/// <summary>Writes the card of a model's folder, README.md, again, from its training's metrics.json and from what only its author can know.</summary>
/// <remarks><code>
/// new CardJob { Folder = "my-model", License = "apache-2.0", Languages = ["en"], Dataset = "my-org/definitions", Overwrite = true }.Run();
/// </code></remarks>
public sealed record CardJob
{
    /// <summary>The model's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The model's name; default the folder's.</summary>
    public string? Name { get; init; }

    /// <summary>The codes of its languages: "en".</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>The licence's identifier: "apache-2.0"; default none.</summary>
    public string? License { get; init; }

    /// <summary>Keywords for finding it.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The data set: an id of the hub, or a name; default none.</summary>
    public string? Dataset { get; init; }

    /// <summary>The model that was fine-tuned; default the one in metrics.json, if that is a repository of the hub.</summary>
    public string? FinetunedFrom { get; init; }

    /// <summary>A description of the model, Markdown; default a note that it is missing.</summary>
    public string? Description { get; init; }

    /// <summary>Whether a card that is there is replaced; default false.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Does it.</summary>
    /// <returns>The card's path.</returns>
    /// <exception cref="JobOptionException">There is no such folder, no model in it, or a card.</exception>
    /// <exception cref="FileFormatException">The hub would reject the metadata, or metrics.json is damaged; nothing is written.</exception>
    /// <exception cref="IOException">The disk cannot be written; the old card is as it was.</exception>
    public string Run()
    {
        if (!File.Exists(Path.Combine(Folder, PretrainedConfig.FileName))) throw new JobOptionException(nameof(Folder), "The folder holds no model", PretrainedConfig.FileName, Directory.Exists(Folder) ? "a folder without it" : "no such folder");
        var card = JobOptionException.NewOutput(Path.Combine(Folder, ModelCard.FileName), Overwrite, nameof(Overwrite));
        var (config, training) = (AutoConfig.from_pretrained(Folder), Training());
        var isOnHub = Dataset is not null && RepoName.IsId(Dataset) && Dataset.Contains('/', StringComparison.Ordinal);
        new TrainingSummary
        {
            model_name = Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder))),
            language = Texts(Languages), license = License, tags = Texts(Tags), BeganNew = false,
            finetuned_from = FinetunedFrom ?? (training is not null && RepoName.IsId(training.Model) && !Directory.Exists(training.Model) ? training.Model : null),
            tasks = config.Architectures.Select(CardTasks.OfClass).OfType<string>().FirstOrDefault() is { } task ? (CardTexts)task : null,
            dataset = Dataset is null ? null : (CardTexts)Dataset, dataset_tags = isOnHub ? (CardTexts)Dataset! : null,
            eval_results = training?.Evaluation ?? new Dictionary<string, double>(), eval_lines = training?.Epochs ?? [],
            sections = Description is null ? new Dictionary<string, string>() : new() { ["Model description"] = Description },
        }.save(Folder);
        return card;
    }

    TrainingResult? Training()
    {
        var path = Path.Combine(Folder, TrainingJob.MetricsFile);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), JobJson.Default.TrainingResult);
        }
        catch (JsonException e)
        {
            throw new FileFormatException("The record of the training is damaged", path, "what a training writes", e.Message, "Train again, or remove the file.", e);
        }
    }

    static CardTexts? Texts(IReadOnlyList<string> texts) => texts.Count == 0 ? null : CardTexts.Of([.. texts]);
}
