namespace Keras.Transformers;

// Reads for to_tf_dataset and prepare_tf_dataset: selected rows as arrays of the element type.
public sealed partial class Dataset : IColumnSource
{
    IReadOnlyList<string> IColumnSource.ColumnNames => column_names;

    long IColumnSource.RowCount => num_rows;

    Dictionary<string, BatchColumn> IColumnSource.Gather(ReadOnlySpan<long> rows, IReadOnlyList<string> columns)
    {
        var indices = new int[rows.Length];
        for (var i = 0; i < indices.Length; i++) indices[i] = checked((int)rows[i]);
        var chosen = _rows.Select(indices);
        var result = InPlace(chosen, columns);
        string[] others = [.. columns.Where(c => !result.ContainsKey(c))];
        if (others.Length == 0) return result;
        var batch = GatherRows(_table, chosen, others);
        foreach (var name in others) result[name] = RowTensors.Of(batch[name], name);
        return result;
    }

    /// <summary>Finds the columns that need no copy, if the rows are consecutive in one chunk of a file.</summary>
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
}
