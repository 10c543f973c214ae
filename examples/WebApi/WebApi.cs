using Keras.Transformers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Keras.Examples;

/// <summary>The service: pipelines are services of the application, loaded by the first request that needs them.</summary>
public static class WebApi
{
    /// <summary>The application, ready to run.</summary>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddTransformers(builder.Configuration.GetSection("Transformers"))   // what the configuration names, and:
            .AddPipeline("fill", "fill-mask", InRepository.Find("models/bert-tiny"), options: new() { top_k = 3 })
            .AddPipeline("write", "text-generation", InRepository.Find("models/gpt2-tiny"), options: new() { max_new_tokens = 12, do_sample = false })
            .AddPipeline("embed", "feature-extraction", InRepository.Find("models/bert-tiny"), batch_size: 16)
            .AddEmbeddingGenerator("embed");

        var app = builder.Build();
        app.Use(SayWhatIsWrong);
        app.MapGet("/fill", (string text, [FromKeyedServices("fill")] Pipeline fill, CancellationToken stop) => fill.Apply(text, cancellationToken: stop));
        app.MapGet("/write", (string prompt, TransformersPipelines pipelines, CancellationToken stop) => pipelines.Get<TextGenerationPipeline>("write").StreamTextAsync(prompt, cancellationToken: stop));
        app.MapPost("/embed", async (string[] texts, IEmbeddingGenerator<string, Embedding<float>> generator, CancellationToken stop) => (await generator.GenerateAsync(texts, cancellationToken: stop)).Select(e => e.Vector));
        return app;
    }

    /// <summary>Reports a text without a mask, or one that is too long, as the caller's error.</summary>
    static async Task SayWhatIsWrong(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (ValueRangeException e) when (!context.Response.HasStarted)
        {
            await Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
        }
    }
}
