using Keras.Docs;

namespace Keras.Transformers.Tests.Documents;

/// <summary>The site that <c>./build.sh docs</c> makes: whole, with no link that leads nowhere, and the same each time.</summary>
sealed class SiteTests
{
    /// <summary>What is built beside these tests; a project that they do not refer to is left out.</summary>
    static string[] Assemblies => [.. ShippedProjects.Of(Repository.Root).Select(p => ShippedProjects.AssemblyOf(p, AppContext.BaseDirectory)).OfType<string>()];

    [Test]
    public void The_site_of_this_repository_has_every_page_and_no_broken_link()
    {
        using var folder = new TemporaryFolder();
        var report = Site.Build(Repository.Root, Assemblies, Path.Combine(folder.Path, "site"));
        Assert.That(report.Problems, Is.Empty);

        string Read(string path) => File.ReadAllText(Path.Combine(folder.Path, "site", path));
        var home = Read("index.html");
        foreach (var page in Directory.GetFiles(Repository.PathOf("docs"), "*.md").Select(f => Path.GetFileNameWithoutExtension(f)))
            Assert.That(home, Does.Contain($"href=\"{page}.html\""), "every page is in the navigation");
        Assert.That(Read("api/Keras.Layers/LayersApi.html"), Does.Contain("<h1>keras.layers</h1>").And.Contain("id=\"Dense\""));
        Assert.That(Read("api/Keras/Model.html"), Does.Contain("id=\"fit\"").And.Contain("<h4>Parameters</h4>").And.Contain("<h4>Exceptions</h4>"));
        Assert.That(Read("assets/search-index.js"), Does.Contain("keras.layers.Dense").And.Contain("TFAutoModelForCausalLM"));
        var addresses = Directory.GetFiles(Path.Combine(folder.Path, "site"), "*.html", SearchOption.AllDirectories).Where(f => File.ReadAllText(f) is var text && (text.Contains("src=\"http", StringComparison.Ordinal) || text.Contains("stylesheet\" href=\"http", StringComparison.Ordinal)));
        Assert.That(addresses, Is.Empty, "nothing is loaded from elsewhere");
    }

    [Test]
    public void A_link_that_leads_nowhere_is_named_with_its_page()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "docs"));
        File.WriteAllText(Path.Combine(folder.Path, "README.md"), "# Top\n\n[gone](docs/gone.md), [there](docs/page.md#here), [not](docs/page.md#nowhere), [outside](../x.md)\n");
        File.WriteAllText(Path.Combine(folder.Path, "docs", "page.md"), "# A page\n\n## Here\n\nBack to the [top](../README.md).\n");
        var output = Path.Combine(folder.Path, "site");
        var report = Site.Build(folder.Path, [], output);
        Assert.That(report.Problems, Is.EqualTo((string[])
        [
            "README.md: the link docs/gone.md leads nowhere", "README.md: the link ../x.md leads nowhere",
            "index.html: the link docs/gone.md leads nowhere", "index.html: the link page.html#nowhere leads nowhere", "index.html: the link ../x.md leads nowhere",
        ]));

        string[] Files() => [.. Directory.GetFiles(output, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => $"{f}\n{File.ReadAllText(f)}")];
        var first = Files();
        Site.Build(folder.Path, [], output);
        Assert.That(Files(), Is.EqualTo(first));
    }

    [TestCase("var x = $\"{a[\"b\"]:P0} of {n}\";", "<span class=\"k\">var</span> x = <span class=\"s\">$&quot;{</span>a[<span class=\"s\">&quot;b&quot;</span>]:<span class=\"t\">P0</span><span class=\"s\">} of {</span>n<span class=\"s\">}&quot;</span>;")]
    [TestCase("call(1e-3); // \"not a text\"", "<span class=\"f\">call</span>(<span class=\"n\">1e-3</span>); <span class=\"c\">// &quot;not a text&quot;</span>")]
    [TestCase("List<int> l = [1..2];", "<span class=\"t\">List</span>&lt;<span class=\"k\">int</span>&gt; l = [<span class=\"n\">1</span>..<span class=\"n\">2</span>];")]
    [TestCase("a.value = ops.where(b)", "a.value = ops.<span class=\"f\">where</span>(b)")]
    [TestCase("@\"a\"\"b\" + '\\''", "<span class=\"s\">@&quot;a&quot;&quot;b&quot;</span> + <span class=\"s\">&#39;\\&#39;&#39;</span>")]
    public void Code_is_coloured(string code, string html) => Assert.That(Docs.Highlighting.Highlighter.Html(code, "csharp"), Is.EqualTo(html));
}
