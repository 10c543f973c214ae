using System.Text.Json.Nodes;
using Keras.Graphs;
using Keras.Transformers;
using static Keras.Api;

namespace Keras.Serving;

/// <summary>A language model with its tokenizer: it continues texts, or computes embeddings of them.</summary>
sealed class LanguageModel : IAsyncDisposable
{
    readonly TFPreTrainedModel _model;
    readonly PreTrainedTokenizerBase _tokenizer;
    readonly TracedFunction? _embed;
    readonly SemaphoreSlim _embedding = new(1);
    readonly int _mostWaiting;
    int _waiting;

    LanguageModel(string name, TFPreTrainedModel model, PreTrainedTokenizerBase tokenizer, GenerationScheduler? scheduler, int mostWaiting)
    {
        (Name, _model, _tokenizer, Scheduler, _mostWaiting) = (name, model, tokenizer, scheduler, mostWaiting);
        if (scheduler is null) _embed = new("embeddings", Vectors, new(Jit: false));
    }

    /// <summary>The name that requests use.</summary>
    public string Name { get; }

    /// <summary>The time of loading, in seconds since 1970.</summary>
    public long Created { get; } = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>Continues texts; null for an embedding model.</summary>
    public GenerationScheduler? Scheduler { get; }

    /// <summary>The tokenizer.</summary>
    public ITextTokenizer Tokenizer => _tokenizer;

    /// <summary>The model's own generation options.</summary>
    public GenerationConfig GenerationConfig => _model.generation_config;

    /// <summary>The maximum number of tokens of a text.</summary>
    public int MostTokens { get; private init; }

    /// <summary>Loads a folder written by <c>save_pretrained</c>: a decoder continues texts, any other model computes embeddings.</summary>
    public static LanguageModel Load(string name, string folder, ServingOptions options)
    {
        var config = AutoConfig.from_pretrained(folder);
        var tokenizer = AutoTokenizer.from_pretrained(folder);
        var decodes = config.Architectures.Any(a => a.EndsWith("LMHeadModel", StringComparison.Ordinal) || a.EndsWith("ForCausalLM", StringComparison.Ordinal));
        var model = decodes ? TFAutoModelForCausalLM.from_pretrained(folder) : TFAutoModelForTextEncoding.from_pretrained(folder);
        return new(name, model, tokenizer, decodes ? new(model, options.MaxGenerationBatch, options.MaxWaitingTexts) : null, options.MaxWaitingTexts) { MostTokens = MostOf(config, tokenizer) };
    }

    static int MostOf(PretrainedConfig config, PreTrainedTokenizerBase tokenizer)
    {
        var values = JsonNode.Parse(config.to_json_string())!;
        return Math.Min(tokenizer.model_max_length, (int?)(values["n_positions"] ?? values["max_position_embeddings"]) ?? int.MaxValue);
    }

    /// <summary>The token ids of a text, or given ids after a check against the vocabulary.</summary>
    /// <exception cref="OpenAiException">An id is outside the vocabulary.</exception>
    public int[] IdsOf(string? text, int[]? ids, string parameter)
    {
        if (ids is null) return Scheduler is null ? [.. _tokenizer.encode(text!)] : [.. Tokenizer.IdsOf(text!)];
        var count = _tokenizer.Count;
        return Array.Find(ids, id => id >= count) is > 0 and var unknown ? throw OpenAiException.Bad(parameter, "A token id is out of the vocabulary", $"0 to {count - 1}", $"{unknown}") : ids;
    }

    /// <summary>Rejects texts that are too long for the model.</summary>
    /// <exception cref="OpenAiException">There are too many tokens.</exception>
    public void RequireRoom(int prompt, int more)
    {
        if (prompt + (long)more > MostTokens)
            throw new OpenAiException(400, "invalid_request_error", $"The text does not fit the model '{Name}'. Expected: at most {MostTokens} tokens. Received: {prompt} of the prompt and {more} of max_tokens. Shorten the prompt, or ask for fewer.", "max_tokens");
    }

