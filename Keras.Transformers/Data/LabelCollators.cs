namespace Keras.Transformers;

/// <summary>Pads encoded texts and their labels, one per token, to the longest text of the batch.</summary>
/// <remarks>Source: transformers/data/data_collator.py, DataCollatorForTokenClassification. Everything is int64, also for "tf", as there.</remarks>
public sealed class DataCollatorForTokenClassification : LabelPaddingCollator
{
    /// <summary>Creates a collator that pads encoded texts and one label per token.</summary>
    /// <param name="tokenizer">Pads rows.</param>
    /// <param name="padding">true (default) for the longest of the batch, "max_length", or false.</param>
    /// <param name="max_length">The length for "max_length"; default the tokenizer's model_max_length.</param>
    /// <param name="pad_to_multiple_of">Lengths are rounded up to a multiple of this; default no rounding.</param>
    /// <param name="label_pad_token_id">The padding value of labels; default -100, which losses ignore.</param>
    /// <param name="return_tensors">"tf" (default) or "np".</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is not positive.</exception>
    public DataCollatorForTokenClassification(PreTrainedTokenizerBase tokenizer, PaddingStrategy? padding = null, int? max_length = null, int? pad_to_multiple_of = null,
        int label_pad_token_id = -100, string return_tensors = "tf") : base(tokenizer, padding, max_length, pad_to_multiple_of, label_pad_token_id, return_tensors) { }

    private protected override Dictionary<string, BatchColumn> Collate(Dictionary<string, BatchColumn> columns)
    {
        var name = columns.ContainsKey(Label) ? Label : Labels;
        var labels = columns.GetValueOrDefault(name);
        var batch = Padded(columns);
        if (labels is null) return Typed(batch);
        batch[Labels] = PaddedLabels(labels, batch[Tokenizer.model_input_names[0]].RowLengths().Max(), label_pad_token_id, Tokenizer, name);
        return batch.ToDictionary(c => c.Key, c => c.Value.IsWhole ? c.Value.As(DType.Int64) : c.Value);
    }
}

/// <summary>Pads encoded texts and their labels, which are texts themselves and have their own lengths.</summary>
/// <remarks>Source: transformers/data/data_collator.py, DataCollatorForSeq2Seq. Its argument model, which makes decoder_input_ids, is missing here: models with an encoder make them from the
/// labels.</remarks>
public sealed class DataCollatorForSeq2Seq : LabelPaddingCollator
{
    /// <summary>Creates a collator that pads source and target texts.</summary>
    /// <param name="tokenizer">Pads rows.</param>
    /// <param name="padding">true (default) for the longest of the batch, "max_length", or false.</param>
    /// <param name="max_length">The length of texts and labels for "max_length"; default the tokenizer's model_max_length, and the longest labels.</param>
    /// <param name="pad_to_multiple_of">Lengths are rounded up to a multiple of this; default no rounding.</param>
    /// <param name="label_pad_token_id">The padding value of labels; default -100, which losses ignore.</param>
    /// <param name="return_tensors">"tf" (default) or "np".</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is not positive.</exception>
    public DataCollatorForSeq2Seq(PreTrainedTokenizerBase tokenizer, PaddingStrategy? padding = null, int? max_length = null, int? pad_to_multiple_of = null,
        int label_pad_token_id = -100, string return_tensors = "tf") : base(tokenizer, padding, max_length, pad_to_multiple_of, label_pad_token_id, return_tensors) { }

    private protected override Dictionary<string, BatchColumn> Collate(Dictionary<string, BatchColumn> columns)
    {
        var name = columns.ContainsKey(Label) ? Label : Labels;
        var labels = Take(columns, name);
        var batch = Typed(Padded(columns));
        if (labels is null) return batch;
        if (Padding.Pads)
        {
            var length = Padding == PaddingStrategy.MAX_LENGTH && MaxLength is { } given ? given : labels.HasRows ? labels.RowLengths().Max() : 0;
            if (Multiple is { } multiple) length = (length + multiple - 1) / multiple * multiple;
            labels = PaddedLabels(labels, length, label_pad_token_id, Tokenizer, name);
        }
        batch[Labels] = Typed(labels, isLabel: true);
        return batch;
    }
}

/// <summary>Pads the choices of multiple-choice questions to the longest of the batch: (questions, choices, length).</summary>
/// <remarks>Source: transformers/data/data_collator.py, DataCollatorForMultipleChoice.</remarks>
public sealed class DataCollatorForMultipleChoice : PaddingCollator
{
    /// <summary>Creates the collator. Each example has one row per choice, and label or labels holds the index of the right one.</summary>
    /// <param name="tokenizer">Pads rows.</param>
    /// <param name="padding">true (default) for the longest of the batch, "max_length", or false.</param>
    /// <param name="max_length">The length for "max_length"; default the tokenizer's model_max_length.</param>
    /// <param name="pad_to_multiple_of">Lengths are rounded up to a multiple of this; default no rounding.</param>
    /// <param name="return_tensors">"tf" (default) or "np".</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is not positive.</exception>
    public DataCollatorForMultipleChoice(PreTrainedTokenizerBase tokenizer, PaddingStrategy? padding = null, int? max_length = null, int? pad_to_multiple_of = null, string return_tensors = "tf")
        : base(tokenizer, padding, max_length, pad_to_multiple_of, return_tensors) { }

    private protected override Dictionary<string, BatchColumn> Collate(Dictionary<string, BatchColumn> columns)
    {
        var labels = Take(columns, Label) ?? Take(columns, Labels);
        var ids = columns.GetValueOrDefault(Tokenizer.model_input_names[0]);
        if (ids?.Groups is not { } groups)
            throw new ShapeMismatchException("Examples have no choices", Tokenizer.model_input_names[0], "examples of several rows each, one for each choice", ids is null ? "no such column" : "one row for each example");
        var (questions, choices) = (groups.Length - 1, groups[1]);
        for (var i = 1; i <= questions; i++)
            if (groups[i] - groups[i - 1] != choices)
                throw new ShapeMismatchException("Examples differ in the number of choices", $"example {i - 1}", $"{choices}", $"{groups[i] - groups[i - 1]}");
        var batch = new Dictionary<string, BatchColumn>();
        foreach (var (name, column) in Padded(columns))
        {
            var shape = column.ShapeAs(name);
            if (shape.Rank != 2 || shape[0] != questions * choices) throw new ShapeMismatchException("A column has no choices", name, $"({questions * choices}, length)", shape.ToString());
            batch[name] = Typed(BatchColumn.OfMatrices(column.Values, questions, checked((int)shape[1])));
        }
        if (labels is not null) batch[Labels] = labels.As(DType.Int64);
        return batch;
    }
}
