using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Keras.Transformers;

/// <summary>Hugging Face's hub API, like huggingface_hub's HfApi: repositories, their files, and commits.</summary>
/// <remarks>Downloads share their cache with Python on the same machine. A token is sent only to the hub's own host. Requests that fail at the hub or on the line are sent again after growing
/// pauses.</remarks>
/// <example>
/// <code>
/// var api = new HfApi();
/// api.create_repo("me/my-bert", exist_ok: true);
/// api.upload_folder("me/my-bert", "my-bert", commit_message: "First version");
/// foreach (var file in api.list_repo_files("me/my-bert")) Console.WriteLine(file);
/// </code>
/// </example>
public sealed partial class HfApi
{
    const double DefaultEtagTimeout = 10, LongestTimeout = 86400;

    readonly string? _token;
    readonly Uri? _endpoint;
    readonly HubCaller _caller;

    /// <summary>Creates access to a hub, by default the one in HF_ENDPOINT, otherwise huggingface.co.</summary>
    /// <param name="endpoint">The hub's address; default HF_ENDPOINT, otherwise "https://huggingface.co".</param>
    /// <param name="token">The token; default HF_TOKEN, otherwise what <c>login</c> stored.</param>
    /// <param name="library_name">The name of your program for the user agent of each request; default only this library's.</param>
    /// <param name="library_version">The version of your program; default none.</param>
    /// <param name="user_agent">Further text for the user agent; default none.</param>
    /// <param name="headers">Headers by name for each request to the hub's own host, never to another; "Authorization" replaces the token. Default none.</param>
    /// <exception cref="HfValidationException">The address is invalid, or the token or a header cannot be sent.</exception>
    /// <exception cref="ArgumentException">A version is given without a name.</exception>
    public HfApi(string? endpoint = null, string? token = null, string? library_name = null, string? library_version = null, string? user_agent = null, IReadOnlyDictionary<string, string>? headers = null)
    {
        _caller = new(library_name, library_version, user_agent, headers);
        _endpoint = endpoint is null ? null : HubSettings.AddressOf(endpoint.TrimEnd('/'), nameof(endpoint));
        _token = HubTokens.Clean(token, nameof(token));
    }

    /// <summary>The hub's address.</summary>
    public string endpoint => Settings().Address;

    HubSettings Settings()
    {
        var settings = HubSettings.Current with { Caller = _caller };
        return _endpoint is null ? settings : settings with { Endpoint = _endpoint };
    }

    HubHttp Http(string? token, bool needsToken = false)
    {
        var settings = Settings();
        var http = new HubHttp(settings, HubTokens.Of(token ?? _token, settings));
        return !needsToken || http.HasToken ? http : throw new LocalTokenNotFoundException("There is no token, and the hub does this for known users only", settings.Address, "a token", "none", "Log in with login(token), set HF_TOKEN, or pass token.");
    }

    HubFiles Files(RepoName name, HubOptions options, double? etag_timeout = null)
    {
        var settings = Settings();
        if (etag_timeout is { } seconds) settings = settings with { WantedMetadataTimeout = TimeSpan.FromSeconds(Math.Min(Require.Positive(seconds, nameof(etag_timeout)), LongestTimeout)) };
        return new(name, options with { Settings = settings, Token = options.Token ?? _token });
    }

    /// <summary>Runs requests on pool threads and waits for them, so that the caller's synchronization context cannot deadlock.</summary>
    internal static T Run<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();

    internal static HubRequest Get(Uri uri) => new(HttpMethod.Get, uri) { Timeout = TimeSpan.FromMinutes(1) };

    internal static HubRequest Post(Uri uri, JsonObject body, bool isRepeatable = false, HttpMethod? method = null, string type = "application/json") => Post(uri, Encoding.UTF8.GetBytes(body.ToJsonString()), isRepeatable, method, type);

    internal static HubRequest Post(Uri uri, byte[] body, bool isRepeatable, HttpMethod? method, string type) => new(method ?? HttpMethod.Post, uri)
    {
        Timeout = TimeSpan.FromMinutes(2),
        IsRepeatable = isRepeatable,
        Content = () => new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
    };

