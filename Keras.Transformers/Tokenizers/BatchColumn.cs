using System.Globalization;
using System.Runtime.InteropServices;
using Keras.Data;

namespace Keras.Transformers;

/// <summary>One named column of a <see cref="BatchEncoding"/>: numbers (or strings), row after row in one flat array, so that a column whose rows have equal lengths becomes a
/// tensor without a copy.</summary>
public sealed partial class BatchColumn
{
    /// <summary>The number of rows, and of values in a row, to show as text.</summary>
    const int MostShown = 16;

    readonly int[]? _rowStarts;
    readonly int _width;
    readonly bool _isScalar;
    readonly ReadOnlyMemory<byte> _bytes;
    Array? _values;

    internal BatchColumn(Array values, int[]? rowStarts = null, int width = 1, bool isScalar = false) =>
        (_values, DType, _rowStarts, _width, _isScalar) = (values, DType.Of(values.GetType().GetElementType()!), rowStarts, width, isScalar);

    /// <summary>Makes a column of int64 or float32 on mapped bytes; an array is only made on request.</summary>
    internal BatchColumn(ReadOnlyMemory<byte> bytes, DType dtype, int[]? rowStarts, int width) => (_bytes, DType, _rowStarts, _width) = (bytes, dtype, rowStarts, width);

    /// <summary>The elements, row after row; do not change them.</summary>
    public Array Values => _values ??= DType == DType.Int64 ? MemoryMarshal.Cast<byte, long>(_bytes.Span).ToArray() : MemoryMarshal.Cast<byte, float>(_bytes.Span).ToArray();

    /// <summary>The dtype of the elements.</summary>
    public DType DType { get; }

    int Length => _values?.Length ?? _bytes.Length / (int)DType.Size;

    /// <summary>Whether there is an axis of rows: false for the encoding of one text and for a column with one value per row.</summary>
    public bool HasRows => _rowStarts is not null;

    /// <summary>The number of rows, or of values if there are no rows.</summary>
    public int Count => HasRows ? _rowStarts!.Length - 1 : Length / _width;

    /// <summary>Whether rows differ in length, so that the column is not a tensor.</summary>
    public bool IsRagged
    {
        get
        {
            if (_rowStarts is not { Length: > 2 } starts) return false;
            for (var i = 2; i < starts.Length; i++)
                if (starts[i] - starts[i - 1] != starts[1]) return true;
            return false;
        }
    }

    /// <summary>The shape: (rows, length), or (length) without rows; offsets have a last axis of 2.</summary>
    /// <exception cref="ShapeMismatchException">Rows differ in length.</exception>
    public Shape Shape => ShapeAs(null);

    /// <summary>A copy of one row.</summary>
    /// <exception cref="InvalidOperationException">The column has no rows, or its elements are not int32.</exception>
    public int[] this[int row] => Row(row).ToArray();

    /// <summary>One row of <see cref="Values"/>, without a copy.</summary>
    /// <exception cref="InvalidOperationException">The column has no rows, or its elements are not int32.</exception>
    public ReadOnlySpan<int> Row(int row)
    {
        if (!HasRows) throw new InvalidOperationException("This column has no rows: it is of one text, or has one value per row. Use Values.");
        return AsInts().AsSpan(_rowStarts![row], RowLength(row));
    }

    /// <summary>Copies all rows into arrays.</summary>
    /// <exception cref="InvalidOperationException">The column has no rows, or its elements are not int32.</exception>
    public int[][] ToRows()
    {
        var rows = new int[Count][];
        for (var i = 0; i < rows.Length; i++) rows[i] = this[i];
        return rows;
    }

    /// <summary>The column as a tensor, of <see cref="Shape"/>.</summary>
    /// <exception cref="ShapeMismatchException">The rows differ in length.</exception>
    public static implicit operator Tensor(BatchColumn column) => (column ?? throw new ArgumentNullException(nameof(column))).ToTensor(null);

    /// <summary>The column as a tensor, of <see cref="Shape"/>.</summary>
    public static implicit operator Tensors(BatchColumn column) => new((Tensor)column);

    internal Tensor ToTensor(string? name) => Tensor.Of(HostTensor.From(Values).Reshaped(ShapeAs(name)));

    /// <summary>Converts a single value.</summary>
    public static implicit operator BatchColumn(int value) => new(new[] { value }, isScalar: true);

    /// <summary>Converts a single value.</summary>
    public static implicit operator BatchColumn(float value) => new(new[] { value }, isScalar: true);

    /// <summary>Converts a single value.</summary>
    public static implicit operator BatchColumn(string value) => new(new[] { value }, isScalar: true);

    /// <summary>Converts a single value.</summary>
    public static implicit operator BatchColumn(long value) => new(new[] { value }, isScalar: true);

    /// <summary>Converts a single value.</summary>
    public static implicit operator BatchColumn(double value) => new(new[] { value }, isScalar: true);

    /// <summary>Converts a single value.</summary>
    public static implicit operator BatchColumn(bool value) => new(new[] { value }, isScalar: true);

