namespace Keras.Transformers;

/// <summary>Where a call looks for a repository, and at which revision.</summary>
/// <param name="Revision">A branch, tag or commit; null for "main".</param>
/// <param name="Token">The token; null for the user's own.</param>
/// <param name="CacheDir">The cache; null for the settings'.</param>
/// <param name="LocalOnly">Whether only the cache is used.</param>
/// <param name="Force">Whether to download files even if they are cached.</param>
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
