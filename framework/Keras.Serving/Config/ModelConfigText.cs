using Keras.ServingProtos;

namespace Keras.Serving;

/// <summary>Reads lists of models from TensorFlow Serving's <c>model_config_list</c>, in text files and messages.</summary>
static class ModelConfigText
{
    const string Platform = "tensorflow";

    /// <summary>Reads the models from a file in text format.</summary>
    /// <exception cref="FileFormatException">The text is not such a list; the error gives line and column.</exception>
    /// <exception cref="ServingException">InvalidArgument: an entry cannot be served.</exception>
    public static IReadOnlyList<ModelConfig> Read(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>Parses the models from a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">The source of the text, for errors.</param>
    public static IReadOnlyList<ModelConfig> Parse(string text, string source)
    {
        var config = TextProto.Parse<ModelServerConfig>(text, source);
        return config.ConfigCase == ModelServerConfig.ConfigOneofCase.ModelConfigList
            ? Of(config.ModelConfigList)
            : throw new FileFormatException("No models are listed", source, "model_config_list { config { name: ... base_path: ... } }", config.ConfigCase == 0 ? "none" : "custom_model_config", "List the models in the file.");
    }

    /// <summary>Converts the models of a message.</summary>
    /// <exception cref="ServingException">InvalidArgument: an entry has no name, no folder, another platform, or an invalid version number.</exception>
    public static IReadOnlyList<ModelConfig> Of(ModelConfigList list)
    {
        if (list.Config.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) throw Bad($"Illegal to list model {twice.Key} multiple times in config list");
        return [.. list.Config.Select(Of)];
    }

    static ModelConfig Of(ServingProtos.ModelConfig config)
    {
        if (config.Name.Length == 0) throw Bad("A model of the config list has no name");
        if (config.BasePath.Length == 0) throw Bad($"The model {config.Name} of the config list has no base_path");
        if (config.ModelPlatform is not ("" or Platform)) throw Bad($"The model {config.Name} has the platform {config.ModelPlatform}. Expected: {Platform}");
        if (config.ModelType == ModelType.Other) throw Bad($"The model {config.Name} has the model_type OTHER. Expected: TENSORFLOW, or model_platform: \"{Platform}\"");
        if (config.VersionLabels.FirstOrDefault(l => l.Key.Length == 0 || l.Value < 0) is { Key: not null } label)
            throw Bad($"The model {config.Name} has the label '{label.Key}' for version {label.Value}. Expected: a name, and a version of at least 0");
        return new(config.Name, config.BasePath) { Policy = Policy(config), VersionLabels = config.VersionLabels.ToDictionary() };
    }

    static VersionPolicy Policy(ServingProtos.ModelConfig config)
    {
        var policy = config.ModelVersionPolicy;
        switch (policy?.PolicyChoiceCase)
        {
            case FileSystemStoragePathSourceConfig.Types.ServableVersionPolicy.PolicyChoiceOneofCase.All: return VersionPolicy.All;
            case FileSystemStoragePathSourceConfig.Types.ServableVersionPolicy.PolicyChoiceOneofCase.Latest:
                return new(Latest: policy.Latest.NumVersions is 0 ? 1 : (int)Math.Min(policy.Latest.NumVersions, int.MaxValue));
            case FileSystemStoragePathSourceConfig.Types.ServableVersionPolicy.PolicyChoiceOneofCase.Specific:
                if (policy.Specific.Versions.Count == 0 || policy.Specific.Versions.Any(v => v < 0))
                    throw Bad($"The model {config.Name} asks for the specific versions [{string.Join(", ", policy.Specific.Versions)}]. Expected: one or more of at least 0");
                return new(Specific: [.. policy.Specific.Versions.Distinct()]);
            default: return VersionPolicy.Newest;
        }
    }

    static ServingException Bad(string message) => new(TFServingStatus.InvalidArgument, message);
}
