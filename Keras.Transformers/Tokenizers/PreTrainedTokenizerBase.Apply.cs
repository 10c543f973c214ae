namespace Keras.Transformers;

public abstract partial class PreTrainedTokenizerBase
{
    /// <summary>Encodes one text, or a pair of texts: Hugging Face's <c>tokenizer(text, ...)</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="text_pair">The second text of a pair.</param>
    /// <param name="text_target">A target text; its input_ids become the column labels, or the result if <paramref name="text"/> is null.</param>
    /// <param name="text_pair_target">The second text of a target pair.</param>
    /// <param name="add_special_tokens">Whether the model's special tokens are put in. Default true.</param>
    /// <param name="padding">true or "longest": rows as long as the longest; "max_length": as long as <paramref name="max_length"/>. Default false.</param>
    /// <param name="truncation">
    /// true or "longest_first", "only_first", "only_second": rows of at most <paramref name="max_length"/> tokens. Default null: only if
    /// <paramref name="max_length"/> is given and <paramref name="padding"/> is false.
    /// </param>
    /// <param name="max_length">
    /// The maximum length with special tokens. Default: <see cref="model_max_length"/>. Less than the special tokens alone: ignored.
    /// </param>
    /// <param name="stride">The number of tokens that overflowing rows share. Default 0.</param>
    /// <param name="is_split_into_words">Whether the texts are lists of words. Default false.</param>
    /// <param name="pad_to_multiple_of">Padded lengths are rounded up to a multiple of this.</param>
    /// <param name="padding_side">"right" or "left". Default: the property.</param>
    /// <param name="return_tensors">"tf" (int32) or "np" (int64): columns must be rectangular and one text gets an axis of rows too. Default null.</param>
    /// <param name="return_token_type_ids">Default: whether <see cref="model_input_names"/> has them.</param>
    /// <param name="return_attention_mask">Default: whether <see cref="model_input_names"/> has it.</param>
    /// <param name="return_overflowing_tokens">Whether the overflow becomes further rows, with overflow_to_sample_mapping. Default false.</param>
    /// <param name="return_special_tokens_mask">Whether special_tokens_mask is returned: 1 for special tokens and padding. Default false.</param>
    /// <param name="return_offsets_mapping">Whether offset_mapping is returned: (start, end) of each token in UTF-16 units. Default false.</param>
    /// <param name="return_length">Whether the column length is returned. Default false.</param>
    /// <param name="split_special_tokens">Whether special tokens in the text count as ordinary text. Default: the property.</param>
    /// <returns>int32 columns of one row, without an axis of rows unless return_tensors or return_overflowing_tokens asks for it.</returns>
    /// <exception cref="ArgumentException">Neither text nor text_target is given, or an option's value is invalid.</exception>
    /// <exception cref="TokenizationException">Padding without a padding token, or a length that truncation cannot reach.</exception>
    /// <exception cref="ShapeMismatchException">return_tensors is given and rows differ in length.</exception>
    public BatchEncoding Apply(string? text = null, string? text_pair = null, string? text_target = null, string? text_pair_target = null,
        bool add_special_tokens = true, PaddingStrategy padding = default,
        TruncationStrategy? truncation = null, int? max_length = null, int stride = 0, bool is_split_into_words = false,
        int? pad_to_multiple_of = null, string? padding_side = null, string? return_tensors = null, bool? return_token_type_ids = null,
        bool? return_attention_mask = null, bool return_overflowing_tokens = false, bool return_special_tokens_mask = false,
        bool return_offsets_mapping = false, bool return_length = false, bool? split_special_tokens = null)
    {
        EncodeOptions options = new(
            add_special_tokens, padding, truncation, max_length, stride, is_split_into_words, pad_to_multiple_of, padding_side, return_tensors,
            return_token_type_ids, return_attention_mask, return_overflowing_tokens, return_special_tokens_mask, return_offsets_mapping,
            return_length, split_special_tokens);
        return WithTarget(One(text, text_pair, options), One(text_target, text_pair_target, options));
    }

