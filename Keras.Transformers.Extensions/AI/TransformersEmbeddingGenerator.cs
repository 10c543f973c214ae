using Microsoft.Extensions.AI;

namespace Keras.Transformers;

/// <summary>An embedding generator of Microsoft.Extensions.AI, for libraries that use it: vector stores, searches, caches.</summary>
/// <remarks>Safe from many threads at once. Texts that are too long for the model are truncated, as in sentence-transformers.</remarks>
public sealed class TransformersEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    readonly FeatureExtractionPipeline _pipeline;
    readonly PipelineOptions _options;
    readonly EmbeddingGeneratorMetadata _metadata;

    /// <summary>A generator over a pipeline.</summary>
    /// <param name="pipeline">The pipeline, whose batch_size is the number of texts in one call of the model.</param>
    /// <param name="pooling">"mean" (default) or "cls": how to pool the tokens into one vector.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1; default true.</param>
    /// <exception cref="ArgumentException">There is no such pooling.</exception>
    public TransformersEmbeddingGenerator(FeatureExtractionPipeline pipeline, string pooling = "mean", bool normalize = true)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        CheckPooling(pooling);
        _pipeline = pipeline;
        _options = new() { pooling = pooling, normalize = normalize, truncation = true };
        _metadata = new(TransformersChatClient.Provider, null, pipeline.model.name_or_path, pipeline.model.config is BertConfig bert ? bert.hidden_size : pipeline.model.config is GPT2Config gpt2 ? gpt2.n_embd : null);
    }

    internal static void CheckPooling(string pooling)
    {
        if (pooling is not ("mean" or "cls")) throw new ArgumentException($"There is no such pooling. Expected: \"mean\" or \"cls\". Received: {(pooling is null ? "null" : $"\"{pooling}\"")}.", nameof(pooling));
    }

    /// <summary>Makes a vector from each text, on another thread.</summary>
    /// <param name="values">The texts; there may be none.</param>
    /// <param name="options">Dimensions and a model's name may be given if they are this model's; default none.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>A vector for each text, in their order.</returns>
    /// <exception cref="UnsupportedException">Other dimensions, another model or further options are requested.</exception>
    /// <exception cref="ArgumentException">A text is null.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] texts = [.. values];
        if (texts.Contains(null!)) throw new ArgumentException("A text is null.", nameof(values));
        TransformersChatClient.RequireModel(options?.ModelId, _metadata.DefaultModelId);
        foreach (var (name, isGiven) in new[] { (nameof(options.AdditionalProperties), options?.AdditionalProperties is { Count: > 0 }), (nameof(options.RawRepresentationFactory), options?.RawRepresentationFactory is not null) })
            if (isGiven) throw new UnsupportedException("A generator of embeddings has no such option", $"EmbeddingGenerationOptions.{name}", "Dimensions or ModelId", name, "Give pooling and normalize when the generator is made.");
        var outputs = await Task.Run(() => _pipeline.Apply(texts, _options, cancellationToken), cancellationToken).ConfigureAwait(false);
        var made = new GeneratedEmbeddings<Embedding<float>>(outputs.Select(o => new Embedding<float>(o[0].features[0]) { ModelId = _metadata.DefaultModelId, CreatedAt = DateTimeOffset.UtcNow }));
        if (options?.Dimensions is { } wanted && made.Count > 0 && made[0].Vector.Length != wanted)
            throw new UnsupportedException("The model makes vectors of another length", "EmbeddingGenerationOptions.Dimensions", $"{made[0].Vector.Length}", $"{wanted}", "Leave Dimensions out, or use a model that is as wide.");
        return made;
    }

    /// <summary>The parts of this generator: the pipeline, its model and tokenizer, metadata.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : new object?[] { _metadata, this, _pipeline, _pipeline.model, _pipeline.tokenizer }.FirstOrDefault(serviceType.IsInstanceOfType);
    }

    /// <summary>Nothing: the pipeline is its owner's.</summary>
    public void Dispose() { }
}
