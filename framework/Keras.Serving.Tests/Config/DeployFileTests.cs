using Keras.Tests;

namespace Keras.Serving.Tests;

/// <summary>The files of deploy/ are what the servers read.</summary>
public sealed class DeployFileTests
{
    static string[] Files(string pattern) => Directory.GetFiles(Repository.PathOf("deploy"), pattern, SearchOption.AllDirectories);

    [Test]
    public void TheListOfModelsIsRead()
    {
        var models = ModelConfigText.Read(Repository.PathOf("deploy", "config", "models.config"));
        Assert.That(models.Select(m => (m.Name, m.BasePath, m.Policy.Latest)), Is.EqualTo(new[] { ("classifier", "/models/classifier", (int?)2), ("embedder", "/models/embedder", 1) }));
        Assert.That(models[0].VersionLabels["stable"], Is.EqualTo(1));
    }

    [Test]
    public void TheBatchingParametersAreReadAndPossible()
    {
        var batching = BatchingText.Read(Repository.PathOf("deploy", "config", "batching.config"));
        Assert.That((batching.MaxBatchSize, batching.BatchTimeoutMicros, batching.AllowedBatchSizes[^1], batching.PadVariableLengthInputs), Is.EqualTo((32L, 2000L, 32L, true)));
        Assert.DoesNotThrow(batching.Validate);
    }

    [Test]
    public void FlagsOfOurHostAreKnownAndFilesAreThere()
    {
        foreach (var file in (string[])[.. Files("host.Dockerfile"), .. Files("keras-serve.yaml")])
        {
            var flags = System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(file), @"--(?<flag>[a-z_]+=[^\s"",]+)").Select(m => m.Groups["flag"].Value).Where(f => f.Contains('_') || f.StartsWith("port", StringComparison.Ordinal)).ToArray();
            Assert.That(flags, Is.Not.Empty, file);
            foreach (var flag in flags.Where(f => !f.StartsWith("from", StringComparison.Ordinal)))
            {
                var value = flag.Replace("/config/", Repository.PathOf("deploy", "config") + "/", StringComparison.Ordinal);
                Assert.DoesNotThrow(() => ServeCommandLine.Parse(["--model_base_path=x", $"--{value}"]), $"{file}: {flag}");
            }
        }
        var named = System.Text.RegularExpressions.Regex.Matches(string.Concat(Files("*.yaml").Concat(Files("*Dockerfile")).Select(File.ReadAllText)), @"/config/(?<file>\w+\.config)").Select(m => m.Groups["file"].Value).Distinct();
        Assert.That(named.Where(n => !File.Exists(Repository.PathOf("deploy", "config", n))), Is.Empty);
    }
}
