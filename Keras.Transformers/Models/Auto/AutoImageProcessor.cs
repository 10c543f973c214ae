namespace Keras.Transformers;

/// <summary>Reads the processor of images that a folder's files name.</summary>
public static class AutoImageProcessor
{
    static IEnumerable<ModelFamily> Families => ModelFamilies.All.Where(f => f.ImageProcessors.Length > 0);

    /// <summary>Reads the processor of a folder: of the class that preprocessor_config.json names, else of the model type in config.json, for a model made of models that of its encoder of images.</summary>
    /// <param name="pretrained_model_name_or_path">The folder of the model.</param>
    /// <exception cref="FileFormatException">There is no preprocessor_config.json, or it is damaged.</exception>
    /// <exception cref="UnsupportedException">The files name another processor, or none.</exception>
    public static ViTImageProcessor from_pretrained(string pretrained_model_name_or_path)
    {
        ArgumentException.ThrowIfNullOrEmpty(pretrained_model_name_or_path);
        var path = Path.Combine(pretrained_model_name_or_path, ViTImageProcessor.FileName);
        if (!File.Exists(path)) throw ViTImageProcessor.NoFile(pretrained_model_name_or_path);
        var processor = ViTImageProcessor.TypeOf(JsonPlace.Read(path))?.Name;
        var model = processor is null ? ModelType(pretrained_model_name_or_path) : null;
        var read = Families.Where(f => processor is not null || f.ModelType == model).SelectMany(f => f.ImageProcessors).FirstOrDefault(p => processor is null || p.Name == processor).Read;
        return read is not null ? read(pretrained_model_name_or_path) : throw new UnsupportedException("The folder's processor of images is not known", path,
            $"image_processor_type {Known.List(Families.SelectMany(f => f.ImageProcessors).Select(p => p.Name))}, or without it model_type {Known.List(Families.Select(f => f.ModelType))} in config.json",
            processor is not null ? $"image_processor_type \"{processor}\"" : model is not null ? $"model_type \"{model}\"" : "neither", "Write the right image_processor_type into the file, or make pixel_values with the model's own processor.");
    }

    static string? ModelType(string folder) => Path.Combine(folder, "config.json") is var config && File.Exists(config) ? ModelFamilies.TypeIn(JsonPlace.Read(config), f => f.ImageProcessorPart).TextOrNull() : null;
}
