using System.Collections;

namespace Keras.Transformers;

/// <summary>A table of named, typed columns in memory-mapped Arrow files: <c>ds[i]</c> is a row, <c>ds[2..5]</c> a batch, <c>ds["text"]</c> a column. A data set never changes:
/// every method returns a new one.</summary>
/// <remarks>
/// Source: Hugging Face <c>datasets</c>, arrow_dataset.py. <see cref="Gather"/> is how batches are read in an order of your own, as typed columns.
/// </remarks>
/// <example>
/// <code>
/// var tokenizer = AutoTokenizer.from_pretrained("bert-base-cased");
/// var cola = load_dataset("glue", "cola", split: "train");   // using static Keras.Transformers.Datasets;
/// string? first = cola[0]["sentence"];
/// var encoded = cola.map(batch =&gt; tokenizer.Apply(batch["sentence"]), batched: true).filter(row =&gt; row["input_ids"].Count &lt; 64);
/// var parts = encoded.train_test_split(test_size: 0.1, seed: 42);
/// parts.save_to_disk("cola");
/// </code>
/// </example>
public sealed partial class Dataset : IReadOnlyList<DatasetRow>
{
    readonly Table _table;
    readonly Table _view;
    readonly RowMap _rows;
    readonly DatasetFormat _format;

    internal Dataset(Table table, RowMap rows, string fingerprint, string? cacheFolder = null, string? split = null, DatasetFormat? format = null)
    {
        (_table, _rows, _fingerprint, CacheFolder, this.split, _format) = (table, rows, fingerprint, cacheFolder, split, format ?? DatasetFormat.None);
        _view = _format.Columns is { } columns && !_format.OutputAll ? table.Project(Named(columns), [.. columns.Select(table.Features.IndexOf)]) : table;
    }

    internal Dataset(Table table, string fingerprint, string? cacheFolder = null, string? split = null) : this(table, RowMap.All(table.Rows), fingerprint, cacheFolder, split) { }

    /// <summary>The fingerprint in the file names of cached results: data sets with equal fingerprints hold the same rows.</summary>
    public string _fingerprint { get; }

    /// <summary>The folder in which results of <c>map</c> are kept; null if the rows are in memory.</summary>
    internal string? CacheFolder { get; }

    internal Table Table => _table;

    /// <summary>The columns that the format shows.</summary>
    internal Table View => _view;

    internal RowMap Rows => _rows;

    /// <summary>The name of the split: "train", "test", "train[:10%]"; null if the data set is not a split.</summary>
    public string? split { get; }

    /// <summary>The number of rows.</summary>
    public int num_rows => _rows.Count;

    /// <summary>The number of columns.</summary>
    public int num_columns => _table.Features.Count;

    /// <summary>The number of rows and of columns.</summary>
    public (int Rows, int Columns) shape => (num_rows, num_columns);

    /// <summary>The names of the columns in order.</summary>
    public string[] column_names => [.. _table.Features.Keys];

    /// <summary>The types of the columns.</summary>
    public Features features => _table.Features;

    int IReadOnlyCollection<DatasetRow>.Count => num_rows;

    /// <summary>The row at an index; negative numbers count from the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public DatasetRow this[int index]
    {
        get
        {
            var row = index < 0 ? index + num_rows : index;
            if ((uint)row >= (uint)num_rows) throw new ArgumentOutOfRangeException(nameof(index), index, $"The data set has {num_rows} rows.");
            return RowOf(_view, _rows[row]);
        }
    }

    /// <summary>The row at an index from the end, <c>ds[^1]</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public DatasetRow this[Index index] => this[index.GetOffset(num_rows)];

    /// <summary>The rows of a range, column by column; a range that reaches beyond the end is shortened, as in Python.</summary>
    public DatasetBatch this[Range range]
    {
        get
        {
            var start = Math.Clamp(range.Start.GetOffset(num_rows), 0, num_rows);
            var end = Math.Clamp(range.End.GetOffset(num_rows), start, num_rows);
            return GatherRows(_view, _rows.Slice(start, end - start));
        }
    }

    /// <summary>The column of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column; the message lists the names and suggests the nearest.</exception>
    public DatasetColumn this[string column]
    {
        get
        {
            var i = features.IndexOf(column);
            var alone = _table.Project(new([KeyValuePair.Create(column, features.At(i))]), [i]);
            return new(() => GatherRows(alone, _rows).Data[0], row => RowOf(alone, _rows[row])[column], num_rows, features.At(i), column);
        }
    }

    /// <summary>Reads rows by their numbers, in this order and as often as named, column by column into typed arrays without boxing.</summary>
    /// <param name="indices">Numbers from 0.</param>
    /// <param name="columns">The columns, default all (or those of the format).</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public DatasetBatch Gather(ReadOnlySpan<int> indices, IEnumerable<string>? columns = null)
    {
        foreach (var index in indices)
            if ((uint)index >= (uint)num_rows) throw new ArgumentOutOfRangeException(nameof(indices), index, $"The data set has {num_rows} rows.");
        string[]? names = columns?.ToArray();
        return names is null ? GatherRows(_view, _rows.Select(indices)) : GatherRows(_table, _rows.Select(indices), names);
    }

