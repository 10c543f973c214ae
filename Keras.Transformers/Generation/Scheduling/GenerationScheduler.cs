using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Keras.Engines;

namespace Keras.Transformers;

/// <summary>Generates texts for many callers at once (continuous batching): a request joins the running batch between two steps, whatever its length and options, and leaves it
/// with its last token, so that nobody waits for the longest text.</summary>
/// <remarks>
/// <para>Each text gets the tokens that <c>generate</c> would give it alone, sampled ones with its own seed. Each step reads the weights once for all texts, so several texts at once take far
/// less time than one after the other.</para>
/// <para>Greedy decoding and sampling with every processor and criterion of <see cref="GenerationConfig"/>, your own included. XLA is not used, since it would recompile for each number of
/// texts.</para>
/// Source: Yu et al. 2022, "Orca: A Distributed Serving System for Transformer-Based Generative Models" (iteration-level scheduling).
/// </remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("gpt2");
/// var model = TFAutoModelForCausalLM.from_pretrained("gpt2");
/// await using var scheduler = new GenerationScheduler(model, max_batch_size: 4);
/// string[] prompts = ["Once upon a time", "In the beginning", "Dear reader"];
/// int[][] texts = await Task.WhenAll(prompts.Select(p =&gt; scheduler.GenerateAsync(tokenizer.encode(p).ToArray(), new() { max_new_tokens = 30 })));
/// foreach (var text in texts) Console.WriteLine(tokenizer.decode(text));
/// </code>
/// </example>
public sealed class GenerationScheduler : IDisposable, IAsyncDisposable
{
    readonly TFPreTrainedModel _model;
    readonly IEngine _engine = Engine.Current;
    readonly string? _device = Engine.Device;
    readonly BlockingCollection<ScheduledText> _waiting;
    readonly CancellationTokenSource _closing = new();
    readonly Thread _thread;
    readonly int _places;
    int _running;
    int _isDisposed;

