using System.Net;
using System.Net.Sockets;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using Keras.ServingProtos;
using Keras.Tests;

namespace Keras.Serving.Tests;

/// <summary>All bodies together have a limit, whichever door they come by.</summary>
public sealed class BodyBytesTests
{
    const int Most = 1 << 16;
    const int Held = 50_000;
    const int Large = 20_000;

    readonly TemporaryFolder _folder = new();
    ServingHost _host = null!;
    HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        TestModels.WriteVersion(_folder, 2);
        _host = await TestModels.StartAsync(new() { ModelName = "m", ModelBasePath = _folder, MaxRequestBytes = Most, MaxBytesInFlight = Most });
        _client = new() { BaseAddress = _host.RestAddress };
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>A caller whose body has come but for its end.</summary>
    async Task<TcpClient> HoldAsync()
    {
        var connection = new TcpClient("127.0.0.1", _host.RestAddress!.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/models/m:predict HTTP/1.1\r\nHost: x\r\nContent-Length: {Held + 1}\r\n\r\n{new string(' ', Held)}"));
        Assert.That(SpinWait.SpinUntil(() => _host.Bodies.Held == Held, TimeSpan.FromSeconds(10)), Is.True);
        return connection;
    }

    void RequireGone() => Assert.That(SpinWait.SpinUntil(() => _host.Bodies.Held == 0, TimeSpan.FromSeconds(10)), Is.True, "what a request held is given back");

    async Task<HttpResponseMessage> PostAsync(int bytes, bool saysLength = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/models/m:predict") { Content = new StringContent("""{"instances":[[1,2]]}""".PadRight(bytes)) };
        request.Headers.TransferEncodingChunked = !saysLength;
        return await _client.SendAsync(request);
    }

    [Test]
    public async Task Bodies_by_REST_for_which_there_is_no_room_are_refused([Values] bool saysLength)
    {
        using (await HoldAsync())
        {
            using var refused = await PostAsync(Large, saysLength);
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
            Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain($"{Most} (MaxBytesInFlight"));
            using var small = await PostAsync(100, saysLength);
            Assert.That(small.StatusCode, Is.EqualTo(HttpStatusCode.OK), "what has room goes on");
        }
        RequireGone();
        using var answered = await PostAsync(Large, saysLength);
        Assert.That(answered.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        RequireGone();
    }

    [Test]
    public async Task Messages_by_gRPC_for_which_there_is_no_room_are_refused([Values] bool isCompressed)
    {
        using var channel = GrpcChannel.ForAddress(_host.GrpcAddress!);
        var client = new PredictionService.PredictionServiceClient(channel);
        var options = new CallOptions(isCompressed ? new Metadata { { "grpc-internal-encoding-request", "gzip" } } : null);
        PredictRequest Request(int bytes) => new() { ModelSpec = new() { Name = "m" }, Inputs = { ["x"] = TensorMessages.WriteContent(HostTensor.Of<float>(new float[bytes / 4], new Shape(bytes / 8, 2))) } };
        using (await HoldAsync())
        {
            var refused = (await Assert.ThrowsAsync<RpcException>(async () => await client.PredictAsync(Request(Large), options)))!;
            Assert.That(refused.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted), refused.Message);
            Assert.That(refused.Status.Detail, Does.Contain("max_bytes_in_flight"));
            Assert.That((await client.PredictAsync(Request(80), options)).Outputs, Has.Count.EqualTo(1));
        }
        RequireGone();
        Assert.That((await client.PredictAsync(Request(Large), options)).Outputs, Has.Count.EqualTo(1));
        RequireGone();
    }

    [Test]
    public async Task Messages_of_a_stream_that_are_answered_hold_nothing()
    {
        using var channel = GrpcChannel.ForAddress(_host.GrpcAddress!);
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(new CallOptions(new Metadata { { "grpc-internal-encoding-request", "gzip" } }));
        for (var sent = 0; sent <= Most; sent += Large)
        {
            await call.RequestStream.WriteAsync(new() { FileContainingSymbol = new('x', Large) });
            Assert.That(await call.ResponseStream.MoveNext(default), Is.True);
        }
        await call.RequestStream.CompleteAsync();
        Assert.That(await call.ResponseStream.MoveNext(default), Is.False);
        RequireGone();
    }
}
