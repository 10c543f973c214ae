namespace Keras.Transformers;

public abstract partial class PreTrainedTokenizerBase
{
    /// <summary>Pads the rows of an encoding, as data collators do.</summary>
    /// <param name="encoded_inputs">
    /// Columns with input_ids. attention_mask, token_type_ids and special_tokens_mask are padded too, others carried along.
    /// </param>
    /// <param name="padding">true or "longest" (default), "max_length", or false.</param>
    /// <param name="max_length">The length for "max_length". Default: <see cref="model_max_length"/>. Longer rows stay as they are.</param>
    /// <param name="pad_to_multiple_of">Padded lengths are rounded up to a multiple of this.</param>
    /// <param name="padding_side">"right" or "left". Default: the property.</param>
    /// <param name="return_attention_mask">Whether attention_mask is made and padded. Default: whether <see cref="model_input_names"/> has it.</param>
    /// <param name="return_tensors">"tf" (int32) or "np" (int64): columns must be rectangular. Default null.</param>
    /// <returns>An encoding without the relation to a text.</returns>
    /// <exception cref="ArgumentException">input_ids is missing, there are no examples, or an option's value is invalid.</exception>
    /// <exception cref="TokenizationException">The tokenizer has no padding token.</exception>
    /// <exception cref="ShapeMismatchException">Columns differ in their number of rows, or return_tensors is given and rows differ in length.</exception>
    public BatchEncoding pad(IReadOnlyDictionary<string, BatchColumn> encoded_inputs, PaddingStrategy? padding = null, int? max_length = null,
        int? pad_to_multiple_of = null, string? padding_side = null, bool? return_attention_mask = null, string? return_tensors = null)
    {
        ArgumentNullException.ThrowIfNull(encoded_inputs);
        CheckTensorKind(return_tensors);
        var ids = InputIds(encoded_inputs);
        var columns = encoded_inputs.ToDictionary();
        if (ids.Count > 0)
        {
            foreach (var (name, column) in columns)
                if (ids.HasRows && column.Count != ids.Count)
                    throw new ShapeMismatchException(
                        "Columns differ in their number of rows", name, $"{ids.Count} as in {model_input_names[0]}", $"{column.Count}");
            EncodeOptions options = new(
                Padding: padding ?? true, Truncation: false, MaxLength: max_length, PadToMultipleOf: pad_to_multiple_of, PaddingSide: padding_side);
            var length = Resolve(options).PaddedLength;
            PadColumns(columns, ids, length, options, return_attention_mask ?? model_input_names.Contains("attention_mask"));
        }
        return new(AsTensors(columns, return_tensors));
    }

    /// <summary>Stacks examples and pads their rows, as data collators do.</summary>
    /// <param name="encoded_inputs">Examples of one row each, with the same columns; a single value (a label) per example makes a column of values.</param>
    /// <param name="padding">true or "longest" (default), "max_length", or false.</param>
    /// <param name="max_length">The length for "max_length". Default: <see cref="model_max_length"/>. Longer rows stay as they are.</param>
    /// <param name="pad_to_multiple_of">Padded lengths are rounded up to a multiple of this.</param>
    /// <param name="padding_side">"right" or "left". Default: the property.</param>
    /// <param name="return_attention_mask">Whether attention_mask is made and padded. Default: whether <see cref="model_input_names"/> has it.</param>
    /// <param name="return_tensors">"tf" (int32) or "np" (int64): columns must be rectangular. Default null.</param>
    /// <returns>An encoding without the relation to a text.</returns>
    /// <exception cref="ArgumentException">input_ids is missing, there are no examples, or an option's value is invalid.</exception>
    /// <exception cref="TokenizationException">The tokenizer has no padding token.</exception>
    /// <exception cref="ShapeMismatchException">Columns differ in their number of rows, or return_tensors is given and rows differ in length.</exception>
    public BatchEncoding pad(IEnumerable<IReadOnlyDictionary<string, BatchColumn>> encoded_inputs, PaddingStrategy? padding = null, int? max_length = null,
        int? pad_to_multiple_of = null, string? padding_side = null, bool? return_attention_mask = null, string? return_tensors = null)
    {
        ArgumentNullException.ThrowIfNull(encoded_inputs);
        var examples = encoded_inputs.ToList();
        if (examples.Count == 0) throw new ArgumentException("There are no examples to pad.", nameof(encoded_inputs));
        var columns = new Dictionary<string, BatchColumn>();
        foreach (var name in examples[0].Keys)
            columns[name] = BatchColumn.Stack([.. examples.Select((e, i) => e.TryGetValue(name, out var column)
                ? column
                : throw new ArgumentException($"Example {i} has no column '{name}', which example 0 has.", nameof(encoded_inputs)))], name);
        return pad(columns, padding, max_length, pad_to_multiple_of, padding_side, return_attention_mask, return_tensors);
    }

    BatchColumn InputIds(IReadOnlyDictionary<string, BatchColumn> columns) => columns.TryGetValue(model_input_names[0], out var ids)
        ? ids
        : throw new ArgumentException(
            $"An encoding to pad must have the column {model_input_names[0]}. It has: {string.Join(", ", columns.Keys)}.", nameof(columns));

    void PadColumns(Dictionary<string, BatchColumn> columns, BatchColumn ids, int length, EncodeOptions options, bool withMask)
    {
        var lengths = ids.HasRows ? ids.RowLengths() : [ids.Values.Length];
        if (withMask && !columns.ContainsKey("attention_mask"))
        {
            var ones = new int[ids.Values.Length];
            Array.Fill(ones, 1);
            columns["attention_mask"] = new(ones, ids.RowStarts);
        }
        if (length == NotPadded) return;

        length = RoundUp(length == LongestRow ? lengths.Max() : length, options.PadToMultipleOf);
        var left = (options.PaddingSide ?? padding_side) == "left";
        var missing = Array.ConvertAll(lengths, l => Math.Max(0, length - l));
        Fill(model_input_names[0], pad_token_id!.Value);
        Fill("token_type_ids", pad_token_type_id);
        Fill("special_tokens_mask", 1);
        if (withMask) Fill("attention_mask", 0);

        void Fill(string name, int value)
        {
            if (!columns.TryGetValue(name, out var column)) return;
            columns[name] = column.HasRows ? column.PadRows(missing, value, left)
                : new BatchColumn(new BatchColumn(column.Values, [0, column.Values.Length]).PadRows(missing, value, left).Values);
        }
    }
}
