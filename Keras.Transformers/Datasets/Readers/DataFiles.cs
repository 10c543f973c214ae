using System.Text.RegularExpressions;

namespace Keras.Transformers;

/// <summary>The files of each split: one path, several, or either by split name. Paths may contain the wildcards "*", "?" and "**".</summary>
public sealed class DataFiles
{
    internal OrderedDictionary<string, string[]> Splits { get; } = [];

    /// <summary>Converts one path, for the split "train".</summary>
    public static implicit operator DataFiles(string path) => Of([KeyValuePair.Create("train", new[] { path })]);

    /// <summary>Several paths for the split "train".</summary>
    public static implicit operator DataFiles(string[] paths) => Of([KeyValuePair.Create("train", paths)]);

    /// <summary>Converts one path for each split.</summary>
    public static implicit operator DataFiles(Dictionary<string, string> splits) => Of((splits ?? throw new ArgumentNullException(nameof(splits))).Select(s => KeyValuePair.Create(s.Key, new[] { s.Value })));

    /// <summary>Converts several paths for each split.</summary>
    public static implicit operator DataFiles(Dictionary<string, string[]> splits) => Of(splits ?? throw new ArgumentNullException(nameof(splits)));

    static DataFiles Of(IEnumerable<KeyValuePair<string, string[]>> splits)
    {
        var files = new DataFiles();
        foreach (var (split, paths) in splits)
        {
            if (!SplitName.IsName(split)) throw new ArgumentException($"A split cannot have this name. Expected: letters, digits, \"_\", \".\" and \"-\". Received: {Known.Say(split)}.", "data_files");
            if (paths is null || paths.Length == 0 || paths.Any(string.IsNullOrEmpty)) throw new ArgumentException($"The split {Known.Say(split)} has no files.", "data_files");
            files.Splits[split] = paths;
        }
        return files;
    }

    /// <summary>The files of a split, in the order of the patterns, and by name within a pattern.</summary>
    /// <exception cref="FileNotFoundException">A path leads to no file.</exception>
    internal string[] Resolve(string split, string? folder)
    {
        var found = Splits[split].SelectMany(p => Matches(folder is null ? p : Path.Combine(folder, p))).Distinct().ToArray();
        return found;
    }

    /// <summary>Converts a path pattern to a regex; "*" and "?" match parts of a name, "**" matches folders.</summary>
    internal static Regex Glob(string pattern) =>
        new("^" + Regex.Escape(pattern).Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal).Replace(@"\?", "[^/]", StringComparison.Ordinal) + @"\z", RegexOptions.NonBacktracking);

    static string[] Matches(string pattern)
    {
        if (!pattern.AsSpan().ContainsAny('*', '?'))
            return File.Exists(pattern) ? [pattern] : throw new FileNotFoundException($"There is no data file '{pattern}'.", pattern);
        var full = Path.GetFullPath(pattern).Replace('\\', '/');
        var root = full[..full.AsSpan(0, full.AsSpan().IndexOfAny('*', '?')).LastIndexOf('/')];
        var expression = Glob(full);
        string[] found = Directory.Exists(root.Length == 0 ? "/" : root)
            ? [.. Directory.EnumerateFiles(root.Length == 0 ? "/" : root, "*", SearchOption.AllDirectories).Where(f => expression.IsMatch(f.Replace('\\', '/'))).Order(StringComparer.Ordinal)] : [];
        return found.Length > 0 ? found : throw new FileNotFoundException($"No data file fits '{pattern}'.", pattern);
    }
}
