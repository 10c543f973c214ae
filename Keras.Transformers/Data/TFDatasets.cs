using Keras.Data;

namespace Keras.Transformers;

/// <summary>Builds pipelines of collated batches from tables.</summary>
/// <remarks>Source: datasets/arrow_dataset.py, Dataset.to_tf_dataset, and datasets/utils/tf_utils.py.</remarks>
public static partial class TFDatasets
{
    const int MostTestBatches = 20;

    static readonly string[] LabelNames = ["labels", "label", "label_ids"];

    /// <summary>Builds a pipeline of collated batches from a table's rows.</summary>
    /// <param name="dataset">The table.</param>
    /// <param name="batch_size">The rows of a batch; default null, single rows.</param>
    /// <param name="columns">The columns of the inputs; one alone is a bare tensor. Default all, in one dictionary.</param>
    /// <param name="shuffle">Whether each iteration has a new order; default false.</param>
    /// <param name="collate_fn">Makes a batch of rows; default stacks them.</param>
    /// <param name="drop_remainder">Whether a last batch of fewer rows is left out; default false.</param>
    /// <param name="collate_fn_args">Arguments for a <see cref="DataCollatorFunction"/>; default none.</param>
    /// <param name="label_cols">The columns of the labels; one alone is a bare tensor. label and label_ids are found as labels if the collator names them so. Default none.</param>
    /// <param name="prefetch">Whether batches are made ahead on threads; default true.</param>
    /// <param name="group_by_length">Whether batches hold rows of similar length (of the column input_ids), so that little is padded: shuffled, groups of 50 batches are sorted; otherwise all rows
    /// are. Default false.</param>
    /// <param name="seed">Makes the orders reproducible; default drawn from the global seed.</param>
    /// <returns>Elements of inputs, or of inputs and labels; integers and booleans are int64, fractions float32.</returns>
    /// <exception cref="ArgumentException">A column is unknown or named twice, label_cols comes without columns, or the table is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">batch_size is not positive, or seed is negative.</exception>
    /// <exception cref="ShapeMismatchException">Rows of a batch differ in length after collating.</exception>
    public static DataPipeline to_tf_dataset(this IColumnSource dataset, int? batch_size = null, ColumnNames? columns = null, bool shuffle = false, DataCollator? collate_fn = null,
        bool drop_remainder = false, IReadOnlyDictionary<string, object?>? collate_fn_args = null, ColumnNames? label_cols = null, bool prefetch = true, bool group_by_length = false, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (batch_size is { } size) Require.Count(1, size, nameof(batch_size));
        if (seed is { } given) Require.Count(0, given, nameof(seed));
        var (wanted, labels) = (columns?.Names, label_cols?.Names ?? []);
        if (labels.Count > 0 && wanted is not { Count: > 0 }) throw new ArgumentException("label_cols is given without columns. Name the inputs in columns too.", nameof(label_cols));
        foreach (var (names, argument) in ((IReadOnlyList<string>, string)[])[(wanted ?? [], nameof(columns)), (labels, nameof(label_cols))])
            if (names.Distinct().Count() < names.Count) throw new ArgumentException($"{argument} names a column twice: {string.Join(", ", names)}.", argument);
        if (wanted is [var first, ..] && !dataset.ColumnNames.Any(c => wanted.Contains(c) || labels.Contains(c) || IsLabel(c))) throw Known.Unknown("The table has no column that columns names", first, nameof(columns), dataset.ColumnNames);
        var maker = new BatchMaker(dataset, wanted is null ? null : [.. wanted, .. labels], (collate_fn ?? new DataCollatorFunction((rows, _) => new(rows))).With(collate_fn_args), batch_size is not null);
        var spec = maker.Spec(drop_remainder ? batch_size : null, MostTestBatches);
        var (inputs, truth) = (Renamed(wanted, spec.Keys), Renamed(labels, spec.Keys));
        foreach (var name in inputs ?? [])
            if (!spec.ContainsKey(name)) throw Known.Unknown("columns names a column that neither the table nor the collator has", name, nameof(columns), dataset.ColumnNames.Union(spec.Keys));
        foreach (var name in truth!)
            if (!spec.ContainsKey(name)) throw Known.Unknown("label_cols names a column that neither the table nor the collator has", name, nameof(label_cols), dataset.ColumnNames.Union(spec.Keys));
        var split = new Split(inputs is null ? null : [.. spec.Keys.Where(inputs.Contains)], [.. spec.Keys.Where(truth.Contains)]);
        var order = group_by_length ? Orders.ByLength(dataset.RowLengths("input_ids"), batch_size ?? 1, shuffle) : shuffle ? Orders.Shuffled(dataset.RowCount) : null;
        Stage stage = new IndexStage(dataset.RowCount, batch_size, drop_remainder, seed ?? GlobalSeed.Next(), order);
        // Random collators draw in batch order, so they need a single thread.
        stage = new MapStage(stage, rows => split.Of(maker.Make(rows), batch_size is not null), null, null);
        if (prefetch) stage = new PrefetchStage(stage, DataApi.AutotunedBuffer);
        return new(new SpecStage(stage, split.Of(spec)));
    }

