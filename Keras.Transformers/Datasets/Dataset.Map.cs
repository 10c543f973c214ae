namespace Keras.Transformers;

public sealed partial class Dataset
{
    const int RowsOfPiece = 1000;

    /// <summary>Calls a function for every row and adds the columns that it returns; a column of the same name is replaced.</summary>
    /// <param name="function">Gets a row and returns columns by name, or null for none.</param>
    /// <param name="remove_columns">Columns that the result does not have.</param>
    /// <param name="features">The types of the result; default: those of the columns, and for new ones inferred from the first rows.</param>
    /// <param name="num_proc">The number of threads that call the function, default 1; the order of rows stays.</param>
    /// <param name="writer_batch_size">Rows that are written together. Default 1000.</param>
    /// <param name="cache_file_name">The Arrow file of the result; default: one beside the data set's own files, named by the fingerprint.</param>
    /// <param name="load_from_cache_file">Whether the result of the same function over the same rows is taken from its file. Default true.</param>
    /// <param name="new_fingerprint">The fingerprint of the result; default: made of the data set's, of the function (its assembly's build and what it captured) and of the arguments.</param>
    /// <param name="keep_in_memory">Whether the result stays in memory. Default false; data sets made in memory stay there unless cache_file_name is given.</param>
    /// <param name="desc">The label of the progress bar. Default "Map".</param>
    /// <param name="cancellation_token">Cancels between rows; nothing remains.</param>
    /// <returns>The columns that stay, then new ones. A function that captured something whose content cannot be identified (a model, an object of your own) runs again each time.</returns>
    /// <exception cref="DTypeMismatchException">The values of a column have no type in common, or another than the column.</exception>
    /// <exception cref="ShapeMismatchException">Rows have other columns than the rows before.</exception>
    /// <exception cref="KeyNotFoundException">remove_columns names a column that is not there.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public Dataset map(Func<DatasetRow, DatasetRecord?> function, IEnumerable<string>? remove_columns = null, Features? features = null, int? num_proc = null, int writer_batch_size = 1000,
        string? cache_file_name = null, bool load_from_cache_file = true, string? new_fingerprint = null, bool keep_in_memory = false, string? desc = null, CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        var options = MapOptionsOf(function, false, writer_batch_size, nameof(writer_batch_size), false, remove_columns, features, num_proc, cache_file_name, load_from_cache_file, new_fingerprint, keep_in_memory, desc, cancellation_token);
        return MapRun.Map(this, options, (batch, _) => EachRow(batch, i => function(batch[i]), cancellation_token));
    }

    /// <summary>Calls a function with every row and its number.</summary>
    /// <inheritdoc cref="map(Func{DatasetRow, DatasetRecord}, IEnumerable{string}, Features, int?, int, string, bool, string, bool, string, CancellationToken)"/>
    /// <exception cref="ArgumentException">with_indices is false, though the function takes them.</exception>
    public Dataset map(Func<DatasetRow, int, DatasetRecord?> function, bool with_indices = true, IEnumerable<string>? remove_columns = null, Features? features = null, int? num_proc = null, int writer_batch_size = 1000,
        string? cache_file_name = null, bool load_from_cache_file = true, string? new_fingerprint = null, bool keep_in_memory = false, string? desc = null, CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        NeedsIndices(with_indices);
        var options = MapOptionsOf(function, false, writer_batch_size, nameof(writer_batch_size), false, remove_columns, features, num_proc, cache_file_name, load_from_cache_file, new_fingerprint, keep_in_memory, desc, cancellation_token);
        return MapRun.Map(this, options, (batch, start) => EachRow(batch, i => function(batch[i], start + i), cancellation_token));
    }

    /// <summary>Calls a function for batches of rows, which takes and returns columns: <c>ds.map(batch =&gt; tokenizer.Apply(batch["text"]), batched: true)</c>.</summary>
    /// <inheritdoc cref="map(Func{DatasetRow, DatasetRecord}, IEnumerable{string}, Features, int?, int, string, bool, string, bool, string, CancellationToken)"/>
    /// <exception cref="ArgumentException">batched is false; this overload needs it true.</exception>
    /// <exception cref="ShapeMismatchException">The columns that it returns do not fit each other, or those that stay.</exception>
    public Dataset map(Func<DatasetBatch, DatasetRecord?> function, bool batched, int batch_size = 1000, bool drop_last_batch = false, IEnumerable<string>? remove_columns = null, Features? features = null, int? num_proc = null,
        string? cache_file_name = null, bool load_from_cache_file = true, string? new_fingerprint = null, bool keep_in_memory = false, string? desc = null, CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        NeedsBatches(batched);
        var options = MapOptionsOf(function, true, batch_size, nameof(batch_size), drop_last_batch, remove_columns, features, num_proc, cache_file_name, load_from_cache_file, new_fingerprint, keep_in_memory, desc, cancellation_token);
        return MapRun.Map(this, options, (batch, _) => function(batch));
    }

    /// <summary>Calls a function with batches of rows and their numbers.</summary>
    /// <inheritdoc cref="map(Func{DatasetBatch, DatasetRecord}, bool, int, bool, IEnumerable{string}, Features, int?, string, bool, string, bool, string, CancellationToken)"/>
    public Dataset map(Func<DatasetBatch, int[], DatasetRecord?> function, bool batched, bool with_indices = true, int batch_size = 1000, bool drop_last_batch = false, IEnumerable<string>? remove_columns = null,
        Features? features = null, int? num_proc = null, string? cache_file_name = null, bool load_from_cache_file = true, string? new_fingerprint = null, bool keep_in_memory = false, string? desc = null,
        CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        NeedsBatches(batched);
        NeedsIndices(with_indices);
        var options = MapOptionsOf(function, true, batch_size, nameof(batch_size), drop_last_batch, remove_columns, features, num_proc, cache_file_name, load_from_cache_file, new_fingerprint, keep_in_memory, desc, cancellation_token);
        return MapRun.Map(this, options, (batch, start) => function(batch, [.. Enumerable.Range(start, batch.num_rows)]));
    }

    const int MostLetters = 64;
    const string NoFileName = "<>:/\\|?*";
    static readonly System.Buffers.SearchValues<char> NotInFileNames = System.Buffers.SearchValues.Create(NoFileName);

    MapOptions MapOptionsOf(Delegate function, bool batched, int size, string sizeName, bool dropLast, IEnumerable<string>? remove_columns, Features? features, int? num_proc, string? cache_file_name, bool load_from_cache_file,
        string? new_fingerprint, bool keep_in_memory, string? desc, CancellationToken cancellation)
    {
        if (cache_file_name is "") throw new ArgumentException("The file name is empty. Expected: null, or the name of a file.", nameof(cache_file_name));
        if (new_fingerprint is { } print && (print.Length is 0 or > MostLetters || print.AsSpan().ContainsAny(NotInFileNames)))
            throw new ArgumentException($"The fingerprint cannot be part of a file's name. Expected: 1 to {MostLetters} letters, none of {NoFileName}. Received: {Known.Say(print)}.", nameof(new_fingerprint));
        string[] removed = [.. remove_columns ?? []];
        foreach (var name in removed) this.features.IndexOf(name);
        return new()
        {
            What = "Map", Function = function, Batched = batched, BatchSize = Require.Count(1, size, sizeName), DropLastBatch = dropLast, RemoveColumns = removed, Features = features,
            Workers = Require.Count(1, num_proc ?? 1, nameof(num_proc)), CacheFileName = cache_file_name, LoadFromCacheFile = load_from_cache_file, NewFingerprint = new_fingerprint,
            KeepInMemory = keep_in_memory, Description = desc, Cancellation = cancellation,
        };
    }

    static T[] EachRow<T>(DatasetBatch batch, Func<int, T> function, CancellationToken cancellation)
    {
        var results = new T[batch.num_rows];
        for (var i = 0; i < results.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            results[i] = function(i);
        }
        return results;
    }

    static void NeedsBatches(bool batched)
    {
        if (!batched) throw new ArgumentException("batched is false, but the function takes batches. Pass batched: true, or a function over rows without batched.", nameof(batched));
    }

    static void NeedsIndices(bool with_indices)
    {
        if (!with_indices) throw new ArgumentException("with_indices is false, but the function takes the numbers of rows. Pass a function of one argument instead.", nameof(with_indices));
    }
}
