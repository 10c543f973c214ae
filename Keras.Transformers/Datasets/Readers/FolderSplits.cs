namespace Keras.Transformers;

/// <summary>Finds the splits of a folder by the names of files and folders.</summary>
static class FolderSplits
{
    static readonly (string Split, string[] Words)[] Words = [("train", ["train", "training"]), ("validation", ["validation", "valid", "dev", "val"]), ("test", ["test", "testing", "eval", "evaluation"])];

    /// <exception cref="FileNotFoundException">The folder has no data files.</exception>
    /// <exception cref="ArgumentException">The folder has files of several formats.</exception>
    public static (ReaderFormats.Format Format, DataFiles Files) Of(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => !IsHidden(folder, f)).Order(StringComparer.Ordinal)];
        // Image folders include metadata files, not only pictures.
        var main = Array.Find(ReaderFormats.All, f => f.Beside.Length > 0 && files.Any(file => ReaderFormats.OfFile(file) == f));
        var groups = files.Select(f => (File: f, Format: main?.Takes(f) == true ? main : ReaderFormats.OfFile(f))).Where(f => f.Format is not null).GroupBy(f => f.Format!).ToArray();
        if (groups.Length == 0) throw new FileNotFoundException($"The folder '{folder}' has no data files. Expected: files that end with {Known.List(ReaderFormats.All.SelectMany(f => f.Extensions))}.", folder);
        if (groups.Length > 1) throw new ArgumentException($"The folder has files of several formats. Expected: one. Received: {Known.List(groups.Select(g => g.Key.Name))}. Name the format and the files, load_dataset(\"{groups[0].Key.Name}\", data_files: ...).", "path");
        return (groups[0].Key, Named(folder, groups[0].Select(f => f.File)));
    }

    /// <summary>The files of one format.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder has no such files.</exception>
    public static DataFiles Of(string folder, ReaderFormats.Format format)
    {
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => !IsHidden(folder, f) && format.Takes(f)).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? Named(folder, files) : throw new FileNotFoundException($"The folder '{folder}' has no files that end with {Known.List(format.Extensions)}.", folder);
    }

    static DataFiles Named(string folder, IEnumerable<string> files)
    {
        var splits = files.GroupBy(f => SplitOf(Path.GetRelativePath(folder, f))).ToDictionary(g => g.Key, g => g.ToArray());
        var ordered = new Dictionary<string, string[]>();
        foreach (var name in Words.Select(w => w.Split).Where(splits.ContainsKey)) ordered[name] = splits[name];
        return ordered;
    }

    static bool IsHidden(string folder, string file) => Path.GetRelativePath(folder, file).Split('/', '\\').Any(p => p.StartsWith('.') || p.StartsWith("__", StringComparison.Ordinal));

    internal static string SplitOf(string path)
    {
        var words = path.ToLowerInvariant().Split('/', '\\', '.', '-', '_', ' ');
        return Array.Find(Words, w => w.Words.Any(words.Contains)).Split ?? "train";
    }
}