    /// <summary>The values of one text, or one value per row.</summary>
    public static implicit operator BatchColumn(double[] values) => new(values);

    /// <summary>The values of one text, or one value per row.</summary>
    public static implicit operator BatchColumn(bool[] values) => new(values);

    /// <summary>The values of one text, or one value per row.</summary>
    public static implicit operator BatchColumn(int[] values) => new(values);

    /// <summary>The values of one text, or one value per row.</summary>
    public static implicit operator BatchColumn(long[] values) => new(values);

    /// <summary>The values of one text, or one value per row.</summary>
    public static implicit operator BatchColumn(float[] values) => new(values);

    /// <summary>Converts one value for each row.</summary>
    public static implicit operator BatchColumn(string[] values) => new(values);

    /// <summary>Rows, which may differ in length.</summary>
    public static implicit operator BatchColumn(int[][] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return OfRows(rows, 1);
    }

    /// <summary>Rows, which may differ in length.</summary>
    public static implicit operator BatchColumn(long[][] rows) => RowsOf(rows);

    /// <summary>Rows, which may differ in length.</summary>
    public static implicit operator BatchColumn(float[][] rows) => RowsOf(rows);

    /// <summary>Rows, which may differ in length.</summary>
    public static implicit operator BatchColumn(double[][] rows) => RowsOf(rows);

    /// <summary>The values, row by row, long rows and columns shortened in the middle.</summary>
    public override string ToString() =>
        _isScalar ? Text(0) : !HasRows ? List(0, Values.Length) : $"[{Shortened(Count, row => List(_rowStarts![row], RowLength(row)))}]";

    string List(int start, int length) => _width == 1
        ? $"[{Shortened(length, i => Text(start + i))}]"
        : $"[{Shortened(length / _width, i => $"({string.Join(", ", Enumerable.Range(start + (i * _width), _width).Select(Text))})")}]";

    string Text(int index) => Values.GetValue(index) switch
    {
        string text => $"\"{text}\"",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var other => $"{other}",
    };

    static string Shortened(int count, Func<int, string> item) => count <= MostShown
        ? string.Join(", ", Enumerable.Range(0, count).Select(item))
        : string.Join(", ", [.. Enumerable.Range(0, MostShown / 2).Select(item), "...", .. Enumerable.Range(count - (MostShown / 2), MostShown / 2).Select(item)]);

    /// <summary>The shape; <paramref name="name"/> is the column's name in errors.</summary>
    internal Shape ShapeAs(string? name)
    {
        if (_isScalar) return Shape.Scalar;
        if (IsRagged)
            throw new ShapeMismatchException("The rows differ in length, so they make no tensor", name, "rows of one length", $"rows of {Lengths()} elements",
                "Pass padding: true (and truncation: true) to the tokenizer, or pad the rows with tokenizer.pad.");
        var dims = new List<long>();
        if (HasRows) dims.Add(Count);
        dims.Add(!HasRows ? Count : Count == 0 ? 0 : RowLength(0) / _width);
        if (_width > 1) dims.Add(_width);
        return new Shape(CollectionsMarshal.AsSpan(dims));
    }

    /// <summary>The bytes of numbers, without a copy.</summary>
    internal ReadOnlyMemory<byte> Bytes => _values switch
    {
        null => _bytes,
        long[] values => new ArrayBytes<long>(values).Memory,
        float[] values => new ArrayBytes<float>(values).Memory,
        _ => HostTensor.From(_values).Data,
    };

    /// <summary>Whether the elements are in a mapped file.</summary>
    internal bool IsMapped => _values is null;

    internal bool IsScalar => _isScalar;

    internal int Width => _width;

    internal int[]? RowStarts => _rowStarts;

    /// <summary>The same column with wider elements; itself if it already has that type.</summary>
    internal BatchColumn Widen<T>()
    {
        if (Values is not int[]) return this;
        var values = new T[Values.Length];
        Array.Copy(Values, values, values.Length);
        return new(values, _rowStarts, _width, _isScalar);
    }

    internal int[] AsInts() => Values as int[]
        ?? throw new InvalidOperationException($"This column holds {DType}, not int32. Use Values.");

    internal static BatchColumn OfRows(IReadOnlyList<int[]> rows, int width)
    {
        var starts = new int[rows.Count + 1];
        for (var i = 0; i < rows.Count; i++) starts[i + 1] = checked(starts[i] + rows[i].Length);
        var values = new int[starts[^1]];
        for (var i = 0; i < rows.Count; i++) rows[i].CopyTo(values, starts[i]);
        return new(values, starts, width);
    }

    int RowLength(int row) => _rowStarts![row + 1] - _rowStarts[row];

    string Lengths()
    {
        var lengths = Enumerable.Range(0, Count).Select(RowLength).Distinct().Order().ToList();
        return lengths.Count <= 8 ? string.Join(", ", lengths) : $"{lengths[0]} to {lengths[^1]}";
    }
}
