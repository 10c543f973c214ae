namespace Keras.Serving;

/// <summary>A model that the host serves, as an entry of TensorFlow Serving's <c>model_config_list</c> describes it.</summary>
/// <param name="Name">The name that callers use: letters, digits, '.', '_' and '-'.</param>
/// <param name="BasePath">The folder whose subfolders are versions, named by numbers.</param>
sealed record ModelConfig(string Name, string BasePath)
{
    /// <summary>Which versions are served; default the newest.</summary>
    public VersionPolicy Policy { get; init; } = VersionPolicy.Newest;

    /// <summary>Labels of versions.</summary>
    public IReadOnlyDictionary<string, long> VersionLabels { get; init; } = new Dictionary<string, long>();
}

/// <summary>Which versions of a model are served.</summary>
/// <param name="Latest">How many of the newest; null for all, or for those of <paramref name="Specific"/>.</param>
/// <param name="Specific">Just these versions; null for all, or the newest.</param>
sealed record VersionPolicy(int? Latest = null, IReadOnlyList<long>? Specific = null)
{
    /// <summary>The newest version.</summary>
    public static VersionPolicy Newest { get; } = new(Latest: 1);

    /// <summary>All versions.</summary>
    public static VersionPolicy All { get; } = new();
}
