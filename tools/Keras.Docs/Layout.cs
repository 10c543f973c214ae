using System.Net;
using System.Text;
using Keras.Docs.Api;

namespace Keras.Docs;

/// <summary>Writes the frame of every page: head, navigation, search and the list of headings.</summary>
sealed class Layout
{
    readonly IReadOnlyList<(string Group, IReadOnlyList<(string Path, string Title)> Pages)> groups;
    readonly IReadOnlyList<string> namespaces;
    readonly ILookup<string, (string Path, string Title)> types;

    public Layout(IReadOnlyList<SitePage> pages)
    {
        var titles = pages.Where(p => !p.Path.Contains('/', StringComparison.Ordinal)).ToDictionary(p => p.Path == "index.html" ? "README" : Path.GetFileNameWithoutExtension(p.Path), p => (p.Path, Title: p.Path == "index.html" ? "Overview" : p.Title));
        groups = [.. PageOrder.Of(titles.Keys).Select(g => (g.Group, (IReadOnlyList<(string, string)>)[.. g.Pages.Select(p => titles[p])]))];
        var api = pages.Where(p => p.Path.StartsWith("api/", StringComparison.Ordinal) && p.Path != ApiReference.Home).ToList();
        namespaces = [.. api.Where(p => p.Path.EndsWith("/index.html", StringComparison.Ordinal)).Select(p => p.Title)];
        types = api.Where(p => !p.Path.EndsWith("/index.html", StringComparison.Ordinal)).ToLookup(p => p.Path.Split('/')[1], p => (p.Path, p.Title));
    }

    public string Of(SitePage page)
    {
        var root = RepositoryPages.Relative(page.Path, "");
        var wide = page.Path.StartsWith("source/", StringComparison.Ordinal) || page.Headings.Count < 2;
        return $"""
            <!doctype html>
            <html lang="en" data-root="{root}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{WebUtility.HtmlEncode(page.Path == "index.html" ? "Keras.Transformers" : $"{page.Title} · Keras.Transformers")}</title>
            <link rel="stylesheet" href="{root}assets/site.css">
            <script>try {'{'} document.documentElement.dataset.theme = localStorage.getItem("theme") || ""; {'}'} catch {'{'} {'}'}</script>
            <script src="{root}assets/site.js" defer></script>
            </head>
            <body>
            <header>
            <button class="menu" aria-label="Contents" aria-expanded="false">☰</button>
            <a class="home" href="{root}index.html">Keras.Transformers</a>
            <div class="search"><input type="search" placeholder="Search" title="Press / to search" aria-label="Search" autocomplete="off"><ol class="found" hidden></ol></div>
            <button class="theme" aria-label="Light or dark">◐</button>
            </header>
            <div class="frame{(wide ? " wide" : "")}">
            <nav class="contents" aria-label="Pages">
            {Navigation(page)}</nav>
            <main>
            {page.Body}</main>
            {(wide ? "" : Headings(page))}</div>
            </body>
            </html>

            """;
    }

    string Navigation(SitePage page)
    {
        var html = new StringBuilder();
        foreach (var (group, pages) in groups) html.Append($"<h2>{group}</h2>\n<ul>\n{string.Concat(pages.Select(p => Entry(page, p.Path, p.Title)))}</ul>\n");
        html.Append($"<h2>API</h2>\n<ul>\n{Entry(page, ApiReference.Home, "Reference")}");
        var own = page.Path.StartsWith("api/", StringComparison.Ordinal) && page.Path != ApiReference.Home ? page.Path.Split('/')[1] : null;
        foreach (var name in namespaces)
        {
            html.Append(Entry(page, ApiReference.NamespacePath(name), name));
            if (name == own) html.Append($"<ul>\n{string.Concat(types[name].Select(t => Entry(page, t.Path, t.Title)))}</ul>\n");
        }
        return html.Append("</ul>\n").ToString();
    }

    static string Entry(SitePage page, string path, string title) =>
        $"<li><a href=\"{RepositoryPages.Relative(page.Path, path)}\"{(path == page.Path ? " aria-current=\"page\"" : "")}>{WebUtility.HtmlEncode(title).Replace(".", "<wbr>.", StringComparison.Ordinal)}</a></li>\n";

    static string Headings(SitePage page) =>
        $"<aside aria-label=\"On this page\"><h2>On this page</h2>\n<ul>\n{string.Concat(page.Headings.Select(h => $"<li><a href=\"#{WebUtility.HtmlEncode(h.Id)}\">{WebUtility.HtmlEncode(h.Text)}</a></li>\n"))}</ul></aside>\n";
}
