using System.Text.RegularExpressions;

namespace Keras.Serving;

/// <summary>Checks lists of models to serve.</summary>
static partial class ModelConfigs
{
    /// <exception cref="ServingException">InvalidArgument: a name, a folder, a policy or a label is invalid.</exception>
    public static void Require(IReadOnlyList<ModelConfig> configs)
    {
        foreach (var config in configs)
        {
            if (!IsName(config.Name)) throw Bad($"A model's name is bad. Expected: letters, digits, '.', '_' and '-', beginning with a letter, a digit or '_', at most 128. Received: '{config.Name}'");
            if (string.IsNullOrWhiteSpace(config.BasePath) || !Directory.Exists(config.BasePath)) throw Bad($"The model '{config.Name}' has no base folder. Expected: a folder of version folders, named by numbers. Received: '{config.BasePath}'");
            if (config.Policy is { Latest: < 1 } or { Latest: not null, Specific: not null } or { Specific.Count: 0 }) throw Bad($"The version policy of the model '{config.Name}' chooses nothing. Expected: the newest N, N at least 1, or versions, or all. Received: {config.Policy}");
            foreach (var (label, version) in config.VersionLabels)
                if (!IsName(label) || version < 0) throw Bad($"A version label of the model '{config.Name}' is bad. Expected: a name and a version. Received: '{label}': {version}");
        }
        if (configs.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) throw Bad($"The model '{twice.Key}' stands in the list {twice.Count()} times");
    }

    /// <summary>Whether a text is a valid name for a model.</summary>
    public static bool IsName(string? name) => name is { Length: > 0 and <= 128 } && NameForm().IsMatch(name);

    static ServingException Bad(string message) => new(TFServingStatus.InvalidArgument, message + ".");

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]*\z")]
    private static partial Regex NameForm();
}
