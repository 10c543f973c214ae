using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Keras.Transformers;

/// <summary>What a tokenizer returns: named columns (input_ids, token_type_ids, attention_mask, ...) and, for each row, how tokens and text correspond.</summary>
/// <remarks>Rows may differ in length until a tensor is requested; see <see cref="BatchColumn.Shape"/> and <see cref="ToArrays"/>.</remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var text = "Ada lives in London.";
/// var encoded = tokenizer.Apply([text]);
/// int[] ids = encoded["input_ids"][0];
/// foreach (var span in encoded[0].offsets) Console.WriteLine(text[span.start..span.end]);   // what each token was made from
/// </code>
/// </example>
public sealed class BatchEncoding : IReadOnlyDictionary<string, BatchColumn>, Data.IDataElement
{
    readonly Dictionary<string, BatchColumn> _columns;
    readonly TokenRows? _rows;
    readonly PreTrainedTokenizerBase? _tokenizer;

    /// <summary>Creates an encoding from columns, without the correspondence of tokens and text.</summary>
    public BatchEncoding(IEnumerable<KeyValuePair<string, BatchColumn>> data) => _columns = new(data);

    internal BatchEncoding(Dictionary<string, BatchColumn> columns, TokenRows rows, PreTrainedTokenizerBase tokenizer) =>
        (_columns, _rows, _tokenizer) = (columns, rows, tokenizer);

