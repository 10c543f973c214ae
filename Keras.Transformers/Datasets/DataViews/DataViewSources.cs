using System.Globalization;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers;

/// <summary>Maps types of ML.NET data views to features.</summary>
static class DataViewSources
{
    /// <summary>The largest number of values for which a key without names counts as classes; with more, it holds hashes and becomes a number.</summary>
    const ulong MostClasses = 1 << 16;

    /// <exception cref="UnsupportedException">Columns cannot hold the type.</exception>
    public static DataViewSource Of(DataViewSchema.Column column)
    {
        var vector = column.Type as VectorDataViewType;
        var type = vector?.ItemType ?? column.Type;
        return type is KeyDataViewType key ? OfKey(key, column, vector) : OfElement(type, vector) ?? throw Unsupported(column);
    }

    static DataViewSource? OfElement(DataViewType type, VectorDataViewType? vector) => type switch
    {
        TextDataViewType => new DataViewSource<ReadOnlyMemory<char>>(new Value("string"), AppendTexts, vector),
        BooleanDataViewType => Numbers<bool>(vector),
        DateTimeDataViewType => Objects<DateTime>(vector),
        DateTimeOffsetDataViewType => Objects<DateTimeOffset>(vector),
        TimeSpanDataViewType => Objects<TimeSpan>(vector),
        NumberDataViewType => Type.GetTypeCode(type.RawType) switch
        {
            TypeCode.SByte => Numbers<sbyte>(vector),
            TypeCode.Byte => Numbers<byte>(vector),
            TypeCode.Int16 => Numbers<short>(vector),
            TypeCode.UInt16 => Numbers<ushort>(vector),
            TypeCode.Int32 => Numbers<int>(vector),
            TypeCode.UInt32 => Numbers<uint>(vector),
            TypeCode.Int64 => Numbers<long>(vector),
            TypeCode.UInt64 => Numbers<ulong>(vector),
            TypeCode.Single => Numbers<float>(vector),
            _ => Numbers<double>(vector),
        },
        _ => null,
    };

    static DataViewSource OfKey(KeyDataViewType key, DataViewSchema.Column column, VectorDataViewType? vector)
    {
        var labels = Labels(key, column);
        return Type.GetTypeCode(key.RawType) switch
        {
            TypeCode.Byte => Keys<byte>(labels, key, vector),
            TypeCode.UInt16 => Keys<ushort>(labels, key, vector),
            TypeCode.UInt32 => Keys<uint>(labels, key, vector),
            _ => Keys<ulong>(labels, key, vector),
        };
    }

    /// <exception cref="UnsupportedException">Two values of the key have one name.</exception>
    static Feature Labels(KeyDataViewType key, DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull("KeyValues") is not { Type: VectorDataViewType vector } names || OfElement(vector.ItemType, vector) is not { } source)
            return key.Count <= MostClasses ? new ClassLabel((int)key.Count) : new Value("int64");
        var values = source.Read(column.Annotations, names).Children[0];
        string[] all = [.. Enumerable.Range(0, values.Length).Select(i => Convert.ToString(values.Object(i), CultureInfo.InvariantCulture)!)];
        if (all.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new UnsupportedException("Two values of a key have one name", $"column \"{column.Name}\"", "names that differ", twice.Key, "Map the key to its values first (MapKeyToValue).");
        return new ClassLabel(names: all);
    }

    static DataViewSource<T> Numbers<T>(VectorDataViewType? vector) where T : unmanaged => new(new Value(ElementType.Of(typeof(T))!), (builder, values) => builder.AppendNumbers(values), vector);

    static DataViewSource<T> Objects<T>(VectorDataViewType? vector) => new(new Value(ElementType.Of(typeof(T))!), (builder, values) =>
    {
        foreach (var value in values) builder.AppendObject(value);
    }, vector);

    /// <summary>Converts keys, which count from 1, with 0 for missing.</summary>
    static DataViewSource<T> Keys<T>(Feature feature, KeyDataViewType key, VectorDataViewType? vector) where T : IUnsignedNumber<T> => new(feature, (builder, values) =>
    {
        foreach (var value in values)
            if (ulong.CreateChecked(value) is > 0 and var number && number <= key.Count) builder.AppendNumbers([(long)(number - 1)]);
            else builder.AppendNull();
    }, vector);

    static void AppendTexts(ColumnBuilder builder, ReadOnlySpan<ReadOnlyMemory<char>> texts)
    {
        foreach (var text in texts) builder.AppendText(text.Span);
    }

    static UnsupportedException Unsupported(DataViewSchema.Column column) =>
        new("A column of a data view is of a type that data sets do not have", $"column \"{column.Name}\"", "numbers, flags, texts, times, keys, or vectors of these", $"{column.Type}", "Convert it in the pipeline, or leave it out (DropColumns).");
}