    /// <summary>Gathers consecutive rows with all columns; a whole chunk is not copied.</summary>
    internal DatasetBatch GatherAll(int start, int count) => GatherRows(_table, _rows.Slice(start, count));

    /// <summary>Keeps only the columns of a batch that the format shows.</summary>
    internal DatasetBatch Shown(DatasetBatch all) => ReferenceEquals(_view, _table) ? all : new(_view.Features, [.. _view.Features.Keys.Select(n => all.Data[all.features.IndexOf(n)])], all.num_rows);

    static DatasetBatch GatherRows(Table table, RowMap rows) => GatherRows(table, rows, table.Features, null);

    static DatasetBatch GatherRows(Table table, RowMap rows, string[] names) => GatherRows(table, rows, new(names.Select(n => KeyValuePair.Create(n, table.Features[n]))), [.. names.Select(table.Features.IndexOf)]);

    /// <param name="table">The table.</param>
    /// <param name="rows">The rows of the batch.</param>
    /// <param name="features">The columns of the batch and their types.</param>
    /// <param name="places">The indices of these columns in the table; null for all, in order.</param>
    static DatasetBatch GatherRows(Table table, RowMap rows, Features features, int[]? places)
    {
        ColumnData[] ColumnsOf(int chunk)
        {
            var all = table.Chunks[chunk].Columns;
            return places is null ? all : Array.ConvertAll(places, i => all[i]);
        }
        if (rows.IsRange && rows.Count > 0 && table.ChunkOf(rows[0]) is var whole && table.StartOf(whole) == rows[0] && table.Chunks[whole].Rows == rows.Count)
            return new(features, ColumnsOf(whole), rows.Count);
        ColumnBuilder[] builders = [.. features.Select(c => new ColumnBuilder(c.Value, c.Key))];
        for (var i = 0; i < rows.Count;)
        {
            var chunk = table.ChunkOf(rows[i]);
            var (first, last) = (table.StartOf(chunk), table.StartOf(chunk) + table.Chunks[chunk].Rows);
            var columns = ColumnsOf(chunk);
            // Take the rows of one chunk at a time, and within it runs of consecutive rows.
            while (i < rows.Count && rows[i] >= first && rows[i] < last)
            {
                var start = rows[i];
                var count = 1;
                while (i + count < rows.Count && rows[i + count] == start + count && start + count < last) count++;
                for (var c = 0; c < builders.Length; c++) builders[c].Append(columns[c], start - first, count);
                i += count;
            }
        }
        return new(features, [.. builders.Select(b => b.Build())], rows.Count);
    }

    static DatasetRow RowOf(Table table, int row)
    {
        var chunk = table.ChunkOf(row);
        return new(table.Features, table.Chunks[chunk].Columns, row - table.StartOf(chunk));
    }

    /// <summary>Reads the rows in batches, one after another.</summary>
    /// <param name="batch_size">Rows of a batch.</param>
    /// <param name="drop_last_batch">Whether a last batch of fewer rows is left out. Default false.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public IEnumerable<DatasetBatch> iter(int batch_size, bool drop_last_batch = false)
    {
        Require.Count(1, batch_size);
        return Each();
        IEnumerable<DatasetBatch> Each()
        {
            for (var start = 0; start < num_rows; start += batch_size)
                if (Math.Min(batch_size, num_rows - start) is var count && (count == batch_size || !drop_last_batch)) yield return GatherRows(_view, _rows.Slice(start, count));
        }
    }

    /// <summary>Enumerates the rows one by one.</summary>
    public IEnumerator<DatasetRow> GetEnumerator()
    {
        for (var i = 0; i < num_rows;)
        {
            var chunk = _view.ChunkOf(_rows[i]);
            var (columns, first, last) = (_view.Chunks[chunk].Columns, _view.StartOf(chunk), _view.StartOf(chunk) + _view.Chunks[chunk].Rows);
            for (; i < num_rows && _rows[i] >= first && _rows[i] < last; i++) yield return new(_view.Features, columns, _rows[i] - first);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The columns and the number of rows.</summary>
    public override string ToString() => $"Dataset({{\n    features: [{string.Join(", ", column_names.Select(Feature.Quoted))}],\n    num_rows: {num_rows}\n}})";

    /// <summary>The same data set with the name of a split.</summary>
    internal Dataset Named(string split) => new(_table, _rows, _fingerprint, CacheFolder, split, _format);

    Features Named(IEnumerable<string> columns) => new(columns.Select(c => KeyValuePair.Create(c, features[c])));

    /// <summary>The same data set with other rows.</summary>
    Dataset With(RowMap rows, string what, params object?[] arguments) => new(_table, rows, Fingerprints.Next(_fingerprint, what, arguments), CacheFolder, split, _format);
}
