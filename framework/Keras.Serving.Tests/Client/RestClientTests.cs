using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Keras.Serving.Tests;

/// <summary>The REST client against answers written down as TensorFlow Serving gives them.</summary>
public sealed class RestClientTests
{
    const string Metadata = """
        {
        "model_spec":{"name": "m", "signature_name": "", "version": "7"},
        "metadata": {"signature_def": {"signature_def": {
          "serving_default": {
            "inputs": {"x": {"dtype": "DT_FLOAT", "tensor_shape": {"dim": [{"size": "-1", "name": ""}], "unknown_rank": false}, "name": "x:0"}},
            "outputs": {"y": {"dtype": "DT_FLOAT", "tensor_shape": {"dim": [{"size": "-1", "name": ""}, {"size": "2", "name": ""}], "unknown_rank": false}, "name": "y:0"}},
            "method_name": "tensorflow/serving/predict"},
          "many": {
            "inputs": {"ids": {"dtype": "DT_INT64", "tensor_shape": {"dim": [], "unknown_rank": true}, "name": "ids:0"}},
            "outputs": {
              "label": {"dtype": "DT_STRING", "tensor_shape": {"dim": [{"size": "-1", "name": ""}], "unknown_rank": false}, "name": "l:0"},
              "count": {"dtype": "DT_UINT8", "tensor_shape": {"dim": [{"size": "-1", "name": ""}], "unknown_rank": false}, "name": "c:0"},
              "raw_bytes": {"dtype": "DT_STRING", "tensor_shape": {"dim": [{"size": "-1", "name": ""}], "unknown_rank": false}, "name": "r:0"}},
            "method_name": "tensorflow/serving/predict"}
        }}}}
        """;

