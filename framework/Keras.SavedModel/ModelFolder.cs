namespace Keras.SavedModels;

/// <summary>Checks whether files lie in a model's folder; links and ".." are resolved as the system resolves them.</summary>
sealed class ModelFolder(string folder)
{
    const int MostLinks = 40;

    static readonly StringComparison Comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    readonly string _root = RealPath(folder);

    public static UnsupportedException Refuse(string where, string expected, string received) => new("A SavedModel would use more than its own folder", where, expected, received,
        "Load only models that you trust: give allow_file_ops: true to run this one.");

    /// <summary>Fails unless a file lies in the folder.</summary>
    /// <exception cref="UnsupportedException">The file lies elsewhere, or its name is a pattern or an address.</exception>
    public void Require(string file, string where)
    {
        if (file.Contains("://", StringComparison.Ordinal) || file.AsSpan().ContainsAny("*?[\0\uFFFD") || !Contains(RealPath(file))) throw Refuse(where, $"files in {_root}", $"'{file}'");
    }

    /// <summary>Fails unless the files of a checkpoint lie in the folder.</summary>
    /// <exception cref="UnsupportedException">The files lie elsewhere.</exception>
    public void RequireCheckpoint(string prefix, string where)
    {
        Require(prefix, where);
        if (Path.GetDirectoryName(prefix) is not { Length: > 0 } parent || !Directory.Exists(parent)) return;
        foreach (var file in Directory.EnumerateFileSystemEntries(parent))
            if (Path.GetFileName(file).StartsWith(Path.GetFileName(prefix), Comparison)) Require(file, where);
    }

    bool Contains(string path) => path.Equals(_root, Comparison) || path.StartsWith(Path.EndsInDirectorySeparator(_root) ? _root : _root + Path.DirectorySeparatorChar, Comparison);

    /// <summary>Resolves links and ".." in a path, part by part.</summary>
    static string RealPath(string path)
    {
        var whole = Path.IsPathFullyQualified(path) ? path : Path.Join(Environment.CurrentDirectory, path);
        var root = Path.GetPathRoot(whole)!;
        var (current, links) = (root, 0);
        var parts = new Stack<string>(Parts(whole[root.Length..]));
        while (parts.TryPop(out var part))
        {
            if (part == ".") continue;
            if (part == "..")
            {
                current = Path.GetDirectoryName(current) ?? root;
                continue;
            }
            var next = Path.Join(current, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }
            if (++links > MostLinks) throw new UnsupportedException("Links lead in a circle", path, "a file", $"more than {MostLinks} links");
            if (Path.IsPathRooted(target))
            {
                current = Path.GetPathRoot(target)!;
                target = target[current.Length..];
            }
            foreach (var more in Parts(target)) parts.Push(more);
        }
        return current;
    }

    /// <summary>The parts of a path, the last one first.</summary>
    static IEnumerable<string> Parts(string path) => path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Reverse();
}
