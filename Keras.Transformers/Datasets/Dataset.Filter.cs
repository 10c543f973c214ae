namespace Keras.Transformers;

public sealed partial class Dataset
{
    /// <summary>Keeps the rows for which a function returns true; no row is copied.</summary>
    /// <param name="function">Gets a row.</param>
    /// <param name="num_proc">The number of threads that call the function, default 1.</param>
    /// <param name="desc">The label of the progress bar. Default "Filter".</param>
    /// <param name="cancellation_token">Cancels between rows.</param>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public Dataset filter(Func<DatasetRow, bool> function, int? num_proc = null, string? desc = null, CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Filtered(function, RowsOfPiece, num_proc, desc, (batch, _) => EachRow(batch, i => function(batch[i]), cancellation_token), cancellation_token);
    }

    /// <summary>Keeps the rows for which a function of the row and its number returns true.</summary>
    /// <inheritdoc cref="filter(Func{DatasetRow, bool}, int?, string, CancellationToken)"/>
    public Dataset filter(Func<DatasetRow, int, bool> function, bool with_indices = true, int? num_proc = null, string? desc = null, CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        NeedsIndices(with_indices);
        return Filtered(function, RowsOfPiece, num_proc, desc, (batch, start) => EachRow(batch, i => function(batch[i], start + i), cancellation_token), cancellation_token);
    }

    /// <summary>Keeps the rows for which a function over batches returns true.</summary>
    /// <inheritdoc cref="filter(Func{DatasetRow, bool}, int?, string, CancellationToken)"/>
    /// <exception cref="ShapeMismatchException">The function did not return one bool per row.</exception>
    public Dataset filter(Func<DatasetBatch, IReadOnlyList<bool>> function, bool batched, int batch_size = 1000, int? num_proc = null, string? desc = null, CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        NeedsBatches(batched);
        return Filtered(function, Require.Count(1, batch_size), num_proc, desc, (batch, start) => function(batch) is { } flags && flags.Count == batch.num_rows
            ? flags
            : throw new ShapeMismatchException("A filter did not return one flag for each row", $"the batch from row {start}", $"{batch.num_rows}", "another number, or null"), cancellation_token);
    }

    Dataset Filtered(Delegate function, int size, int? num_proc, string? desc, Func<DatasetBatch, int, IReadOnlyList<bool>> call, CancellationToken cancellation)
    {
        MapOptions options = new() { What = "Filter", Function = function, BatchSize = size, Workers = Require.Count(1, num_proc ?? 1, nameof(num_proc)), Cancellation = cancellation };
        var kept = new List<int>();
        using var progress = new DatasetProgress(desc ?? options.What, num_rows);
        MapRun.InPieces(this, options, call, (batch, result, start) => () =>
        {
            var flags = (IReadOnlyList<bool>)result!;
            for (var i = 0; i < flags.Count; i++)
                if (flags[i]) kept.Add(start + i);
            progress.Add(batch.num_rows);
        });
        return With(_rows.Select([.. kept]), "filter", kept);
    }
}
