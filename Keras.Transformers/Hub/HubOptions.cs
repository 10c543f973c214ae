namespace Keras.Transformers;

/// <summary>Where a call looks for a repository, and which state of it.</summary>
/// <param name="Revision">A branch, tag or commit; null for "main".</param>
/// <param name="Token">The token; null for the user's own.</param>
/// <param name="CacheDir">The cache; null for the settings'.</param>
/// <param name="LocalOnly">Whether nothing but the cache is looked at.</param>
/// <param name="Force">Whether files are downloaded even if the cache has them.</param>
sealed record HubOptions(string? Revision = null, string? Token = null, string? CacheDir = null, bool LocalOnly = false, bool Force = false)
{
    /// <summary>A branch, tag or commit; null for "main".</summary>
    public string? Revision { get; init; } = NotBlank(Revision, "revision");

    /// <summary>The cache; null for the settings'.</summary>
    public string? CacheDir { get; init; } = NotBlank(CacheDir, "cache_dir");

    /// <summary>The settings; null for those of the environment.</summary>
    public HubSettings? Settings { get; init; }

    static string? NotBlank(string? value, string name)
    {
        if (value is not null) ArgumentException.ThrowIfNullOrEmpty(value, name);
        return value;
    }
}
