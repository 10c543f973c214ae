using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Keras.Serving.Tests;

public sealed class GrpcClientTests
{
    GrpcHost _host = null!;
    TFServingClient _client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _host = await GrpcHost.StartAsync();
        _client = TFServingClient.Grpc(_host.Address, o => o.RetryDelay = TimeSpan.FromMilliseconds(1));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    sealed record Pair(long Product, long Sum);

    [Test]
    public async Task OutputsAreReadByNameAndType()
    {
        var answer = await _client.PredictAsync("half", new Dictionary<string, object> { ["x"] = new[] { 1f, 2f } });
        var y = answer.Get<float>("y");
        Assert.That(y, Is.EqualTo([2.5f, 3f]));
        Assert.That((y.Shape, answer.Version, answer.Signature, answer.Model), Is.EqualTo((new Shape(2), (long?)3, "serving_default", "half")));
        Assert.That(Assert.Throws<ArgumentException>(() => answer.Get<float>("z"))!.Message, Does.Contain("'y'").Or.Contain("y"));
        Assert.That(Assert.Throws<DTypeMismatchException>(() => answer.Get<int>("y"))!.Where, Is.EqualTo("y"));
    }

    [Test]
    public async Task ArraysOfAnyRankAndJaggedOnesAreTensors()
    {
        foreach (var (value, shape) in new (object, Shape)[] { (1f, Shape.Scalar), (new float[2, 3, 4], new Shape(2, 3, 4)), (new float[][] { [1, 2], [3, 4], [5, 6] }, new Shape(3, 2)), (new float[0, 5], new Shape(0, 5)) })
        {
            var y = (await _client.PredictAsync("half", new Dictionary<string, object> { ["x"] = value }, "echo_float32")).Get<float>("y");
            Assert.That(y.Shape, Is.EqualTo(shape));
        }
        var square = (await _client.PredictAsync("half", new Dictionary<string, object> { ["x"] = new[,] { { 1.5f, 2 }, { 3, 4 } } }, "echo_float32")).Get<float>("y");
        Assert.That(square.ToMultidimensional(), Is.EqualTo(new[,] { { 1.5f, 2 }, { 3, 4 } }));
        Assert.That((square[1, 0], square.Row(1).ToArray()), Is.EqualTo((3f, new[] { 3f, 4f })).Using<(float, float[])>((a, b) => a.Item1 == b.Item1 && a.Item2.SequenceEqual(b.Item2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = square[2, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => square.Row(2));
    }

    [Test]
    public async Task StringsAndBytesGoThrough()
    {
        var answer = await _client.PredictAsync("half", new Dictionary<string, object> { ["text"] = new[] { "grüße", "" } }, "upper");
        Assert.That(answer.Get<string>("text_bytes"), Is.EqualTo(["GRÜßE", ""]));
        var bytes = await _client.PredictAsync("half", new Dictionary<string, object> { ["x"] = new byte[][] { [0xFF, 0] } }, "echo_string");
        Assert.That(bytes.Get<byte[]>("y").Single(), Is.EqualTo([0xFF, 0]));
    }

    [Test]
    public async Task RowsBecomeRecords()
    {
        var answer = await _client.PredictAsync("half", new Dictionary<string, object> { ["a"] = new[] { 2L, 3L }, ["b"] = new[] { 5L, 7L } }, "two");
        Assert.That(answer.ToRecords<Pair>(), Is.EqualTo([new Pair(10, 7), new Pair(21, 10)]));
        Assert.That(Assert.Throws<ArgumentException>(() => answer.ToRecords<TFServingClass>())!.Message, Does.Contain("Label"));
    }

    [Test]
    public async Task ExamplesAreClassifiedAndRegressed()
    {
        Dictionary<string, object>[] examples = [new() { ["x"] = 0.25f }, new() { ["x"] = new[] { 1.0 } }];
        var classes = await _client.ClassifyAsync("half", examples, signature: "classify");
        Assert.That(classes[0], Is.EqualTo([new TFServingClass("no", 0.75f), new TFServingClass("yes", 0.25f)]));
        Assert.That(await _client.RegressAsync("half", examples, signature: "regress"), Is.EqualTo([2.5f, 10f]));
        Assert.That(await _client.RegressAsync("half", [new Dictionary<string, object>()], new Dictionary<string, object> { ["x"] = 3f }, "regress"), Is.EqualTo([30f]));
        var both = await _client.MultiInferenceAsync("half", [new("classify"), new("regress", IsRegression: true)], examples);
        Assert.That((both[0].Signature, both[0].Classes![1][1].Label, both[0].Values), Is.EqualTo(("classify", "yes", (IReadOnlyList<float>?)null)));
        Assert.That((both[1].Values, both[1].Classes), Is.EqualTo((new[] { 2.5f, 10f }, (object?)null)).Using<(IReadOnlyList<float>?, object?)>((a, b) => a.Item1!.SequenceEqual(b.Item1!) && a.Item2 == b.Item2));
    }

    [Test]
    public async Task MetadataAndStatesAreTold()
    {
        var metadata = await _client.GetModelMetadataAsync("half", label: "stable");
        Assert.That((metadata.Version, metadata.Signatures["serving_default"].Inputs["x"]), Is.EqualTo((2L, new TFServingTensorInfo("x", DType.Float32, new Shape(-1)))));
        var versions = await _client.GetModelStatusAsync("half");
        Assert.That(versions.Select(v => (v.Version, v.IsAvailable)), Is.EqualTo(new[] { (3L, true), (2, true), (1, true), (0, false) }));
        Assert.That(versions[3].Error, Is.EqualTo("INTERNAL: no saved_model.pb"));
    }

    [Test]
    public async Task FailuresAreTyped()
    {
        var x = new Dictionary<string, object> { ["x"] = new[] { 1f } };
        foreach (var (call, status) in new (Func<Task>, TFServingStatus)[]
        {
            (() => _client.PredictAsync("none", x), TFServingStatus.NotFound),
            (() => _client.PredictAsync("half", x, "none"), TFServingStatus.FailedPrecondition),
            (() => _client.PredictAsync("half", x, version: 9), TFServingStatus.NotFound),
            (() => _client.PredictAsync("half", new Dictionary<string, object> { ["x"] = new[] { 1 } }), TFServingStatus.InvalidArgument),
            (() => _client.PredictAsync("half", x, outputs: ["z"]), TFServingStatus.InvalidArgument),
            (() => _client.PredictAsync("half", x, "broken"), TFServingStatus.Internal),
            (() => _client.PredictAsync("half", x, "slow", deadline: TimeSpan.FromMilliseconds(100)), TFServingStatus.DeadlineExceeded),
        })
            Assert.That((await Assert.ThrowsAsync<TFServingException>(() => call()))!.Status, Is.EqualTo(status));
    }

    [Test]
    public async Task MistakesOfTheCallerAreToldBeforeAnythingIsSent()
    {
        var x = new Dictionary<string, object> { ["x"] = new[] { 1f } };
        Assert.That((await Assert.ThrowsAsync<ArgumentException>(() => _client.PredictAsync("half", x, version: 1, label: "stable")))!.ParamName, Is.EqualTo("label"));
        Assert.That((await Assert.ThrowsAsync<ArgumentException>(() => _client.PredictAsync("half", new Dictionary<string, object> { ["x"] = DateTime.Now })))!.Message, Does.Contain("'x'"));
        Assert.That((await Assert.ThrowsAsync<ArgumentException>(() => _client.ClassifyAsync("half", [new Dictionary<string, object> { ["f"] = 'c' }])))!.ParamName, Is.EqualTo("examples"));
        Assert.Throws<ArgumentException>(() => TFServingClient.Grpc("localhost:8500"));
        Assert.Throws<ArgumentException>(() => TFServingClient.Grpc("http://localhost:8500", o => o.Retries = -1));
    }

    [Test]
    public async Task ACallIsTakenBackOnBothSides()
    {
        await using var host = await GrpcHost.StartAsync();
        using var client = TFServingClient.Grpc(host.Address);
        using var source = new CancellationTokenSource();
        var call = client.PredictAsync("half", new Dictionary<string, object> { ["x"] = new[] { 1f } }, "slow", cancellation: source.Token);
        await host.Models.Started.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await source.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => call);
        await host.Models.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task AFullQueueIsAskedAgain()
    {
        await using var host = await GrpcHost.StartAsync();
        host.Models.Refusals = 2;
        using var client = TFServingClient.Grpc(host.Address, o => o.RetryDelay = TimeSpan.FromMilliseconds(1));
        var x = new Dictionary<string, object> { ["x"] = new[] { 1f } };
        Assert.That((await client.PredictAsync("half", x, "full")).Get<float>("y"), Is.EqualTo([2.5f]));
        host.Models.Refusals = 1;
        using var once = TFServingClient.Grpc(host.Address, o => o.Retries = 0);
        Assert.That((await Assert.ThrowsAsync<TFServingException>(() => once.PredictAsync("half", x, "full")))!.IsTransient, Is.True);
    }

    [Test]
    public async Task AServerThatComesLaterIsFound()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}";
        listener.Stop();
        using var client = TFServingClient.Grpc(address, o => (o.RetryDelay, o.Retries) = (TimeSpan.FromMilliseconds(1), 1));
        var failure = await Assert.ThrowsAsync<TFServingException>(() => client.GetModelStatusAsync("half"));
        Assert.That((failure!.Status, failure.Model), Is.EqualTo((TFServingStatus.Unavailable, "half")));
    }

    [Test]
    public async Task ManyThreadsShareAClient()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () => (i, (await _client.PredictAsync("half", new Dictionary<string, object> { ["x"] = new[] { (float)i } })).Get<float>("y")[0]))));
        Assert.That(answers, Is.All.Matches<(int I, float Y)>(a => a.Y == (a.I / 2f) + 2));
    }

    [Test]
    public async Task BigMessagesPass()
    {
        var x = new float[3, 224, 224, 16];
        x[2, 223, 223, 15] = 7;
        var y = (await _client.PredictAsync("half", new Dictionary<string, object> { ["x"] = x }, "echo_float32")).Get<float>("y");
        Assert.That((y.Shape, y[^1]), Is.EqualTo((new Shape(3, 224, 224, 16), 7f)));
    }

    [Test]
    public async Task AnotherListIsServed()
    {
        await using var host = await GrpcHost.StartAsync();
        using var client = TFServingClient.Grpc(host.Address);
        await client.ReloadConfigAsync([new("a", "/models/a") { Latest = 0 }, new("b", "/models/b") { Versions = [4], Labels = new Dictionary<string, long> { ["stable"] = 4 } }]);
        Assert.That(host.Models.Configs.Select(c => c.Policy.Latest), Is.EqualTo(new int?[] { null, null }));
        Assert.That(host.Models.Configs[1].Policy.Specific, Is.EqualTo([4]));
    }

    [Test]
    public async Task TheClientIsAService()
    {
        var services = new ServiceCollection();
        services.AddTFServingClient(o => o.Address = new(_host.Address));
        services.AddTFServingClient(o => o.Address = new(_host.Address), "second");
        await using var provider = services.BuildServiceProvider();
        foreach (var client in (TFServingClient[])[provider.GetRequiredService<TFServingClient>(), provider.GetRequiredKeyedService<TFServingClient>("second")])
            Assert.That((await client.GetModelStatusAsync("half", 1)).Single().IsAvailable, Is.True);
        Assert.That(provider.GetRequiredService<TFServingClient>(), Is.SameAs(provider.GetRequiredService<TFServingClient>()));
    }
}
