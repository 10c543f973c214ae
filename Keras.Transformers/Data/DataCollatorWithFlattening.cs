namespace Keras.Transformers;

/// <summary>Joins the examples of a batch into one row, (1, all tokens), so that no padding is needed.</summary>
/// <remarks>position_ids restart with each example, and the first label of each is the separator, so that no example predicts the next. Attention still sees the examples before;
/// with return_attention_mask each token sees those of its own example up to itself, as a decoder has it. Source: transformers/data/data_collator.py, DataCollatorWithFlattening; return_seq_idx is that of later versions;
/// return_attention_mask is this library's, for models without variable-length attention kernels.</remarks>
public sealed class DataCollatorWithFlattening : DataCollator
{
    const string Ids = "input_ids";

    readonly bool _positions, _sequences, _mask;

    /// <summary>Creates a collator that joins the examples of a batch into one row.</summary>
    /// <param name="return_position_ids">Whether position_ids, (1, T), are there; default true.</param>
    /// <param name="separator_id">The label of each example's first token; default -100, which losses leave out.</param>
    /// <param name="return_seq_idx">Whether seq_idx, (1, T), says which example a token is of; default false.</param>
    /// <param name="return_attention_mask">Whether attention_mask, (1, T, T), lets each token see itself and the earlier ones of its own example; default false.</param>
    /// <param name="return_tensors">"tf" (default) or "np".</param>
    public DataCollatorWithFlattening(bool return_position_ids = true, int separator_id = -100, bool return_seq_idx = false, bool return_attention_mask = false, string return_tensors = "tf")
        : base(return_tensors) =>
        (_positions, this.separator_id, _sequences, _mask) = (return_position_ids, separator_id, return_seq_idx, return_attention_mask);

    /// <summary>The label of each example's first token.</summary>
    public int separator_id { get; }

    private protected override Dictionary<string, BatchColumn> Collate(Dictionary<string, BatchColumn> columns)
    {
        var ids = Rows(columns, Ids) ?? throw new ArgumentException($"Examples must have the column {Ids}. They have: {string.Join(", ", columns.Keys)}.");
        var given = Rows(columns, Labels);
        var lengths = ids.RowLengths();
        if (given is not null && !given.RowLengths().AsSpan().SequenceEqual(lengths))
            throw new ShapeMismatchException("Labels and tokens differ in number", Labels, "as many as input_ids in each example", "others");
        var labels = (int[])(given ?? ids).AsInts().Clone();
        foreach (var start in ids.RowStarts!.AsSpan()[..^1])
            if (start < labels.Length) labels[start] = separator_id;
        var batch = new Dictionary<string, BatchColumn> { [Ids] = Row(ids.Values), [Labels] = Typed(Row(labels), isLabel: true) };
        if (_positions) batch["position_ids"] = Row(PerToken(lengths, (_, position) => position));
        if (_sequences) batch["seq_idx"] = Row(PerToken(lengths, (example, _) => example));
        if (_mask) batch["attention_mask"] = Typed(BatchColumn.OfMatrices(Blocks(lengths), 1, labels.Length));
        return batch;
    }

    static BatchColumn? Rows(Dictionary<string, BatchColumn> columns, string name) => !columns.TryGetValue(name, out var column) ? null
        : column.HasRows ? column.As(DType.Int32) : throw new ShapeMismatchException("A column has no rows", name, "a row of tokens for each example", "one value for each");

    BatchColumn Row(Array values) => Typed(new BatchColumn(values, [0, values.Length]));

    static int[] PerToken(int[] lengths, Func<int, int, int> value)
    {
        var values = new int[lengths.Sum()];
        for (var (example, at) = (0, 0); example < lengths.Length; example++)
            for (var position = 0; position < lengths[example]; position++) values[at++] = value(example, position);
        return values;
    }

    static int[] Blocks(int[] lengths)
    {
        var all = lengths.Sum();
        var mask = new int[checked(all * all)];
        var start = 0;
        foreach (var length in lengths)
        {
            for (var i = 0; i < length; i++) mask.AsSpan(((start + i) * all) + start, i + 1).Fill(1);
            start += length;
        }
        return mask;
    }
}
