namespace Keras.Tests;

/// <summary>Names in text files: those of another library, and those that differ from it with the reason.</summary>
static class NameLists
{
    /// <summary>One name a line.</summary>
    public static IReadOnlySet<string> Read(params string[] path) => Lines(path).ToHashSet();

    /// <summary>A reason, then indented the names it stands for; "keras.tree.*" is all of a module.</summary>
    public static IReadOnlyList<(string Reason, string Name)> ReadReasons(params string[] path)
    {
        var reason = "";
        var read = new List<(string, string)>();
        foreach (var line in Lines(path))
            if (!line.StartsWith(' ')) reason = line;
            else read.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => (reason, n)));
        return read;
    }

    /// <summary>Whether a name is an entry, or of the module that it is.</summary>
    public static bool Covers(string entry, string name) => entry.EndsWith(".*", StringComparison.Ordinal) ? name.StartsWith(entry[..^1], StringComparison.Ordinal) : entry == name;

    static IEnumerable<string> Lines(string[] path) => File.ReadLines(Repository.PathOf(path)).Where(l => l.Length > 0);
}
