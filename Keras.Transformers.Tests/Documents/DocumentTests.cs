using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Keras.Transformers.Tests.Hub;

namespace Keras.Transformers.Tests.Documents;

/// <summary>What the pages for users show compiles, runs and names what is there.</summary>
sealed partial class DocumentTests : EngineFixture
{
    static IEnumerable<string> Pages => Directory.GetFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories).Append(Repository.PathOf("README.md")).Select(p => Path.GetRelativePath(Repository.Root, p).Replace('\\', '/'));

    static IEnumerable<string> Programs => Pages.Where(p => MarkdownProgram.Of(Repository.PathOf(p)).Length > 0);

    [TestCaseSource(nameof(Programs))]
    public void The_code_of_a_page_is_a_program_that_runs(string page)
    {
        using var folder = new TemporaryFolder();
        var assembly = Path.Combine(folder.Path, "page" + string.Concat(page.Where(char.IsLetter)) + ".dll");
        Assert.That(MarkdownProgram.Compile(MarkdownProgram.Of(Repository.PathOf(page)), folder.Path, assembly), Is.Empty);

        foreach (var file in Directory.GetFiles(Repository.PathOf("models"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder.Path, Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        using var hub = File.ReadAllText(Repository.PathOf(page)).Contains("using static Keras.Transformers.HuggingFaceHub;", StringComparison.Ordinal) ? HubPages.Open() : null;
        var working = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(folder.Path);
        try
        {
            var main = new AssemblyLoadContext(page).LoadFromAssemblyPath(assembly).EntryPoint!;
            Assert.That(main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]), Is.Null.Or.EqualTo(0));
        }
        finally
        {
            Directory.SetCurrentDirectory(working);
        }
    }

    [TestCaseSource(nameof(Pages))]
    public void Links_of_a_page_lead_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        var links = Link().Matches(File.ReadAllText(Repository.PathOf(page))).Select(m => m.Groups["to"].Value).Where(l => !l.Contains("://", StringComparison.Ordinal) && l[0] != '#');
        Assert.That(links.Where(l => !Path.Exists(Path.Combine(folder, l.Split('#')[0]))), Is.Empty);
    }

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();
}