    /// <summary>Encodes a batch of texts, or of pairs of texts; with <paramref name="is_split_into_words"/>, one text that is split into words.</summary>
    /// <returns>int32 columns (rows, length), which may be ragged.</returns>
    /// <exception cref="ArgumentException">The batch is empty, texts and pairs differ in number, or an option's value is invalid.</exception>
    /// <inheritdoc cref="Apply(string, string, string, string, bool, PaddingStrategy, TruncationStrategy?, int?, int, bool, int?, string, string, bool?, bool?, bool, bool, bool, bool, bool?)"/>
    public BatchEncoding Apply(IEnumerable<string>? text, IEnumerable<string>? text_pair = null, IEnumerable<string>? text_target = null,
        IEnumerable<string>? text_pair_target = null, bool add_special_tokens = true, PaddingStrategy padding = default,
        TruncationStrategy? truncation = null, int? max_length = null, int stride = 0, bool is_split_into_words = false,
        int? pad_to_multiple_of = null, string? padding_side = null, string? return_tensors = null, bool? return_token_type_ids = null,
        bool? return_attention_mask = null, bool return_overflowing_tokens = false, bool return_special_tokens_mask = false,
        bool return_offsets_mapping = false, bool return_length = false, bool? split_special_tokens = null)
    {
        EncodeOptions options = new(
            add_special_tokens, padding, truncation, max_length, stride, is_split_into_words, pad_to_multiple_of, padding_side, return_tensors,
            return_token_type_ids, return_attention_mask, return_overflowing_tokens, return_special_tokens_mask, return_offsets_mapping,
            return_length, split_special_tokens);
        return WithTarget(Many(text, text_pair, options), Many(text_target, text_pair_target, options));
    }

    /// <summary>Encodes a batch of pairs of texts.</summary>
    /// <returns>int32 columns (rows, length), which may be ragged.</returns>
    /// <exception cref="ArgumentException">The batch is empty, or an option's value is invalid.</exception>
    /// <inheritdoc cref="Apply(string, string, string, string, bool, PaddingStrategy, TruncationStrategy?, int?, int, bool, int?, string, string, bool?, bool?, bool, bool, bool, bool, bool?)"/>
    public BatchEncoding Apply(
        IEnumerable<(string First, string Second)> text, bool add_special_tokens = true, PaddingStrategy padding = default,
        TruncationStrategy? truncation = null, int? max_length = null, int stride = 0, bool is_split_into_words = false,
        int? pad_to_multiple_of = null, string? padding_side = null, string? return_tensors = null, bool? return_token_type_ids = null,
        bool? return_attention_mask = null, bool return_overflowing_tokens = false, bool return_special_tokens_mask = false,
        bool return_offsets_mapping = false, bool return_length = false, bool? split_special_tokens = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        EncodeOptions options = new(
            add_special_tokens, padding, truncation, max_length, stride, is_split_into_words, pad_to_multiple_of, padding_side, return_tensors,
            return_token_type_ids, return_attention_mask, return_overflowing_tokens, return_special_tokens_mask, return_offsets_mapping,
            return_length, split_special_tokens);
        return EncodeBatch([.. text.Select(t => new TextPair(TextInput.Of(t.First), TextInput.Of(t.Second)))], options, true);
    }

    /// <summary>
    /// Encodes a batch of texts that are split into words (with <paramref name="is_split_into_words"/>), or of pairs given as lists of two.
    /// </summary>
    /// <returns>int32 columns (rows, length), which may be ragged.</returns>
    /// <exception cref="ArgumentException">The batch is empty, texts and pairs differ in number, or an option's value is invalid.</exception>
    /// <inheritdoc cref="Apply(string, string, string, string, bool, PaddingStrategy, TruncationStrategy?, int?, int, bool, int?, string, string, bool?, bool?, bool, bool, bool, bool, bool?)"/>
    public BatchEncoding Apply(IEnumerable<IEnumerable<string>> text, IEnumerable<IEnumerable<string>>? text_pair = null,
        bool add_special_tokens = true, PaddingStrategy padding = default,
        TruncationStrategy? truncation = null, int? max_length = null, int stride = 0, bool is_split_into_words = false,
        int? pad_to_multiple_of = null, string? padding_side = null, string? return_tensors = null, bool? return_token_type_ids = null,
        bool? return_attention_mask = null, bool return_overflowing_tokens = false, bool return_special_tokens_mask = false,
        bool return_offsets_mapping = false, bool return_length = false, bool? split_special_tokens = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        EncodeOptions options = new(
            add_special_tokens, padding, truncation, max_length, stride, is_split_into_words, pad_to_multiple_of, padding_side, return_tensors,
            return_token_type_ids, return_attention_mask, return_overflowing_tokens, return_special_tokens_mask, return_offsets_mapping,
            return_length, split_special_tokens);
        if (is_split_into_words) return EncodeBatch(Zip(text.Select(TextInput.OfWords), text_pair?.Select(TextInput.OfWords)), options, true);
        if (text_pair is not null)
            throw new ArgumentException("text_pair is given, but the lists in text are pairs already. Pass is_split_into_words: true if they are words.", nameof(text_pair));
        return EncodeBatch([.. text.Select(AsPair)], options, true);
    }

