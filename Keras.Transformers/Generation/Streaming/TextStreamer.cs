namespace Keras.Transformers;

/// <summary>Writes a text as it is generated, by default to the console.</summary>
/// <remarks>Text is written as soon as no later token can change it, never half a character (Hugging Face waits for the end of a word).
/// Source: transformers/generation/streamers.py, TextStreamer.</remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("gpt2");
/// var model = TFAutoModelForCausalLM.from_pretrained("gpt2");
/// int[] prompt = [.. tokenizer.encode("Once upon a time")];
/// model.generate(prompt, streamer: new TextStreamer(tokenizer), max_new_tokens: 30);
/// </code>
/// </example>
public class TextStreamer : BaseStreamer
{
    readonly ITextStream _decoder;
    readonly bool _skipPrompt;
    readonly TextWriter? _writer;
    bool _hasPrompt;

    /// <summary>Creates a streamer that writes a text as it is generated.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="skip_prompt">Whether the prompt is left out; default false.</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out; default false.</param>
    /// <param name="writer">The writer of text; default the console.</param>
    public TextStreamer(ITextTokenizer tokenizer, bool skip_prompt = false, bool skip_special_tokens = false, TextWriter? writer = null) =>
        (_decoder, _skipPrompt, _writer) = ((tokenizer ?? throw new ArgumentNullException(nameof(tokenizer))).BeginText(skip_special_tokens), skip_prompt, writer);

    /// <inheritdoc/>
    /// <exception cref="UnsupportedException">There is more than one text.</exception>
    public sealed override void put(IReadOnlyList<int> value, int texts)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (texts > 1) throw new UnsupportedException("A text streamer cannot write several texts", GetType().Name, "one prompt and one sequence", $"{texts}", "Call generate for each prompt, or use GenerateTokensAsync, which gives the tokens of all.");
        var isPrompt = !_hasPrompt;
        _hasPrompt = true;
        if (isPrompt && _skipPrompt) return;
        var text = string.Concat(value.Select(_decoder.Push));
        if (text.Length > 0) on_finalized_text(text, false);
    }

    /// <inheritdoc/>
    public sealed override void end()
    {
        _hasPrompt = false;
        on_finalized_text(_decoder.Flush(), true);
    }

    /// <summary>Receives text that no later token can change.</summary>
    /// <param name="text">The text; at the end it may be empty.</param>
    /// <param name="stream_end">Whether it is the last.</param>
    public virtual void on_finalized_text(string text, bool stream_end = false)
    {
        var writer = _writer ?? Console.Out;
        if (stream_end) writer.WriteLine(text);
        else writer.Write(text);
        writer.Flush();
    }
}
