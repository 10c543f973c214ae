namespace Keras.Transformers;

/// <summary>Downloads all files of a revision, several at a time.</summary>
static class SnapshotDownload
{
    /// <summary>Downloads the files and returns their folder.</summary>
    /// <exception cref="LocalEntryNotFoundException">The hub is unreachable, and no files are cached.</exception>
    public static async Task<string> ToAsync(HubFiles files, HubPlace place, FilePatterns patterns, int workers, CancellationToken cancellation)
    {
        var list = await place.ListAsync(cancellation);
        if (!list.IsOfHub) return place.FolderOf(list.Commit);
        string[] wanted = [.. list.Names.Where(n => patterns.Has(n) && place.Takes(n))];
        foreach (var file in wanted) RepoName.FileName(file, "filename");
        EnsureApart(files.Name, place, wanted);
        place.Begin(list.Commit);
        using var progress = new HubProgress($"Fetching {wanted.Length} files", files.Http.Settings);
        await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation }, async (file, stop) => await place.GetAsync(file, list.Commit, progress, stop));
        Directory.CreateDirectory(place.FolderOf(list.Commit));
        return place.FolderOf(list.Commit);
    }

    /// <summary>Reads the commit from a repository's metadata.</summary>
    /// <exception cref="FileFormatException">The metadata names no commit.</exception>
    public static string CommitOf(JsonPlace info) => info["sha"].Text() is var commit && RepoCache.IsCommit(commit) ? commit : throw info["sha"].Wrong("a commit of 40 hexadecimal digits");

    /// <summary>Reads the file names from a repository's metadata.</summary>
    /// <exception cref="FileFormatException">A file has no name.</exception>
    public static IEnumerable<string> NamesOf(JsonPlace info) => info["siblings"].HasValue ? info["siblings"].Items().Select(s => s["rfilename"].Text() is { Length: > 0 } name ? name : throw s["rfilename"].Wrong("a file's path")) : [];

    static void EnsureApart(RepoName name, HubPlace place, string[] wanted)
    {
        if (RepoName.Collision(wanted) is not { } same || !place.IgnoresCase) return;
        throw new HfValidationException("Two files of a repository are one on this disk, where case does not count", name.ToString(), "names that differ by more than case", $"{Known.Say(same.First)} and {Known.Say(same.Second)}", "Leave one out with ignore_patterns, or choose a folder on another disk.");
    }
}
