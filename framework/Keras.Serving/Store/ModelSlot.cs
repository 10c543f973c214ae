using System.Collections.Immutable;

namespace Keras.Serving;

/// <summary>A version and its state.</summary>
sealed record VersionEntry(VersionStatus Status, ServedVersion? Loaded = null)
{
    /// <summary>For a version being unloaded: completes when its last request is answered and its memory freed.</summary>
    public Task? Unloaded { get; init; }

    /// <summary>The current status.</summary>
    public VersionStatus Now => Unloaded is { IsCompleted: false } ? Status with { State = VersionState.Unloading } : Status;

    /// <summary>The stamp of the files when loading failed.</summary>
    public string Stamp { get; init; } = "";

    /// <summary>How often loading failed with these files.</summary>
    public int Failures { get; init; }

    /// <summary>The time of the last failure.</summary>
    public DateTime FailedAt { get; init; }
}

/// <summary>An immutable snapshot of a model and its versions, consistent for readers whatever is loaded meanwhile.</summary>
sealed record ModelSlot(ModelConfig Config, ImmutableSortedDictionary<long, VersionEntry> Versions)
{
    /// <summary>The loaded versions, newest last.</summary>
    public IEnumerable<KeyValuePair<long, VersionEntry>> Available => Versions.Where(v => v.Value.Loaded is not null);

    /// <summary>The configured versions that are not loaded, with reasons: specific ones, otherwise the newest if none is loaded.</summary>
    public IEnumerable<string> Missing
    {
        get
        {
            string Said(long? version, VersionEntry? entry) => $"{{name: {Config.Name}{(version is { } number ? $" version: {number}" : "")}}} due to error: {(entry is { Status.Message.Length: > 0 } ? entry.Status.Message : $"{Config.BasePath} holds no {(version is null ? "version" : "such version")}")}";
            if (Config.Policy.Specific is { } specific) return specific.Where(v => Versions.GetValueOrDefault(v)?.Loaded is null).Select(v => Said(v, Versions.GetValueOrDefault(v)));
            if (Available.Any()) return [];
            var newest = Versions.LastOrDefault();
            return [newest.Value is null ? Said(null, null) : Said(newest.Key, newest.Value)];
        }
    }

    /// <summary>Finds the version that a request is for.</summary>
    /// <exception cref="ServingException">NotFound: no such version or label; Unavailable: none is loaded.</exception>
    public ServedVersion Find(ModelSpec spec)
    {
        var version = spec.Version ?? (string.IsNullOrEmpty(spec.Label) ? null : LabelledVersion(spec.Label));
        if (version is { } number)
        {
            if (Versions.TryGetValue(number, out var entry) && entry.Loaded is { } loaded) return loaded;
            var loading = entry is not null && entry.Status.State is VersionState.Start or VersionState.Loading;
            throw new ServingException(loading ? TFServingStatus.Unavailable : TFServingStatus.NotFound, $"The model '{spec.Name}' does not serve version {number}{Reason(entry)}. Available: {Known.List(Available.Select(v => v.Key))}.");
        }
        foreach (var newest in Versions.Reverse())
            if (newest.Value.Loaded is { } loaded) return loaded;
        var failed = Versions.Values.LastOrDefault();
        throw new ServingException(TFServingStatus.Unavailable, $"No version of the model '{spec.Name}' is loaded{Reason(failed)}.");
    }

    /// <summary>Finds the version with a label.</summary>
    /// <exception cref="ServingException">NotFound: no such label.</exception>
    public long LabelledVersion(string label) => Config.VersionLabels.TryGetValue(label, out var version) ? version
        : throw new ServingException(TFServingStatus.NotFound, $"The model '{Config.Name}' has no version label '{label}'. Labels: {Known.List(Config.VersionLabels.Keys)}.");

    static string Reason(VersionEntry? entry) => entry is null ? "" : $" (state {VersionStates.Name(entry.Now.State)}{(entry.Status.Message.Length > 0 ? $": {entry.Status.Message}" : "")})";
}

/// <summary>The names of states in TensorFlow Serving.</summary>
static class VersionStates
{
    public static string Name(VersionState state) => state switch
    {
        VersionState.Start => "START",
        VersionState.Loading => "LOADING",
        VersionState.Available => "AVAILABLE",
        VersionState.Unloading => "UNLOADING",
        VersionState.End => "END",
        _ => "UNKNOWN",
    };
}
