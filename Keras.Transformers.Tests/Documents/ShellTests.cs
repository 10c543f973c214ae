namespace Keras.Transformers.Tests.Documents;

/// <summary>The shell commands of the pages for users, run by a shell in the order of the page, on what the repository has.</summary>
[Platform("Linux,MacOsX")]
sealed class ShellTests : EngineFixture
{
    static IEnumerable<ShellBlock> All => Directory.GetFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories).Append(Repository.PathOf("README.md"))
        .Select(p => Path.GetRelativePath(Repository.Root, p)).Order(StringComparer.Ordinal).SelectMany(ShellBlock.Of);

    static IEnumerable<string> Pages => All.Where(b => b.NotRun is null).Select(b => b.Page).Distinct();

    [Test]
    public void What_is_not_run_has_a_reason_that_is_known() =>
        Assert.That(All.Where(b => b.NotRun is not null && !ShellBlock.Reasons.Contains(b.NotRun)).Select(b => $"{b.Page}:{b.Line} {b.NotRun}"), Is.Empty);

    [TestCaseSource(nameof(Pages))]
    public void The_commands_of_a_page_end_as_it_says(string page)
    {
        if (Api.keras.config.backend() != "torch") Assert.Ignore("The commands of pages run once, with the engine that is there without TensorFlow.");
        using var folder = new TemporaryFolder();
        CopyModelsAndTables(folder.Path);
        using var shell = new PageShell(folder.Path);
        Assert.Multiple(() =>
        {
            foreach (var block in ShellBlock.Of(page).Where(b => b.NotRun is null))
            {
                foreach (var command in block.Commands)
                {
                    var (code, said) = shell.Run(command);
                    Assert.That(code, Is.EqualTo(ShellBlock.Expected(command)), $"{page}:{block.Line} {command}\n{said}");
                }
                var (end, last) = shell.Stop();
                Assert.That(end, Is.Zero, $"{page}:{block.Line} what was served\n{last}");
            }
        });
    }

    static void CopyModelsAndTables(string folder)
    {
        foreach (var source in (string[])["models", "examples/CakePipeline"])
            foreach (var file in Directory.GetFiles(Repository.PathOf(source), "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(folder, Path.GetRelativePath(Repository.Root, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
    }
}
