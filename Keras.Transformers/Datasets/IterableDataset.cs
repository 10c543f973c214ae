using System.Collections;

namespace Keras.Transformers;

/// <summary>A data set whose rows are read from files on demand, never all at once: <c>load_dataset(..., streaming: true)</c>.</summary>
/// <remarks>Every enumeration reads the files again. Source: Hugging Face <c>datasets</c>, iterable_dataset.py.</remarks>
/// <example>
/// <code>
/// var stream = load_dataset("parquet", split: "train", streaming: true, data_files: "train.parquet");   // using static Keras.Transformers.Datasets;
/// foreach (var row in stream.take(3)) Console.WriteLine(row);
/// </code>
/// </example>
public sealed class IterableDataset : IEnumerable<DatasetRow>
{
    const int RowsOfPiece = 1000;

    readonly Func<IEnumerable<DatasetBatch>> _batches;

    internal IterableDataset(Features? features, Func<IEnumerable<DatasetBatch>> batches) => (this.features, _batches) = (features, batches);

    /// <summary>Streams the rows of an ML.NET data view; types are those of <see cref="Dataset.from_dataview"/>.</summary>
    /// <param name="data">The view.</param>
    /// <param name="features">The types; default: those of the view.</param>
    /// <exception cref="ArgumentException">features names other columns.</exception>
    /// <exception cref="UnsupportedException">A column is of a type that data sets do not have.</exception>
    public static IterableDataset from_dataview(Microsoft.ML.IDataView data, Features? features = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var rows = new DataViewRows(data, features);
        return new(rows.Features, () => rows.Read(CancellationToken.None));
    }

    /// <summary>The types of the columns; null if a function makes them and no row has been read yet.</summary>
    public Features? features { get; }

    /// <summary>The names of the columns; null while the types are not known.</summary>
    public string[]? column_names => features?.Keys.ToArray();

