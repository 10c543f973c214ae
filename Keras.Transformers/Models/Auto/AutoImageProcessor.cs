namespace Keras.Transformers;

/// <summary>Loads the image processor that fits a model, from a folder or from the hub.</summary>
/// <example>
/// <code>
/// var processor = AutoImageProcessor.from_pretrained("google/vit-base-patch16-224");
/// Tensor pixels = processor.Apply(["cat.jpg", "dog.png"]).pixel_values;   // (2, 3, 224, 224)
/// </code>
/// </example>
public static class AutoImageProcessor
{
    static IEnumerable<ModelFamily> Families => ModelFamilies.All.Where(f => f.ImageProcessors.Length > 0);

    /// <summary>Loads an image processor: of the class that preprocessor_config.json names, otherwise by the model type in config.json; for a composed model, by that of its image encoder.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model, or a repository of the hub, "organisation/name".</param>
    /// <param name="subfolder">The folder within it that holds the files; default none.</param>
    /// <param name="revision">The branch, tag or commit of a repository of the hub; default "main".</param>
    /// <param name="token">The token for the hub; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="cache_dir">The cache of downloads; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_files_only">Whether only local files are used, without asking the hub; default false.</param>
    /// <param name="force_download">Whether files are downloaded even if the cache has them; default false.</param>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a repository.</exception>
    /// <exception cref="HfHubHttpException">The hub failed, or is needed and cannot be asked.</exception>
    /// <exception cref="FileFormatException">There is no preprocessor_config.json, or it is damaged.</exception>
    /// <exception cref="UnsupportedException">The files name another processor, or none.</exception>
    public static ViTImageProcessor from_pretrained(string pretrained_model_name_or_path,
        string subfolder = "", string? revision = null, string? token = null, string? cache_dir = null, bool local_files_only = false, bool force_download = false)
    {
        var folder = PretrainedSource.Folder(pretrained_model_name_or_path, subfolder, new(revision, token, cache_dir, local_files_only, force_download), ViTImageProcessor.FileName, PretrainedConfig.FileName);
        var path = Path.Combine(folder, ViTImageProcessor.FileName);
        if (!File.Exists(path)) throw ViTImageProcessor.NoFile(folder);
        var processor = ViTImageProcessor.TypeOf(JsonPlace.Read(path))?.Name;
        var model = processor is null ? ModelType(folder) : null;
        var read = Families.Where(f => processor is not null || f.ModelType == model).SelectMany(f => f.ImageProcessors).FirstOrDefault(p => processor is null || p.Name == processor).Read;
        return read is not null ? read(folder) : throw new UnsupportedException("The folder's image processor is not known", path,
            $"image_processor_type {Known.List(Families.SelectMany(f => f.ImageProcessors).Select(p => p.Name))}, or without it model_type {Known.List(Families.Select(f => f.ModelType))} in config.json",
            processor is not null ? $"image_processor_type \"{processor}\"" : model is not null ? $"model_type \"{model}\"" : "neither", "Write the right image_processor_type into the file, or make pixel_values with the model's own processor.");
    }

    static string? ModelType(string folder) => Path.Combine(folder, "config.json") is var config && File.Exists(config) ? ModelFamilies.TypeIn(JsonPlace.Read(config), f => f.ImageProcessorPart).TextOrNull() : null;
}
