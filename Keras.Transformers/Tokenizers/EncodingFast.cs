namespace Keras.Transformers;

/// <summary>Characters [<paramref name="start"/>, <paramref name="end"/>) of a text, in UTF-16 units.</summary>
public readonly record struct CharSpan(int start, int end);

/// <summary>Tokens [<paramref name="start"/>, <paramref name="end"/>) of a row.</summary>
public readonly record struct TokenSpan(int start, int end);

/// <summary>One row of an encoding, with the correspondence of its tokens and the text (Hugging Face's Encoding). All offsets are UTF-16 units of the original text, so
/// <c>text[span.start..span.end]</c> is what a token was made from.</summary>
public sealed class EncodingFast
{
    readonly TokenRows _rows;
    readonly PreTrainedTokenizerBase _tokenizer;
    readonly int _start;

    internal EncodingFast(TokenRows rows, int row, PreTrainedTokenizerBase tokenizer)
    {
        (_rows, _tokenizer, _start) = (rows, tokenizer, rows.RowStarts[row]);
        Count = rows.RowStarts[row + 1] - _start;
        foreach (var sequence in rows.Sequences.AsSpan(_start, Count)) n_sequences = Math.Max(n_sequences, sequence + 1);
    }

    /// <summary>The tokens, as text.</summary>
    public override string ToString() => $"<EncodingFast {Count} tokens: {string.Join(' ', tokens)}>";

    /// <summary>The number of tokens, padding included.</summary>
    public int Count { get; }

    /// <summary>The number of sequences in the row: 1, or 2 for a pair.</summary>
    public int n_sequences { get; } = 1;

    /// <summary>The ids of the tokens.</summary>
    public int[] ids => Copy(_rows.Ids);

    /// <summary>Token types: 0 for the first sequence, 1 for the second.</summary>
    public int[] type_ids => Copy(_rows.TypeIds);

    /// <summary>The tokens, as text. An added token reads as it was found in the text.</summary>
    public string[] tokens
    {
        get
        {
            var result = new string[Count];
            for (var i = 0; i < Count; i++)
                result[i] = _rows.TextAt(_start + i)
                    ?? (Sequence(i) == TokenRows.Padding ? _rows.PaddingText : _tokenizer.convert_ids_to_tokens(_rows.Ids[_start + i]) ?? "");
            return result;
        }
    }

    /// <summary>The position of each token in the text; (0, 0) for special tokens and padding.</summary>
    public CharSpan[] offsets
    {
        get
        {
            var result = new CharSpan[Count];
            for (var i = 0; i < Count; i++) result[i] = Span(i);
            return result;
        }
    }

    /// <summary>The word of each token; null for special tokens and padding.</summary>
    public int?[] word_ids => Map(Word);

    /// <summary>The sequence of each token: 0 or 1; null for special tokens and padding.</summary>
    public int?[] sequence_ids => Map(i => Sequence(i) >= 0 ? Sequence(i) : null);

    /// <summary>1 for tokens, 0 for padding.</summary>
    public int[] attention_mask => Array.ConvertAll(Copy(_rows.Sequences), s => s == TokenRows.Padding ? 0 : 1);

    /// <summary>1 for padding and for special tokens that the tokenizer inserted, 0 for others.</summary>
    public int[] special_tokens_mask => Array.ConvertAll(Copy(_rows.Sequences), s => s < 0 ? 1 : 0);

    /// <summary>The sequence that a token belongs to; null for special tokens and padding.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public int? token_to_sequence(int token_index) => Sequence(Checked(token_index)) is >= 0 and var sequence ? sequence : null;

    /// <summary>The word that a token belongs to; null for special tokens and padding.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public int? token_to_word(int token_index) => Word(Checked(token_index));

    /// <summary>The position of a token in the text; null for special tokens and padding.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public CharSpan? token_to_chars(int token_index) => Sequence(Checked(token_index)) < 0 ? null : Span(token_index);

    /// <summary>The tokens of a word; null if the row contains none of them.</summary>
    public TokenSpan? word_to_tokens(int word_index, int sequence_index = 0)
    {
        var (start, end) = (-1, -1);
        for (var i = 0; i < Count; i++)
        {
            if (Sequence(i) != sequence_index || Word(i) != word_index) continue;
            if (start < 0) start = i;
            end = i + 1;
        }
        return start < 0 ? null : new TokenSpan(start, end);
    }

    /// <summary>The position of a word in the text; null if the row contains none of its tokens.</summary>
    public CharSpan? word_to_chars(int word_index, int sequence_index = 0) =>
        word_to_tokens(word_index, sequence_index) is { } span ? new CharSpan(Span(span.start).start, Span(span.end - 1).end) : null;

    /// <summary>The token that a character (UTF-16 unit) of the text belongs to; null if it belongs to none.</summary>
    public int? char_to_token(int char_index, int sequence_index = 0)
    {
        for (var i = 0; i < Count; i++)
            if (Sequence(i) == sequence_index && Span(i) is var span && char_index >= span.start && char_index < span.end) return i;
        return null;
    }

    /// <summary>The word that a character (UTF-16 unit) of the text belongs to; null if it belongs to none.</summary>
    public int? char_to_word(int char_index, int sequence_index = 0) =>
        char_to_token(char_index, sequence_index) is { } token ? Word(token) : null;

    int Sequence(int i) => _rows.Sequences[_start + i];

    CharSpan Span(int i) => new(_rows.Starts[_start + i], _rows.Ends[_start + i]);

    int? Word(int i) => _rows.Words[_start + i] is var word && word != TokenRows.NoWord ? word : null;

    int Checked(int token_index) => (uint)token_index < (uint)Count
        ? token_index
        : throw new ArgumentOutOfRangeException(nameof(token_index), token_index, $"The row has {Count} tokens.");

    int?[] Map(Func<int, int?> value)
    {
        var result = new int?[Count];
        for (var i = 0; i < Count; i++) result[i] = value(i);
        return result;
    }

    T[] Copy<T>(T[] values) => values.AsSpan(_start, Count).ToArray();
}
