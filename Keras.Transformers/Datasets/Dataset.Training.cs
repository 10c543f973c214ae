namespace Keras.Transformers;

// What to_tf_dataset and prepare_tf_dataset read: chosen rows as arrays of the element type.
public sealed partial class Dataset : IColumnSource
{
    IReadOnlyList<string> IColumnSource.ColumnNames => column_names;

    long IColumnSource.RowCount => num_rows;

    Dictionary<string, BatchColumn> IColumnSource.Gather(ReadOnlySpan<long> rows, IReadOnlyList<string> columns)
    {
        var indices = new int[rows.Length];
        for (var i = 0; i < indices.Length; i++) indices[i] = checked((int)rows[i]);
        var batch = Gather(indices, columns);
        return columns.ToDictionary(name => name, name => ToBatchColumn(batch[name], name));
    }

    int[] IColumnSource.RowLengths(string column)
    {
        var lists = this[column];
        if (lists.feature is not Sequence list) throw new DTypeMismatchException("A column has no lists to tell their length", $"column \"{column}\"", "lists", $"{lists.feature}");
        var lengths = new int[num_rows];
        if (list.length >= 0) Array.Fill(lengths, list.length);
        else
            for (var i = 0; i < lengths.Length; i++) lengths[i] = lists.Data.Range(i).Count;
        return lengths;
    }

    /// <exception cref="DTypeMismatchException">A value is missing.</exception>
    /// <exception cref="UnsupportedException">The values are no numbers, flags, texts, or lists of these.</exception>
    static BatchColumn ToBatchColumn(DatasetColumn column, string name)
    {
        if (column.HasNulls)
            throw new DTypeMismatchException("A row has no value", $"column \"{name}\"", "a value in each row", "null", "Leave such rows out with filter, give them a value with map, or leave the column out.");
        if (column.feature is not Sequence list) return new BatchColumn(Elements(column, name, 0, column.Count));
        var starts = new int[column.Count + 1];
        for (var i = 1; i < starts.Length; i++) starts[i] = list.length >= 0 ? i * list.length : column.Offsets[i] - column.Offsets[0];
        var first = list.length >= 0 || column.Count == 0 ? 0 : column.Offsets[0];
        if (list.feature is not Sequence { length: > 0 and var width } inner) return new BatchColumn(Elements(column.Items, name, first, starts[^1]), starts);
        var values = Elements(column.Items.Items, name, first * width, starts[^1] * width);
        return new BatchColumn(values, Array.ConvertAll(starts, s => s * width), width);
    }

    static Array Elements(DatasetColumn column, string name, int start, int count)
    {
        if (column.HasNulls) return ToBatchColumn(column, name).Values;
        T[] Numbers<T>() where T : unmanaged
        {
            var numbers = new T[count];
            column.CopyTo<T>(numbers, start);
            return numbers;
        }
        return column.Data.Element switch
        {
            { Kind: ElementKind.Bool } => Numbers<bool>(),
            { Kind: ElementKind.Int, Width: <= 4 } or { Kind: ElementKind.UInt, Width: <= 2 } => Numbers<int>(),
            { Kind: ElementKind.Int or ElementKind.UInt } => Numbers<long>(),
            { Kind: ElementKind.Float, Width: <= 4 } => Numbers<float>(),
            { Kind: ElementKind.Float } => Numbers<double>(),
            { Kind: ElementKind.Text } => column.As<string[]>()[start..(start + count)],
            _ => throw new UnsupportedException("A column cannot be made a tensor", $"column \"{name}\"", "numbers, flags, texts, lists of these, or lists of lists of one length", $"{column.feature}", "Make numbers of it with map or cast_column, or leave the column out with remove_columns."),
        };
    }
}
