namespace Keras.Transformers;

/// <summary>Applies tokenizers to columns: <c>ds.map(batch =&gt; tokenizer.Apply(batch["text"]), batched: true)</c>.</summary>
public static class TokenizerColumns
{
    /// <summary>Encodes the texts of a column, or the pairs of two columns.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="text">Texts, none null; with is_split_into_words lists of words.</param>
    /// <param name="text_pair">The second texts of pairs. Default: none.</param>
    /// <param name="add_special_tokens">Whether the tokens around a text are added. Default true.</param>
    /// <param name="padding">Default: none.</param>
    /// <param name="truncation">Default: none, or the longest first if max_length is given with truncation: true.</param>
    /// <param name="max_length">The most tokens. Default: model_max_length.</param>
    /// <param name="stride">Tokens that overflowing rows share. Default 0.</param>
    /// <param name="is_split_into_words">Whether the rows are lists of words. Default false.</param>
    /// <param name="pad_to_multiple_of">Padded lengths are rounded up to a multiple of this.</param>
    /// <param name="return_token_type_ids">Default: whether the model takes them.</param>
    /// <param name="return_attention_mask">Default: whether the model takes it.</param>
    /// <param name="return_special_tokens_mask">Whether special_tokens_mask is returned. Default false.</param>
    /// <param name="return_offsets_mapping">Whether offset_mapping is returned. Default false.</param>
    /// <param name="return_overflowing_tokens">Whether the overflow becomes further rows. Default false.</param>
    /// <returns>int32 columns (rows, length), which may be ragged.</returns>
    /// <exception cref="DTypeMismatchException">The column holds no texts.</exception>
    /// <exception cref="ValueRangeException">A text is null.</exception>
    public static BatchEncoding Apply(this PreTrainedTokenizerBase tokenizer, DatasetColumn text, DatasetColumn? text_pair = null, bool add_special_tokens = true, PaddingStrategy padding = default,
        TruncationStrategy? truncation = null, int? max_length = null, int stride = 0, bool is_split_into_words = false, int? pad_to_multiple_of = null, bool? return_token_type_ids = null,
        bool? return_attention_mask = null, bool return_special_tokens_mask = false, bool return_offsets_mapping = false, bool return_overflowing_tokens = false)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(text);
        return is_split_into_words
            ? tokenizer.Apply((string[][])text, text_pair is null ? null : (string[][])text_pair, add_special_tokens, padding, truncation, max_length, stride, is_split_into_words, pad_to_multiple_of,
                return_token_type_ids: return_token_type_ids, return_attention_mask: return_attention_mask, return_overflowing_tokens: return_overflowing_tokens,
                return_special_tokens_mask: return_special_tokens_mask, return_offsets_mapping: return_offsets_mapping)
            : tokenizer.Apply(Texts(text), text_pair is null ? null : Texts(text_pair), add_special_tokens: add_special_tokens, padding: padding, truncation: truncation, max_length: max_length, stride: stride,
                pad_to_multiple_of: pad_to_multiple_of, return_token_type_ids: return_token_type_ids, return_attention_mask: return_attention_mask, return_overflowing_tokens: return_overflowing_tokens,
                return_special_tokens_mask: return_special_tokens_mask, return_offsets_mapping: return_offsets_mapping);
    }

    static string[] Texts(DatasetColumn column)
    {
        string[] texts = column;
        return Array.IndexOf(texts, null) is >= 0 and var row
            ? throw new ValueRangeException("A text is null, which no tokenizer takes", $"row {row} of the batch", "texts", "null", "Filter such rows out: ds.filter(row => !row[\"text\"].IsNull).")
            : texts;
    }
}
