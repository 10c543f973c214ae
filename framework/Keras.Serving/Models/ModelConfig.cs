namespace Keras.Serving;

/// <summary>A model that the host serves, as an entry of TensorFlow Serving's <c>model_config_list</c> describes it.</summary>
/// <param name="Name">The name that callers use: letters, digits, '.', '_' and '-'.</param>
/// <param name="BasePath">The folder whose subfolders are versions, named by numbers.</param>
sealed record ModelConfig(string Name, string BasePath)
{
    /// <summary>The versions to serve; default the newest.</summary>
    public VersionPolicy Policy { get; init; } = VersionPolicy.Newest;

    /// <summary>The labels of versions.</summary>
    public IReadOnlyDictionary<string, long> VersionLabels { get; init; } = new Dictionary<string, long>();
}

/// <summary>Chooses the versions of a model to serve.</summary>
/// <param name="Latest">The number of newest versions; null for all, or for those of <paramref name="Specific"/>.</param>
/// <param name="Specific">Only these versions; null for all, or the newest.</param>
sealed record VersionPolicy(int? Latest = null, IReadOnlyList<long>? Specific = null)
{
    /// <summary>Serves the newest version.</summary>
    public static VersionPolicy Newest { get; } = new(Latest: 1);

    /// <summary>Serves all versions.</summary>
    public static VersionPolicy All { get; } = new();
}
