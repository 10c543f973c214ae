namespace Keras.Transformers;

/// <summary>The files of one repository during a call, from the cache or the hub.</summary>
/// <remarks>Source: huggingface_hub/file_download.py, hf_hub_download.</remarks>
sealed class HubFiles
{
    readonly HubOptions _options;

    public HubFiles(RepoName name, HubOptions options)
    {
        var settings = options.Settings ?? HubSettings.Current;
        (Name, _options) = (name, options);
        Revision = RepoName.Revision(options.Revision);
        Http = new(settings, HubTokens.Of(options.Token, settings));
        Cache = new(options.CacheDir ?? settings.Cache, name);
        IsLocalOnly = options.LocalOnly || settings.Offline;
    }

    public RepoName Name { get; }

    /// <summary>The revision that was asked for.</summary>
    public string Revision { get; }

    public HubHttp Http { get; }

    public RepoCache Cache { get; }

    public bool IsLocalOnly { get; }

    /// <summary>Whether to download files even if they are cached.</summary>
    public bool IsForced => _options.Force;

    /// <summary>Whether the cache has any files of the revision.</summary>
    public bool HasCommit => Cache.CommitOf(Revision) is { } commit && Directory.Exists(Cache.Snapshot(commit));

    /// <summary>The path of a file in the cache, downloaded if needed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="commit">The commit of earlier files in the same call; null for the revision.</param>
    /// <param name="progress">Is told how many bytes were transferred; null for no report.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="EntryNotFoundException">There is no such file.</exception>
    /// <exception cref="HfHubHttpException">The hub failed.</exception>
    public async Task<string> GetAsync(string file, string? commit, IProgress<long>? progress, CancellationToken cancellation)
    {
        var revision = commit ?? Revision;
        RepoName.FileName(file, "filename");
        if (RepoCache.IsCommit(revision) && !_options.Force)
        {
            if (Cache.Find(revision, file) is { } known) return known;
            if (Cache.HasNot(revision, file)) throw Absent(file, revision);
        }
        var cached = Cache.Find(Cache.CommitOf(revision), file);
        if (IsLocalOnly) return cached ?? throw NotCached(file, revision, null);
        FileMetadata metadata;
        try
        {
            // If the cache has the branch, it can serve as a fallback; but once a call has begun, its other files are required.
            metadata = await FileMetadata.OfAsync(Http, Name, revision, file, cached is not null || (commit is null && HasCommit), cancellation);
        }
        catch (EntryNotFoundException e)
        {
            if (RepoCache.IsCommit(e.Commit))
            {
                Cache.NoteAbsence(e.Commit!, file);
                Cache.Note(revision, e.Commit!);
            }
            throw;
        }
        catch (KerasException e) when ((e is FileMetadataException or (HfHubHttpException and not RevisionNotFoundException)) && !_options.Force && cached is not null)
        {
            // If the hub is unreachable, the cache is the best source.
            return cached;
        }
        catch (HfHubHttpException e) when (e.StatusCode is null)
        {
            throw NotCached(file, revision, e);
        }
        Cache.Note(revision, metadata.Commit);
        return await PlaceAsync(file, metadata, progress, cancellation);
    }

    async Task<string> PlaceAsync(string file, FileMetadata metadata, IProgress<long>? progress, CancellationToken cancellation)
    {
        var blob = Cache.Blob(metadata.Etag);
        string? Present() => !_options.Force && Cache.Find(metadata.Commit, file) is { } path && ContentLength.Of(path) == (metadata.Size ?? ContentLength.Of(path)) ? path : null;
        if (Present() is { } known) return known;
        using (await CacheLock.TakeAsync(Cache.Lock(metadata.Etag), cancellation))
        {
            // Another process may have been faster and, without links, may have moved the blob to its place.
            if (Present() is { } made) return made;
            if (!_options.Force && File.Exists(blob) && (metadata.Size is null || new FileInfo(blob).Length == metadata.Size)) return Cache.Point(blob, metadata.Commit, file, isNew: false);
            await new BlobDownload(Http, metadata, FileMetadata.UriOf(Http, Name, metadata.Commit, file), $"{Name}, file {file}").ToAsync(blob, blob + ".incomplete", progress, cancellation);
            return Cache.Point(blob, metadata.Commit, file, isNew: true);
        }
    }

    /// <summary>Lists a revision's files: from the hub, otherwise from the cache.</summary>
    /// <param name="commit">The commit of earlier files in the same call; null for the revision.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="LocalEntryNotFoundException">Neither the hub nor the cache has the revision.</exception>
    public async Task<HubListing> ListAsync(string? commit, CancellationToken cancellation)
    {
        var revision = commit ?? Revision;
        HfHubHttpException? error = null;
        if (!IsLocalOnly)
            try
            {
                var info = await InfoAsync(cancellation, revision);
                return new(SnapshotDownload.CommitOf(info), [.. SnapshotDownload.NamesOf(info)], IsOfHub: true, null);
            }
            catch (HfHubHttpException e) when (e.StatusCode is null || (int)e.StatusCode >= 500)
            {
                error = e;
            }
        if (Cache.CommitOf(revision) is not { } known || !Directory.Exists(Cache.Snapshot(known))) throw NotCached("(all)", revision, error);
        var folder = Cache.Snapshot(known);
        return new(known, [.. CacheTree.Names(folder).Order(StringComparer.Ordinal)], IsOfHub: false, error);
    }

    /// <summary>Asks the hub for the repository's metadata: its commit and its files.</summary>
    public async Task<JsonPlace> InfoAsync(CancellationToken cancellation, string? revision = null) =>
        (await Http.JsonAsync(new(HttpMethod.Get, Http.UriOf($"api/{Name.Plural}/{Name.Id}/revision/{Uri.EscapeDataString(revision ?? Revision)}")) { Timeout = Http.Settings.DownloadTimeout }, Name.ToString(), cancellation)).Object();

    EntryNotFoundException Absent(string file, string commit) => new("The repository has no such file", $"{Name}, commit {commit}", "one of its files", Known.Say(file)) { Commit = commit };

    /// <summary>Makes the error for a file that is not in the cache or the user's folder while the hub is offline or unreachable.</summary>
    public LocalEntryNotFoundException NotCached(string file, string revision, Exception? inner, string? place = null) => new($"A file is not in {(place is null ? "the cache" : "local_dir")}", $"{Name}, file {file}, revision {revision}", place is null ? $"a file in {Cache.Folder}" : $"'{place}'",
        inner is null ? $"none, and the hub is not asked ({(_options.LocalOnly ? "local_files_only: true" : "HF_HUB_OFFLINE=1")})" : $"none, and the hub does not answer: {(inner is KerasException { Received: { } received } error ? $"{received} ({error.Where})" : inner.Message)}",
        inner is null ? "Download it once with the hub reachable." : "Check the connection, HF_ENDPOINT and HTTPS_PROXY.", inner);
}

/// <summary>The files of a revision.</summary>
/// <param name="Commit">The revision's commit.</param>
/// <param name="Names">The names of the files.</param>
/// <param name="IsOfHub">Whether the hub listed them; otherwise they are those in the cache, perhaps incomplete.</param>
/// <param name="Error">The error of the hub; null if it listed them or was not asked.</param>
sealed record HubListing(string Commit, string[] Names, bool IsOfHub, HfHubHttpException? Error);
