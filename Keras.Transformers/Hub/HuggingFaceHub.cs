namespace Keras.Transformers;

/// <summary>The functions of huggingface_hub; with <c>using static Keras.Transformers.HuggingFaceHub;</c> they are called by their own names. The others are methods of <see cref="HfApi"/>.</summary>
/// <example>
/// <code>
/// var config = hf_hub_download("bert-base-cased", "config.json");   // using static Keras.Transformers.HuggingFaceHub;
/// var folder = snapshot_download("bert-base-cased", allow_patterns: ["*.json", "*.txt"]);
/// Console.WriteLine($"{config} is in {folder}");
/// </code>
/// </example>
public static class HuggingFaceHub
{
    /// <inheritdoc cref="HfApi.hf_hub_download"/>
    /// <param name="repo_id"><inheritdoc cref="HfApi.hf_hub_download" path="/param[@name='repo_id']/node()"/></param>
    /// <param name="filename"><inheritdoc cref="HfApi.hf_hub_download" path="/param[@name='filename']/node()"/></param>
    /// <param name="subfolder"><inheritdoc cref="HfApi.hf_hub_download" path="/param[@name='subfolder']/node()"/></param>
    /// <param name="repo_type"><inheritdoc cref="HfApi.hf_hub_download" path="/param[@name='repo_type']/node()"/></param>
    /// <param name="revision"><inheritdoc cref="HfApi.hf_hub_download" path="/param[@name='revision']/node()"/></param>
    /// <param name="library_name">The name of your program for the user agent; default only this library's.</param>
    /// <param name="library_version">The version of your program; default none.</param>
    /// <param name="cache_dir"><inheritdoc cref="HfApi.hf_hub_download" path="/param[@name='cache_dir']/node()"/></param>
    /// <param name="local_dir"><inheritdoc cref="HfApi.hf_hub_download" path="/param[@name='local_dir']/node()"/></param>
    /// <param name="user_agent">Further text for the user agent; default none.</param>
    /// <param name="force_download"><inheritdoc cref="HfApi.hf_hub_download" path="/param[@name='force_download']/node()"/></param>
    /// <param name="etag_timeout"><inheritdoc cref="HfApi.hf_hub_download" path="/param[@name='etag_timeout']/node()"/></param>
    /// <param name="token"><inheritdoc cref="HfApi.hf_hub_download" path="/param[@name='token']/node()"/></param>
    /// <param name="local_files_only"><inheritdoc cref="HfApi.hf_hub_download" path="/param[@name='local_files_only']/node()"/></param>
    /// <param name="headers">Headers by name for requests to the hub's own host; default none.</param>
    /// <param name="endpoint">The hub's address; default HF_ENDPOINT, otherwise "https://huggingface.co".</param>
    /// <param name="cancellation_token"><inheritdoc cref="HfApi.hf_hub_download" path="/param[@name='cancellation_token']/node()"/></param>
    public static string hf_hub_download(string repo_id, string filename, string? subfolder = null, string? repo_type = null, string? revision = null, string? library_name = null, string? library_version = null,
        string? cache_dir = null, string? local_dir = null, string? user_agent = null, bool force_download = false, double etag_timeout = 10, string? token = null, bool local_files_only = false,
        IReadOnlyDictionary<string, string>? headers = null, string? endpoint = null, CancellationToken cancellation_token = default) =>
        new HfApi(endpoint, null, library_name, library_version, user_agent, headers).hf_hub_download(repo_id, filename, subfolder, repo_type, revision, cache_dir, local_dir, force_download, etag_timeout, token, local_files_only, cancellation_token);