    /// <summary>The column of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column; the message lists the names.</exception>
    public BatchColumn this[string name]
    {
        get => _columns.TryGetValue(name, out var column)
            ? column
            : throw new KeyNotFoundException($"The encoding has no column '{name}'. It has: {Known.List(_columns.Keys)}.");
        set => _columns[name] = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>One row, with the correspondence of its tokens and the text.</summary>
    /// <exception cref="InvalidOperationException">The encoding was not made from text.</exception>
    public EncodingFast this[int batch_index] => Row(batch_index);

    /// <summary>The rows, with the correspondence of their tokens and the text; empty if the encoding was not made from text.</summary>
    public IReadOnlyList<EncodingFast> encodings => [.. Enumerable.Range(0, _rows?.Count ?? 0).Select(Row)];

    /// <summary>The columns by name, as text.</summary>
    public override string ToString() => $"{{{string.Join(", ", _columns.Select(c => $"{c.Key}: {c.Value}"))}}}";

    /// <summary>The number of columns.</summary>
    public int Count => _columns.Count;

    /// <summary>The names of the columns.</summary>
    public IEnumerable<string> Keys => _columns.Keys;

    /// <summary>The columns.</summary>
    public IEnumerable<BatchColumn> Values => _columns.Values;

    /// <summary>The columns as flat arrays with their shapes, without a copy: (rows, length) for a batch, (length) for one text.</summary>
    /// <exception cref="ShapeMismatchException">The rows of a column differ in length.</exception>
    public IReadOnlyDictionary<string, (Array Values, Shape Shape)> ToArrays()
    {
        var result = new Dictionary<string, (Array, Shape)>();
        foreach (var (name, column) in _columns) result.Add(name, (column.Values, column.ShapeAs(name)));
        return result;
    }

    /// <summary>The columns as tensors by name, for a model.</summary>
    /// <exception cref="ShapeMismatchException">The rows of a column differ in length.</exception>
    public static implicit operator Tensors(BatchEncoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return new(encoding.Select(c => KeyValuePair.Create(c.Key, new Tensors(c.Value.ToTensor(c.Key)))));
    }

    Data.Element Data.IDataElement.ToElement() => Data.Element.Of((Tensors)this);

    /// <summary>The tokens of a row, as text.</summary>
    /// <exception cref="InvalidOperationException">The encoding was not made from text.</exception>
    public string[] tokens(int batch_index = 0) => Row(batch_index).tokens;

    /// <summary>The sequence (0 or 1) of each token of a row; null for special tokens and padding.</summary>
    /// <exception cref="InvalidOperationException">The encoding was not made from text.</exception>
    public int?[] sequence_ids(int batch_index = 0) => Row(batch_index).sequence_ids;

    /// <summary>The word of each token of a row; null for special tokens and padding.</summary>
    /// <exception cref="InvalidOperationException">The encoding was not made from text.</exception>
    public int?[] word_ids(int batch_index = 0) => Row(batch_index).word_ids;

    /// <inheritdoc cref="EncodingFast.token_to_sequence"/>
    public int? token_to_sequence(int token_index) => Row(0).token_to_sequence(FromEnd(0, token_index));

    /// <inheritdoc cref="EncodingFast.token_to_sequence"/>
    public int? token_to_sequence(int batch_index, int token_index) => Row(batch_index).token_to_sequence(FromEnd(batch_index, token_index));

    /// <inheritdoc cref="EncodingFast.token_to_word"/>
    public int? token_to_word(int token_index) => Row(0).token_to_word(FromEnd(0, token_index));

    /// <inheritdoc cref="EncodingFast.token_to_word"/>
    public int? token_to_word(int batch_index, int token_index) => Row(batch_index).token_to_word(FromEnd(batch_index, token_index));

    /// <inheritdoc cref="EncodingFast.token_to_chars"/>
    public CharSpan? token_to_chars(int token_index) => Row(0).token_to_chars(token_index);

    /// <inheritdoc cref="EncodingFast.token_to_chars"/>
    public CharSpan? token_to_chars(int batch_index, int token_index) => Row(batch_index).token_to_chars(token_index);

    /// <inheritdoc cref="EncodingFast.word_to_tokens"/>
    public TokenSpan? word_to_tokens(int word_index) => Row(0).word_to_tokens(word_index);

    /// <inheritdoc cref="EncodingFast.word_to_tokens"/>
    public TokenSpan? word_to_tokens(int batch_index, int word_index, int sequence_index = 0) => Row(batch_index).word_to_tokens(word_index, sequence_index);

    /// <inheritdoc cref="EncodingFast.word_to_chars"/>
    public CharSpan? word_to_chars(int word_index) => Row(0).word_to_chars(word_index);

    /// <inheritdoc cref="EncodingFast.word_to_chars"/>
    public CharSpan? word_to_chars(int batch_index, int word_index, int sequence_index = 0) => Row(batch_index).word_to_chars(word_index, sequence_index);

    /// <inheritdoc cref="EncodingFast.char_to_token"/>
    public int? char_to_token(int char_index) => Row(0).char_to_token(char_index);

    /// <inheritdoc cref="EncodingFast.char_to_token"/>
    public int? char_to_token(int batch_index, int char_index, int sequence_index = 0) => Row(batch_index).char_to_token(char_index, sequence_index);

    /// <inheritdoc cref="EncodingFast.char_to_word"/>
    public int? char_to_word(int char_index) => Row(0).char_to_word(char_index);

    /// <inheritdoc cref="EncodingFast.char_to_word"/>
    public int? char_to_word(int batch_index, int char_index, int sequence_index = 0) => Row(batch_index).char_to_word(char_index, sequence_index);

    /// <summary>Whether there is a column of this name.</summary>
    public bool ContainsKey(string key) => _columns.ContainsKey(key);

    /// <summary>Tries to get a column by name.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out BatchColumn value) => _columns.TryGetValue(key, out value);

    /// <summary>Removes a column.</summary>
    public bool Remove(string key) => _columns.Remove(key);

    /// <summary>The columns with their names.</summary>
    public IEnumerator<KeyValuePair<string, BatchColumn>> GetEnumerator() => _columns.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    EncodingFast Row(int batch_index)
    {
        if (_rows is null)
            throw new InvalidOperationException("This encoding was not made from text, so its tokens relate to none. Encode text instead of using pad.");
        var index = batch_index < 0 ? batch_index + _rows.Count : batch_index;
        if ((uint)index >= (uint)_rows.Count)
            throw new ArgumentOutOfRangeException(nameof(batch_index), batch_index, $"The encoding has {_rows.Count} rows.");
        return new(_rows, index, _tokenizer!);
    }

    int FromEnd(int batch, int token) => token < 0 ? token + Row(batch).Count : token;
}
