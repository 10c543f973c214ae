using System.Runtime.CompilerServices;
using Keras.Engines;

namespace Keras.Transformers;

public abstract partial class TFPreTrainedModel
{
    /// <summary>Generates texts and returns their tokens step by step.</summary>
    /// <param name="inputs">As for <c>generate</c>.</param>
    /// <param name="generation_config">The options; default <see cref="generation_config"/>. Beams cannot be streamed.</param>
    /// <param name="logits_processor">Further processors; default none.</param>
    /// <param name="stopping_criteria">Further criteria; default none.</param>
    /// <param name="tokenizer">Needed to read stop_strings; default none.</param>
    /// <param name="jit_compile">Whether XLA compiles the step.</param>
    /// <param name="cancellationToken">Ends the sequence between two tokens.</param>
    /// <returns>For each step a token of each text; one that has ended gets the pad token. To stop reading ends the generation and gives its memory back.</returns>
    /// <exception cref="ConfigException">An option is impossible, alone or together with others.</exception>
    /// <exception cref="ValueRangeException">The prompt is empty or does not fit the model, or scores leave no token to choose.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public IAsyncEnumerable<int[]> GenerateTokensAsync(Tensors? inputs = null, GenerationConfig? generation_config = null, LogitsProcessorList? logits_processor = null, StoppingCriteriaList? stopping_criteria = null,
        ITextTokenizer? tokenizer = null, bool? jit_compile = null, CancellationToken cancellationToken = default) =>
        Steps(Streamed(inputs, generation_config ?? this.generation_config, logits_processor, stopping_criteria, tokenizer, jit_compile, cancellationToken), Engine.Current, cancellationToken);

    /// <summary>Continues a text and returns it in parts, each as soon as it is final.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="prompt">The beginning of the text, which is not part of the result.</param>
    /// <param name="generation_config">The options; default <see cref="generation_config"/>.</param>
    /// <param name="logits_processor">Further processors; default none.</param>
    /// <param name="stopping_criteria">Further criteria; default none.</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out; default true.</param>
    /// <param name="jit_compile">Whether XLA compiles the step.</param>
    /// <param name="cancellationToken">Ends the sequence between two tokens.</param>
    /// <returns>The parts of the text, never half a character.</returns>
    /// <exception cref="UnsupportedException">The model has an encoder.</exception>
    /// <inheritdoc cref="GenerateTokensAsync" path="/exception"/>
    public IAsyncEnumerable<string> GenerateTextAsync(ITextTokenizer tokenizer, string prompt, GenerationConfig? generation_config = null, LogitsProcessorList? logits_processor = null,
        StoppingCriteriaList? stopping_criteria = null, bool skip_special_tokens = true, bool? jit_compile = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(prompt);
        if (this is IEncoderDecoderModel)
            throw new UnsupportedException("A model with an encoder cannot continue a prompt", GetType().Name, "the encoder's inputs", "a text", "Give them as its tokenizer or processor makes them: GenerateTextAsync(tokenizer, encoder_tokenizer.Apply(text, return_tensors: \"tf\")).");
        int[] ids = [.. tokenizer.IdsOf(prompt)];
        return Text(tokenizer, ids.Length == 0 ? null : Prompt.Tensor(ids, 1, ids.Length), generation_config, logits_processor, stopping_criteria, skip_special_tokens, jit_compile, cancellationToken);
    }

    /// <summary>Generates a text from one row of inputs and returns it in parts, each as soon as it is final: for a model with an encoder, the description of an image or a text.</summary>
    /// <param name="tokenizer">Converts the decoder's tokens to text.</param>
    /// <param name="inputs">As for <c>generate</c>, one row.</param>
    /// <param name="generation_config">The options; default <see cref="generation_config"/>.</param>
    /// <param name="logits_processor">Further processors; default none.</param>
    /// <param name="stopping_criteria">Further criteria; default none.</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out; default true.</param>
    /// <param name="jit_compile">Whether XLA compiles the step.</param>
    /// <param name="cancellationToken">Ends the sequence between two tokens.</param>
    /// <returns>The parts of the text, never half a character.</returns>
    /// <exception cref="ShapeMismatchException">There are several rows.</exception>
    /// <inheritdoc cref="GenerateTokensAsync" path="/exception"/>
    public IAsyncEnumerable<string> GenerateTextAsync(ITextTokenizer tokenizer, Tensors inputs, GenerationConfig? generation_config = null, LogitsProcessorList? logits_processor = null,
        StoppingCriteriaList? stopping_criteria = null, bool skip_special_tokens = true, bool? jit_compile = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(inputs);
        return Text(tokenizer, inputs, generation_config, logits_processor, stopping_criteria, skip_special_tokens, jit_compile, cancellationToken);
    }

    IAsyncEnumerable<string> Text(ITextTokenizer tokenizer, Tensors? inputs, GenerationConfig? config, LogitsProcessorList? processors, StoppingCriteriaList? criteria, bool skipSpecial, bool? jit, CancellationToken cancellation)
    {
        var settings = (config ?? generation_config).Clone();
        settings.num_return_sequences = 1;
        var generator = Streamed(inputs, settings, processors, criteria, tokenizer, jit, cancellation);
        if (generator.Texts > 1) throw new ShapeMismatchException("Several texts cannot be streamed at once", "GenerateTextAsync, inputs", "one row", $"{generator.Texts} rows", "Call it for each row, or GenerateTokensAsync for all.");
        return Texts(Steps(generator, Engine.Current, cancellation), tokenizer.BeginText(skipSpecial), cancellation);
    }

    /// <summary>Checks the call here, so that an error does not wait until the result is read.</summary>
    Generator Streamed(Tensors? inputs, GenerationConfig config, LogitsProcessorList? processors, StoppingCriteriaList? criteria, ITextTokenizer? tokenizer, bool? jit, CancellationToken cancellation)
    {
        var generator = new Generator(this, inputs, config, new()
        {
            Processors = processors ?? [], Criteria = criteria ?? [], Tokenizer = tokenizer, Jit = jit, Eager = run_eagerly, Cancellation = cancellation,
        });
        if (generator.IsBeams) throw new ConfigException("Beams cannot be streamed, because the best one is known only at the end", "GenerateTokensAsync, num_beams", "1", $"{generator.Beams}", "Call generate.");
        return generator;
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
