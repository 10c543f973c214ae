using System.Diagnostics;
using static Keras.Transformers.HuggingFaceHub;

namespace Keras.Transformers.Tests.Hub;

/// <summary>A disk that takes no more while a file comes: the system refuses a process to write beyond a length.</summary>
[Platform("Linux")]
public sealed class FullDiskTests : HubFixture
{
    /// <summary>In blocks of 1024 bytes.</summary>
    const int Limit = 256;

    [TestCase(false)]
    [TestCase(true)]
    public void What_came_is_kept_the_error_says_what_and_the_next_download_goes_on(bool isLocal)
    {
        var repository = NewRepository("model", ("model.safetensors", Bytes(600_000)));
        var (exit, error) = Download(repository.Id, isLocal);
        Assert.That(exit, Is.Not.Zero);
        Assert.That(error, Does.Contain("could not be written").And.Contain("model.safetensors").And.Contain("600000 bytes").And.Contain("The part that arrived is kept"));
        var incomplete = Directory.GetFiles(Home.Path, "*.incomplete", SearchOption.AllDirectories).Single();
        Assert.That(File.ReadAllBytes(incomplete), Is.EqualTo(Bytes(600_000)[..(int)new FileInfo(incomplete).Length]).And.Length.InRange(1, Limit * 1024));
        Assert.That(Directory.GetFiles(Home.Path, "model.safetensors", SearchOption.AllDirectories), Is.Empty);
        AssertCacheIsSound();
        Hub.Reset();
        Assert.That(File.ReadAllBytes(hf_hub_download(repository.Id, "model.safetensors", cache_dir: Cache, local_dir: isLocal ? Home["mine"] : null)), Is.EqualTo(Bytes(600_000)));
        Assert.That(Hub.Records.Single(r => r.Host == "store").Range, Does.Match("bytes=[1-9]"));
        AssertCacheIsSound();
    }

    (int Exit, string Error) Download(string repository, bool isLocal)
    {
        // The runtime's own double mapping of code reserves more than the limit.
        var start = new ProcessStartInfo("bash", ["-c", $"trap '' XFSZ; ulimit -c 0; ulimit -f {Limit}; exec dotnet \"$@\"", "bash", typeof(LocalHub.LocalHub).Assembly.Location, "download", repository, "model.safetensors", Cache, .. isLocal ? [Home["mine"]] : Array.Empty<string>()])
        { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["DOTNET_EnableWriteXorExecute"] = "0", ["DOTNET_EnableDiagnostics"] = "0" } };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error + output.Result);
    }
}
