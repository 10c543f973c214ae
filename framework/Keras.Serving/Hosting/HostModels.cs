namespace Keras.Serving;

/// <summary>The models that options name.</summary>
static class HostModels
{
    /// <exception cref="ArgumentException">A name or folder is bad, or the file of models cannot be opened.</exception>
    /// <exception cref="FileFormatException">The file of models is none.</exception>
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
