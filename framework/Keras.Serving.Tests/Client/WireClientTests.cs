using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Keras.Serving.Tests;

/// <summary>The client sends golden requests and reads golden answers, without any server of ours.</summary>
public sealed class WireClientTests
{
    sealed record Call(string Case, Func<TFServingClient, Task<object?>> Ask, object? Expected)
    {
        public override string ToString() => Case;
    }

    static readonly Dictionary<string, object>[] Examples = [new() { ["x"] = 0.25f }, new() { ["x"] = new[] { 0.5f } }];

    static readonly TFServingClass[][] Classes = [[new("no", 0.75f), new("yes", 0.25f)], [new("no", 0.5f), new("yes", 0.5f)]];

    static IEnumerable<TestCaseData> Calls => ((Call[])
    [
        new("predict-content-version", async c => (await c.PredictAsync("half", new Dictionary<string, object> { ["x"] = new[] { 1f, 2, 5 } }, "serving_default", version: 1, outputs: ["y"])).Get<float>("y"), new[] { 2.5f, 3, 4.5f }),
        new("predict-strings-label", async c => (await c.PredictAsync("half", new Dictionary<string, object> { ["text"] = new[] { "ab", "ü" } }, "upper", label: "stable")).Get<string>("text_bytes"), new[] { "AB", "Ü" }),
        new("classify", async c => await c.ClassifyAsync("half", Examples, signature: "classify"), Classes),
        new("regress-context", async c => await c.RegressAsync("half", [new Dictionary<string, object>(), Examples[1]], Examples[0], "regress"), new[] { 2.5f, 5 }),
        new("multi-inference", async c => (await c.MultiInferenceAsync("half", [new("classify"), new("regress", true)], Examples)).Select(r => (object?)r.Classes ?? r.Values), new object[] { Classes, new[] { 2.5f, 5 } }),
        new("status-version", async c => await c.GetModelStatusAsync("half", 2), new[] { new TFServingVersion(2, "AVAILABLE", "") }),
        new("status-all", async c => (await c.GetModelStatusAsync("half")).Select(v => v.Error), new[] { "", "", "", "INTERNAL: no saved_model.pb" }),
    ]).Select(c => new TestCaseData(c).SetName($"{{m}}({c.Case})"));

    [TestCaseSource(nameof(Calls))]
    public async Task ACallIsTheGoldenRequestAndReadsTheGoldenAnswer(object data)
    {
        var call = (Call)data;
        var server = new Recorded(WireMessages.Answer(call.Case));
        var options = new TFServingClientOptions { Address = new("http://recorded:8500") };
        using var client = new TFServingClient(options, new GrpcTransport(options, server));
        Assert.That(await call.Ask(client), Is.EqualTo(call.Expected));
        var (service, method) = WireMessages.MethodOf(call.Case);
        Assert.That(server.Path, Is.EqualTo($"/{service}/{method}"));
        Assert.That(Convert.ToHexString(server.Request), Is.EqualTo(Convert.ToHexString(WireMessages.Request(call.Case))));
    }

    /// <summary>A server that says one answer in gRPC's frames.</summary>
    sealed class Recorded(byte[] answer) : HttpMessageHandler
    {
        public byte[] Request { get; private set; } = [];

        public string? Path { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Path = request.RequestUri!.AbsolutePath;
            Request = (await request.Content!.ReadAsByteArrayAsync(cancellationToken))[5..];
            var frame = new byte[5 + answer.Length];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), answer.Length);
            answer.CopyTo(frame, 5);
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = new ByteArrayContent(frame), RequestMessage = request };
            response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            response.TrailingHeaders.Add("grpc-status", "0");
            return response;
        }
    }
}
