using System.Text;

namespace Keras.Docs;

/// <summary>The result of a run: the number of pages, and their problems.</summary>
sealed record SiteReport(int Pages, IReadOnlyList<string> Problems);

/// <summary>A page of the site: its path, its title, and its body as HTML.</summary>
sealed record SitePage(string Path, string Title, string Body)
{
    /// <summary>The headings below the title, for the list at the page's side.</summary>
    public IReadOnlyList<(string Id, string Text)> Headings { get; init; } = [];

    /// <summary>The page's search entries, besides its title.</summary>
    public IReadOnlyList<SearchEntry> Entries { get; init; } = [];
}

/// <summary>Makes the whole site: pages of docs and README, the files they link to, the API, and shared assets.</summary>
static class Site
{
    public static SiteReport Build(string repository, IReadOnlyList<string> assemblies, string output)
    {
        var problems = new List<string>();
        var written = new RepositoryPages(repository, problems);
        var pages = written.All().Concat(Api.ApiReference.Pages(assemblies, problems)).ToList();

        if (Directory.Exists(output)) Directory.Delete(output, recursive: true);
        var layout = new Layout(pages);
        foreach (var page in pages) Write(output, page.Path, layout.Of(page));
        foreach (var (from, to) in written.Files) Copy(from, System.IO.Path.Combine(output, to));
        foreach (var name in (string[])["site.css", "site.js"]) Write(output, $"assets/{name}", Resource(name));
        Write(output, "assets/search-index.js", SearchIndex.Script(pages));
        problems.AddRange(LinkCheck.Of(output));
        return new(pages.Count, problems);
    }

    static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(Site).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    static void Write(string output, string path, string text)
    {
        var file = System.IO.Path.Combine(output, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
        File.Copy(from, to, overwrite: true);
    }
}
