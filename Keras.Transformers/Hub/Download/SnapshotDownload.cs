namespace Keras.Transformers;

/// <summary>Downloads all files of a revision, several at a time.</summary>
static class SnapshotDownload
{
    /// <summary>The folder of the commit in the cache.</summary>
    /// <exception cref="LocalEntryNotFoundException">Neither the hub nor the cache has it.</exception>
    public static async Task<string> ToAsync(HubFiles files, FilePatterns patterns, int workers, CancellationToken cancellation)
    {
        var list = await files.ListAsync(null, cancellation);
        var commit = list.Commit;
        if (!list.IsOfHub) return files.Cache.Snapshot(commit);
        string[] wanted = [.. list.Names.Where(patterns.Has)];
        foreach (var file in wanted) RepoName.FileName(file, "filename");
        EnsureApart(files, wanted);
        files.Cache.Note(files.Revision, commit);
        using var progress = new HubProgress($"Fetching {wanted.Length} files", files.Http.Settings);
        await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation }, async (file, stop) => await files.GetAsync(file, commit, progress, stop));
        Directory.CreateDirectory(files.Cache.Snapshot(commit));
        return files.Cache.Snapshot(commit);
    }

    /// <summary>The commit of a repository's description.</summary>
    /// <exception cref="FileFormatException">It names none.</exception>
    public static string CommitOf(JsonPlace info) => info["sha"].Text() is var commit && RepoCache.IsCommit(commit) ? commit : throw info["sha"].Wrong("a commit of 40 hexadecimal digits");

    /// <summary>The files of a repository's description.</summary>
    public static IEnumerable<string> NamesOf(JsonPlace info) => info["siblings"].HasValue ? info["siblings"].Items().Select(s => s["rfilename"].Text()) : [];

    static void EnsureApart(HubFiles files, string[] wanted)
    {
        if (RepoName.Collision(wanted) is not { } same || !IgnoresCase(files.Cache)) return;
        throw new HfValidationException("Two files of a repository are one on this disk, where case does not count", files.Name.ToString(), "names that differ by more than case", $"{Known.Say(same.First)} and {Known.Say(same.Second)}", "Leave one out with ignore_patterns, or set HF_HUB_CACHE to another disk.");
    }

    static bool IgnoresCase(RepoCache cache)
    {
        Directory.CreateDirectory(cache.Folder);
        return Directory.Exists(Path.Combine(Path.GetDirectoryName(cache.Folder)!, Path.GetFileName(cache.Folder).ToUpperInvariant()));
    }
}