    /// <inheritdoc cref="HfApi.snapshot_download"/>
    /// <param name="repo_id"><inheritdoc cref="HfApi.snapshot_download" path="/param[@name='repo_id']/node()"/></param>
    /// <param name="repo_type"><inheritdoc cref="HfApi.snapshot_download" path="/param[@name='repo_type']/node()"/></param>
    /// <param name="revision"><inheritdoc cref="HfApi.snapshot_download" path="/param[@name='revision']/node()"/></param>
    /// <param name="cache_dir"><inheritdoc cref="HfApi.snapshot_download" path="/param[@name='cache_dir']/node()"/></param>
    /// <param name="local_dir"><inheritdoc cref="HfApi.snapshot_download" path="/param[@name='local_dir']/node()"/></param>
    /// <param name="library_name">The name of your program for the user agent; default only this library's.</param>
    /// <param name="library_version">The version of your program; default none.</param>
    /// <param name="user_agent">Further text for the user agent; default none.</param>
    /// <param name="etag_timeout"><inheritdoc cref="HfApi.snapshot_download" path="/param[@name='etag_timeout']/node()"/></param>
    /// <param name="force_download"><inheritdoc cref="HfApi.snapshot_download" path="/param[@name='force_download']/node()"/></param>
    /// <param name="token"><inheritdoc cref="HfApi.snapshot_download" path="/param[@name='token']/node()"/></param>
    /// <param name="local_files_only"><inheritdoc cref="HfApi.snapshot_download" path="/param[@name='local_files_only']/node()"/></param>
    /// <param name="allow_patterns"><inheritdoc cref="HfApi.snapshot_download" path="/param[@name='allow_patterns']/node()"/></param>
    /// <param name="ignore_patterns"><inheritdoc cref="HfApi.snapshot_download" path="/param[@name='ignore_patterns']/node()"/></param>
    /// <param name="max_workers"><inheritdoc cref="HfApi.snapshot_download" path="/param[@name='max_workers']/node()"/></param>
    /// <param name="headers">Headers by name for requests to the hub's own host; default none.</param>
    /// <param name="endpoint">The hub's address; default HF_ENDPOINT, otherwise "https://huggingface.co".</param>
    /// <param name="cancellation_token"><inheritdoc cref="HfApi.snapshot_download" path="/param[@name='cancellation_token']/node()"/></param>
    public static string snapshot_download(string repo_id, string? repo_type = null, string? revision = null, string? cache_dir = null, string? local_dir = null, string? library_name = null, string? library_version = null,
        string? user_agent = null, double etag_timeout = 10, bool force_download = false, string? token = null, bool local_files_only = false, FilePatternNames? allow_patterns = null, FilePatternNames? ignore_patterns = null,
        int max_workers = 8, IReadOnlyDictionary<string, string>? headers = null, string? endpoint = null, CancellationToken cancellation_token = default) =>
        new HfApi(endpoint, null, library_name, library_version, user_agent, headers).snapshot_download(repo_id, repo_type, revision, cache_dir, local_dir, etag_timeout, force_download, token, local_files_only, allow_patterns, ignore_patterns, max_workers, cancellation_token);

    /// <summary>Finds a file in the cache without asking the hub; null if it is not there.</summary>
    /// <inheritdoc cref="HfApi.hf_hub_download"/>
    public static string? try_to_load_from_cache(string repo_id, string filename, string? cache_dir = null, string? revision = null, string? repo_type = null)
    {
        var cache = new RepoCache(cache_dir ?? HubSettings.Current.Cache, RepoName.Of(repo_id, repo_type));
        return cache.Find(cache.CommitOf(RepoName.Revision(revision)), RepoName.FileName(filename, nameof(filename)));
    }

    /// <summary>Stores a token for all later calls, here and in Python, after checking it with the hub.</summary>
    /// <param name="token">The token, of the hub's settings.</param>
    /// <returns>The owner of the token and what it may do.</returns>
    /// <exception cref="HfHubHttpException">The hub does not know it, or failed; nothing was kept.</exception>
    /// <exception cref="HfValidationException">The text cannot be a token.</exception>
    public static HubUser login(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        var clean = HubTokens.Clean(token, nameof(token)) ?? throw new HfValidationException("A token is blank", nameof(token), "a token of the hub's settings", "white space");
        var user = new HfApi(token: clean).whoami();
        HubTokens.Store(clean, HubSettings.Current);
        return user;
    }

    /// <summary>Deletes the token that <see cref="login"/> stored.</summary>
    /// <exception cref="IOException">The file cannot be removed.</exception>
    public static void logout()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(HubSettings.Current.TokenPath)) is { } folder && Directory.Exists(folder)) File.Delete(HubSettings.Current.TokenPath);
    }

    /// <inheritdoc cref="HfApi.whoami"/>
    public static HubUser whoami(string? token = null) => new HfApi().whoami(token);

    /// <summary>The token of calls that name none: HF_TOKEN, otherwise what <see cref="login"/> stored; null if there is none.</summary>
    public static string? get_token() => HubTokens.Stored(HubSettings.Current);

    /// <summary>Lists what the cache holds.</summary>
    /// <param name="cache_dir">The cache; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <exception cref="CacheNotFoundException">There is no cache folder.</exception>
    public static HFCacheInfo scan_cache_dir(string? cache_dir = null) => CacheScan.Of(cache_dir ?? HubSettings.Current.Cache);
}
