namespace Keras.Transformers;

/// <summary>Turns examples into a batch: pads rows to one length, names labels as models expect them, and checks that every column is a tensor.</summary>
/// <remarks>Columns are arrays of one element type, with the beginnings of the rows, so nothing is boxed. Source: transformers/data/data_collator.py.</remarks>
public abstract class DataCollator
{
    private protected const string Label = "label", LabelIds = "label_ids", Labels = "labels";

    private protected DataCollator(string return_tensors) => this.return_tensors = Known.OneOf(return_tensors, nameof(return_tensors), "tf", "np")!;

    /// <summary>"tf": integers as in Hugging Face's TensorFlow batches, int32 except for some labels; "np": int64.</summary>
    public string return_tensors { get; }

    private protected bool IsNumpy => return_tensors == "np";

    /// <summary>Makes a batch from columns.</summary>
    /// <param name="features">Columns by name, with rows of any lengths: a tokenizer's output for texts, with labels.</param>
    /// <returns>The columns as tensors of one length.</returns>
    /// <exception cref="ArgumentException">There are no examples, or a column that the collator needs is missing.</exception>
    /// <exception cref="ShapeMismatchException">Rows differ in length in a column that is not padded, or columns in their number of rows.</exception>
    public BatchEncoding Apply(IReadOnlyDictionary<string, BatchColumn> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count == 0) throw new ArgumentException("The examples have no columns.", nameof(features));
        return Collated(features.ToDictionary());
    }

    /// <summary>Makes a batch from examples of one row each.</summary>
    /// <param name="features">The examples, all with the columns of the first. A column that is null in the first is left out.</param>
    /// <inheritdoc cref="Apply(IReadOnlyDictionary{string, BatchColumn})"/>
    public BatchEncoding Apply(IEnumerable<IReadOnlyDictionary<string, BatchColumn>> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        var examples = features.ToList();
        if (examples.Count == 0) throw new ArgumentException("There are no examples.", nameof(features));
        var columns = new Dictionary<string, BatchColumn>();
        foreach (var name in examples[0].Keys)
        {
            if (examples[0][name] is null) continue;
            columns[name] = BatchColumn.Stack([.. examples.Select((e, i) => e.TryGetValue(name, out var column) && column is not null ? column
                : throw new ArgumentException($"Example {i} has no column '{name}', which example 0 has.", nameof(features)))], name);
        }
        return columns.Count == 0 ? throw new ArgumentException("The examples have no columns.", nameof(features)) : Collated(columns);
    }

    BatchEncoding Collated(Dictionary<string, BatchColumn> columns)
    {
        var batch = Collate(columns);
        foreach (var (name, column) in batch) _ = column.ShapeAs(name);
        return new(batch);
    }

    /// <summary>Makes a collator with other arguments.</summary>
    /// <exception cref="ArgumentException">The collator takes no arguments.</exception>
    internal virtual DataCollator With(IReadOnlyDictionary<string, object?>? arguments) => arguments is null or { Count: 0 } ? this
        : throw new ArgumentException($"{GetType().Name} takes no arguments in its call. Received: {Known.List(arguments.Keys)}. Give them to its constructor.", "collate_fn_args");

    private protected abstract Dictionary<string, BatchColumn> Collate(Dictionary<string, BatchColumn> columns);

    /// <summary>Casts integers to int64 ("np", and labels) or int32 ("tf"), and floats, except inputs for "np", to float32.</summary>
    private protected BatchColumn Typed(BatchColumn column, bool isLabel = false) =>
        column.IsWhole ? column.As(IsNumpy || isLabel ? DType.Int64 : DType.Int32) : column.IsFloating && (isLabel || !IsNumpy) ? column.As(DType.Float32) : column;

    private protected Dictionary<string, BatchColumn> Typed(Dictionary<string, BatchColumn> columns) => columns.ToDictionary(c => c.Key, c => Typed(c.Value));

    /// <summary>Pads labels to a length, on the tokenizer's padding side.</summary>
    private protected static BatchColumn PaddedLabels(BatchColumn labels, int length, int value, PreTrainedTokenizerBase tokenizer, string name) => labels.HasRows
        ? labels.PadRows(Array.ConvertAll(labels.RowLengths(), l => Math.Max(0, length - l)), value, tokenizer.padding_side == "left")
        : throw new ShapeMismatchException("Labels are not rows", name, "a row of labels for each example", "one value for each");

    /// <summary>Removes and returns a column.</summary>
    private protected static BatchColumn? Take(Dictionary<string, BatchColumn> columns, string name) => columns.Remove(name, out var column) ? column : null;
}

/// <summary>Stacks examples without padding; label and label_ids become labels, texts are left out.</summary>
/// <remarks>Source: transformers/data/data_collator.py, DefaultDataCollator. Labels are int64 or float32.</remarks>
public sealed class DefaultDataCollator : DataCollator
{
    /// <summary>Creates a collator that stacks examples without padding.</summary>
    /// <param name="return_tensors">"tf" (default) or "np".</param>
    public DefaultDataCollator(string return_tensors = "tf") : base(return_tensors) { }

    private protected override Dictionary<string, BatchColumn> Collate(Dictionary<string, BatchColumn> columns)
    {
        var (label, ids) = (Take(columns, Label), Take(columns, LabelIds));
        var batch = new Dictionary<string, BatchColumn>();
        if ((label ?? ids) is { } labels) batch[Labels] = Typed(labels.Rectangular(), isLabel: true);
        foreach (var (name, column) in columns)
            if (column.DType != DType.String) batch[name] = Typed(column.Rectangular(), isLabel: name == Labels && !IsNumpy);
        return batch;
    }
}

/// <summary>Pads encoded texts to the longest of the batch; label and label_ids become labels.</summary>
/// <remarks>Source: transformers/data/data_collator.py, DataCollatorWithPadding.</remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var encoded = tokenizer.Apply(["a large wild cat", "a tall tree with needles"], truncation: true);
/// encoded["label"] = new[] { 0, 1 };
/// var batches = ColumnSource.Of(encoded).to_tf_dataset(batch_size: 2, columns: new[] { "input_ids", "attention_mask" }, label_cols: "label", collate_fn: new DataCollatorWithPadding(tokenizer));
/// </code>
/// </example>
public sealed class DataCollatorWithPadding : PaddingCollator
{
    /// <summary>Creates a collator that pads encoded texts to the longest of the batch.</summary>
    /// <param name="tokenizer">Pads rows.</param>
    /// <param name="padding">true (default) for the longest of the batch, "max_length", or false.</param>
    /// <param name="max_length">The length for "max_length"; default the tokenizer's model_max_length.</param>
    /// <param name="pad_to_multiple_of">Lengths are rounded up to a multiple of this; default no rounding.</param>
    /// <param name="return_tensors">"tf" (default) or "np".</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is not positive.</exception>
    public DataCollatorWithPadding(PreTrainedTokenizerBase tokenizer, PaddingStrategy? padding = null, int? max_length = null, int? pad_to_multiple_of = null, string return_tensors = "tf")
        : base(tokenizer, padding, max_length, pad_to_multiple_of, return_tensors) { }

    private protected override Dictionary<string, BatchColumn> Collate(Dictionary<string, BatchColumn> columns)
    {
        var batch = Padded(columns);
        foreach (var name in (string[])[Label, LabelIds])
            if (Take(batch, name) is { } labels) batch[Labels] = labels;
        return Typed(batch);
    }
}

/// <summary>The lengths that rows are padded to.</summary>
static class PadLengths
{
    public static int? Check(int? length, string name) => length is { } given ? Require.Count(1, given, name) : null;
}
