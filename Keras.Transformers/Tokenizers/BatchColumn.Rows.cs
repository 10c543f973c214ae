namespace Keras.Transformers;

// Operations on whole columns for collators, on arrays of the element type.
public sealed partial class BatchColumn
{
    /// <summary>The starts of groups in columns where each row is a list of rows (the choices of a question); otherwise null.</summary>
    internal int[]? Groups { get; private init; }

    /// <summary>Makes a column whose rows are matrices of one width: (rows, length / width, width).</summary>
    internal static BatchColumn OfMatrices(Array values, int rows, int width)
    {
        var starts = new int[rows + 1];
        for (var i = 1; i <= rows; i++) starts[i] = i * (values.Length / rows);
        return new(values, starts, width);
    }

    /// <summary>Whether the column has one value for each row.</summary>
    internal bool HasOneValuePerRow => !HasRows && !_isScalar;

    static BatchColumn RowsOf<T>(T[][] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var starts = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++) starts[i + 1] = checked(starts[i] + rows[i].Length);
        var values = new T[starts[^1]];
        for (var i = 0; i < rows.Length; i++) rows[i].CopyTo(values, starts[i]);
        return new(values, starts);
    }

    /// <summary>Joins the columns of single examples to one column of a batch.</summary>
    internal static BatchColumn Stack(IReadOnlyList<BatchColumn> columns, string name)
    {
        var first = columns[0];
        foreach (var column in columns)
            if (column.HasRows != first.HasRows || column.IsScalar != first.IsScalar || column.Values.GetType() != first.Values.GetType() || column.Width != first.Width || column.Groups is not null)
                throw new ShapeMismatchException("The examples cannot be stacked", name, $"examples like the first, {first.Kind()}", column.Kind());
        var values = Array.CreateInstance(first.Values.GetType().GetElementType()!, columns.Sum(c => c.Values.Length));
        var starts = new List<int>(columns.Count + 1) { 0 };
        var groups = new List<int>(columns.Count + 1) { 0 };
        var at = 0;
        foreach (var column in columns)
        {
            Array.Copy(column.Values, 0, values, at, column.Values.Length);
            if (column._rowStarts is { } inner) starts.AddRange(inner.Skip(1).Select(s => at + s));
            at += column.Values.Length;
            if (column._rowStarts is null) starts.Add(at);
            groups.Add(starts.Count - 1);
        }
        return first.IsScalar ? new(values) : new(values, [.. starts], first.Width) { Groups = first.HasRows ? [.. groups] : null };
    }

    string Kind() => $"{(HasRows ? "several rows" : _isScalar ? "one value" : "one row")} of {DType.Name}";

    /// <summary>Converts rows of equally long rows to matrices; other columns stay.</summary>
    internal BatchColumn Rectangular()
    {
        if (Groups is not { } groups) return this;
        var width = RowLength(0);
        for (var i = 0; i < Count; i++)
            if (RowLength(i) != width) return this;
        return new(Values, Array.ConvertAll(groups, g => _rowStarts![g]), width);
    }

    /// <summary>Takes some of the rows, in the given order.</summary>
    internal BatchColumn Gather(ReadOnlySpan<long> rows)
    {
        if (Groups is not null) throw new UnsupportedException("Rows of a column of lists of rows cannot be chosen", remedy: "Give the examples one by one.");
        var starts = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++) starts[i + 1] = checked(starts[i] + (HasRows ? RowLength((int)rows[i]) : _width));
        var values = Array.CreateInstance(Values.GetType().GetElementType()!, starts[^1]);
        for (var i = 0; i < rows.Length; i++)
            Array.Copy(Values, HasRows ? _rowStarts![(int)rows[i]] : (int)rows[i] * _width, values, starts[i], starts[i + 1] - starts[i]);
        return HasRows ? new(values, starts, _width) : new(values, null, _width);
    }

    /// <summary>Pads each row by the given number of values.</summary>
    internal BatchColumn PadRows(ReadOnlySpan<int> missing, double value, bool left) => Values switch
    {
        int[] values => PadRows(values, missing, (int)value, left),
        long[] values => PadRows(values, missing, (long)value, left),
        float[] values => PadRows(values, missing, (float)value, left),
        double[] values => PadRows(values, missing, value, left),
        _ => throw new DTypeMismatchException("A column cannot be padded", null, "whole or floating numbers", DType.Name, "Remove the column, or encode it as numbers."),
    };

    BatchColumn PadRows<T>(T[] values, ReadOnlySpan<int> missing, T value, bool left)
    {
        var starts = new int[missing.Length + 1];
        for (var i = 0; i < missing.Length; i++) starts[i + 1] = checked(starts[i] + RowLength(i) + Math.Max(0, missing[i]));
        var result = new T[starts[^1]];
        for (var i = 0; i < missing.Length; i++)
        {
            var row = values.AsSpan(_rowStarts![i], RowLength(i));
            var all = result.AsSpan(starts[i]..starts[i + 1]);
            row.CopyTo(left ? all[^row.Length..] : all);
            (left ? all[..^row.Length] : all[row.Length..]).Fill(value);
        }
        return new(result, starts);
    }

    /// <summary>The lengths of the rows.</summary>
    internal int[] RowLengths()
    {
        var lengths = new int[Count];
        for (var i = 0; i < lengths.Length; i++) lengths[i] = RowLength(i);
        return lengths;
    }

    /// <summary>Casts the elements to another type; integers that do not fit are an error.</summary>
    internal BatchColumn As(DType dtype)
    {
        if (dtype == DType) return this;
        Array values = (Values, dtype.Name) switch
        {
            (int[] v, "int64") => Array.ConvertAll(v, x => (long)x),
            (int[] v, "float32") => Array.ConvertAll(v, x => (float)x),
            (long[] v, "int32") => Array.ConvertAll(v, x => checked((int)x)),
            (long[] v, "float32") => Array.ConvertAll(v, x => (float)x),
            (bool[] v, "int64") => Array.ConvertAll(v, x => x ? 1L : 0L),
            (float[] v, "float64") => Array.ConvertAll(v, x => (double)x),
            (double[] v, "float32") => Array.ConvertAll(v, x => (float)x),
            _ => throw new DTypeMismatchException("A column has elements that are not converted", null, dtype.Name, DType.Name),
        };
        return new(values, _rowStarts, _width, _isScalar) { Groups = Groups };
    }

    internal bool IsWhole => DType == DType.Int32 || DType == DType.Int64;

    internal bool IsFloating => DType == DType.Float32 || DType == DType.Float64;
}