    /// <summary>Builds a pipeline of collated batches from a tokenizer's columns.</summary>
    /// <inheritdoc cref="to_tf_dataset(IColumnSource, int?, ColumnNames, bool, DataCollator, bool, IReadOnlyDictionary{string, object}, ColumnNames, bool, bool, int?)"/>
    public static DataPipeline to_tf_dataset(this IReadOnlyDictionary<string, BatchColumn> dataset, int? batch_size = null, ColumnNames? columns = null, bool shuffle = false, DataCollator? collate_fn = null,
        bool drop_remainder = false, IReadOnlyDictionary<string, object?>? collate_fn_args = null, ColumnNames? label_cols = null, bool prefetch = true, bool group_by_length = false, int? seed = null) =>
        ColumnSource.Of(dataset ?? throw new ArgumentNullException(nameof(dataset))).to_tf_dataset(batch_size, columns, shuffle, collate_fn, drop_remainder, collate_fn_args, label_cols, prefetch, group_by_length, seed);

    /// <summary>Renames label and label_ids as a collator did.</summary>
    static List<string>? Renamed(IReadOnlyList<string>? names, IEnumerable<string> made)
    {
        if (names is null) return null;
        return !made.Contains("labels") || names.Contains("labels") || !names.Any(n => n is "label" or "label_ids") ? [.. names]
            : [.. names.Where(n => n is not ("label" or "label_ids")), "labels"];
    }

    internal static bool IsLabel(string name) => LabelNames.Contains(name);
}

/// <summary>The name of one column, or the names of several.</summary>
public sealed class ColumnNames
{
    ColumnNames(IReadOnlyList<string> names) => Names = names;

    internal IReadOnlyList<string> Names { get; }

    /// <summary>Converts the name of one column.</summary>
    public static implicit operator ColumnNames(string name) => new([name ?? throw new ArgumentNullException(nameof(name))]);

    /// <summary>Converts names of columns, in this order.</summary>
    public static implicit operator ColumnNames(string[] names) => new([.. names ?? throw new ArgumentNullException(nameof(names))]);
}

/// <summary>Wraps a function of your own as a collator.</summary>
/// <param name="function">Takes the columns of a batch's rows and the collate_fn_args, and gives the batch.</param>
public sealed class DataCollatorFunction(Func<IReadOnlyDictionary<string, BatchColumn>, IReadOnlyDictionary<string, object?>, BatchEncoding> function) : DataCollator("tf")
{
    readonly Func<IReadOnlyDictionary<string, BatchColumn>, IReadOnlyDictionary<string, object?>, BatchEncoding> _function = function ?? throw new ArgumentNullException(nameof(function));
    IReadOnlyDictionary<string, object?> _arguments = new Dictionary<string, object?>();

    private protected override Dictionary<string, BatchColumn> Collate(Dictionary<string, BatchColumn> columns) => _function(columns, _arguments).ToDictionary();

    internal override DataCollator With(IReadOnlyDictionary<string, object?>? arguments) =>
        arguments is null ? this : new DataCollatorFunction(_function) { _arguments = arguments };
}
