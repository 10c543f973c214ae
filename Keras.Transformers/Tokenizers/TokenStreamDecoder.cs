namespace Keras.Transformers;

/// <summary>Turns token ids into text as they arrive, for instance from generation. Text is returned as soon as no later token can change it, so that half a character is never
/// shown; all parts together are what <c>decode</c> returns for all ids without clean-up.</summary>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("gpt2");
/// var decoder = new TokenStreamDecoder(tokenizer);
/// foreach (var id in tokenizer.encode("a small café")) Console.Write(decoder.Push(id));
/// Console.Write(decoder.Flush());
/// </code>
/// </example>
public sealed class TokenStreamDecoder : ITextStream
{
    readonly PreTrainedTokenizerBase _tokenizer;
    readonly bool _skipSpecialTokens;
    Func<string?, string> _decode;

    /// <summary>Creates a decoder at the beginning of a text.</summary>
    /// <param name="tokenizer">The tokenizer that the ids are of.</param>
    /// <param name="skip_special_tokens">Whether special tokens are left out. Default false.</param>
    public TokenStreamDecoder(PreTrainedTokenizerBase tokenizer, bool skip_special_tokens = false)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        (_tokenizer, _skipSpecialTokens, _decode) = (tokenizer, skip_special_tokens, tokenizer.BeginDecoding());
    }

    /// <summary>Takes the next id and returns the text that is now final. Unknown ids are skipped.</summary>
    /// <param name="token_id">A token id.</param>
    /// <returns>The text that became certain; it may be empty.</returns>
    /// <exception cref="ValueRangeException">The id is negative.</exception>
    public string Push(int token_id) =>
        _tokenizer.convert_ids_to_tokens(token_id) is { } token && !(_skipSpecialTokens && _tokenizer.IsSkipped(token)) ? _decode(token) : "";

    /// <summary>Ends the text, returns the rest of it, and starts a new one.</summary>
    /// <returns>The rest: U+FFFD for a character that remained incomplete, otherwise nothing.</returns>
    public string Flush()
    {
        var rest = _decode(null);
        _decode = _tokenizer.BeginDecoding();
        return rest;
    }
}
