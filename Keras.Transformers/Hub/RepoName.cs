using System.Text.RegularExpressions;

namespace Keras.Transformers;

/// <summary>A repository: its kind and its validated name.</summary>
/// <param name="Type">"model", "dataset" or "space".</param>
/// <param name="Id">"org/name", or "name" alone.</param>
/// <remarks>Source: huggingface_hub/utils/_validators.py, constants.py.</remarks>
sealed partial record RepoName(string Type, string Id)
{
    const int LongestId = 96;
    static readonly string[] Types = ["model", "dataset", "space"];
    static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).SelectMany(i => new[] { $"COM{i}", $"LPT{i}" })];

    static readonly System.Buffers.SearchValues<char> NotOnWindows = System.Buffers.SearchValues.Create("<>:\"|?*");

    /// <summary>A repository by the arguments of a public call.</summary>
    /// <exception cref="HfValidationException">No repository can have the name.</exception>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    public static RepoName Of(string repo_id, string? repo_type = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(repo_id);
        Known.OneOf(repo_type, nameof(repo_type), [null, .. Types]);
        return IsId(repo_id) ? new(repo_type ?? "model", repo_id) : throw new HfValidationException("A repository cannot have this name", nameof(repo_id),
            $"\"name\" or \"organisation/name\": letters, digits, \"-\", \"_\" and \".\", at most {LongestId}, without \"--\" and \"..\", not beginning or ending with \"-\" or \".\", not ending with \".git\"", Known.Say(repo_id));
    }

    /// <summary>Whether a repository can have the name.</summary>
    public static bool IsId(string id) => id.Length <= 2 * LongestId && Id_().IsMatch(id) && !id.Contains("--", StringComparison.Ordinal) && !id.Contains("..", StringComparison.Ordinal)
        && !id.EndsWith(".git", StringComparison.Ordinal) && !(OperatingSystem.IsWindows() && id.Split('/').Any(IsDevice));

    /// <summary>The kind in addresses of the API: "models".</summary>
    public string Plural => Type + "s";

    /// <summary>The way to the repository's pages below the hub's address: "datasets/org/name".</summary>
    public string Page => Type == "model" ? Id : $"{Plural}/{Id}";

    /// <summary>The name of the repository's folder in the cache.</summary>
    public string Folder => $"{Plural}--{Id.Replace("/", "--", StringComparison.Ordinal)}";

    /// <summary>The text as users write it.</summary>
    public override string ToString() => Type == "model" ? Id : $"{Type} {Id}";

    /// <summary>A branch, tag or commit; "main" if none is given.</summary>
    /// <exception cref="HfValidationException">The text cannot be a revision.</exception>
    public static string Revision(string? revision)
    {
        revision ??= "main";
        return Problem(revision, OperatingSystem.IsWindows()) is { } problem ? throw new HfValidationException("A revision cannot have this name", "revision", "a branch, a tag, a commit, or \"refs/pr/1\"", $"{Known.Say(Printable(revision))}, which {problem}") : revision;
    }

    /// <summary>A file's path within a repository.</summary>
    /// <exception cref="HfValidationException">The path would lead out of the repository's folder, or this system can have no such file.</exception>
    public static string FileName(string? path, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(path, parameter);
        return Problem(path, OperatingSystem.IsWindows()) is { } problem
            ? throw new HfValidationException("A file's path in a repository cannot be used here", parameter, "names with \"/\" between them", $"{Known.Say(Printable(path))}, which {problem}", "Rename the file in the repository.") : path;
    }

    /// <summary>What is wrong with a path; null if nothing is.</summary>
    internal static string? Problem(string path, bool onWindows)
    {
        if (path.Length is 0 or > 1024) return "is empty or longer than 1024 characters";
        if (path.Any(char.IsControl)) return "holds control characters";
        if (path.Contains('\\', StringComparison.Ordinal)) return "holds a backslash";
        foreach (var part in path.Split('/'))
        {
            if (part is "" or "." or "..") return "holds an empty name, \".\" or \"..\"";
            if (part.Length > 255) return "holds a name longer than 255 characters";
            if (!onWindows) continue;
            if (part.AsSpan().ContainsAny(NotOnWindows)) return "holds a character that Windows allows in no name";
            if (part[^1] is '.' or ' ') return "holds a name that ends with a point or a space, which Windows drops";
            if (IsDevice(part)) return "holds the name of a device of Windows";
        }
        return null;
    }

    /// <summary>The first two paths that collide if case is ignored; null for none.</summary>
    internal static (string First, string Second)? Collision(IEnumerable<string> paths)
    {
        var known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in paths)
            if (!known.TryAdd(path, path) && known[path] != path) return (known[path], path);
        return null;
    }

    static bool IsDevice(string name) => Devices.Contains(name.Split('.')[0].TrimEnd(' ').ToUpperInvariant());

    /// <summary>A name without characters that could forge log lines.</summary>
    internal static string Printable(string text) => string.Concat((text.Length > 200 ? text[..200] + "..." : text).Select(c => char.IsControl(c) ? '?' : c));

    [GeneratedRegex(@"^([A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9_])?/)?[A-Za-z0-9_](?:[\w.-]{0,94}[A-Za-z0-9_])?\z", RegexOptions.ECMAScript)]
    private static partial Regex Id_();
}
