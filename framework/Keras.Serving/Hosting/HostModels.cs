namespace Keras.Serving;

/// <summary>The models that options name.</summary>
static class HostModels
{
    /// <exception cref="ArgumentException">A name or folder is bad.</exception>
    public static IReadOnlyList<ModelConfig> Of(ServingOptions options)
    {
        List<ModelConfig> models = [.. options.Models];
        if (options.ModelBasePath is { } path) models.Add(new(options.ModelName, Path.GetFullPath(path)));
        try
        {
            ModelConfigs.Require(models);
        }
        catch (ServingException e)
        {
            throw new ArgumentException(e.Message, nameof(options), e);
        }
        return models;
    }
}
