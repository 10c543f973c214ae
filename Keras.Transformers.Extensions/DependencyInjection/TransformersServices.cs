using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Keras.Transformers;

/// <summary>Pipelines as services of an application.</summary>
public static class TransformersServices
{
    /// <summary>Adds pipelines as services: <see cref="TransformersPipelines"/>, and each by its name as a keyed one, <c>[FromKeyedServices("fill")] Pipeline fill</c>. A pipeline is loaded when it is first needed.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">A section with "Pipelines"; default none.</param>
    /// <returns>The builder, for adding further pipelines.</returns>
    /// <example><code>
    /// using Microsoft.AspNetCore.Builder;
    /// using Microsoft.Extensions.DependencyInjection;
    ///
    /// var builder = WebApplication.CreateBuilder();
    /// builder.Services.AddTransformers(builder.Configuration.GetSection("Transformers")).AddPipeline("fill", "fill-mask", "models/bert-tiny");
    /// var app = builder.Build();
    /// app.MapGet("/fill", (string text, [FromKeyedServices("fill")] Keras.Transformers.Pipeline fill) => fill.Apply(text));
    /// </code></example>
    public static TransformersBuilder AddTransformers(this IServiceCollection services, IConfiguration? configuration = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<TransformersOptions>();
        if (configuration is not null) options.Bind(configuration);
        services.TryAddSingleton<TransformersPipelines>();
        services.TryAddKeyedSingleton<Pipeline>(KeyedService.AnyKey, (provider, key) => provider.GetRequiredService<TransformersPipelines>()[NameOf(key)]);
        return new(services);
    }

    static string NameOf(object? key) => key as string ?? throw new UnsupportedException("The name of a pipeline is no text", nameof(AddTransformers), "a string", key?.GetType().Name ?? "null");
}

/// <summary>Adds pipelines, and generators made from them, to an application's services.</summary>
public sealed class TransformersBuilder
{
    internal TransformersBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a pipeline.</summary>
    /// <param name="name">Its name in the application; a later one with the same name replaces it.</param>
    /// <param name="task">The task: "text-classification".</param>
    /// <param name="model">The folder of the model, or its name on the hub; default the library's own, of tasks that have one.</param>
    /// <param name="batch_size">The number of inputs in one call of the model; default 1.</param>
    /// <param name="options">The default options of calls.</param>
    public TransformersBuilder AddPipeline(string name, string task, string? model = null, int batch_size = 1, PipelineOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(task);
        Services.Configure<TransformersOptions>(o => o.Pipelines[name] = new() { Task = task, Model = model, BatchSize = batch_size, Options = options });
        return this;
    }

    /// <summary>Adds <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> over a pipeline of the task "feature-extraction", by itself and keyed by the pipeline's name.</summary>
    /// <param name="name">The pipeline's name.</param>
    /// <param name="pooling">"mean" (default) or "cls": how to pool the tokens into one vector.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1; default true.</param>
    /// <exception cref="ArgumentException">There is no such pooling.</exception>
    public TransformersBuilder AddEmbeddingGenerator(string name, string pooling = "mean", bool normalize = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        TransformersEmbeddingGenerator.CheckPooling(pooling);
        return Add<IEmbeddingGenerator<string, Embedding<float>>>(name, pipelines => new TransformersEmbeddingGenerator(pipelines.Get<FeatureExtractionPipeline>(name), pooling, normalize));
    }

    /// <summary>Adds <see cref="IChatClient"/> over a pipeline of the task "text-generation", by itself and keyed by the pipeline's name.</summary>
    /// <param name="name">The pipeline's name.</param>
    /// <param name="template">Makes the prompt of a conversation, as the model was trained to read it.</param>
    public TransformersBuilder AddChatClient(string name, Func<IReadOnlyList<ChatMessage>, string> template)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(template);
        return Add<IChatClient>(name, pipelines => new TransformersChatClient(pipelines.Get<TextGenerationPipeline>(name), template));
    }

    TransformersBuilder Add<TService>(string name, Func<TransformersPipelines, TService> make) where TService : class
    {
        Services.AddKeyedSingleton(name, (provider, _) => make(provider.GetRequiredService<TransformersPipelines>()));
        Services.TryAddSingleton(provider => provider.GetRequiredKeyedService<TService>(name));
        return this;
    }
}
