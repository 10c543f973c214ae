using System.Net;
using System.Text;
using Keras.Docs.Highlighting;
using Keras.Docs.Markdown;

namespace Keras.Docs;

/// <summary>Makes the pages for README, docs, and every file and folder of the repository that a page links to.</summary>
sealed class RepositoryPages(string repository, List<string> problems)
{
    static readonly Dictionary<string, string> languages = new()
    {
        [".cs"] = "csharp", [".cake"] = "csharp", [".py"] = "python", [".sh"] = "sh", [".json"] = "json", [".txt"] = "text", [".props"] = "xml", [".csproj"] = "xml", [".slnx"] = "xml", [""] = "text",
    };

    static readonly string[] skipped = ["artifacts", "bin", "obj"];

    readonly Dictionary<string, string> pathOf = [];
    readonly Queue<string> waiting = new();

    /// <summary>The files to copy as they are, by target path.</summary>
    public SortedDictionary<string, string> Copied { get; } = new(StringComparer.Ordinal);

    public IEnumerable<(string From, string To)> Files => Copied.Select(c => (c.Value, c.Key));

    public IEnumerable<SitePage> All()
    {
        Visit("README.md");
        foreach (var file in Directory.GetFiles(Path.Combine(repository, "docs"), "*.md").Order(StringComparer.Ordinal)) Visit($"docs/{Path.GetFileName(file)}");
        while (waiting.TryDequeue(out var path)) yield return Of(path);
    }

    /// <summary>The place of a repository path in the site, whose page is made if needed; null if the path does not exist.</summary>
    public string? Visit(string path)
    {
        if (pathOf.TryGetValue(path, out var known)) return known;
        var full = Path.Combine(repository, path);
        var place = PlaceOf(path, Directory.Exists(full));
        if (!Directory.Exists(full) && !File.Exists(full)) return null;
        pathOf[path] = place;
        if (place.EndsWith(".html", StringComparison.Ordinal)) waiting.Enqueue(path);
        else Copied[place] = full;
        return place;
    }

    static string PlaceOf(string path, bool isFolder)
    {
        if (path == "README.md") return "index.html";
        if (isFolder) return $"source/{path}/index.html";
        var extension = Path.GetExtension(path);
        if (path.StartsWith("docs/", StringComparison.Ordinal)) return extension == ".md" ? Path.ChangeExtension(path["docs/".Length..], ".html") : path["docs/".Length..];
        return extension == ".md" || languages.ContainsKey(extension) ? $"source/{path}.html" : $"source/{path}";
    }

    SitePage Of(string path)
    {
        var (full, place) = (Path.Combine(repository, path), pathOf[path]);
        if (Directory.Exists(full)) return Folder(path, place);
        var text = File.ReadAllText(full);
        if (Path.GetExtension(path) == ".md") return MarkdownPage.Of(place, text, link => Resolve(path, place, link));
        var code = Highlighter.Html(text.ReplaceLineEndings("\n"), languages[Path.GetExtension(path)]);
        return new(place, path, $"<h1>{WebUtility.HtmlEncode(Path.GetFileName(path))}</h1>\n<p class=\"where\">{WebUtility.HtmlEncode(path)} in the repository</p>\n<pre><code>{code}</code></pre>\n");
    }

    /// <summary>Makes the page of a folder: its README and its content.</summary>
    SitePage Folder(string path, string place)
    {
        var full = Path.Combine(repository, path);
        var html = new StringBuilder($"<h1>{WebUtility.HtmlEncode(path)}</h1>\n");
        if (File.Exists(Path.Combine(full, "README.md")))
            html.Append($"<p><a href=\"{Relative(place, Visit($"{path}/README.md")!)}\">README</a> says what it is.</p>\n");
        html.Append("<ul class=\"files\">\n");
        foreach (var folder in Directory.GetDirectories(full).Select(d => Path.GetFileName(d)).Where(d => !skipped.Contains(d) && d[0] != '.').Order(StringComparer.Ordinal))
            html.Append($"<li><a href=\"{Relative(place, Visit($"{path}/{folder}")!)}\">{WebUtility.HtmlEncode(folder)}/</a></li>\n");
        foreach (var file in Directory.GetFiles(full, "*.cs").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal))
            html.Append($"<li><a href=\"{Relative(place, Visit($"{path}/{file}")!)}\">{WebUtility.HtmlEncode(file)}</a></li>\n");
        return new(place, path, html.Append("</ul>\n").ToString());
    }

    /// <summary>Converts a page's link to one in the site.</summary>
    string Resolve(string page, string place, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal) || link.StartsWith('#') || link.StartsWith("mailto:", StringComparison.Ordinal)) return link;
        var (target, anchor) = link.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? (link[..at], link[at..]) : (link, "");
        var to = Path.GetRelativePath(repository, Path.GetFullPath(Path.Combine(repository, Path.GetDirectoryName(page)!, target))).Replace('\\', '/').TrimEnd('/');
        if (!to.StartsWith("..", StringComparison.Ordinal) && Visit(to) is { } found) return Relative(place, found) + anchor;
        problems.Add($"{page}: the link {link} leads nowhere");
        return link;
    }

    /// <summary>The relative path from one page to another.</summary>
    public static string Relative(string from, string to)
    {
        var (a, b) = (from.Split('/'), to.Split('/'));
        var common = 0;
        while (common < a.Length - 1 && common < b.Length - 1 && a[common] == b[common]) common++;
        return string.Concat(Enumerable.Repeat("../", a.Length - 1 - common)) + string.Join('/', b[common..]);
    }
}