    /// <summary>Turns a text or a pair of texts into token ids.</summary>
    /// <returns>int32 ids.</returns>
    /// <inheritdoc cref="Apply(string, string, string, string, bool, PaddingStrategy, TruncationStrategy?, int?, int, bool, int?, string, string, bool?, bool?, bool, bool, bool, bool, bool?)"/>
    public int[] encode(string text, string? text_pair = null, bool add_special_tokens = true, PaddingStrategy padding = default,
        TruncationStrategy? truncation = null, int? max_length = null, int stride = 0, int? pad_to_multiple_of = null, string? padding_side = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        EncodeOptions options = new(
            add_special_tokens, padding, truncation, max_length, stride, PadToMultipleOf: pad_to_multiple_of, PaddingSide: padding_side);
        return One(text, text_pair, options)!["input_ids"].AsInts();
    }

    /// <summary>Splits a text or a pair of texts into tokens, as text. An added token reads as it was found.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text of a pair.</param>
    /// <param name="add_special_tokens">Whether special tokens are put in. Default false.</param>
    public string[] tokenize(string text, string? pair = null, bool add_special_tokens = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        return One(text, pair, new(add_special_tokens))!.tokens();
    }

    // As in Hugging Face, an empty second text makes no pair where there is one text (but does in a batch).
    BatchEncoding? One(string? text, string? pair, EncodeOptions options)
    {
        if (text is null) return null;
        if (options.IsSplitIntoWords)
            throw new ArgumentException("One text is given with is_split_into_words: true. Pass a list of words.", nameof(text));
        return EncodeBatch([new(TextInput.Of(text), string.IsNullOrEmpty(pair) ? null : TextInput.Of(pair))], options, false);
    }

    BatchEncoding? Many(IEnumerable<string>? text, IEnumerable<string>? pair, EncodeOptions options)
    {
        if (text is null) return null;
        if (options.IsSplitIntoWords)
        {
            TextInput? second = pair is null ? null : TextInput.OfWords(pair);
            return EncodeBatch([new(TextInput.OfWords(text), second?.Words!.Count > 0 ? second : null)], options, false);
        }
        return EncodeBatch(Zip(text.Select(TextInput.Of), pair?.Select(TextInput.Of)), options, true);
    }

    static BatchEncoding WithTarget(BatchEncoding? encoding, BatchEncoding? target)
    {
        if (encoding is null) return target ?? throw new ArgumentException("There is nothing to encode. Pass text or text_target.");
        if (target is not null) encoding["labels"] = target["input_ids"];
        return encoding;
    }

    static TextPair AsPair(IEnumerable<string> text) => text.ToArray() is [var first, var second]
        ? new(TextInput.Of(first), TextInput.Of(second))
        : throw new ArgumentException(
            "A list of lists is a batch of pairs: every list must hold two texts. For words pass is_split_into_words: true.", nameof(text));

    static TextPair[] Zip(IEnumerable<TextInput> text, IEnumerable<TextInput>? pair)
    {
        TextInput[] first = [.. text];
        if (pair is null) return Array.ConvertAll(first, t => new TextPair(t, null));
        TextInput[] second = [.. pair];
        if (first.Length != second.Length)
            throw new ArgumentException($"text and text_pair differ in number. Received: {first.Length} and {second.Length}.", nameof(pair));
        return [.. first.Zip(second, (a, b) => new TextPair(a, b))];
    }
}
