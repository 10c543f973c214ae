using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Keras.Serving;

/// <summary>Maps all endpoints of a host.</summary>
static class HostEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static void Map(WebApplication app, ModelStore store, LanguageModels languages, ServingMetrics metrics, BodyBytes bodies, ServingOptions options)
    {
        app.UseRequestDecompression();
        app.Use(async (context, next) =>
        {
            using var share = bodies.Begin();
            CountedMessages.Count(context, share);
            await next(context).ConfigureAwait(false);
        });
        var limits = new RequestLimits(options.MaxRequestBytes, options.MaxElements, options.MaxJsonDepth, options.RequestTimeout);
        new RestEndpoints(store, limits, metrics, name => languages.Find(name) is { } model ? OpenAiAnswers.Model(model) : null).Map(app);
        new OpenAiEndpoints(languages, limits, metrics).Map(app);
        GrpcEndpoints.Map(app);
        PageEndpoints.Map(app, store, languages, options.Metrics ? options.MetricsPath : null);
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        app.MapGet("/readyz", () => store.IsReady && languages.IsReady ? Results.Text("ok\n") : Results.Text("models are not loaded\n", statusCode: 503));
        if (options.Metrics) app.MapGet(options.MetricsPath, () => Results.Text(metrics.ToText(), "text/plain; version=0.0.4"));
        app.MapFallback(async context => await RestReply.SendAsync(context, limits, _ =>
            throw new ServingException(TFServingStatus.NotFound, $"There is no such path: {context.Request.Method} {RestReply.Shown(context.Request.Path)}.")).ConfigureAwait(false));
    }
}
