namespace Keras.Transformers;

public sealed partial class Dataset
{
    /// <summary>The Arrow files that hold the rows, in order; empty for rows in memory.</summary>
    public string[] cache_files => [.. _table.Chunks.SelectMany(c => c.Files).Distinct()];

    /// <summary>Deletes cached results (cache-*.arrow) of <c>map</c> and similar methods beside this data set that it does not use itself.</summary>
    /// <returns>How many files were removed.</returns>
    /// <exception cref="IOException">A file cannot be removed.</exception>
    public int cleanup_cache_files() => RemoveCacheFiles(cache_files);

    internal int RemoveCacheFiles(string[] used)
    {
        var folder = CacheFolder ?? (cache_files is [var first, ..] ? Path.GetDirectoryName(Path.GetFullPath(first)) : null);
        if (folder is null || !Directory.Exists(folder)) return 0;
        var keep = used.Select(Path.GetFullPath).ToHashSet(StringComparer.Ordinal);
        string[] others = [.. Directory.EnumerateFiles(folder, "cache-*.arrow").Where(f => !keep.Contains(Path.GetFullPath(f)))];
        foreach (var file in others) File.Delete(file);
        return others.Length;
    }
}
