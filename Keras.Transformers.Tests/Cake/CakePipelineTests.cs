using System.Diagnostics;
using System.Xml.Linq;

namespace Keras.Transformers.Tests.Cake;

/// <summary>The addin in Cake itself: examples/CakePipeline.</summary>
sealed class CakePipelineTests : EngineFixture
{
    static (int Code, string Said) Cake(params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Dotnet, ["cake", "examples/CakePipeline/build.cake", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Repository.Root };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    [Test]
    public void A_build_trains_checks_exports_and_publishes_and_fails_below_its_bound()
    {
        // The script names the addin of a release build; engines have tests of their own.
        if (!AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).EndsWith("release", StringComparison.Ordinal)) Assert.Ignore("These tests are not built as Release, so the addin may not be there.");
        if (Api.keras.config.backend() != "torch") Assert.Ignore("Cake runs once, with the engine that is there without TensorFlow.");
        using var folder = new TemporaryFolder();
        var (code, said) = Cake($"--output={folder.Path}");
        Assert.That(code, Is.Zero, said);
        Assert.That(File.Exists(Path.Combine(folder["serving"], "animal-or-plant", "1", "saved_model.pb")), Is.True, said);
        Assert.That(File.ReadLines(folder["answers.csv"]).Count(), Is.EqualTo(17));

        var refused = Cake($"--output={folder.Path}", "--target=Publish", "--exclusive", "--at-least=1.1");
        Assert.That(refused.Code, Is.Zero, "Publish alone runs no check");
        var (failed, why) = Cake($"--output={folder.Path}", "--target=Check", "--exclusive", "--at-least=1.1");
        Assert.That(failed, Is.Not.Zero);
        Assert.That(why, Does.Contain("not in at least"));
    }

    [Test]
    public void The_addin_is_written_for_the_Cake_that_runs_the_build_and_brings_none()
    {
        var project = XDocument.Load(Repository.PathOf("tools", "Cake.Keras.Transformers", "Cake.Keras.Transformers.csproj"));
        Assert.That(project.Descendants("Reference").Select(r => (r.Attribute("Include")!.Value, r.Attribute("Private")?.Value)), Is.EqualTo(new[] { ("Cake.Core", "false") }));
        Assert.That(project.Descendants("PackageReference"), Is.Empty);
        Assert.That(project.Descendants("CakeVersion").Single().Value, Does.Contain("dotnet-tools.json"), "the version is read, not repeated");
    }
}
