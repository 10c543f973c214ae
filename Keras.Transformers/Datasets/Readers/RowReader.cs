namespace Keras.Transformers;

/// <summary>Reads a data file as rows in columns, from start to end.</summary>
abstract class RowReader(string path)
{
    protected const int RowsOfBatch = 1000;

    /// <summary>The file's path.</summary>
    public string Path { get; } = path;

    /// <summary>Infers the types from the rows.</summary>
    /// <param name="rows">The number of rows to examine; null for all.</param>
    /// <param name="cancellation">Cancels between rows.</param>
    public abstract Features Infer(int? rows, CancellationToken cancellation);

    /// <summary>Joins the types of earlier files with those of this one.</summary>
    /// <param name="before">The types of earlier files; null if there are none.</param>
    /// <param name="own">The types of this file.</param>
    /// <exception cref="FileFormatException">No type holds both.</exception>
    public Features Joined(Features? before, Features own)
    {
        try
        {
            return before is null ? own : (Features)TypeInference.Join(before, own, "")!;
        }
        catch (DTypeMismatchException e)
        {
            throw new FileFormatException("A file has columns of other types than the files before", Path, $"{before}", $"{own}", "Give the types in features.", e);
        }
    }

    /// <summary>Reads the rows, in batches.</summary>
    /// <param name="features">The rows' types.</param>
    /// <param name="cancellation">Cancels between rows.</param>
    public abstract IEnumerable<DatasetBatch> Read(Features features, CancellationToken cancellation);

    /// <summary>Makes batches from rows that are appended one by one.</summary>
    protected IEnumerable<DatasetBatch> InBatches<T>(Features features, IEnumerable<T> rows, Action<ColumnBuilder[], T, int> append, CancellationToken cancellation)
    {
        ColumnBuilder[] Builders() => [.. features.Select(c => new ColumnBuilder(c.Value, c.Key))];
        var (builders, count, number) = (Builders(), 0, 0);
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                append(builders, row, number);
            }
            catch (KerasException e) when (e is DTypeMismatchException or ValueRangeException or ShapeMismatchException)
            {
                throw new FileFormatException("A row does not fit the types of the columns", $"{Path}, row {number}", $"{features}", e.Received is null ? e.Message : $"{e.Received}, {e.Where}", "Give the types in features, or correct the row.", e);
            }
            number++;
            if (++count < RowsOfBatch) continue;
            yield return new(features, [.. builders.Select(b => b.Build())], count);
            (builders, count) = (Builders(), 0);
        }
        if (count > 0) yield return new(features, [.. builders.Select(b => b.Build())], count);
    }
}
