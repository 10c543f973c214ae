using System.Collections;
using System.Runtime.InteropServices;

namespace Keras.Transformers;

sealed partial class ColumnBuilder
{
    /// <summary>Makes a row for each element returned by a function over batches; arrays of numbers are copied directly.</summary>
    public void AppendBatch(object values)
    {
        switch (values)
        {
            case DatasetColumn column when column.Data.Type.Equals(Type): Append(column.Data, 0, column.Data.Length); return;
            case BatchColumn column: AppendRows(column); return;
            case string: throw Mismatch(values);
        }
        if (_element is not null && TryAppendNumbers(values)) return;
        foreach (var row in values as IEnumerable ?? throw Mismatch(values)) AppendObject(row);
    }

    bool TryAppendNumbers(object values)
    {
        if (_element is not { IsNumber: true } && values is not bool[]) return false;
        switch (values)
        {
            case int[] numbers: AppendNumbers<int>(numbers); return true;
            case long[] numbers: AppendNumbers<long>(numbers); return true;
            case float[] numbers: AppendNumbers<float>(numbers); return true;
            case double[] numbers: AppendNumbers<double>(numbers); return true;
            case bool[] flags when _element!.Kind == ElementKind.Bool: AppendNumbers<bool>(flags); return true;
            case byte[] numbers: AppendNumbers<byte>(numbers); return true;
            case sbyte[] numbers: AppendNumbers<sbyte>(numbers); return true;
            case short[] numbers: AppendNumbers<short>(numbers); return true;
            default: return false;
        }
    }

    /// <summary>Appends the rows that a tokenizer returned for a batch, from one flat array.</summary>
    void AppendRows(BatchColumn column)
    {
        if (column.Values is not int[] ints || (column.RowStarts is null && column.Width == 1))
        {
            AppendBatch(column.Values);
            return;
        }
        if (column is { RowStarts: { } all, Width: 1 } && Type is Sequence { length: < 0 })
        {
            AppendLists(ints, all);
            return;
        }
        for (var row = 0; row < column.Count; row++)
        {
            var (start, end) = column.RowStarts is { } starts ? (starts[row], starts[row + 1]) : (row * column.Width, (row + 1) * column.Width);
            if (column.Width == 1 || column.RowStarts is null) AppendList<int>(ints.AsSpan(start, end - start));
            else AppendPairs(ints.AsSpan(start, end - start), column.Width);
        }
    }

    /// <summary>Appends all lists at once.</summary>
    void AppendLists(int[] elements, int[] starts)
    {
        var (rows, first, last) = (starts.Length - 1, starts[0], LastOffset);
        _children[0].AppendNumbers<int>(elements.AsSpan(first, starts[^1] - first));
        var offsets = MemoryMarshal.Cast<byte, int>(_offsets.Grow(rows * sizeof(int)));
        for (var i = 0; i < rows; i++) offsets[i] = starts[i + 1] - first + last;
        _validity.Append(true, rows);
        Length += rows;
    }

    /// <summary>Appends a row of lists of fixed length, such as offsets into a text.</summary>
    void AppendPairs(ReadOnlySpan<int> elements, int width)
    {
        for (var i = 0; i < elements.Length; i += width) _children[0].AppendList(elements.Slice(i, width));
        if (HasOffsets) EndOffset();
        Valid(true);
    }
}
