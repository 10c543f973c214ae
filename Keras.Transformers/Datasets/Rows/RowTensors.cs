using Keras.Data;

namespace Keras.Transformers;

/// <summary>Converts rows of a data set to arrays for tensors: integers of up to 32 bits to int32, larger ones to int64, floats to float32 or float64; also texts and bools.</summary>
static class RowTensors
{
    /// <summary>Converts a column, whose rows may be lists of different lengths.</summary>
    /// <exception cref="DTypeMismatchException">A value is missing.</exception>
    /// <exception cref="UnsupportedException">The values are not numbers, bools, texts, or lists of these.</exception>
    public static BatchColumn Of(DatasetColumn column, string name)
    {
        if (column.HasNulls) throw Missing(name);
        if (column.feature is not Sequence list) return new BatchColumn(Elements(column, name, 0, column.Count));
        var starts = new int[column.Count + 1];
        for (var i = 1; i < starts.Length; i++) starts[i] = list.length >= 0 ? i * list.length : column.Offsets[i] - column.Offsets[0];
        var first = list.length >= 0 || column.Count == 0 ? 0 : column.Offsets[0];
        if (list.feature is not Sequence { length: > 0 and var width }) return new BatchColumn(Elements(column.Items, name, first, starts[^1]), starts);
        NoneMissing(column.Items, name, first, starts[^1]);
        var values = Elements(column.Items.Items, name, first * width, starts[^1] * width);
        return new BatchColumn(values, Array.ConvertAll(starts, s => s * width), width);
    }

    /// <summary>Converts rows to an element of a pipeline: their columns by name.</summary>
    /// <exception cref="ShapeMismatchException">Rows of a column differ in length.</exception>
    public static Element ElementOf(DatasetBatch batch) => ElementOf(batch.features, (name, _) =>
    {
        var column = Of(batch[name], name);
        return HostTensor.From(column.Values).Reshaped(column.ShapeAs(name));
    });

    /// <summary>Converts a row to an element of a pipeline: its values by name.</summary>
    public static Element ElementOf(Features features, ColumnData[] columns, int row) => ElementOf(features, (name, i) => Value(columns[i], features.At(i), name, row));

    static Element ElementOf(Features features, Func<string, int, HostTensor> component)
    {
        string[] names = [.. features.Keys];
        return new(ElementStructure.DictionaryOf(names, Array.ConvertAll(names, _ => ElementStructure.One)), [.. names.Select((name, i) => Leaf.Of(component(name, i)))]);
    }

    static HostTensor Value(ColumnData data, Feature feature, string name, int row)
    {
        if (data.IsNull(row)) throw Missing(name);
        if (feature is not Sequence list) return HostTensor.From(Elements(new(data, feature, name), name, row, 1)).Reshaped(Shape.Scalar);
        var (start, count) = data.Range(row);
        var items = new DatasetColumn(data.Children[0], list.feature, name);
        if (list.feature is not Sequence { length: > 0 and var width }) return HostTensor.From(Elements(items, name, start, count));
        NoneMissing(items, name, start, count);
        return HostTensor.From(Elements(items.Items, name, start * width, count * width)).Reshaped(new Shape(count, width));
    }

    static void NoneMissing(DatasetColumn column, string name, int start, int count)
    {
        for (var i = start; column.HasNulls && i < start + count; i++)
            if (column.Data.IsNull(i)) throw Missing(name);
    }

    static Array Elements(DatasetColumn column, string name, int start, int count)
    {
        NoneMissing(column, name, start, count);
        T[] Numbers<T>() where T : unmanaged
        {
            var numbers = new T[count];
            column.CopyTo<T>(numbers, start);
            return numbers;
        }
        string[] Texts()
        {
            var texts = new string[count];
            for (var i = 0; i < count; i++) texts[i] = column.Data.Text(start + i);
            return texts;
        }
        return column.Data.Element switch
        {
            { Kind: ElementKind.Bool } => Numbers<bool>(),
            { Kind: ElementKind.Int, Width: <= 4 } or { Kind: ElementKind.UInt, Width: <= 2 } => Numbers<int>(),
            { Kind: ElementKind.Int or ElementKind.UInt } => Numbers<long>(),
            { Kind: ElementKind.Float, Width: <= 4 } => Numbers<float>(),
            { Kind: ElementKind.Float } => Numbers<double>(),
            { Kind: ElementKind.Text } => Texts(),
            _ => throw new UnsupportedException("A column cannot become a tensor", $"column \"{name}\"", "numbers, flags, texts, lists of these, or lists of lists of one length", $"{column.feature}", "Turn it into numbers with map or cast_column, or leave the column out with remove_columns."),
        };
    }

    static DTypeMismatchException Missing(string name) =>
        new("A row has no value", $"column \"{name}\"", "a value in each row", "null", "Leave such rows out with filter, give them a value with map, or leave the column out.");
}
