namespace Keras.Serving;

/// <summary>Lists the models that the options name.</summary>
static class HostModels
{
    /// <exception cref="ArgumentException">A name or folder is invalid, or the model config file cannot be opened.</exception>
    /// <exception cref="FileFormatException">The model config file is malformed.</exception>
    public static IReadOnlyList<ModelConfig> Of(ServingOptions options)
    {
        List<ModelConfig> models = [.. options.Models];
        if (options.ModelBasePath is { } path) models.Add(new(options.ModelName, Path.GetFullPath(path)));
        try
        {
            if (options.ModelConfigFile is { } file) models.AddRange(ModelConfigText.Read(file));
            ModelConfigs.Require(models);
        }
        catch (Exception e) when (e is ServingException or IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException(e.Message, nameof(options), e);
        }
        LanguageModels.Require(options, models.Select(m => m.Name));
        return models;
    }
}
