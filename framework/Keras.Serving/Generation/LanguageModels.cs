using System.Collections.Concurrent;

namespace Keras.Serving;

/// <summary>The language models of a host.</summary>
sealed class LanguageModels(ServingOptions options) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, LanguageModel> _models = new(StringComparer.Ordinal);

    /// <summary>The models, sorted by name.</summary>
    public IEnumerable<LanguageModel> All => _models.Values.OrderBy(m => m.Name, StringComparer.Ordinal);

    /// <summary>Whether all models are loaded.</summary>
    public bool IsReady => _models.Count == options.GenerationModels.Count;

    /// <summary>Rejects invalid names and folders.</summary>
    /// <exception cref="ArgumentException">A name or folder is invalid.</exception>
    public static void Require(ServingOptions options, IEnumerable<string> others)
    {
        foreach (var (name, folder) in options.GenerationModels)
        {
            if (!ModelConfigs.IsName(name)) throw new ArgumentException($"A language model's name is bad. Expected: letters, digits, '.', '_' and '-'. Received: '{name}'.", nameof(options));
            if (!Directory.Exists(folder)) throw new ArgumentException($"The language model '{name}' has no folder. Expected: a folder as save_pretrained writes it. Received: '{folder}'.", nameof(options));
            if (others.Contains(name)) throw new ArgumentException($"The name '{name}' stands for a SavedModel and for a language model. Give each a name of its own.", nameof(options));
        }
    }

    /// <summary>Loads all models.</summary>
    public Task LoadAsync() => Task.Run(() =>
    {
        foreach (var (name, folder) in options.GenerationModels) _models[name] = LanguageModel.Load(name, folder, options);
    });

    /// <summary>Finds a model by name; null if there is none.</summary>
    public LanguageModel? Find(string name) => _models.GetValueOrDefault(name);

    /// <summary>Gets a model by name.</summary>
    /// <exception cref="OpenAiException">There is no such model.</exception>
    public LanguageModel Get(string? name) => name is null ? throw OpenAiException.Bad("model", "'model' is missing", Known.List(All.Select(m => m.Name)), "nothing")
        : Find(name) ?? throw new OpenAiException(404, "invalid_request_error", $"There is no model '{RestReply.Shown(name)}'. Models: {Known.List(All.Select(m => m.Name))}.", "model");

    /// <summary>The names of models that disposal still waits for.</summary>
    public IEnumerable<string> Busy => All.Where(m => !m.IsDisposed).Select(m => m.Name);

    public async ValueTask DisposeAsync() => await Task.WhenAll(All.Select(m => m.DisposeAsync().AsTask())).ConfigureAwait(false);
}
