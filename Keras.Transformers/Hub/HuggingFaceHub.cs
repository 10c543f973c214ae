namespace Keras.Transformers;

/// <summary>huggingface_hub's functions; <c>using static Keras.Transformers.HuggingFaceHub;</c> gives them by their own names. <see cref="HfApi"/> has all others.</summary>
public static class HuggingFaceHub
{
    /// <inheritdoc cref="HfApi.hf_hub_download"/>
    public static string hf_hub_download(string repo_id, string filename, string? subfolder = null, string? repo_type = null, string? revision = null, string? cache_dir = null, bool force_download = false, string? token = null,
        bool local_files_only = false, CancellationToken cancellation_token = default) =>
        new HfApi().hf_hub_download(repo_id, filename, subfolder, repo_type, revision, cache_dir, force_download, token, local_files_only, cancellation_token);

    /// <inheritdoc cref="HfApi.snapshot_download"/>
    public static string snapshot_download(string repo_id, string? repo_type = null, string? revision = null, string? cache_dir = null, bool force_download = false, string? token = null, bool local_files_only = false,
        IEnumerable<string>? allow_patterns = null, IEnumerable<string>? ignore_patterns = null, int max_workers = 8, CancellationToken cancellation_token = default) =>
        new HfApi().snapshot_download(repo_id, repo_type, revision, cache_dir, force_download, token, local_files_only, allow_patterns, ignore_patterns, max_workers, cancellation_token);

    /// <summary>The path of a file in the cache, without asking the hub; null where it is not there.</summary>
    /// <inheritdoc cref="HfApi.hf_hub_download"/>
    public static string? try_to_load_from_cache(string repo_id, string filename, string? cache_dir = null, string? revision = null, string? repo_type = null)
    {
        var cache = new RepoCache(cache_dir ?? HubSettings.Current.Cache, RepoName.Of(repo_id, repo_type));
        return cache.Find(cache.CommitOf(RepoName.Revision(revision)), RepoName.FileName(filename, nameof(filename)));
    }

    /// <summary>Keeps a token for all later calls, here and in Python, after asking the hub whether it knows it.</summary>
    /// <param name="token">The token, of the hub's settings.</param>
    /// <returns>Who the token is.</returns>
    /// <exception cref="HfHubHttpException">The hub does not know it, or failed; nothing was kept.</exception>
    /// <exception cref="HfValidationException">It cannot be one.</exception>
    public static HubUser login(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        var clean = HubTokens.Clean(token, nameof(token)) ?? throw new HfValidationException("A token is blank", nameof(token), "a token of the hub's settings", "white space");
        var user = new HfApi(token: clean).whoami();
        HubTokens.Store(clean, HubSettings.Current);
        return user;
    }

    /// <summary>Forgets the token that <see cref="login"/> kept.</summary>
    /// <exception cref="IOException">The file cannot be removed.</exception>
    public static void logout()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(HubSettings.Current.TokenPath)) is { } folder && Directory.Exists(folder)) File.Delete(HubSettings.Current.TokenPath);
    }

    /// <inheritdoc cref="HfApi.whoami"/>
    public static HubUser whoami(string? token = null) => new HfApi().whoami(token);

    /// <summary>The token of calls that name none: HF_TOKEN, else what <see cref="login"/> kept; null for none.</summary>
    public static string? get_token() => HubTokens.Stored(HubSettings.Current);

    /// <summary>What the cache holds.</summary>
    /// <param name="cache_dir">The cache; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <exception cref="CacheNotFoundException">There is none.</exception>
    public static HFCacheInfo scan_cache_dir(string? cache_dir = null) => CacheScan.Of(cache_dir ?? HubSettings.Current.Cache);
}
