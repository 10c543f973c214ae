using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Keras.Serving;

/// <summary>All paths of a host.</summary>
static class HostEndpoints
{
    /// <summary>Adds the paths.</summary>
    public static void Map(WebApplication app, ModelStore store, ServingMetrics metrics, ServingOptions options)
    {
        app.UseRequestDecompression();
        new RestEndpoints(store, new(options.MaxRequestBytes, options.MaxElements, options.MaxJsonDepth, options.RequestTimeout), metrics).Map(app);
        GrpcEndpoints.Map(app);
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        app.MapGet("/readyz", () => store.IsReady ? Results.Text("ok\n") : Results.Text("models are not loaded\n", statusCode: 503));
        if (options.Metrics) app.MapGet(options.MetricsPath, () => Results.Text(metrics.ToText(), "text/plain; version=0.0.4"));
        app.MapFallback(context => RestReply.SendAsync(context, new(0, 0, 0, options.RequestTimeout), _ =>
            throw new ServingException(ServingStatus.NotFound, $"There is no such path: {context.Request.Method} {RestReply.Shown(context.Request.Path)}.")));
    }
}