    /// <summary>The rows one by one.</summary>
    public IEnumerator<DatasetRow> GetEnumerator()
    {
        foreach (var batch in _batches())
            for (var i = 0; i < batch.num_rows; i++) yield return batch[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Reads the rows in batches.</summary>
    /// <param name="batch_size">Rows of a batch.</param>
    /// <param name="drop_last_batch">Whether a last batch of fewer rows is left out. Default false.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public IEnumerable<DatasetBatch> iter(int batch_size, bool drop_last_batch = false)
    {
        Require.Count(1, batch_size);
        return Rebatched(batch_size).Where(b => !drop_last_batch || b.num_rows == batch_size);
    }

    /// <summary>Calls a function for every row as it is read and adds the columns that it returns; a column of the same name is replaced.</summary>
    /// <param name="function">Gets a row and returns columns by name, or null for none.</param>
    /// <param name="remove_columns">Columns that the result does not have.</param>
    /// <param name="features">The types of the result; default: inferred from the first rows.</param>
    /// <exception cref="DTypeMismatchException">While rows are read: the values of a column have no type in common.</exception>
    public IterableDataset map(Func<DatasetRow, DatasetRecord?> function, IEnumerable<string>? remove_columns = null, Features? features = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Mapped(function, false, RowsOfPiece, remove_columns, features, (output, batch, start) => output.OfRows(batch, [.. Enumerable.Range(0, batch.num_rows).Select(i => function(batch[i]))], start));
    }

    /// <summary>Calls a function for batches of rows as they are read.</summary>
    /// <param name="function">Gets a batch and returns columns by name, arrays with an element for each row.</param>
    /// <param name="batched">True: this is the form with batches.</param>
    /// <param name="batch_size">Rows of a batch. Default 1000.</param>
    /// <param name="remove_columns">Columns that the result does not have.</param>
    /// <param name="features">The types of the result; default: inferred from the first batch.</param>
    /// <exception cref="ArgumentException">batched is false; this overload needs it true.</exception>
    /// <exception cref="ShapeMismatchException">While rows are read: the columns that it returns do not fit each other, or those that stay.</exception>
    public IterableDataset map(Func<DatasetBatch, DatasetRecord?> function, bool batched, int batch_size = 1000, IEnumerable<string>? remove_columns = null, Features? features = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (!batched) throw new ArgumentException("batched is false, but the function takes batches. Pass batched: true, or a function over rows without batched.", nameof(batched));
        return Mapped(function, true, Require.Count(1, batch_size), remove_columns, features, (output, batch, start) => output.OfBatch(batch, function(batch), start));
    }

    /// <summary>Keeps the rows for which a function returns true.</summary>
    public IterableDataset filter(Func<DatasetRow, bool> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return With(() => _batches().Select(b => Pick(b, [.. Enumerable.Range(0, b.num_rows).Where(i => function(b[i]))])));
    }

    /// <summary>Reads only the first rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public IterableDataset take(int n)
    {
        Require.Count(0, n);
        return With(Taken);
        IEnumerable<DatasetBatch> Taken()
        {
            var left = n;
            if (left == 0) yield break;
            foreach (var batch in _batches())
            {
                yield return batch.num_rows <= left ? batch : Pick(batch, [.. Enumerable.Range(0, left)]);
                if ((left -= batch.num_rows) <= 0) yield break;
            }
        }
    }

    /// <summary>Leaves out the first rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public IterableDataset skip(int n)
    {
        Require.Count(0, n);
        return With(Skipped);
        IEnumerable<DatasetBatch> Skipped()
        {
            var left = n;
            foreach (var batch in _batches())
            {
                if (left < batch.num_rows) yield return left == 0 ? batch : Pick(batch, [.. Enumerable.Range(left, batch.num_rows - left)]);
                left = Math.Max(0, left - batch.num_rows);
            }
        }
    }

    /// <summary>Shuffles rows within a buffer: each row that is read replaces a randomly chosen one, which comes next.</summary>
    /// <param name="seed">The seed; default: another order each time.</param>
    /// <param name="buffer_size">Rows in the buffer. Default 1000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The seed is negative, or the size below 1.</exception>
    public IterableDataset shuffle(int? seed = null, int buffer_size = 1000)
    {
        Require.Count(1, buffer_size);
        if (seed is { } given) Require.Count(0, given, nameof(seed));
        return With(() => Gathered(Shuffled(NumpyRandom.Of(seed), buffer_size)));
    }

    IEnumerable<(DatasetBatch Batch, int Row)> Shuffled(NumpyRandom random, int size)
    {
        var buffer = new List<(DatasetBatch, int)>();
        foreach (var batch in _batches())
            for (var i = 0; i < batch.num_rows; i++)
            {
                if (buffer.Count < size)
                {
                    buffer.Add((batch, i));
                    continue;
                }
                var at = random.Next(size);
                yield return buffer[at];
                buffer[at] = (batch, i);
            }
        foreach (var i in random.Permutation(buffer.Count)) yield return buffer[i];
    }

    /// <summary>Renames a column.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    /// <exception cref="ArgumentException">The new name is empty.</exception>
    public IterableDataset rename_column(string original_column_name, string new_column_name)
    {
        ArgumentNullException.ThrowIfNull(original_column_name);
        ArgumentException.ThrowIfNullOrEmpty(new_column_name);
        return Projected(f => new(f.Select(c => KeyValuePair.Create(c.Key == original_column_name ? new_column_name : c.Key, c.Value))), f => [.. f.Keys], original_column_name);
    }

    /// <summary>Keeps all columns except these.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public IterableDataset remove_columns(params string[] column_names)
    {
        ArgumentNullException.ThrowIfNull(column_names);
        return Projected(f => new(f.Where(c => !column_names.Contains(c.Key))), f => [.. f.Keys.Where(n => !column_names.Contains(n))], column_names);
    }

    /// <summary>Keeps only these columns, in this order.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public IterableDataset select_columns(params string[] column_names)
    {
        ArgumentNullException.ThrowIfNull(column_names);
        return Projected(f => new(column_names.Select(n => KeyValuePair.Create(n, f[n]))), _ => column_names, column_names);
    }

    IterableDataset Projected(Func<Features, Features> change, Func<Features, string[]> sources, params string[] names)
    {
        foreach (var name in features is null ? [] : names) features!.IndexOf(name);
        return new(features is null ? null : change(features), () => _batches().Select(b => new DatasetBatch(change(b.features), [.. sources(b.features).Select(n => b.Data[b.features.IndexOf(n)])], b.num_rows)));
    }

    IterableDataset Mapped(Delegate function, bool batched, int size, IEnumerable<string>? remove_columns, Features? given, Func<MapOutput, DatasetBatch, int, (ColumnData[] Columns, int Rows)> call)
    {
        string[] removed = [.. remove_columns ?? []];
        foreach (var name in features is null ? [] : removed) features!.IndexOf(name);
        MapOptions options = new() { What = "Map", Function = function, Batched = batched, BatchSize = size, RemoveColumns = removed, Features = given };
        return new(given, Each);
        IEnumerable<DatasetBatch> Each()
        {
            MapOutput? output = null;
            var start = 0;
            foreach (var batch in Rebatched(size))
            {
                output ??= new(batch.features, options);
                var (columns, rows) = call(output, batch, start);
                start += batch.num_rows;
                if (rows > 0) yield return new(output.Features, columns, rows);
            }
        }
    }

    IEnumerable<DatasetBatch> Rebatched(int size)
    {
        IEnumerable<(DatasetBatch, int)> Each()
        {
            foreach (var batch in _batches())
                for (var i = 0; i < batch.num_rows; i++) yield return (batch, i);
        }
        return Gathered(Each(), size);
    }

    /// <summary>Regroups batches into batches of one size.</summary>
    static IEnumerable<DatasetBatch> Gathered(IEnumerable<(DatasetBatch Batch, int Row)> rows, int size = RowsOfPiece)
    {
        ColumnBuilder[]? builders = null;
        var (count, features) = (0, new Features());
        foreach (var (batch, row) in rows)
        {
            features = batch.features;
            builders ??= [.. features.Select(c => new ColumnBuilder(c.Value, c.Key))];
            for (var c = 0; c < builders.Length; c++) builders[c].Append(batch.Data[c], row, 1);
            if (++count < size) continue;
            yield return new(features, [.. builders.Select(b => b.Build())], count);
            (builders, count) = (null, 0);
        }
        if (builders is not null) yield return new(features, [.. builders.Select(b => b.Build())], count);
    }

    static DatasetBatch Pick(DatasetBatch batch, int[] rows)
    {
        ColumnBuilder[] builders = [.. batch.features.Select(c => new ColumnBuilder(c.Value, c.Key))];
        foreach (var row in rows)
            for (var c = 0; c < builders.Length; c++) builders[c].Append(batch.Data[c], row, 1);
        return new(batch.features, [.. builders.Select(b => b.Build())], rows.Length);
    }

    IterableDataset With(Func<IEnumerable<DatasetBatch>> batches) => new(features, batches);
}
