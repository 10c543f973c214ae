using Grpc.Core;
using Grpc.Net.Client;

namespace Keras.Serving.Tests;

/// <summary>Our services answer golden requests with golden answers, byte by byte.</summary>
public sealed class WireTests
{
    static IEnumerable<string> Cases => WireMessages.Cases;

    [TestCaseSource(nameof(Cases))]
    public async Task ARequestHasItsAnswer(string name)
    {
        await using var host = await GrpcHost.StartAsync();
        using var channel = GrpcChannel.ForAddress(host.Address);
        var (service, method) = WireMessages.MethodOf(name);
        var bytes = Marshallers.Create<byte[]>(b => b, b => b);
        var answer = channel.CreateCallInvoker().BlockingUnaryCall(new Method<byte[], byte[]>(MethodType.Unary, service, method, bytes, bytes), null, default, WireMessages.Request(name));
        Assert.That(Convert.ToHexString(answer), Is.EqualTo(Convert.ToHexString(WireMessages.Answer(name))));
    }

    [Test]
    public void ThereAreCases() => Assert.That(Cases.Count(), Is.GreaterThanOrEqualTo(10));
}
