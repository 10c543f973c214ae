namespace Keras.Transformers;

/// <summary>The rows of a table that a data set has, in order: a range or a list.</summary>
readonly struct RowMap
{
    readonly int _start;
    readonly int[]? _rows;

    RowMap(int start, int count, int[]? rows) => (_start, Count, _rows) = (start, count, rows);

    public static RowMap All(int count) => new(0, count, null);

    public int Count { get; }

    /// <summary>Whether the rows are consecutive in the table.</summary>
    public bool IsRange => _rows is null;

    public int this[int index] => _rows is null ? _start + index : _rows[index];

    public RowMap Slice(int start, int count) => _rows is null ? new(_start + start, count, null) : Of(_rows.AsSpan(start, count).ToArray());

    /// <summary>Selects some of these rows.</summary>
    public RowMap Select(ReadOnlySpan<int> indices)
    {
        var rows = new int[indices.Length];
        for (var i = 0; i < rows.Length; i++) rows[i] = this[indices[i]];
        return Of(rows);
    }

    static RowMap Of(int[] rows)
    {
        for (var i = 1; i < rows.Length; i++)
            if (rows[i] != rows[0] + i) return new(0, rows.Length, rows);
        return new(rows.Length == 0 ? 0 : rows[0], rows.Length, null);
    }
}