    readonly List<(string Path, string Body)> _requests = [];
    readonly Dictionary<string, Queue<(int Status, string Body)>> _answers = [];
    WebApplication _app = null!;
    TFServingClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            var path = context.Request.Path.Value! + context.Request.QueryString;
            (int Status, string Body) answer;
            lock (_requests)
            {
                _requests.Add((path, body));
                answer = !_answers.TryGetValue(path, out var queue) ? (404, "{\"error\": \"Malformed request\"}") : queue.Count > 1 ? queue.Dequeue() : queue.Peek();
            }
            if (answer.Status == 0) await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            context.Response.StatusCode = answer.Status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer.Body);
        });
        await _app.StartAsync();
        Answer("/v1/models/m/metadata", Metadata);
        _client = TFServingClient.Rest(_app.Urls.First(), o => o.RetryDelay = TimeSpan.FromMilliseconds(1));
    }

    [TearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        _requests.Clear();
        _answers.Clear();
    }

    void Answer(string path, string body, int status = 200)
    {
        if (!_answers.TryGetValue(path, out var queue)) _answers[path] = queue = [];
        queue.Enqueue((status, body));
    }

    [Test]
    public async Task ASingleOutputHasItsNameFromTheMetadata()
    {
        Answer("/v1/models/m:predict", "{\n    \"outputs\": [\n        [\n            0.5,\n            NaN\n        ],\n        [\n            -Infinity,\n            Infinity\n        ]\n    ]\n}");
        var answer = await _client.PredictAsync("m", new Dictionary<string, object> { ["x"] = new[] { 1f, 0.1f, float.NaN, 1e20f } });
        Assert.That(answer.Get<float>("y"), Is.EqualTo([0.5f, float.NaN, float.NegativeInfinity, float.PositiveInfinity]));
        Assert.That(answer.Get<float>("y").Shape, Is.EqualTo(new Shape(2, 2)));
        Assert.That(_requests[^1].Body, Is.EqualTo("{\"inputs\":{\"x\":[1.0,0.1,NaN,1E+20]}}"));
    }

    [Test]
    public async Task SeveralOutputsAreReadByTheirDtypes()
    {
        Answer("/v1/models/m/versions/7/metadata", Metadata);
        Answer("/v1/models/m/versions/7:predict", "{\"outputs\": {\"label\": [\"a \\\"NaN\\\" b\", \"Infinity\"], \"count\": [1, 255], \"raw_bytes\": [{\"b64\": \"/wA=\"}, {\"b64\": \"\"}]}}");
        var ids = new Dictionary<string, object> { ["ids"] = new[,] { { 1L, 2 }, { 3, long.MaxValue } } };
        var answer = await _client.PredictAsync("m", ids, "many", version: 7, outputs: ["label", "raw_bytes", "count"]);
        Assert.That(answer.Get<string>("label"), Is.EqualTo(["a \"NaN\" b", "Infinity"]));
        Assert.That(answer.Get<byte>("count"), Is.EqualTo([1, 255]));
        Assert.That(answer.Get<byte[]>("raw_bytes")[0], Is.EqualTo([0xFF, 0]));
        Assert.That((answer.Version, _requests[^1].Body), Is.EqualTo(((long?)7, "{\"signature_name\":\"many\",\"inputs\":{\"ids\":[[1,2],[3,9223372036854775807]]}}")));
        await _client.PredictAsync("m", ids, "many", version: 7);
        Assert.That(_requests.Count(r => r.Path.EndsWith("/metadata", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task BytesAreSentAsBase64()
    {
        Answer("/v1/models/m:predict", "{\"outputs\": [[1.0, 2.0]]}");
        await _client.PredictAsync("m", new Dictionary<string, object> { ["x"] = new byte[][] { [0xFF, 0xD8], [.. "text \"ü\""u8] } });
        var sent = JsonDocument.Parse(_requests[^1].Body).RootElement.GetProperty("inputs").GetProperty("x");
        Assert.That((sent[0].GetProperty("b64").GetString(), sent[1].GetString()), Is.EqualTo(("/9g=", "text \"ü\"")));
    }

    [Test]
    public async Task ExamplesAreSentWithPointsWhereTheyAreFloats()
    {
        Answer("/v1/models/m:classify", "{\"results\": [[[\"no\", 0.75], [\"yes\", 0.25]], [[\"no\", NaN], [\"yes\", 1]]]}");
        Answer("/v1/models/m:regress", "{\"results\": [1.5, -Infinity]}");
        Dictionary<string, object>[] examples = [new() { ["x"] = 1f, ["ids"] = new[] { 1, 2 }, ["t"] = "a" }];
        var classes = await _client.ClassifyAsync("m", examples, new Dictionary<string, object> { ["c"] = true }, "s");
        Assert.That(classes.Select(c => c[1]), Is.EqualTo([new TFServingClass("yes", 0.25f), new TFServingClass("yes", 1)]));
        Assert.That(_requests[^1].Body, Is.EqualTo("{\"signature_name\":\"s\",\"context\":{\"c\":[1]},\"examples\":[{\"x\":[1.0],\"ids\":[1,2],\"t\":[\"a\"]}]}"));
        Assert.That(await _client.RegressAsync("m", examples), Is.EqualTo([1.5f, float.NegativeInfinity]));
    }

    [Test]
    public async Task MetadataAndStatesAreTold()
    {
        Answer("/v1/models/m/labels/stable/metadata", Metadata);
        Answer("/v1/models/m", "{\n \"model_version_status\": [\n  {\n   \"version\": \"7\",\n   \"state\": \"AVAILABLE\",\n   \"status\": {\n    \"error_code\": \"OK\",\n    \"error_message\": \"\"\n   }\n  },{\"version\":\"6\",\"state\":\"END\",\"status\":{\"error_code\":\"NOT_FOUND\",\"error_message\":\"gone\"}}\n ]\n}\n");
        var metadata = await _client.GetModelMetadataAsync("m", label: "stable");
        Assert.That((metadata.Version, metadata.Signatures["many"].Inputs["ids"].Shape.HasRank, metadata.Signatures["many"].Outputs["count"].DType), Is.EqualTo((7L, false, DType.UInt8)));
        Assert.That(await _client.GetModelStatusAsync("m"), Is.EqualTo([new TFServingVersion(7, "AVAILABLE", ""), new TFServingVersion(6, "END", "NOT_FOUND: gone")]));
    }

    [Test]
    public async Task StatusesOfHttpAreTyped()
    {
        var x = new Dictionary<string, object> { ["x"] = new[] { 1f } };
        foreach (var (status, expected) in new[] { (400, TFServingStatus.InvalidArgument), (404, TFServingStatus.NotFound), (412, TFServingStatus.FailedPrecondition), (500, TFServingStatus.Internal), (504, TFServingStatus.DeadlineExceeded) })
        {
            _answers.Remove("/v1/models/m:predict");
            Answer("/v1/models/m:predict", "{\"error\": \"so it is\"}", status);
            var failure = await Assert.ThrowsAsync<TFServingException>(() => _client.PredictAsync("m", x));
            Assert.That((failure!.Status, failure.Detail), Is.EqualTo((expected, "so it is")));
        }
        Assert.That((await Assert.ThrowsAsync<TFServingException>(() => _client.PredictAsync("m", x, "none")))!.Status, Is.EqualTo(TFServingStatus.FailedPrecondition));
        Assert.That((await Assert.ThrowsAsync<TFServingException>(() => _client.PredictAsync("m", x, outputs: ["none"])))!.Status, Is.EqualTo(TFServingStatus.InvalidArgument));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("{\"outputs\": {}}")]
    [TestCase("{\"outputs\": [[1, 2], [3]]}")]
    [TestCase("{\"outputs\": [[1, [2]]]}")]
    [TestCase("{\"outputs\": [[1, \"two\"]]}")]
    [TestCase("{\"outputs\": [[1, null]]}")]
    [TestCase("<html>")]
    public async Task AnAnswerThatIsNoneIsTyped(string body)
    {
        Answer("/v1/models/m:predict", body);
        var failure = await Assert.ThrowsAsync<TFServingException>(() => _client.PredictAsync("m", new Dictionary<string, object> { ["x"] = new[] { 1f } }));
        Assert.That(failure!.Status, Is.EqualTo(TFServingStatus.Internal));
        Assert.That(failure.Detail, Does.Contain("cannot be read"));
    }

    [Test]
    public async Task AServerThatWasAwayIsAskedAgain()
    {
        Answer("/v1/models/m:predict", "{\"error\": \"starting\"}", 503);
        Answer("/v1/models/m:predict", "{\"error\": \"busy\"}", 429);
        Answer("/v1/models/m:predict", "{\"outputs\": [[1.0, 2.0]]}");
        var answer = await _client.PredictAsync("m", new Dictionary<string, object> { ["x"] = new[] { 1f } });
        Assert.That(answer.Get<float>("y"), Is.EqualTo([1f, 2f]));
    }

    [Test]
    public async Task ADeadlineEndsACall()
    {
        Answer("/v1/models/m:predict", "", 0);
        Assert.That((await Assert.ThrowsAsync<TFServingException>(() => _client.PredictAsync("m", new Dictionary<string, object> { ["x"] = new[] { 1f } }, deadline: TimeSpan.FromMilliseconds(300))))!.Status, Is.EqualTo(TFServingStatus.DeadlineExceeded));
    }

    [Test]
    public async Task WhatRestHasNotIsRefusedByName()
    {
        Assert.That((await Assert.ThrowsAsync<UnsupportedException>(() => _client.ReloadConfigAsync([])))!.Remedy, Does.Contain("Grpc"));
        Assert.That((await Assert.ThrowsAsync<UnsupportedException>(() => _client.MultiInferenceAsync("m", [new("s")], [])))!.Remedy, Does.Contain("Grpc"));
    }

    [Test]
    public async Task NamesAreEscaped()
    {
        await Assert.ThrowsAsync<TFServingException>(() => _client.GetModelStatusAsync("../../secret?x"));
        Assert.That(_requests[^1].Path, Is.EqualTo("/v1/models/..%2F..%2Fsecret?x"));
    }

    [Test]
    public async Task TheClientIsAServiceWithHandlersOfItsOwn()
    {
        Answer("/v1/models/m", "{\"model_version_status\": []}");
        var services = new ServiceCollection();
        var seen = new List<string>();
        services.AddTFServingClient(o => (o.Address, o.UseRest) = (new(_app.Urls.First()), true)).AddHttpMessageHandler(() => new Watcher(seen));
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<TFServingClient>().GetModelStatusAsync("m");
        Assert.That(seen, Is.EqualTo(["/v1/models/m"]));
    }

    sealed class Watcher(List<string> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add(request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
