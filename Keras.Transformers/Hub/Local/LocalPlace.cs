namespace Keras.Transformers;

/// <summary>A user's folder, which holds files, not links.</summary>
/// <param name="files">The repository.</param>
/// <param name="folder">The folder.</param>
/// <remarks>Source: huggingface_hub/file_download.py, _hf_hub_download_to_local_dir. Unlike there, an existing file stays intact until the new one is complete, a small file without a note is compared by its hash before
/// it is downloaded again, and copies from the cache are verified.</remarks>
sealed class LocalPlace(HubFiles files, LocalFolder folder) : HubPlace
{
    public override async Task<string> GetAsync(string file, string? commit, IProgress<long>? progress, CancellationToken cancellation)
    {
        RepoName.FileName(file, "filename");
        if (!Takes(file)) throw new HfValidationException("A file of the repository lies where the notes of downloads are", $"{files.Name}, file {file}", "a file outside of .cache/huggingface", Known.Say(file), "Download it into the cache: leave local_dir out.");
        var (revision, path, isForced) = (commit ?? files.Revision, folder.PathOf(file), files.IsForced);
        if (Directory.Exists(path)) throw new IOException($"There is a folder where a file of the hub is to be ({files.Name}, file {file}). Expected: a file, or nothing. Received: the folder '{path}'. Move it, or choose another local_dir.");
        var isThere = ContentLength.Exists(path);
        if (isThere && (files.IsLocalOnly || (!isForced && folder.Read(file)?.Commit == revision))) return path;
        if (files.IsLocalOnly) throw files.NotCached(file, revision, null, path);
        FileMetadata metadata;
        try
        {
            metadata = await FileMetadata.OfAsync(files.Http, files.Name, revision, file, isThere, cancellation);
        }
        catch (KerasException e) when (isThere && !isForced && (e is FileMetadataException or (HfHubHttpException and not (RevisionNotFoundException or EntryNotFoundException))))
        {
            // If the hub is unreachable, the existing file is the best source.
            Graphs.Diagnostics.Warn($"The hub could not say whether '{path}' is up to date; the existing file is used. {e.Message}");
            return path;
        }
        catch (HfHubHttpException e) when (e.StatusCode is null)
        {
            throw files.NotCached(file, revision, e, path);
        }
        try
        {
            return await PlaceAsync(file, path, metadata, progress, cancellation);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"A file of the hub cannot be written ({files.Name}, file {file}). Expected: a folder that this user may write to, with no folders in the places of files. Received: {e.Message} ('{path}'). Choose another local_dir.", e);
        }
    }

    async Task<string> PlaceAsync(string file, string path, FileMetadata metadata, IProgress<long>? progress, CancellationToken cancellation)
    {
        folder.Make();
        var incomplete = folder.Incomplete(file, metadata.Etag);
        using (await CacheLock.TakeAsync(folder.Lock(file), cancellation))
        {
            if (files.IsForced || !await IsCurrentAsync(file, path, metadata, cancellation))
            {
                if (files.IsForced) File.Delete(incomplete);
                else if (metadata.Size is not null && files.Cache.Find(metadata.Commit, file) is { } cached) File.Copy(cached, incomplete, overwrite: true);
                await new BlobDownload(files.Http, metadata, FileMetadata.UriOf(files.Http, files.Name, metadata.Commit, file), $"{files.Name}, file {file}").ToAsync(path, incomplete, progress, cancellation);
            }
            folder.Write(file, new(metadata.Commit, metadata.Etag));
        }
        return path;
    }

    /// <summary>Whether the file here equals the hub's: by the note, otherwise by its hash.</summary>
    async Task<bool> IsCurrentAsync(string file, string path, FileMetadata metadata, CancellationToken cancellation)
    {
        if (!ContentLength.Exists(path) || (metadata.Size is { } size && ContentLength.Of(path) != size)) return false;
        if (folder.Read(file) is { } note) return note.Etag == metadata.Etag;
        return await ContentHash.OfAsync(path, metadata.Etag, cancellation) == metadata.Etag;
    }

    public override async Task<HubListing> ListAsync(CancellationToken cancellation)
    {
        HfHubHttpException? error;
        try
        {
            var list = await files.ListAsync(null, cancellation);
            if (list.IsOfHub) return list;
            error = list.Error;
        }
        catch (LocalEntryNotFoundException e)
        {
            error = e.InnerException as HfHubHttpException;
        }
        return folder.HasAny ? new("", [], IsOfHub: false, error) : throw files.NotCached("(all)", files.Revision, error, folder.Root);
    }

    /// <summary>Rejects paths of download notes, which some repositories contain by mistake and which would be taken for our own.</summary>
    public override bool Takes(string file) => !LocalFolder.IsNote(file);

    public override void Begin(string commit) => folder.Make();

    public override bool IgnoresCase
    {
        get
        {
            folder.Make();
            return folder.IgnoresCase;
        }
    }

    public override string FolderOf(string commit) => folder.Root;
}
