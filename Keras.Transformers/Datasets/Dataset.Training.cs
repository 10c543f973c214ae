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
        var result = InPlace(_rows.Select(indices), columns);
        string[] others = [.. columns.Where(c => !result.ContainsKey(c))];
        var batch = Gather(indices, others);
        foreach (var name in others) result[name] = ToBatchColumn(batch[name], name);
        return result;
    }

    /// <summary>Of rows that follow each other in one piece of a file, the columns whose elements lie there as a tensor has them.</summary>
    Dictionary<string, BatchColumn> InPlace(RowMap rows, IReadOnlyList<string> columns)
    {
        var result = new Dictionary<string, BatchColumn>();
        if (!rows.IsRange || rows.Count == 0) return result;
        var chunk = _table.ChunkOf(rows[0]);
        var start = rows[0] - _table.StartOf(chunk);
        if (start + rows.Count > _table.Chunks[chunk].Rows) return result;
        var pieces = _table.Chunks[chunk].Columns;
        foreach (var name in columns)
            if (InPlace(pieces[features.IndexOf(name)], start, rows.Count) is { } column) result[name] = column;
        return result;
    }

    static BatchColumn? InPlace(ColumnData column, int start, int count)
    {
        var lengths = new List<int>();
        for (; column is { Nulls: 0, Type: Sequence { length: > 0 and var n } }; column = column.Children[0]) lengths.Add(n);
        if (column is not { Nulls: 0, Element: { Name: "int64" or "float32" } element } || lengths.Count > 2) return null;
        var each = lengths.Aggregate(1, (all, n) => all * n);
        var bytes = column.Values.Slice(checked(start * each * element.Width), checked(count * each * element.Width));
        return new(bytes, element.Name == "int64" ? DType.Int64 : DType.Float32, lengths.Count == 0 ? null : [.. Enumerable.Range(0, count + 1).Select(i => i * each)], lengths.Count == 2 ? lengths[1] : 1);
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
