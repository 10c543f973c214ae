namespace Keras.Engines.TensorFlow;

/// <summary>The options of installing libtensorflow: which version, and from where.</summary>
sealed record ProvisionOptions
{
    /// <summary>The version that is tested.</summary>
    public const string TestedVersion = "2.21.0";

    /// <summary>The environment variable that names an archive of the library.</summary>
    public const string ArchiveVariable = "KERAS_LIBTENSORFLOW_ARCHIVE";

    /// <summary>The version of the library.</summary>
    public string Version { get; init; } = TestedVersion;

    /// <summary>An archive (.tar.xz, .tar.gz, .zip, .whl), its address, or a folder; null takes the wheel from pip's package index.</summary>
    public string? Source { get; init; } = Environment.GetEnvironmentVariable(ArchiveVariable) is { Length: > 0 } path ? path : null;

    /// <summary>The archive's SHA-256; null for the one known for this version and system.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The folder that holds one folder per version.</summary>
    public string CacheFolder { get; init; } = LibrarySearch.CacheFolder;

    /// <summary>The pip command, such as "python3.12 -m pip"; null searches for one.</summary>
    public string? Pip { get; init; }

    /// <summary>Whether the xz command may unpack; it is faster than managed code.</summary>
    public bool UsesXzCommand { get; init; } = true;
}
