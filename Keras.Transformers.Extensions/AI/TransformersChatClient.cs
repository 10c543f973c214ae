using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Keras.Transformers;

/// <summary>A chat client of Microsoft.Extensions.AI for a model that continues texts.</summary>
/// <remarks>Only the template decides the form of a conversation: a model trained on other forms, or on none, would give meaningless answers. Safe from many threads at once.</remarks>
public sealed class TransformersChatClient : IChatClient
{
    internal const string Provider = "keras-transformers";

    readonly TextGenerationPipeline _pipeline;
    readonly Func<IReadOnlyList<ChatMessage>, string> _template;
    readonly ChatClientMetadata _metadata;

    /// <summary>A client over a pipeline.</summary>
    /// <param name="pipeline">The pipeline, whose options are the defaults of calls; give it max_new_tokens.</param>
    /// <param name="template">Makes the prompt of a conversation, as the model was trained to read it; it ends where the answer begins.</param>
    public TransformersChatClient(TextGenerationPipeline pipeline, Func<IReadOnlyList<ChatMessage>, string> template)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(template);
        (_pipeline, _template, _metadata) = (pipeline, template, new(Provider, null, pipeline.model.name_or_path));
    }

    /// <summary>Answers, on another thread.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">MaxOutputTokens, Temperature, TopP, TopK, Seed, StopSequences and Instructions are known; a temperature above 0, TopP or TopK draw tokens. AdditionalProperties are options of
    /// <c>generate</c> by their names: "num_beams", "repetition_penalty".</param>
    /// <param name="cancellationToken">Cancels between two tokens.</param>
    /// <exception cref="ArgumentException">There are no messages, or an option is given twice.</exception>
    /// <exception cref="UnsupportedException">A message is not a text, or an option is unknown.</exception>
    /// <exception cref="ConfigException">AdditionalProperties has a name that is not an option of <c>generate</c>, or an invalid value.</exception>
    /// <exception cref="ValueRangeException">The prompt does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (prompt, told) = (Prompt(messages, options), Told(options) with { return_full_text = false });
        var text = await Task.Run(() => _pipeline.Apply(prompt, told, cancellationToken)[0].generated_text, cancellationToken).ConfigureAwait(false);
        return new(new ChatMessage(ChatRole.Assistant, text)) { ModelId = _metadata.DefaultModelId, CreatedAt = DateTimeOffset.UtcNow };
    }

    /// <summary>Answers part by part, as the text becomes certain.</summary>
    /// <inheritdoc cref="GetResponseAsync"/>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Updates(Prompt(messages, options), Told(options) with { return_full_text = false }, cancellationToken);

    async IAsyncEnumerable<ChatResponseUpdate> Updates(string prompt, PipelineOptions told, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString("N");
        await foreach (var part in _pipeline.StreamTextAsync(prompt, told, cancellation).WithCancellation(cancellation).ConfigureAwait(false))
            yield return new(ChatRole.Assistant, part) { ModelId = _metadata.DefaultModelId, MessageId = id, ResponseId = id, CreatedAt = DateTimeOffset.UtcNow };
    }

    string Prompt(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        List<ChatMessage> all = [.. messages];
        if (all.Count == 0) throw new ArgumentException("A conversation has no messages.", nameof(messages));
        foreach (var content in all.SelectMany(m => m.Contents))
            if (content is not TextContent) throw new UnsupportedException("A message is no text", "messages", nameof(TextContent), content.GetType().Name, "Write what it holds as text.");
        if (options?.Instructions is { Length: > 0 } instructions) all.Insert(0, new(ChatRole.System, instructions));
        return _template(all) ?? throw new UnsupportedException("The template made no prompt", "template", "a text", "null");
    }

#pragma warning disable MEAI001 // Properties that may still change are refused like the others.
    /// <summary>Converts a call's options to a pipeline's; unknown ones are rejected instead of ignored.</summary>
    PipelineOptions Told(ChatOptions? options)
    {
        if (options is null) return new();
        RequireModel(options.ModelId, _metadata.DefaultModelId);
        foreach (var (name, isGiven) in new[]
        {
            (nameof(options.FrequencyPenalty), options.FrequencyPenalty is not null and not 0), (nameof(options.PresencePenalty), options.PresencePenalty is not null and not 0),
            (nameof(options.Tools), options.Tools is { Count: > 0 }), (nameof(options.ToolMode), options.ToolMode is RequiredChatToolMode), (nameof(options.ResponseFormat), options.ResponseFormat is not null and not ChatResponseFormatText),
            (nameof(options.ConversationId), options.ConversationId is not null), (nameof(options.Reasoning), options.Reasoning is not null), (nameof(options.RawRepresentationFactory), options.RawRepresentationFactory is not null),
            (nameof(options.ContinuationToken), options.ContinuationToken is not null), (nameof(options.AllowBackgroundResponses), options.AllowBackgroundResponses == true),
        })
            if (isGiven) throw new UnsupportedException("A conversation with a model that continues texts has no such option", $"ChatOptions.{name}", "MaxOutputTokens, Temperature, TopP, TopK, Seed, StopSequences, Instructions or AdditionalProperties", name);
        var draws = options.Temperature > 0 || options.TopP is not null || options.TopK is not null;
        return new()
        {
            max_new_tokens = options.MaxOutputTokens, do_sample = draws ? true : options.Temperature == 0 ? false : null, temperature = options.Temperature > 0 ? options.Temperature : null, top_p = options.TopP,
            top_k = options.TopK, seed = options.Seed is { } seed ? (int)(seed & int.MaxValue) : null, generate_kwargs = Further(options),
        };
    }

#pragma warning restore MEAI001

    /// <summary>The options of <c>generate</c> that Microsoft.Extensions.AI has no names for; null if there are none.</summary>
    static Dictionary<string, object?>? Further(ChatOptions options)
    {
        var further = new Dictionary<string, object?>(options.AdditionalProperties ?? [], StringComparer.Ordinal);
        if (further.TryGetValue(nameof(PipelineOptions.num_return_sequences), out var answers))
            throw new UnsupportedException("A conversation has one answer", $"ChatOptions.AdditionalProperties, {nameof(PipelineOptions.num_return_sequences)}", "no number of answers", $"{answers}", "Ask several times, each with another Seed.");
        if (options.StopSequences is { Count: > 0 } stops && !further.TryAdd(nameof(GenerationConfig.stop_strings), stops.ToArray()))
            throw new ArgumentException("StopSequences and stop_strings of AdditionalProperties say the same. Give one of them.", nameof(options));
        return further.Count > 0 ? further : null;
    }

    internal static void RequireModel(string? asked, string? own)
    {
        if (asked is not null && asked != own) throw new UnsupportedException("Another model is asked for", "options.ModelId", own ?? "no name", asked, "Leave ModelId out.");
    }

    /// <summary>The parts of this client: the pipeline, its model and tokenizer, metadata.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null : new object?[] { _metadata, this, _pipeline, _pipeline.model, _pipeline.tokenizer }.FirstOrDefault(serviceType.IsInstanceOfType);
    }

    /// <summary>Nothing: the pipeline is its owner's.</summary>
    public void Dispose() { }
}
