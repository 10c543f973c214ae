namespace Keras.Transformers;

/// <summary>A table that returns chosen rows as typed columns: what <c>to_tf_dataset</c> and <c>prepare_tf_dataset</c> read.</summary>
/// <remarks>Several threads may read it at once.</remarks>
public interface IColumnSource
{
    /// <summary>The names of the columns, in order.</summary>
    IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The number of rows.</summary>
    long RowCount { get; }

    /// <summary>Some rows of some columns.</summary>
    /// <param name="rows">The numbers of the rows, in the order wanted.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <returns>A column for each name: one value for each row, or rows of values one after another with their beginnings.</returns>
    Dictionary<string, BatchColumn> Gather(ReadOnlySpan<long> rows, IReadOnlyList<string> columns);

    /// <summary>The number of values in each row of a column of lists, for grouping rows by their length.</summary>
    /// <param name="column">The column.</param>
    int[] RowLengths(string column);
}

/// <summary>Creates tables in memory.</summary>
public static class ColumnSource
{
    /// <summary>Creates a table from columns: a tokenizer's output for texts, with label columns added.</summary>
    /// <param name="columns">Columns of rows, or of one value for each row; all with the same number of rows.</param>
    /// <exception cref="ArgumentException">There are no columns.</exception>
    /// <exception cref="ShapeMismatchException">Columns differ in the number of rows.</exception>
    public static IColumnSource Of(IReadOnlyDictionary<string, BatchColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0) throw new ArgumentException("There are no columns.", nameof(columns));
        var (first, count) = (columns.First().Key, columns.First().Value.Count);
        foreach (var (name, column) in columns)
        {
            if (column.IsScalar) throw new ShapeMismatchException("A column has no rows", name, "a value or a row of values for each row", "one value");
            if (column.Count != count) throw new ShapeMismatchException("Columns differ in their number of rows", name, $"{count} as in {first}", $"{column.Count}");
        }
        return new Columns(columns.ToDictionary());
    }

    /// <summary>Creates a table from examples of one row each.</summary>
    /// <param name="rows">The examples; all have the columns of the first.</param>
    /// <exception cref="ArgumentException">There are no examples, or a column is missing in one.</exception>
    /// <exception cref="ShapeMismatchException">Examples differ in kind.</exception>
    public static IColumnSource Of(IEnumerable<IReadOnlyDictionary<string, BatchColumn>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var examples = rows.ToList();
        if (examples.Count == 0) throw new ArgumentException("There are no rows.", nameof(rows));
        return Of((IReadOnlyDictionary<string, BatchColumn>)examples[0].Keys.ToDictionary(name => name, name => BatchColumn.Stack([.. examples.Select((e, i) =>
            e.TryGetValue(name, out var column) && column is not null ? column : throw new ArgumentException($"Row {i} has no column '{name}', which row 0 has.", nameof(rows)))], name).Rectangular()));
    }

    sealed class Columns(Dictionary<string, BatchColumn> columns) : IColumnSource
    {
        public IReadOnlyList<string> ColumnNames { get; } = [.. columns.Keys];

        public long RowCount { get; } = columns.Values.First().Count;

        public Dictionary<string, BatchColumn> Gather(ReadOnlySpan<long> rows, IReadOnlyList<string> names)
        {
            var result = new Dictionary<string, BatchColumn>();
            foreach (var name in names) result[name] = columns[name].Gather(rows);
            return result;
        }

        public int[] RowLengths(string column) => columns[column].HasRows ? columns[column].RowLengths()
            : throw new ShapeMismatchException("A column has single values instead of rows, so the length of rows is not known", column, "a row of values for each row", "one value for each");
    }
}
