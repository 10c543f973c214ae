using System.Globalization;

namespace Keras.Transformers;

/// <summary>The hub's metadata of a file.</summary>
/// <param name="Commit">The commit of the revision.</param>
/// <param name="Etag">The hash of the content: SHA-256 for files in LFS, git's SHA-1 for others.</param>
/// <param name="Size">The size in bytes; null if unknown.</param>
/// <param name="Location">Where the content is, often at another host.</param>
sealed record FileMetadata(string Commit, string Etag, long? Size, Uri Location)
{
    /// <summary>The address of a file.</summary>
    public static Uri UriOf(HubHttp http, RepoName name, string revision, string file) =>
        http.UriOf($"{name.Page}/resolve/{Uri.EscapeDataString(revision)}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}");

    /// <summary>Asks the hub for a file's hash, without its content.</summary>
    /// <param name="http">The hub.</param>
    /// <param name="name">The repository.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="file">The file.</param>
    /// <param name="isCached">Whether the cache can serve as a fallback, so that an unreachable hub is not retried.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="HfHubHttpException">The hub could not be reached or answered with an error.</exception>
    /// <exception cref="FileMetadataException">The hub did not return a commit and a hash.</exception>
    public static async Task<FileMetadata> OfAsync(HubHttp http, RepoName name, string revision, string file, bool isCached, CancellationToken cancellation)
    {
        var uri = UriOf(http, name, revision, file);
        using var response = await http.SendAsync(new(HttpMethod.Head, uri) { StopsAtOtherHosts = true, WaitsForHost = !isCached, Timeout = http.Settings.MetadataTimeout, Headers = [("Accept-Encoding", "identity")] }, cancellation);
        var isElsewhere = (int)response.StatusCode is >= 300 and < 400;
        if (!response.IsSuccessStatusCode && !isElsewhere) throw await http.ErrorAsync(response, $"{name}, file {file}", cancellation);
        var commit = Header("X-Repo-Commit") ?? throw Missing(uri, "X-Repo-Commit");
        if (!RepoCache.IsCommit(commit)) throw new FileMetadataException("The hub's name of a commit is not a commit", HubHttp.Plain(uri), "40 hexadecimal digits", Known.Say(RepoName.Printable(commit)), "Check HF_ENDPOINT.");
        var etag = Header("X-Linked-Etag") ?? Header("ETag") ?? throw Missing(uri, "ETag");
        var size = HubAnswers.Header(response, "X-Linked-Size") ?? (isElsewhere ? null : response.Content.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture));
        var location = isElsewhere ? response.Headers.Location : null;
        return new(commit, (etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag).Trim('"'), long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null, location is null ? uri : new Uri(uri, location));

        string? Header(string name) => HubAnswers.Header(response, name) is { } value ? http.Redacted(value) : null;
    }

    static FileMetadataException Missing(Uri uri, string header) => new("The hub does not say which content a file has", HubHttp.Plain(uri), $"a header {header}", "none", "Check HF_ENDPOINT and proxies: they must keep the hub's headers.");
}
