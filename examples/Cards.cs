using Keras.Transformers;

namespace Keras.Examples;

/// <summary>The cards of the models in this repository: prose and figures of examples/cards, and the record of a training.</summary>
static class Cards
{
    /// <summary>Writes a model's card.</summary>
    /// <param name="name">The model, whose prose is examples/cards/NAME.md.</param>
    /// <param name="folder">The model's folder.</param>
    /// <param name="training">The training that has just made it, whose record and figures the card then shows, since the prose describes the model kept here. Null for prose and its figures.</param>
    public static void Write(string name, string folder, TrainingSummary? training = null)
    {
        var source = ModelCard.load(InRepository.Find($"examples/cards/{name}.md"));
        var parts = source.text.Split("\n## ");
        string? Text(string field) => source.data.GetValueOrDefault(field) as string;
        var results = ((IReadOnlyDictionary<string, object?>)source.data["results"]!).ToDictionary(r => r.Key, r => (double)r.Value!);
        ((training ?? new TrainingSummary { model_name = name, eval_results = results }) with
        {
            language = Text("language") is { } language ? (CardTexts)language : null,
            license = Text("license"),
            license_name = Text("license_name"),
            finetuned_from = Text("finetuned_from"),
            tasks = Text("tasks")!,
            tags = ((List<object?>)source.data["tags"]!).Cast<string>().ToArray(),
            dataset = Text("dataset")!,
            introduction = training is null ? parts[0] : Text("introduction"),
            sections = training is null ? parts[1..].Select(p => p.Split('\n', 2)).ToDictionary(p => p[0], p => p[1]) : new Dictionary<string, string>(),
        }).save(folder);
    }
}
