using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers;

/// <summary>A data set's column as a column of an ML.NET data view.</summary>
abstract class DataViewTarget(DataViewType type, DataViewSchema.Annotations? annotations)
{
    public DataViewType Type { get; } = type;

    public DataViewSchema.Annotations? Annotations { get; } = annotations;

    /// <summary>Makes a getter of the value in a cursor's row.</summary>
    public abstract Delegate Getter(Func<(ColumnData Column, int Row)> place);
}

/// <summary>Reads consecutive elements of a column.</summary>
delegate void ElementReader<T>(ColumnData column, int start, Span<T> target);

/// <summary>One value in each row.</summary>
sealed class SingleTarget<T>(PrimitiveDataViewType type, ElementReader<T> read, DataViewSchema.Annotations? annotations) : DataViewTarget(type, annotations)
{
    public override Delegate Getter(Func<(ColumnData Column, int Row)> place) => (ValueGetter<T>)((ref T value) =>
    {
        var (column, row) = place();
        read(column, row, new(ref value));
    });
}

/// <summary>A vector in each row: a list, lists of lists of fixed lengths, or bytes.</summary>
/// <param name="type">The type of the vectors.</param>
/// <param name="name">The column, for errors.</param>
/// <param name="read">Reads elements.</param>
/// <param name="annotations">The names of keys.</param>
sealed class VectorTarget<T>(VectorDataViewType type, string name, ElementReader<T> read, DataViewSchema.Annotations? annotations) : DataViewTarget(type, annotations)
{
    public override Delegate Getter(Func<(ColumnData Column, int Row)> place) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
    {
        var (column, row) = place();
        var (items, start, count) = Range(column, row);
        var editor = VBufferEditor.Create(ref value, count);
        read(items, start, editor.Values);
        value = editor.Commit();
    });

    /// <exception cref="DTypeMismatchException">A list of a fixed length is missing.</exception>
    (ColumnData Items, int Start, int Count) Range(ColumnData column, int row)
    {
        if (column.IsNull(row)) return type.IsKnownSize ? throw DataViewTargets.Missing(name) : (column.Type is Sequence ? column.Children[0] : column, 0, 0);
        var (start, count) = column.Range(row);
        if (column.Type is not Sequence) return (column, start, count);
        var items = column.Children[0];
        for (; items.Type is Sequence { length: var n }; items = items.Children[0])
        {
            for (var i = 0; items.Nulls > 0 && i < count; i++)
                if (items.IsNull(start + i)) throw DataViewTargets.Missing(name);
            (start, count) = (start * n, count * n);
        }
        return (items, start, count);
    }
}
