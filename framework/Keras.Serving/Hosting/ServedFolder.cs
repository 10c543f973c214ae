using Keras.SavedModels;

namespace Keras.Serving;

/// <summary>Finds out what a user's folder holds: SavedModels, or a language model.</summary>
static class ServedFolder
{
    /// <summary>Adds the models in a folder to those of the options.</summary>
    /// <param name="options">The options so far.</param>
    /// <param name="folder">A SavedModel in a version folder, the folder of a model's versions, the output of <c>save_pretrained(saved_model: true)</c>, a folder of such folders, or a language model with its
    /// tokenizer. A model is named after its folder.</param>
    /// <exception cref="ArgumentException">The folder holds none of these.</exception>
    public static ServingOptions AddTo(ServingOptions options, string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(path)) throw new ArgumentException($"There is no such folder. Expected: a folder of a model. Received: '{folder}'.");
        if (ModelOf(path) is { } model) return options with { Models = [.. options.Models, model] };
        if (IsLanguageModel(path)) return options with { GenerationModels = new Dictionary<string, string>(options.GenerationModels) { [NameOf(path)] = path } };
        var models = Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal).Select(ModelOf).OfType<ModelConfig>().ToArray();
        if (models.Length > 0) return options with { Models = [.. options.Models, .. models] };
        throw new ArgumentException($"The folder holds no model that could be served. Expected: version folders with SavedModels ({Path.Combine(NameOf(path), "1", SavedModelWriter.ModelFile)}), a folder of such folders, "
            + $"or a language model with its tokenizer. Received: '{folder}'. Write a SavedModel with save_pretrained(folder, saved_model: true) or keras-transformers export.");
    }

    /// <summary>The model of a version folder, of a folder of versions, or of what save_pretrained wrote; null for other folders.</summary>
    static ModelConfig? ModelOf(string path)
    {
        if (File.Exists(Path.Combine(path, SavedModelWriter.ModelFile)))
        {
            var versions = Path.GetDirectoryName(path)!;
            return VersionFolders.List(versions).Where(v => v.Folder == path).Select(v => v.Version).Cast<long?>().FirstOrDefault() is { } version
                ? new(NameOf(versions), versions) { Policy = new(Specific: [version]) }
                : throw new ArgumentException($"The folder of a SavedModel is a version, whose name is a number. Expected: such as '{Path.Combine(path, "1")}'. Received: '{path}'.");
        }
        string[] folders = [path, Path.Combine(path, "saved_model")];
        return Array.Find(folders, HasVersions) is { } found ? new(NameOf(path), found) : null;
    }

    static bool HasVersions(string path) => Directory.Exists(path) && VersionFolders.List(path).Any(v => File.Exists(Path.Combine(v.Folder, SavedModelWriter.ModelFile)));

    static bool IsLanguageModel(string path) => File.Exists(Path.Combine(path, "config.json"));

    /// <summary>The name of a model; if save_pretrained wrote it, the name of the parent folder.</summary>
    static string NameOf(string path) => Path.GetFileName(path) is var name && name == "saved_model" ? NameOf(Path.GetDirectoryName(path)!) : name;
}
