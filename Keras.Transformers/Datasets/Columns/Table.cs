namespace Keras.Transformers;

/// <summary>A chunk of rows, whose columns are made on first use, and again after they were garbage collected.</summary>
sealed class TableChunk
{
    readonly Func<ColumnData[]> _load;
    readonly ColumnData[]? _held;
    readonly WeakReference<ColumnData[]> _recent = new(null!);

    public TableChunk(int rows, Func<ColumnData[]> load, params string[] files) => (Rows, _load, Files) = (rows, load, files);

    public TableChunk(ColumnData[] columns, int rows) => (Rows, _held, _load) = (rows, columns, () => columns);

    public int Rows { get; }

    /// <summary>The files that hold the rows; none if they are in memory.</summary>
    public string[] Files { get; } = [];

    /// <summary>Whether the rows are only in this process's memory.</summary>
    public bool IsHeld => _held is not null;

    public ColumnData[] Columns
    {
        get
        {
            if (_held is not null) return _held;
            if (_recent.TryGetTarget(out var columns)) return columns;
            columns = _load();
            _recent.SetTarget(columns);
            return columns;
        }
    }

    /// <summary>The same rows with columns computed from these.</summary>
    public TableChunk With(Func<ColumnData[], ColumnData[]> change) => _held is not null ? new(change(_held), Rows) : new(Rows, () => change(Columns), Files);
}

/// <summary>Rows in chunks: the batches of files, or of memory.</summary>
sealed class Table
{
    readonly int[] _starts;

    public Table(Features features, IEnumerable<TableChunk> chunks)
    {
        (Features, Chunks) = (features, [.. chunks]);
        _starts = new int[Chunks.Length + 1];
        for (var i = 0; i < Chunks.Length; i++)
        {
            var end = (long)_starts[i] + Chunks[i].Rows;
            if (end > int.MaxValue) throw new UnsupportedException("A data set has more than 2^31 rows", null, "fewer", null, "Use parts of it, one after the other.");
            _starts[i + 1] = (int)end;
        }
    }

    public Features Features { get; }

    public TableChunk[] Chunks { get; }

    public int Rows => _starts[^1];

    public int StartOf(int chunk) => _starts[chunk];

    /// <summary>The chunk that holds a row.</summary>
    public int ChunkOf(int row)
    {
        var at = Array.BinarySearch(_starts, row);
        if (at < 0) at = ~at - 1;
        while (at < Chunks.Length - 1 && _starts[at + 1] <= row) at++;
        return at;
    }

    /// <summary>The same rows with some of the columns, under other names or features.</summary>
    public Table Project(Features features, int[] columns) => new(features, Chunks.Select(c => c.With(all => [.. columns.Select(i => all[i])])));
}
