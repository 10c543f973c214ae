using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Client;
using Keras.ServingProtos;
using Keras.Tests;

namespace Keras.Serving.Tests;

/// <summary>Answers are compressed where callers want it.</summary>
public sealed class CompressionTests
{
    readonly TemporaryFolder _folder = new();
    ServingHost _host = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        TestModels.WriteVersion(_folder, 2);
        _host = await TestModels.StartAsync(new() { ModelName = "m", ModelBasePath = _folder });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase(1000, "gzip", true)]
    [TestCase(1000, "br;q=1.0, gzip;q=0.5", true)]
    [TestCase(1000, "gzip;q=0", false)]
    [TestCase(1000, "identity", false)]
    [TestCase(1000, ";;;", false)]
    [TestCase(1000, null, false)]
    [TestCase(1, "gzip", false)]
    public async Task Large_answers_by_REST_are_compressed_for_those_who_take_it(int rows, string? accepted, bool expected)
    {
        using var client = new HttpClient { BaseAddress = _host.RestAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/models/m:predict") { Content = new StringContent($"{{\"instances\":[{string.Join(',', Enumerable.Repeat("[1,2]", rows))}]}}") };
        if (accepted is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var answer = await client.SendAsync(request);
        Assert.That(answer.Content.Headers.ContentEncoding, expected ? Is.EqualTo(new[] { "gzip" }) : Is.Empty);
        Assert.That(answer.Headers.Vary, Is.EqualTo(new[] { "Accept-Encoding" }));
        var body = await answer.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(expected ? new GZipStream(body, CompressionMode.Decompress) : body);
        Assert.That(await reader.ReadToEndAsync(), Is.EqualTo($"{{\"predictions\":[{string.Join(',', Enumerable.Repeat("[2.0,4.0]", rows))}]}}"));
    }

    [Test]
    public async Task Answers_by_gRPC_are_compressed_for_those_who_send_so([Values] bool sends)
    {
        using var watched = new Watched();
        using var channel = GrpcChannel.ForAddress(_host.GrpcAddress!, new() { HttpHandler = watched });
        var client = new PredictionService.PredictionServiceClient(channel);
        var request = new PredictRequest { ModelSpec = new() { Name = "m" }, Inputs = { ["x"] = TensorMessages.WriteContent(HostTensor.Of<float>([1, 2], new Shape(1, 2))) } };
        var answer = await client.PredictAsync(request, sends ? new Metadata { { "grpc-internal-encoding-request", "gzip" } } : null);
        Assert.That(answer.Outputs.Single().Value.FloatVal, Is.EqualTo(new[] { 2f, 4 }));
        Assert.That(watched.Encoding, sends ? Is.EqualTo("gzip") : Is.Null.Or.EqualTo("identity"));
        request.ModelSpec.Name = "none";
        Assert.That((await Assert.ThrowsAsync<RpcException>(async () => await client.PredictAsync(request, sends ? new Metadata { { "grpc-internal-encoding-request", "gzip" } } : null)))!.StatusCode, Is.EqualTo(StatusCode.NotFound));
    }

    /// <summary>Looks at how answers are encoded.</summary>
    sealed class Watched() : DelegatingHandler(new SocketsHttpHandler())
    {
        public string? Encoding { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.TryGetValues("grpc-encoding", out var encodings)) Encoding = encodings.Single();
            return response;
        }
    }
}
