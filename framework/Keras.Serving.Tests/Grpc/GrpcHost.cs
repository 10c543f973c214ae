using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Keras.Serving.Tests;

/// <summary>The gRPC door on a free port, over models that are C# functions.</summary>
sealed class GrpcHost : IAsyncDisposable
{
    readonly WebApplication _app;

    GrpcHost(WebApplication app, FakeModels models) => (_app, Models) = (app, models);

    public FakeModels Models { get; }

    public string Address => _app.Urls.First();

    public static async Task<GrpcHost> StartAsync(int maxMessageBytes = GrpcEndpoints.DefaultMaxMessageBytes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        var models = new FakeModels();
        builder.Services.AddSingleton<IModelServer>(models);
        GrpcEndpoints.Add(builder.Services, maxMessageBytes);
        var app = builder.Build();
        GrpcEndpoints.Map(app);
        await app.StartAsync();
        return new(app, models);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
