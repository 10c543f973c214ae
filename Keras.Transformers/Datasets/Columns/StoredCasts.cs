using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>Casts columns stored in simpler types than described, without copying their buffers.</summary>
static class StoredCasts
{
    /// <exception cref="DTypeMismatchException">The description is of a different kind.</exception>
    /// <exception cref="ShapeMismatchException">A list does not have the fixed length of its column.</exception>
    public static ColumnData Cast(ColumnData column, Feature to, string name, int firstRow)
    {
        var type = to.Storage;
        if (column.Type.Equals(type)) return column;
        switch (column.Type, type)
        {
            case (Value { Element: var from }, Value { Element: var element }):
                if (from.Width == element.Width && (from.Kind == element.Kind ? from.Unit == element.Unit && from.Digits.Scale == element.Digits.Scale : from.Kind == ElementKind.Int && !element.IsNumber && element.Width > 0))
                    return new(type, column.Length, column.Validity, column.Nulls, column.Values, column.Offsets);
                if (from.Kind == ElementKind.Timestamp && element.Kind == ElementKind.Timestamp) return Scaled(column, from, element, type);
                break;
            case (Sequence, Sequence { length: < 0, feature: var item }):
                return new(type, column.Length, column.Validity, column.Nulls, default, column.Offsets, Cast(column.Children[0], item, name, firstRow));
            case (Sequence { length: < 0 }, Sequence { length: var n, feature: var item }) when column.Nulls == 0:
                var offsets = column.OffsetSpan;
                for (var row = 0; row < column.Length; row++)
                    if (offsets[row + 1] - offsets[row] != n) throw new ShapeMismatchException("A list does not have the fixed length of its column", $"row {firstRow + row}, column \"{name}\"", $"{n} elements", $"{offsets[row + 1] - offsets[row]}");
                return new(type, column.Length, default, 0, default, default, Cast(column.Children[0], item, name, firstRow));
            case (Features from, Features record) when from.Keys.SequenceEqual(record.Keys):
                return new(type, column.Length, column.Validity, column.Nulls, default, default, [.. column.Children.Select((c, i) => Cast(c, record.At(i), $"{name}.{record.NameAt(i)}", firstRow))]);
        }
        return Casts.Cast(column, column.Type, type, name, firstRow);
    }

    /// <summary>Converts times to another unit: Parquet has no seconds.</summary>
    static ColumnData Scaled(ColumnData column, ElementType from, ElementType to, Feature type)
    {
        static long UnitsOf(ElementType e) => e.TicksPerUnit > 0 ? e.TicksPerUnit * 100 : 1;
        var values = new long[column.Length];
        var source = MemoryMarshal.Cast<byte, long>(column.Values.Span);
        var (f, t) = (UnitsOf(from), UnitsOf(to));
        for (var i = 0; i < values.Length; i++) values[i] = f >= t ? checked(source[i] * (f / t)) : source[i] / (t / f);
        return new(type, column.Length, column.Validity, column.Nulls, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }
}
