using Keras.Transformers.Cli;

namespace Keras.Transformers.Tests.Cli;

public sealed class ServeCommandTests
{
    [Test]
    public void Help_lists_serve_and_serve_lists_its_flags()
    {
        Assert.That(CommandRun.Of("--help").Output, Does.Contain("serve"));
        var help = CommandRun.Of("serve", "--help");
        Assert.That(help.Code, Is.EqualTo(ExitCodes.Ok));
        Assert.That(help.Output, Does.Contain("--rest_api_port=PORT").And.Contain("DIR"));
    }

    [Test]
    public void Mistakes_end_with_the_code_of_usage()
    {
        var nothing = CommandRun.Of("serve");
        Assert.That(nothing.Code, Is.EqualTo(ExitCodes.Usage));
        Assert.That(nothing.Error, Does.Contain("nothing to serve"));
        Assert.That(CommandRun.Of("serve", "--prot=1").Error, Does.Contain("port"));
        Assert.That(CommandRun.Of("serve", "/nowhere/at/all").Code, Is.EqualTo(ExitCodes.Usage));
    }
}
