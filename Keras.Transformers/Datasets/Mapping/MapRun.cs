namespace Keras.Transformers;

/// <summary>Runs a function over all rows, in pieces on several threads, with results in row order.</summary>
static class MapRun
{
    /// <summary>The result, from the cache or newly computed.</summary>
    public static Dataset Map(Dataset data, MapOptions options, Func<DatasetBatch, int, object?> call)
    {
        var (fingerprint, path) = Place(data, options);
        if (path is not null && options.LoadFromCacheFile && File.Exists(path)) return Result(data, ArrowFile.Open(path), fingerprint);
        using var progress = new DatasetProgress(options.Description ?? options.What, data.num_rows);
        var output = new MapOutput(data.features, options);
        var table = ArrowCache.Write(path, sink =>
        {
            InPieces(data, options, call, (batch, result, start) =>
            {
                var (columns, rows) = result is DatasetRecord?[] records ? output.OfRows(batch, records, start) : output.OfBatch(batch, result as DatasetRecord, start);
                return () =>
                {
                    sink(output.Features, columns, rows);
                    progress.Add(batch.num_rows);
                };
            });
            return output.Features;
        });
        return Result(data, table, fingerprint);
    }

    static Dataset Result(Dataset data, Table table, string fingerprint) => new(table, fingerprint, data.CacheFolder, data.split);

    /// <summary>The fingerprint of the result and its file, which is null if kept in memory.</summary>
    internal static (string Fingerprint, string? Path) Place(Dataset data, MapOptions options)
    {
        var identity = options.NewFingerprint is null ? FunctionIdentity.Of(options.Function) : null;
        var fingerprint = options.NewFingerprint ?? (identity is null ? Fingerprints.New() : Fingerprints.Next(data._fingerprint, options.What, [identity, .. options.Arguments]));
        if (options.KeepInMemory) return (fingerprint, null);
        return (fingerprint, options.CacheFileName ?? (data.CacheFolder is { } folder ? Path.Combine(folder, $"cache-{fingerprint}.arrow") : null));
    }

    /// <summary>Calls the function for every piece. <paramref name="take"/> may process several results in parallel; the actions it returns run in order.</summary>
    internal static void InPieces(Dataset data, MapOptions options, Func<DatasetBatch, int, object?> call, Func<DatasetBatch, object?, int, Action> take)
    {
        Action Piece(int start)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            var batch = data.GatherAll(start, Math.Min(options.BatchSize, data.num_rows - start));
            return take(batch, call(data.Shown(batch), start), start);
        }
        int[] starts = [.. Starts(data.num_rows, options)];
        if (starts.Length == 0) return;
        // The first piece decides the types of all.
        Piece(starts[0])();
        if (options.Workers == 1)
        {
            OneByOne(starts[1..], Piece);
            return;
        }
        var waiting = new Queue<Task<Action>>();
        var next = 1;
        try
        {
            while (next < starts.Length || waiting.Count > 0)
            {
                while (next < starts.Length && waiting.Count < options.Workers)
                {
                    var start = starts[next++];
                    waiting.Enqueue(Task.Run(() => Piece(start)));
                }
                waiting.Dequeue().GetAwaiter().GetResult()();
            }
        }
        finally
        {
            // After a failure, no thread may still read the data.
            foreach (var task in waiting) Task.WhenAny(task).GetAwaiter().GetResult();
        }
    }

    /// <summary>Calls one function at a time; its result is written while the next one runs.</summary>
    static void OneByOne(int[] starts, Func<int, Action> piece)
    {
        var written = Task.CompletedTask;
        try
        {
            foreach (var start in starts)
            {
                var write = piece(start);
                written.GetAwaiter().GetResult();
                written = Task.Run(write);
            }
        }
        finally
        {
            Task.WhenAny(written).GetAwaiter().GetResult();
        }
        written.GetAwaiter().GetResult();
    }

    static IEnumerable<int> Starts(int rows, MapOptions options)
    {
        for (var start = 0; start < rows; start += options.BatchSize)
            if (!options.DropLastBatch || rows - start >= options.BatchSize) yield return start;
    }
}
