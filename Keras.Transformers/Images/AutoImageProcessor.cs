namespace Keras.Transformers;

/// <summary>Reads the processor of images that a folder's files name.</summary>
public static class AutoImageProcessor
{
    /// <summary>Reads the processor of a folder: of the class that preprocessor_config.json names, else of the model type in config.json.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model.</param>
    /// <exception cref="FileFormatException">There is no preprocessor_config.json, or it is damaged.</exception>
    /// <exception cref="UnsupportedException">The files name another processor, or none.</exception>
    public static ViTImageProcessor from_pretrained(string pretrained_model_name_or_path)
    {
        ArgumentException.ThrowIfNullOrEmpty(pretrained_model_name_or_path);
        var path = Path.Combine(pretrained_model_name_or_path, ViTImageProcessor.FileName);
        var type = File.Exists(path) ? ViTImageProcessor.TypeOf(JsonPlace.Read(path))?.Name : null;
        if (type is null && File.Exists(path)) CheckModel(pretrained_model_name_or_path, path);
        return type switch
        {
            nameof(ViTImageProcessorFast) => ViTImageProcessorFast.from_pretrained(pretrained_model_name_or_path),
            nameof(ViTFeatureExtractor) => ViTFeatureExtractor.from_pretrained(pretrained_model_name_or_path),
            _ => ViTImageProcessor.from_pretrained(pretrained_model_name_or_path),
        };
    }

    /// <summary>Where the processor's file does not say what it is, the model's has to.</summary>
    static void CheckModel(string folder, string path)
    {
        var config = Path.Combine(folder, "config.json");
        var model = File.Exists(config) ? JsonPlace.Read(config)["model_type"].TextOrNull() : null;
        if (model != "vit")
            throw new UnsupportedException("The folder's processor of images is not known", path, $"image_processor_type {Known.List(ViTImageProcessor.Names)}, or model_type \"vit\" in config.json",
                model is null ? "neither" : $"model_type \"{model}\"", "Write the right image_processor_type into the file.");
    }
}
