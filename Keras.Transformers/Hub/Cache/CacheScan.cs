namespace Keras.Transformers;

/// <summary>Reads the content of the cache; rejects links that lead out of a repository's folder, so that no deletion can leave it.</summary>
/// <remarks>Source: huggingface_hub/utils/_cache_manager.py.</remarks>
static class CacheScan
{
    static readonly string[] Types = ["models", "datasets", "spaces"];
    static readonly string[] NoFiles = [".DS_Store", ".locks", "version.txt"];

    /// <exception cref="CacheNotFoundException">There is no cache folder.</exception>
    public static HFCacheInfo Of(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root, "cache_dir");
        root = Path.GetFullPath(root);
        if (!Directory.Exists(root)) throw new CacheNotFoundException("There is no cache of the hub", root, "a folder", File.Exists(root) ? "a file" : "nothing", "Download something first, or pass cache_dir.");
        var (repos, warnings) = (new List<CachedRepoInfo>(), new List<string>());
        foreach (var path in Directory.EnumerateFileSystemEntries(root).Where(p => !NoFiles.Contains(Path.GetFileName(p))).Order(StringComparer.Ordinal))
        {
            var parts = Path.GetFileName(path).Split("--", 2);
            if (!Directory.Exists(path) || parts.Length < 2 || !Types.Contains(parts[0])) warnings.Add($"{path}: not the folder of a repository");
            else if (RevisionsOf(path, out var problem) is { } revisions && problem is null) repos.Add(new(parts[1].Replace("--", "/", StringComparison.Ordinal), parts[0][..^1], path, revisions));
            else warnings.Add($"{path}: {problem}");
        }
        return new(repos, warnings);
    }

    static List<CachedRevisionInfo>? RevisionsOf(string repo, out string? problem)
    {
        problem = null;
        var snapshots = Path.Combine(repo, "snapshots");
        if (!Directory.Exists(snapshots))
        {
            problem = "there are no snapshots";
            return null;
        }
        foreach (var folder in (string[])[snapshots, Path.Combine(repo, "refs"), .. Directory.EnumerateDirectories(snapshots)])
            if (CacheTree.IsLink(folder)) problem = $"{folder} is a link";
        if (problem is not null) return null;
        var (refs, revisions) = (RefsOf(repo), new List<CachedRevisionInfo>());
        foreach (var snapshot in Directory.EnumerateDirectories(snapshots).Order(StringComparer.Ordinal))
        {
            var files = new List<CachedFileInfo>();
            foreach (var path in CacheTree.Files(snapshot))
            {
                var blob = ContentLength.Target(path);
                if (blob is null) problem = $"{path} leads in circles";
                else if (!blob.StartsWith(repo + Path.DirectorySeparatorChar, StringComparison.Ordinal)) problem = $"{path} leads out of it";
                else if (!File.Exists(blob)) problem = $"the content of {path} is missing";
                if (problem is not null) return null;
                files.Add(new(Path.GetRelativePath(snapshot, path).Replace('\\', '/'), path, blob!, new FileInfo(blob!).Length));
            }
            var commit = Path.GetFileName(snapshot);
            revisions.Add(new(commit, snapshot, files, [.. refs[commit]], files.Select(f => File.GetLastWriteTimeUtc(f.blob_path)).DefaultIfEmpty(Directory.GetLastWriteTimeUtc(snapshot)).Max()));
        }
        return revisions;
    }

    static ILookup<string, string> RefsOf(string repo)
    {
        var folder = Path.Combine(repo, "refs");
        return CacheTree.Names(folder).Where(n => !n.Split('/')[^1].StartsWith('.')).ToLookup(n => RepoCache.NotedCommit(Path.Combine(folder, n)) ?? "", n => n);
    }
}