    /// <summary>The number of texts waiting for embeddings.</summary>
    public int WaitingCount => Volatile.Read(ref _waiting);

    /// <summary>Computes embeddings: the mean of the last hidden states over the tokens, normalised to length 1.</summary>
    /// <exception cref="OpenAiException">Too many texts wait.</exception>
    public async Task<(float[] Values, int Width)> EmbedAsync(IReadOnlyList<int[]> texts, CancellationToken cancellation)
    {
        var line = Interlocked.Add(ref _waiting, texts.Count);
        var left = texts.Count;
        try
        {
            // A request is accepted whatever its number of texts if no other waits.
            if (line > Math.Max(_mostWaiting, left)) throw OpenAiException.Full($"{line - left} texts wait already (at most {_mostWaiting}, {nameof(ServingOptions.MaxWaitingTexts)})");
            return await EmbedAsync(texts, count =>
            {
                left -= count;
                Interlocked.Add(ref _waiting, -count);
            }, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Add(ref _waiting, -left);
        }
    }

    async Task<(float[] Values, int Width)> EmbedAsync(IReadOnlyList<int[]> texts, Action<int> begins, CancellationToken cancellation)
    {
        int[] order = [.. Enumerable.Range(0, texts.Count).OrderBy(i => texts[i].Length)];
        var (all, width) = (Array.Empty<float>(), 0);
        for (int from = 0, count; from < order.Length; from += count)
        {
            for (count = 1; from + count < order.Length && (count + 1) * texts[order[from + count]].Length <= TokensAtOnce; count++) { }
            (var vectors, width) = await EmbedAtOnceAsync([.. order.Skip(from).Take(count).Select(i => texts[i])], begins, cancellation).ConfigureAwait(false);
            if (all.Length == 0) all = new float[texts.Count * width];
            for (var i = 0; i < count; i++) vectors.AsSpan(i * width, width).CopyTo(all.AsSpan(order[from + i] * width));
        }
        return (all, width);
    }

    /// <summary>The most tokens computed at once: attention's memory grows with the square of the length, so many long texts are split.</summary>
    const int TokensAtOnce = 8192;

    async Task<(float[] Values, int Width)> EmbedAtOnceAsync(IReadOnlyList<int[]> texts, Action<int> begins, CancellationToken cancellation)
    {
        var width = texts.Max(t => t.Length);
        int[] ids = [.. texts.SelectMany(t => t.Concat(Enumerable.Repeat(0, width - t.Length)))];
        int[] mask = [.. texts.SelectMany(t => Enumerable.Repeat(1, t.Length).Concat(Enumerable.Repeat(0, width - t.Length)))];
        await _embedding.WaitAsync(cancellation).ConfigureAwait(false);
        begins(texts.Count);
        try
        {
            // Keeps the work off the threads that read and answer requests.
            return await Task.Factory.StartNew(() =>
            {
                var shape = new Shape(texts.Count, width);
                var vectors = _embed!.Call(new Tensors(new Dictionary<string, Tensors>
                {
                    ["input_ids"] = Tf.Constant(HostTensor.Of<int>(ids, shape)), ["attention_mask"] = Tf.Constant(HostTensor.Of<int>(mask, shape)),
                })).Single;
                return (vectors.ToArray<float>(), (int)vectors.shape[-1]);
            }, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _embedding.Release();
        }
    }

    Tensors Vectors(Tensors inputs)
    {
        var states = _model.Apply(inputs, training: false)["last_hidden_state"].Single;
        var weights = ops.expand_dims(ops.cast(inputs["attention_mask"].Single, "float32"), -1);
        return new(ops.normalize(ops.sum(ops.cast(states, "float32") * weights, axis: 1) / ops.sum(weights, axis: 1), axis: -1));
    }

    /// <summary>Whether the model is disposed and its memory freed.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Waits for running work, then frees the model.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Scheduler is not null) await Scheduler.DisposeAsync().ConfigureAwait(false);
        // The semaphore is never released: those who wait behind it would find no model.
        await _embedding.WaitAsync().ConfigureAwait(false);
        _embed?.Dispose();
        IsDisposed = true;
    }
}
