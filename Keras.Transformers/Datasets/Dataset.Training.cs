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
        return columns.ToDictionary(name => name, name => RowTensors.Of(batch[name], name));
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