    /// <summary>Downloads a file into the cache, unless it is already there, and returns its path.</summary>
    /// <param name="repo_id">The repository, "organisation/name".</param>
    /// <param name="filename">The file's path in it.</param>
    /// <param name="subfolder">The folder in it that the path begins at; default none.</param>
    /// <param name="repo_type">"model" (default), "dataset" or "space".</param>
    /// <param name="revision">A branch, tag or commit; default "main".</param>
    /// <param name="cache_dir">The cache; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_dir">A folder of your own in which the file is stored under its path in the repository, as a file, not a link, instead of the cache. Downloads are recorded in its .cache/huggingface, as in Python.
    /// A file that is as the hub has it is not downloaded again; one that was changed here is replaced by the hub's. Default the cache.</param>
    /// <param name="force_download">Whether it is downloaded even if it is there; default false.</param>
    /// <param name="etag_timeout">The timeout in seconds for a file's metadata; default 10. HF_HUB_ETAG_TIMEOUT takes precedence.</param>
    /// <param name="token">The token; default the API's.</param>
    /// <param name="local_files_only">Whether only the cache, or local_dir, is looked at; default false.</param>
    /// <param name="cancellation_token">Cancels the operation; the part that arrived is kept for the next download.</param>
    /// <returns>The path of the file in local_dir, or in the cache: do not write to that one, other commits may share it.</returns>
    /// <remarks>These of Python's arguments are missing here: proxies (set HTTPS_PROXY and NO_PROXY), <c>token=False</c> (set HF_HUB_DISABLE_IMPLICIT_TOKEN), and resume_download,
    /// local_dir_use_symlinks and force_filename, which Python itself ignores.</remarks>
    /// <exception cref="RepositoryNotFoundException">There is no such repository, or the token gives no access to it; the message suggests similar names.</exception>
    /// <exception cref="GatedRepoException">The authors have to let the token's owner in.</exception>
    /// <exception cref="RevisionNotFoundException">The repository has no such revision.</exception>
    /// <exception cref="EntryNotFoundException">The revision has no such file; <see cref="LocalEntryNotFoundException"/> if the cache does not have it either and the hub is unreachable.</exception>
    /// <exception cref="ConsistencyCheckException">The hash of the download differs from the one that the hub named.</exception>
    /// <exception cref="HfHubHttpException">The hub kept failing.</exception>
    /// <exception cref="HfValidationException">A name cannot be one.</exception>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public string hf_hub_download(string repo_id, string filename, string? subfolder = null, string? repo_type = null, string? revision = null, string? cache_dir = null, string? local_dir = null, bool force_download = false,
        double etag_timeout = DefaultEtagTimeout, string? token = null, bool local_files_only = false, CancellationToken cancellation_token = default)
    {
        var files = Files(RepoName.Of(repo_id, repo_type), new(revision, token, cache_dir, local_files_only, force_download), etag_timeout);
        var place = HubPlace.Of(files, local_dir);
        RepoName.FileName(filename, nameof(filename));
        var path = string.IsNullOrEmpty(subfolder) ? filename : $"{RepoName.FileName(subfolder, nameof(subfolder))}/{filename}";
        using var progress = new HubProgress(filename, files.Http.Settings);
        return Run(() => DidYouMean.WithNamesAsync(files, () => DidYouMean.WithFilesAsync(files, path, () => place.GetAsync(path, null, progress, cancellation_token))));
    }

    /// <summary>Downloads all files of a revision, or those that match patterns, into the cache and returns their folder.</summary>
    /// <inheritdoc cref="hf_hub_download"/>
    /// <param name="repo_id">The repository, "organisation/name".</param>
    /// <param name="allow_patterns">The files that are meant, such as "*.json" or "data/*"; default all.</param>
    /// <param name="ignore_patterns">Files that are not; default none.</param>
    /// <param name="max_workers">The number of files to download at once, from 1; default 8.</param>
    /// <param name="repo_type">"model" (default), "dataset" or "space".</param>
    /// <param name="revision">A branch, tag or commit; default "main".</param>
    /// <param name="cache_dir">The cache; default HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.</param>
    /// <param name="local_dir">A folder of your own for the files instead of the cache, see <see cref="hf_hub_download"/>. Other existing files stay. Default the cache.</param>
    /// <param name="etag_timeout">The timeout in seconds for a file's metadata; default 10. HF_HUB_ETAG_TIMEOUT takes precedence.</param>
    /// <param name="force_download">Whether files are downloaded even if they are there; default false.</param>
    /// <param name="token">The token; default the API's.</param>
    /// <param name="local_files_only">Whether only the cache, or local_dir, is looked at; default false.</param>
    /// <param name="cancellation_token">Cancels the operation.</param>
    /// <returns>local_dir, or the folder of the commit in the cache.</returns>
    public string snapshot_download(string repo_id, string? repo_type = null, string? revision = null, string? cache_dir = null, string? local_dir = null, double etag_timeout = DefaultEtagTimeout, bool force_download = false,
        string? token = null, bool local_files_only = false, FilePatternNames? allow_patterns = null, FilePatternNames? ignore_patterns = null, int max_workers = 8, CancellationToken cancellation_token = default)
    {
        Require.Count(1, max_workers);
        var files = Files(RepoName.Of(repo_id, repo_type), new(revision, token, cache_dir, local_files_only, force_download), etag_timeout);
        var place = HubPlace.Of(files, local_dir);
        var patterns = new FilePatterns(allow_patterns, ignore_patterns);
        return Run(() => DidYouMean.WithNamesAsync(files, () => SnapshotDownload.ToAsync(files, place, patterns, max_workers, cancellation_token)));
    }

    /// <summary>Gets the user that the token belongs to.</summary>
    /// <param name="token">The token; default the API's.</param>
    /// <exception cref="LocalTokenNotFoundException">There is no token.</exception>
    /// <exception cref="HfHubHttpException">The hub does not know it, or failed.</exception>
    public HubUser whoami(string? token = null)
    {
        var http = Http(token, needsToken: true);
        var user = Run(() => http.JsonAsync(Get(http.UriOf("api/whoami-v2")), "whoami", default));
        return new(user["name"].Text(), user["fullname"].TextOrNull(), user["orgs"].HasValue ? [.. user["orgs"].Items().Select(o => o["name"].Text())] : []);
    }
}

/// <summary>A user of the hub.</summary>
/// <param name="name">The name in addresses.</param>
/// <param name="fullname">The name as written; null if there is none.</param>
/// <param name="orgs">The organisations that the user is in.</param>
public sealed record HubUser(string name, string? fullname, IReadOnlyList<string> orgs);
