namespace Keras.Transformers;

/// <summary>A file of a commit in the cache.</summary>
/// <param name="file_name">The file's path in the repository.</param>
/// <param name="file_path">The file's path on this machine.</param>
/// <param name="blob_path">The path of its content; the same path if there are no links.</param>
/// <param name="size_on_disk">The file's size in bytes.</param>
public sealed record CachedFileInfo(string file_name, string file_path, string blob_path, long size_on_disk);

/// <summary>A commit in the cache.</summary>
/// <param name="commit_hash">The commit.</param>
/// <param name="snapshot_path">The commit's folder.</param>
/// <param name="files">The commit's files.</param>
/// <param name="refs">The branches and tags that were last seen there.</param>
/// <param name="last_modified">When its latest file was downloaded.</param>
public sealed record CachedRevisionInfo(string commit_hash, string snapshot_path, IReadOnlyList<CachedFileInfo> files, IReadOnlyList<string> refs, DateTime last_modified)
{
    /// <summary>The size of the commit's files in bytes; other commits may share them.</summary>
    public long size_on_disk => files.DistinctBy(f => f.blob_path).Sum(f => f.size_on_disk);

    /// <summary>The number of the commit's files.</summary>
    public int nb_files => files.Count;
}

/// <summary>A repository in the cache.</summary>
/// <param name="repo_id">The repository, "organisation/name".</param>
/// <param name="repo_type">"model", "dataset" or "space".</param>
/// <param name="repo_path">The repository's folder.</param>
/// <param name="revisions">The commits that the cache holds.</param>
public sealed record CachedRepoInfo(string repo_id, string repo_type, string repo_path, IReadOnlyList<CachedRevisionInfo> revisions)
{
    /// <summary>The size of the repository's files in bytes, each content counted once.</summary>
    public long size_on_disk => revisions.SelectMany(r => r.files).DistinctBy(f => f.blob_path).Sum(f => f.size_on_disk);

    /// <summary>The number of different files in the repository.</summary>
    public int nb_files => revisions.SelectMany(r => r.files).DistinctBy(f => f.blob_path).Count();

    /// <summary>When the last file was added.</summary>
    public DateTime last_modified => revisions.Select(r => r.last_modified).DefaultIfEmpty().Max();
}

/// <summary>The content of the cache: repositories, their commits and files.</summary>
/// <param name="repos">The repositories.</param>
/// <param name="warnings">Folders that are not repositories, or are damaged, and why.</param>
public sealed record HFCacheInfo(IReadOnlyList<CachedRepoInfo> repos, IReadOnlyList<string> warnings)
{
    /// <summary>The size of the whole cache in bytes.</summary>
    public long size_on_disk => repos.Sum(r => r.size_on_disk);

    /// <summary>Works out what deleting these commits would remove. Nothing is deleted before <see cref="DeleteCacheStrategy.execute"/>.</summary>
    /// <param name="revisions">The commits, whole.</param>
    /// <exception cref="ArgumentException">The cache has no such commit.</exception>
    public DeleteCacheStrategy delete_revisions(params string[] revisions)
    {
        ArgumentNullException.ThrowIfNull(revisions);
        var known = repos.SelectMany(r => r.revisions).Select(r => r.commit_hash).ToHashSet();
        if (Array.Find(revisions, r => !known.Contains(r)) is { } strange) throw Known.Unknown("The cache has no such commit", strange, nameof(revisions), known);
        var (freed, paths) = (0L, new List<string>());
        foreach (var repo in repos)
        {
            CachedRevisionInfo[] doomed = [.. repo.revisions.Where(r => revisions.Contains(r.commit_hash))];
            if (doomed.Length == 0) continue;
            if (doomed.Length == repo.revisions.Count)
            {
                freed += repo.size_on_disk;
                paths.Add(repo.repo_path);
                continue;
            }
            var kept = repo.revisions.Except(doomed).SelectMany(r => r.files).Select(f => f.blob_path).ToHashSet();
            var blobs = doomed.SelectMany(r => r.files).Where(f => !kept.Contains(f.blob_path)).DistinctBy(f => f.blob_path).ToArray();
            freed += blobs.Sum(b => b.size_on_disk);
            foreach (var revision in doomed)
            {
                // References first, so that an interrupted removal leaves nothing that points to what is gone.
                paths.AddRange(revision.refs.Select(r => Path.Combine([repo.repo_path, "refs", .. r.Split('/')])));
                paths.Add(revision.snapshot_path);
            }
            paths.AddRange(blobs.Select(b => b.blob_path));
        }
        return new(freed, paths);
    }
}

/// <summary>What <see cref="HFCacheInfo.delete_revisions"/> would remove.</summary>
/// <param name="expected_freed_size">The number of bytes that would be freed.</param>
/// <param name="paths">The files and folders that would go.</param>
public sealed record DeleteCacheStrategy(long expected_freed_size, IReadOnlyList<string> paths)
{
    /// <summary>Deletes the files.</summary>
    /// <exception cref="IOException">A file cannot be removed.</exception>
    public void execute()
    {
        foreach (var path in paths)
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else if (Directory.Exists(Path.GetDirectoryName(path))) File.Delete(path);
    }
}
