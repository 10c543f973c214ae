using Keras.Tests;

namespace Keras.Serving.Tests;

/// <summary>One client's code against both doors of a host with real models.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class HostTests(bool rest)
{
    readonly TemporaryFolder _folder = new();
    ServingHost _host = null!;
    TFServingClient _client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        TestModels.WriteVersion(Path.Combine(_folder, "scale"), 2);
        TestModels.WriteVersion(Path.Combine(_folder, "scale"), 3);
        var config = Path.Combine(_folder, "models.config");
        await File.WriteAllTextAsync(config, $$"""
            model_config_list {
              config {
                name: "scale"
                base_path: "{{Path.Combine(_folder, "scale").Replace("\\", "/", StringComparison.Ordinal)}}"
                model_platform: "tensorflow"
                model_version_policy { all {} }
                version_labels { key: "stable" value: 2 }
              }
            }
            """);
        _host = await TestModels.StartAsync(new() { ModelConfigFile = config, Batching = BatchingText.Parse("max_batch_size { value: 8 } batch_timeout_micros { value: 1000 }", "batching") });
        _client = rest ? TFServingClient.Rest(_host.RestAddress!.ToString()) : TFServingClient.Grpc(_host.GrpcAddress!.ToString());
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    static readonly Dictionary<string, object> X = new() { ["x"] = new[,] { { 1f, 2f }, { 0.1f, -3f } } };

    [TestCase(null, null, 3f)]
    [TestCase(2, null, 2f)]
    [TestCase(null, "stable", 2f)]
    public async Task TheVersionAskedForAnswers(int? version, string? label, float factor)
    {
        var answer = await _client.PredictAsync("scale", X, version: version, label: label);
        var y = answer.Get<float>(answer.Outputs.Single());
        Assert.That((y.Shape, y[0, 1], y[1, 0]), Is.EqualTo((new Shape(2, 2), 2 * factor, 0.1f * factor)));
    }

    [Test]
    public async Task MetadataAndStatesAreTold()
    {
        var metadata = await _client.GetModelMetadataAsync("scale");
        Assert.That((metadata.Version, metadata.Signatures["serving_default"].Inputs["x"].DType), Is.EqualTo((3L, DType.Float32)));
        Assert.That(metadata.Signatures["serving_default"].Inputs["x"].Shape, Is.EqualTo(new Shape(-1, 2)));
        Assert.That((await _client.GetModelStatusAsync("scale")).Select(v => (v.Version, v.IsAvailable)), Is.EqualTo(new[] { (3L, true), (2L, true) }));
    }

    [Test]
    public async Task FailuresHaveTheSameTypes()
    {
        foreach (var (call, status) in new (Func<Task>, TFServingStatus)[]
        {
            (() => _client.PredictAsync("none", X), TFServingStatus.NotFound),
            (() => _client.PredictAsync("scale", X, version: 9), TFServingStatus.NotFound),
            (() => _client.PredictAsync("scale", X, label: "none"), TFServingStatus.NotFound),
            (() => _client.PredictAsync("scale", X, "none"), TFServingStatus.FailedPrecondition),
            (() => _client.PredictAsync("scale", new Dictionary<string, object> { ["x"] = new[,] { { 1f, 2, 3 } } }), TFServingStatus.InvalidArgument),
            (() => _client.PredictAsync("scale", new Dictionary<string, object> { ["x"] = new[] { "a" } }), TFServingStatus.InvalidArgument),
            (() => _client.PredictAsync("scale", new Dictionary<string, object> { ["z"] = 1f }), TFServingStatus.InvalidArgument),
            (() => _client.ClassifyAsync("scale", [new Dictionary<string, object> { ["x"] = 1f }]), TFServingStatus.InvalidArgument),
            (() => _client.GetModelStatusAsync("none"), TFServingStatus.NotFound),
        })
            Assert.That((await Assert.ThrowsAsync<TFServingException>(() => call()))!.Status, Is.EqualTo(status));
    }

    [Test]
    public async Task ManyCallersGetTheirOwnAnswers()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async i => (i, (await _client.PredictAsync("scale", new Dictionary<string, object> { ["x"] = new[,] { { (float)i, -i } } })) is var a ? a.Get<float>(a.Outputs.Single())[0, 1] : 0)));
        Assert.That(answers, Is.All.Matches<(int I, float Y)>(a => a.Y == a.I * -3f));
    }
}
