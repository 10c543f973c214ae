using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers;

/// <summary>Maps features to types of ML.NET data views.</summary>
static class DataViewTargets
{
    /// <exception cref="UnsupportedException">Data views have no such type.</exception>
    public static DataViewTarget Of(Feature feature, string name)
    {
        if (feature is not Sequence list) return feature is Value { Element.Kind: ElementKind.Bytes } ? Made(feature, name, new int[1]) : Made(feature, name, null);
        var (dimensions, element) = (new List<int> { Math.Max(list.length, 0) }, list.feature);
        for (; element is Sequence { length: > 0 and var n } inner; element = inner.feature) dimensions.Add(n);
        if (element is Value { Element.Kind: ElementKind.Bytes }) throw Unsupported(feature, name);
        return dimensions.Count == 1 || list.length > 0 ? Made(element, name, [.. dimensions]) : throw Unsupported(feature, name);
    }

    /// <param name="element">The feature of one element.</param>
    /// <param name="name">The column.</param>
    /// <param name="dimensions">The dimensions of vectors, 0 for any; null for single values.</param>
    static DataViewTarget Made(Feature element, string name, int[]? dimensions) => element switch
    {
        ClassLabel { num_classes: > 0 } labels => Target<uint>(new KeyDataViewType(typeof(uint), labels.num_classes), name, dimensions, (column, start, target) => ReadKeys(column, start, target), KeyValues(labels)),
        Value { Element: var type } => type.Kind switch
        {
            ElementKind.Bool => Numbers<bool>(BooleanDataViewType.Instance, name, dimensions),
            ElementKind.Bytes => Target<byte>(NumberDataViewType.Byte, name, dimensions, ReadBytes),
            ElementKind.Text => Target<ReadOnlyMemory<char>>(TextDataViewType.Instance, name, dimensions, ReadTexts),
            ElementKind.Int => type.Width switch
            {
                1 => Numbers<sbyte>(NumberDataViewType.SByte, name, dimensions),
                2 => Numbers<short>(NumberDataViewType.Int16, name, dimensions),
                4 => Numbers<int>(NumberDataViewType.Int32, name, dimensions),
                _ => Numbers<long>(NumberDataViewType.Int64, name, dimensions),
            },
            ElementKind.UInt => type.Width switch
            {
                1 => Numbers<byte>(NumberDataViewType.Byte, name, dimensions),
                2 => Numbers<ushort>(NumberDataViewType.UInt16, name, dimensions),
                4 => Numbers<uint>(NumberDataViewType.UInt32, name, dimensions),
                _ => Numbers<ulong>(NumberDataViewType.UInt64, name, dimensions),
            },
            ElementKind.Float when type.Width < 8 => Fractions(NumberDataViewType.Single, name, dimensions, float.NaN),
            ElementKind.Float => Fractions(NumberDataViewType.Double, name, dimensions, double.NaN),
            ElementKind.Date => Objects(DateTimeDataViewType.Instance, name, dimensions, time => ((DateOnly)time).ToDateTime(default)),
            ElementKind.Timestamp when type.Zone is null => Objects(DateTimeDataViewType.Instance, name, dimensions, time => (DateTime)time),
            ElementKind.Timestamp => Objects(DateTimeOffsetDataViewType.Instance, name, dimensions, time => (DateTimeOffset)time),
            ElementKind.Time => Objects(TimeSpanDataViewType.Instance, name, dimensions, time => ((TimeOnly)time).ToTimeSpan()),
            ElementKind.Duration => Objects(TimeSpanDataViewType.Instance, name, dimensions, time => (TimeSpan)time),
            _ => throw Unsupported(element, name),
        },
        _ => throw Unsupported(element, name),
    };

    static DataViewTarget Target<T>(PrimitiveDataViewType type, string name, int[]? dimensions, ElementReader<T> read, DataViewSchema.Annotations? annotations = null) =>
        dimensions is null ? new SingleTarget<T>(type, read, annotations) : new VectorTarget<T>(new VectorDataViewType(type, dimensions), name, read, annotations);

    static DataViewTarget Numbers<T>(PrimitiveDataViewType type, string name, int[]? dimensions) where T : unmanaged
    {
        var where = $"column \"{name}\"";
        return Target<T>(type, name, dimensions, (column, start, target) =>
        {
            for (var i = 0; column.Nulls > 0 && i < target.Length; i++)
                if (column.IsNull(start + i)) throw Missing(name);
            Transformers.Numbers.Read(column, start, target, where);
        });
    }

    /// <summary>A target for floats, where NaN stands for null.</summary>
    static DataViewTarget Fractions<T>(PrimitiveDataViewType type, string name, int[]? dimensions, T missing) where T : unmanaged
    {
        var where = $"column \"{name}\"";
        return Target<T>(type, name, dimensions, (column, start, target) =>
        {
            if (column.Nulls == 0) Transformers.Numbers.Read(column, start, target, where);
            else
                for (var i = 0; i < target.Length; i++)
                    if (column.IsNull(start + i)) target[i] = missing;
                    else Transformers.Numbers.Read(column, start + i, target.Slice(i, 1), where);
        });
    }

    static DataViewTarget Objects<T>(PrimitiveDataViewType type, string name, int[]? dimensions, Func<object, T> convert) => Target<T>(type, name, dimensions, (column, start, target) =>
    {
        for (var i = 0; i < target.Length; i++) target[i] = convert(column.Object(start + i) ?? throw Missing(name));
    });

    static void ReadBytes(ColumnData column, int start, Span<byte> target)
    {
        column.Values.Span.Slice(start, target.Length).CopyTo(target);
        // Without this, the mapping could end while the span is read.
        GC.KeepAlive(column);
    }

    static void ReadTexts(ColumnData column, int start, Span<ReadOnlyMemory<char>> target)
    {
        for (var i = 0; i < target.Length; i++) target[i] = column.IsNull(start + i) ? default : column.Text(start + i).AsMemory();
    }

    /// <summary>Reads classes, which count from 0, as keys, which count from 1; no label is key 0.</summary>
    static void ReadKeys(ColumnData column, int start, Span<uint> target)
    {
        for (var i = 0; i < target.Length; i++) target[i] = column.IsNull(start + i) ? 0 : checked((uint)(column.Int64(start + i) + 1));
    }

    static DataViewSchema.Annotations KeyValues(ClassLabel labels)
    {
        var values = new VBuffer<ReadOnlyMemory<char>>(labels.num_classes, [.. labels.names.Select(n => n.AsMemory())]);
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, labels.num_classes), (ref VBuffer<ReadOnlyMemory<char>> value) => values.CopyTo(ref value));
        return builder.ToAnnotations();
    }

    public static DTypeMismatchException Missing(string name) =>
        new("A row has no value, and its type in a data view has none for that", $"column \"{name}\"", "a value in each row", "null", "Leave such rows out with filter, give them a value with map, or cast the column to float32, where NaN stands for none.");

    static UnsupportedException Unsupported(Feature feature, string name) =>
        new("A column is of a type that data views do not have", $"column \"{name}\"", "numbers, flags, texts, bytes, times, labels, or lists of these, which may be lists of lists if all lengths are fixed", $"{feature}", "Flatten records (flatten), or leave the column out (remove_columns).");
}
