using System.Collections;
using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>One column of a batch or of a whole data set: values by index, arrays by conversion (<c>string[] texts = batch["text"]</c>), and, without boxing, elements and offsets
/// as they lie in memory.</summary>
/// <remarks>The column of a whole data set reads single rows when they are asked for; a conversion to an array reads all of them.</remarks>
public sealed class DatasetColumn : IReadOnlyList<DatasetValue>
{
    readonly Func<int, DatasetValue>? _row;
    readonly Lazy<ColumnData> _data;
    readonly string _name;

    internal DatasetColumn(ColumnData data, Feature feature, string name) => (_data, this.feature, _name, Count) = (new(data), feature, name, data.Length);

    internal DatasetColumn(Func<ColumnData> gather, Func<int, DatasetValue> row, int count, Feature feature, string name) =>
        (_data, _row, this.feature, _name, Count) = (new(gather), row, feature, name, count);

    internal ColumnData Data => _data.Value;

    /// <summary>The type of the values.</summary>
    public Feature feature { get; }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The value of a row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public DatasetValue this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return _row is null || _data.IsValueCreated ? new(Data, feature, index) : _row(index);
        }
    }

    /// <summary>Whether a row has no value.</summary>
    public bool IsNull(int index) => this[index].IsNull;

    /// <summary>Whether any row has no value.</summary>
    public bool HasNulls => Data.Nulls != 0;

    /// <summary>For a column of lists: all their elements, one list after another.</summary>
    /// <exception cref="DTypeMismatchException">The values are not lists.</exception>
    public DatasetColumn Items => feature is Sequence list ? new(Data.Children[0], list.feature, _name) : throw Mismatch("lists");

    /// <summary>For lists and texts: where each begins in <see cref="Items"/> (or in the bytes), one entry more than rows; empty for lists of a fixed length.</summary>
    public ReadOnlySpan<int> Offsets => Data.OffsetSpan;

    /// <summary>For a column of records: one member of each.</summary>
    /// <exception cref="KeyNotFoundException">The records have no such member.</exception>
    /// <exception cref="DTypeMismatchException">The values are not records.</exception>
    public DatasetColumn this[string name]
    {
        get
        {
            var record = feature is Image ? (Features)feature.Storage : feature as Features ?? throw Mismatch("records");
            var i = record.IndexOf(name);
            return new(Data.Children[i], record.At(i), $"{_name}.{name}");
        }
    }

    /// <summary>The numbers in memory, nulls as 0, without a copy. Valid as long as the column is.</summary>
    /// <exception cref="DTypeMismatchException">The column has other elements than <typeparamref name="T"/>.</exception>
    public ReadOnlySpan<T> Values<T>() where T : unmanaged =>
        Data.Element is { Width: > 0 } element && ElementType.Of(typeof(T))?.Name == element.Name ? MemoryMarshal.Cast<byte, T>(Data.Values.Span)[..Count] : throw Mismatch($"elements of {typeof(T).Name}");

    /// <summary>Copies rows of numbers or bools and converts them: integers to any type that holds them, bools to 0 and 1, floating-point numbers to floating-point types.</summary>
    /// <param name="target">The destination, as long as there are rows to copy.</param>
    /// <param name="start">The first row.</param>
    /// <exception cref="DTypeMismatchException">There are nulls, or elements that do not convert.</exception>
    /// <exception cref="ValueRangeException">A number does not fit.</exception>
    public void CopyTo<T>(Span<T> target, int start = 0) where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        if (target.Length > Count - start) throw new ArgumentException($"There are fewer rows than the target has room for. Expected: at most {Count - start}. Received: {target.Length}.", nameof(target));
        Numbers.Read(Data, start, target, $"column \"{_name}\"");
    }

    /// <summary>The column as an array: of numbers, texts, nullable numbers, or arrays of these.</summary>
    /// <typeparam name="T">An array.</typeparam>
    /// <exception cref="DTypeMismatchException">The column has other elements, or a null where T has none.</exception>
    public T As<T>() => typeof(T).IsSZArray ? (T)(object)Conversions.ToArray(typeof(T), Data, 0, Count) : throw new ArgumentException($"A column cannot convert to this type. Expected: an array type. Received: {typeof(T).Name}.", nameof(T));

    /// <summary>The texts of the column; null for missing ones.</summary>
    public static implicit operator string[](DatasetColumn column) => Checked(column).As<string[]>();

    /// <summary>The column as an array of bools.</summary>
    public static implicit operator bool[](DatasetColumn column) => Checked(column).As<bool[]>();

    /// <summary>The column as an array of numbers.</summary>
    public static implicit operator int[](DatasetColumn column) => Checked(column).As<int[]>();

    /// <summary>The column as an array of numbers.</summary>
    public static implicit operator long[](DatasetColumn column) => Checked(column).As<long[]>();

    /// <summary>The column as an array of numbers.</summary>
    public static implicit operator float[](DatasetColumn column) => Checked(column).As<float[]>();

    /// <summary>The column as an array of numbers.</summary>
    public static implicit operator double[](DatasetColumn column) => Checked(column).As<double[]>();

    /// <summary>The column as an array of lists, one for each row.</summary>
    public static implicit operator int[][](DatasetColumn column) => Checked(column).As<int[][]>();

    /// <summary>The column as an array of lists, one for each row.</summary>
    public static implicit operator long[][](DatasetColumn column) => Checked(column).As<long[][]>();

    /// <summary>The column as an array of lists, one for each row.</summary>
    public static implicit operator float[][](DatasetColumn column) => Checked(column).As<float[][]>();

    /// <summary>The column as an array of lists, one for each row.</summary>
    public static explicit operator string[][](DatasetColumn column) => Checked(column).As<string[][]>();

    /// <summary>The values one by one.</summary>
    public IEnumerator<DatasetValue> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The first values as text, for display.</summary>
    public override string ToString() => $"[{string.Join(", ", this.Take(8).Select(v => Known.Say(v.ToObject())))}{(Count > 8 ? ", ..." : "")}]";

    static DatasetColumn Checked(DatasetColumn column) => column ?? throw new ArgumentNullException(nameof(column));

    DTypeMismatchException Mismatch(string expected) => new("The column has other values", $"column \"{_name}\"", expected, $"{feature}");
}
