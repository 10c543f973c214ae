using System.Runtime.CompilerServices;
using Keras.Engines;

namespace Keras.Transformers;

public abstract partial class TFPreTrainedModel
{
    /// <summary>Continues texts token by token.</summary>
    /// <param name="inputs">As for <c>generate</c>.</param>
    /// <param name="generation_config">The options; default <see cref="generation_config"/>. Beams cannot be streamed.</param>
    /// <param name="logits_processor">Further processors; default none.</param>
    /// <param name="stopping_criteria">Further criteria; default none.</param>
    /// <param name="tokenizer">What stop_strings are read with; default none.</param>
    /// <param name="jit_compile">Whether XLA compiles the step.</param>
    /// <param name="cancellationToken">Ends the sequence between two tokens.</param>
    /// <returns>For each step a token of each text; one that has ended gets the pad token. To stop reading ends the generation and gives its memory back.</returns>
    /// <exception cref="ConfigException">An option is impossible, alone or beside others.</exception>
    /// <exception cref="ValueRangeException">The prompt is empty or does not fit the model, or scores leave no token to choose.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IAsyncEnumerable<int[]> GenerateTokensAsync(Tensors? inputs = null, GenerationConfig? generation_config = null, LogitsProcessorList? logits_processor = null, StoppingCriteriaList? stopping_criteria = null,
        ITextTokenizer? tokenizer = null, bool? jit_compile = null, CancellationToken cancellationToken = default)
    {
        // What is wrong with the call is said here, not when its result is read.
        var generator = new Generator(this, inputs, generation_config ?? this.generation_config, new()
        {
            Processors = logits_processor ?? [], Criteria = stopping_criteria ?? [], Tokenizer = tokenizer, Jit = jit_compile, Eager = run_eagerly, Cancellation = cancellationToken,
        });
        if (generator.IsBeams) throw new ConfigException("Beams cannot be streamed: which one is best shows at the end", "GenerateTokensAsync, num_beams", "1", $"{generator.Beams}", "Call generate.");
        return Steps(generator, Engine.Current, cancellationToken);
    }

    /// <summary>Continues a text, part by part as it becomes certain.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="prompt">What the text begins with; it is no part of the result.</param>
    /// <param name="generation_config">The options; default <see cref="generation_config"/>.</param>
    /// <param name="logits_processor">Further processors; default none.</param>
    /// <param name="stopping_criteria">Further criteria; default none.</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out; default true.</param>
    /// <param name="jit_compile">Whether XLA compiles the step.</param>
    /// <param name="cancellationToken">Ends the sequence between two tokens.</param>
    /// <returns>The parts of the text, never half a character.</returns>
    /// <inheritdoc cref="GenerateTokensAsync" path="/exception"/>
    public IAsyncEnumerable<string> GenerateTextAsync(ITextTokenizer tokenizer, string prompt, GenerationConfig? generation_config = null, LogitsProcessorList? logits_processor = null,
        StoppingCriteriaList? stopping_criteria = null, bool skip_special_tokens = true, bool? jit_compile = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(prompt);
        int[] ids = [.. tokenizer.IdsOf(prompt)];
        var settings = (generation_config ?? this.generation_config).Clone();
        settings.num_return_sequences = 1;
        var steps = GenerateTokensAsync(ids.Length == 0 ? null : Prompt.Tensor(ids, 1, ids.Length), settings, logits_processor, stopping_criteria, tokenizer, jit_compile, cancellationToken);
        return Texts(steps, tokenizer.BeginText(skip_special_tokens), cancellationToken);
    }

    static async IAsyncEnumerable<int[]> Steps(Generator generator, IEngine engine, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var steps = generator.Tokens().GetEnumerator();
        bool Next()
        {
            using var chosen = Engine.Use(engine);
            return steps.MoveNext();
        }
        while (await Task.Run(Next, cancellation).ConfigureAwait(false)) yield return steps.Current;
    }

    static async IAsyncEnumerable<string> Texts(IAsyncEnumerable<int[]> steps, ITextStream decoder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var tokens in steps.WithCancellation(cancellation).ConfigureAwait(false))
            if (decoder.Push(tokens[0]) is { Length: > 0 } text) yield return text;
        if (decoder.Flush() is { Length: > 0 } rest) yield return rest;
    }
}
