using Keras.Transformers.Cli;
using Keras.Transformers.Tests.Hub;

namespace Keras.Transformers.Tests.Cli;

/// <summary>push and download, on a hub in memory.</summary>
public sealed class HubCommandTests : HubFixture
{
    [Test]
    public void What_is_pushed_is_downloaded()
    {
        Set("HF_TOKEN", Token);
        using var folder = new TemporaryFolder();
        var pushed = CommandRun.Of("push", CommandFixture.Bert, "org/command-line", "--message", "Upload from a test", "--json");
        Assert.That(pushed.Code, Is.EqualTo(ExitCodes.Ok), pushed.Error);
        Assert.That(pushed.Json.GetProperty("oid").GetString(), Has.Length.EqualTo(40));

        var here = CommandRun.Of("download", "org/command-line", "--output", folder["new"], "--exclude", "*.md", "--json");
        Assert.That(here.Code, Is.EqualTo(ExitCodes.Ok), here.Error);
        Assert.That(CommandRun.Of("inspect", CommandFixture.Bert, "--diff", folder["new"]).Code, Is.EqualTo(ExitCodes.Ok));
        Assert.That(File.Exists(Path.Combine(folder["new"], "README.md")), Is.False);
        Assert.That(CommandRun.Of("download", "org/command-line", "--include", "config.json").Output, Does.Match(@"files +1\b"));
    }

    [Test]
    public void A_repository_that_is_not_there_fails_with_1()
    {
        var run = CommandRun.Of("download", "org/nothing-of-this-name");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Failed), run.Error);
        Assert.That(run.Error, Does.Contain("There is no such repository"));
    }

    [Test]
    public void Without_a_token_nothing_is_pushed()
    {
        Set("HF_TOKEN", null);
        var run = CommandRun.Of("push", CommandFixture.Bert, "org/without-token", "--json");
        Assert.That(run.Code, Is.EqualTo(ExitCodes.Failed), run.Error);
        Assert.That(run.Json.GetProperty("error").GetProperty("type").GetString(), Is.EqualTo(nameof(LocalTokenNotFoundException)));
    }
}