    /// <summary>Creates a scheduler that waits for requests.</summary>
    /// <param name="model">The model; weights that are changed meanwhile count from the next step on.</param>
    /// <param name="max_batch_size">The maximum number of texts in a step; default 8. The keys and values of so many are kept.</param>
    /// <param name="max_waiting">The maximum number of waiting requests; default 1024. Further ones are rejected at once.</param>
    /// <exception cref="UnsupportedException">The model predicts no next token.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public GenerationScheduler(TFPreTrainedModel model, int max_batch_size = 8, int max_waiting = 1024)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max_batch_size);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max_waiting);
        if (model is IEncoderDecoderModel) throw new UnsupportedException("A scheduler cannot serve a model with an encoder", model.GetType().Name, "a decoder alone", "an encoder with a decoder", "Call generate.");
        _ = Generator.CausalOf(model, out _);
        model.EnsureBuilt();
        (_model, _places, _waiting) = (model, max_batch_size, new(max_waiting));
        _thread = new(Work) { IsBackground = true, Name = nameof(GenerationScheduler) };
        // The caller's tape or device must not flow to the thread.
        _thread.UnsafeStart();
    }

    /// <summary>The number of texts in the batch.</summary>
    public int RunningCount => Volatile.Read(ref _running);

    /// <summary>The number of requests that wait to join the batch.</summary>
    public int WaitingCount => Volatile.Read(ref _isDisposed) == 0 ? _waiting.Count : 0;

    /// <summary>Continues a text and returns all its tokens.</summary>
    /// <param name="inputs">Token ids of one text, (T) or (1, T), or input_ids and attention_mask as a tokenizer returns them; null begins with bos_token_id.</param>
    /// <param name="generation_config">The options; default the model's.</param>
    /// <param name="logits_processor">Further processors; default none. They only see this text.</param>
    /// <param name="stopping_criteria">Further criteria; default none.</param>
    /// <param name="tokenizer">Needed to read stop_strings; default none.</param>
    /// <param name="cancellationToken">Cancels the request; the others go on.</param>
    /// <returns>All tokens of the text, the prompt's included.</returns>
    /// <exception cref="ConfigException">An option is impossible, or needs a call of <c>generate</c>.</exception>
    /// <exception cref="ValueRangeException">The prompt is empty or does not fit the model, or scores leave no token to choose.</exception>
    /// <exception cref="InvalidOperationException">Too many requests wait.</exception>
    /// <exception cref="ObjectDisposedException">The scheduler is disposed, or was while the text was generated.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public Task<int[]> GenerateAsync(Tensors? inputs = null, GenerationConfig? generation_config = null, LogitsProcessorList? logits_processor = null, StoppingCriteriaList? stopping_criteria = null,
        ITextTokenizer? tokenizer = null, CancellationToken cancellationToken = default)
    {
        var text = Read(inputs, generation_config, logits_processor, stopping_criteria, tokenizer, cancellationToken);
        Submit(text);
        return text.Whole;
    }

    /// <summary>Continues a text and returns its tokens one by one.</summary>
    /// <returns>The new tokens as they are generated. Reading the first makes the request; to stop reading cancels it.</returns>
    /// <inheritdoc cref="GenerateAsync"/>
    public IAsyncEnumerable<int> GenerateTokensAsync(Tensors? inputs = null, GenerationConfig? generation_config = null, LogitsProcessorList? logits_processor = null,
        StoppingCriteriaList? stopping_criteria = null, ITextTokenizer? tokenizer = null, CancellationToken cancellationToken = default)
    {
        ScheduledText Request() => Read(inputs, generation_config, logits_processor, stopping_criteria, tokenizer, cancellationToken);
        // Check the call here, so that an error does not wait until the result is read. Enumerating it twice makes two requests.
        ScheduledText? first = Request();
        return Tokens(() => Interlocked.Exchange(ref first, null) ?? Request(), cancellationToken);
    }

    /// <summary>Continues a text and returns it in parts, each as soon as it is final.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="prompt">The beginning of the text, which is not part of the result.</param>
    /// <param name="generation_config">The options; default the model's.</param>
    /// <param name="logits_processor">Further processors; default none.</param>
    /// <param name="stopping_criteria">Further criteria; default none.</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out; default true.</param>
    /// <param name="cancellationToken">Cancels the request; the others go on.</param>
    /// <returns>The parts of the text, never half a character.</returns>
    /// <inheritdoc cref="GenerateAsync" path="/exception"/>
    public IAsyncEnumerable<string> GenerateTextAsync(ITextTokenizer tokenizer, string prompt, GenerationConfig? generation_config = null, LogitsProcessorList? logits_processor = null,
        StoppingCriteriaList? stopping_criteria = null, bool skip_special_tokens = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(prompt);
        int[] ids = [.. tokenizer.IdsOf(prompt)];
        return Texts(GenerateTokensAsync(ids.Length == 0 ? null : Prompt.Tensor(ids, 1, ids.Length), generation_config, logits_processor, stopping_criteria, tokenizer, cancellationToken),
            tokenizer.BeginText(skip_special_tokens), cancellationToken);
    }

    ScheduledText Read(Tensors? inputs, GenerationConfig? config, LogitsProcessorList? processors, StoppingCriteriaList? criteria, ITextTokenizer? tokenizer, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        using var chosen = Engine.Use(_engine);
        return new Generator(_model, inputs, config ?? _model.generation_config, new() { Processors = processors ?? [], Criteria = criteria ?? [], Tokenizer = tokenizer, Cancellation = cancellation }).ToScheduled();
    }

    void Submit(ScheduledText text)
    {
        text.Listen();
        try
        {
            if (_waiting.TryAdd(text)) return;
        }
        catch (Exception e) when (e is InvalidOperationException or ObjectDisposedException)
        {
            text.End();
            throw Disposed();
        }
        text.End();
        throw new InvalidOperationException($"{nameof(GenerationScheduler)}: {_waiting.BoundedCapacity} requests wait already. Try again later, or raise max_waiting.");
    }

    static ObjectDisposedException Disposed() => new(nameof(GenerationScheduler), "The scheduler was disposed before the text was finished.");

    async IAsyncEnumerable<int> Tokens(Func<ScheduledText> request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var text = request();
        Submit(text);
        try
        {
            await foreach (var token in text.NewTokens.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return token;
        }
        finally
        {
            text.End();
        }
    }

    static async IAsyncEnumerable<string> Texts(IAsyncEnumerable<int> tokens, ITextStream decoder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var token in tokens.WithCancellation(cancellation).ConfigureAwait(false))
            if (decoder.Push(token) is { Length: > 0 } text) yield return text;
        if (decoder.Flush() is { Length: > 0 } rest) yield return rest;
    }

    void Work()
    {
        using var chosen = Engine.Use(_engine);
        using var placed = Engine.UseDevice(_device);
        using var steps = new ScheduledSteps(_model);
        try
        {
            while (true)
            {
                Volatile.Write(ref _running, steps.Count);
                if (steps.Count == 0)
                {
                    steps.Dispose();
                    // Nothing is found if the requests were completed just now; in that case the thread is told to end below.
                    if (_waiting.TryTake(out var first, Timeout.Infinite, _closing.Token) && !first.HasEnded) steps.Join(first);
                }
                while (steps.Count < _places && _waiting.TryTake(out var text))
                    if (!text.HasEnded) steps.Join(text);
                Volatile.Write(ref _running, steps.Count);
                _closing.Token.ThrowIfCancellationRequested();
                if (steps.Count > 0) steps.Step();
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            steps.End(Disposed());
        }
        Volatile.Write(ref _running, 0);
    }

    /// <summary>Ends all texts, waits for the current step, and releases the memory.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        // In this order: the thread must not find the requests complete before it is told to end.
        _closing.Cancel();
        _waiting.CompleteAdding();
        _thread.Join();
        while (_waiting.TryTake(out var text)) text.End(Disposed());
        _waiting.Dispose();
        _closing.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));
}
