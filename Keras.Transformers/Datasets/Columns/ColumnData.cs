using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Keras.Transformers;

/// <summary>The origin of a column's rows, for errors.</summary>
/// <param name="File">The file.</param>
/// <param name="Column">The column's name.</param>
/// <param name="FirstRow">The file's row at which the column begins.</param>
sealed record ColumnOrigin(string File, string Column, long FirstRow)
{
    bool IsElement { get; init; }

    /// <summary>The origin of the elements in the column's lists.</summary>
    public ColumnOrigin Elements => this with { IsElement = true };

    public string Row(int row) => IsElement ? $"{File}, rows from {FirstRow} on, element {row} of column \"{Column}\"" : $"{File}, row {FirstRow + row}, column \"{Column}\"";
}

/// <summary>
/// Rows of one column in Arrow's layout: validity bits, and elements of one width, or offsets and the data they point into.
/// Its buffers are immutable parts of a mapped file or of arrays. Offsets have 32 bits, whatever the file has.
/// </summary>
sealed class ColumnData(Feature type, int length, ReadOnlyMemory<byte> validity, int nulls, ReadOnlyMemory<byte> values, ReadOnlyMemory<byte> offsets = default, params ColumnData[] children)
{
    /// <summary>The column's type: Value, Sequence or Features.</summary>
    public Feature Type { get; } = type;

    public int Length { get; } = length;

    /// <summary>The validity bits; empty if there are no nulls.</summary>
    public ReadOnlyMemory<byte> Validity { get; } = nulls == 0 ? default : validity;

    public int Nulls { get; } = nulls;

    /// <summary>Elements of one width, bits of flags, or the bytes of all texts.</summary>
    public ReadOnlyMemory<byte> Values { get; } = values;

    /// <summary>The offsets of texts and lists, one more than there are rows.</summary>
    public ReadOnlyMemory<byte> Offsets { get; } = offsets;

    /// <summary>The elements of lists, or the columns of records.</summary>
    public ColumnData[] Children { get; } = children;

    public ColumnOrigin? Origin { get; init; }

    /// <summary>The same rows with an origin for errors.</summary>
    public ColumnData Of(ColumnOrigin origin) =>
        new(Type, Length, Validity, Nulls, Values, Offsets, [.. Children.Select(c => c.Of(Type is Sequence ? origin.Elements : origin))]) { Origin = origin, _isText = _isText };

    bool _isText;

    public ElementType? Element => (Type as Value)?.Element;

    // The mapping ends with its last owner, which may be this object: keep it alive while a span is read.
    public bool IsNull(int row)
    {
        if (Nulls == 0) return false;
        var isNull = Element?.Kind == ElementKind.Null || !Bits.Get(Validity.Span, row);
        GC.KeepAlive(this);
        return isNull;
    }

    /// <summary>The start and length of a text or list.</summary>
    public (int Start, int Count) Range(int row)
    {
        if (Type is Sequence { length: >= 0 and var n }) return (row * n, n);
        var offsets = OffsetSpan;
        var range = (offsets[row], offsets[row + 1] - offsets[row]);
        GC.KeepAlive(this);
        return range;
    }

    public ReadOnlySpan<int> OffsetSpan => MemoryMarshal.Cast<byte, int>(Offsets.Span);

    public ReadOnlySpan<byte> Bytes(int row)
    {
        var (start, count) = Range(row);
        return Values.Span.Slice(start, count);
    }

    /// <exception cref="FileFormatException">A text of the column is not UTF-8.</exception>
    public string Text(int row)
    {
        CheckText();
        var text = Encoding.UTF8.GetString(Bytes(row));
        GC.KeepAlive(this);
        return text;
    }

    public bool Flag(int row)
    {
        var flag = Bits.Get(Values.Span, row);
        GC.KeepAlive(this);
        return flag;
    }

    public long Int64(int row)
    {
        var values = Values.Span;
        var number = (Element!.Kind == ElementKind.UInt, Element.Width) switch
        {
            (false, 1) => (sbyte)values[row],
            (false, 2) => MemoryMarshal.Cast<byte, short>(values)[row],
            (false, 4) => MemoryMarshal.Cast<byte, int>(values)[row],
            (false, _) => MemoryMarshal.Cast<byte, long>(values)[row],
            (true, 1) => values[row],
            (true, 2) => MemoryMarshal.Cast<byte, ushort>(values)[row],
            (true, 4) => MemoryMarshal.Cast<byte, uint>(values)[row],
            (true, _) => checked((long)MemoryMarshal.Cast<byte, ulong>(values)[row]),
        };
        GC.KeepAlive(this);
        return number;
    }

    /// <summary>The digits of a decimal as an integer.</summary>
    public Int128 Int128(int row)
    {
        var number = MemoryMarshal.Read<Int128>(Values.Span[(row * Decimals.Width)..]);
        GC.KeepAlive(this);
        return number;
    }

    public double Double(int row)
    {
        var values = Values.Span;
        var number = (Element!.Kind, Element.Width) switch
        {
            (ElementKind.Float, 2) => (double)MemoryMarshal.Cast<byte, Half>(values)[row],
            (ElementKind.Float, 4) => MemoryMarshal.Cast<byte, float>(values)[row],
            (ElementKind.Float, _) => MemoryMarshal.Cast<byte, double>(values)[row],
            (ElementKind.UInt, 8) => MemoryMarshal.Cast<byte, ulong>(values)[row],
            _ => Int64(row),
        };
        GC.KeepAlive(this);
        return number;
    }

    /// <summary>Checks once that all texts are UTF-8, also at their boundaries.</summary>
    /// <exception cref="FileFormatException">A text is not UTF-8; the message says which.</exception>
    public void CheckText(ColumnOrigin? origin = null)
    {
        if (_isText || Element?.Kind != ElementKind.Text) return;
        var offsets = OffsetSpan;
        var bytes = Values.Span;
        if (Length > 0 && (!Utf8.IsValid(bytes[offsets[0]..offsets[Length]]) || CutsCharacter(offsets, bytes)))
        {
            for (var row = 0; row < Length; row++)
                if (!Utf8.IsValid(bytes[offsets[row]..offsets[row + 1]]))
                    throw new FileFormatException("A text is not UTF-8", (origin ?? Origin)?.Row(row) ?? $"row {row}", "UTF-8", Convert.ToHexString(bytes[offsets[row]..Math.Min(offsets[row + 1], offsets[row] + 32)]),
                        "Convert the data to UTF-8, or store it as binary.");
        }
        _isText = true;
        GC.KeepAlive(this);
    }

    bool CutsCharacter(ReadOnlySpan<int> offsets, ReadOnlySpan<byte> bytes)
    {
        for (var row = 1; row < Length; row++)
            if (offsets[row] < bytes.Length && (bytes[offsets[row]] & 0xC0) == 0x80) return true;
        return false;
    }

    /// <summary>One value as an object: null, bool, long, ulong, double, float, Half, decimal, string, byte[], a time, an array of objects or a dictionary.</summary>
    public object? Object(int row)
    {
        if (IsNull(row)) return null;
        switch (Type)
        {
            case Value value: return Object(value.Element, row);
            case Sequence:
                var (start, count) = Range(row);
                var items = new object?[count];
                for (var i = 0; i < count; i++) items[i] = Children[0].Object(start + i);
                return items;
            default:
                var record = new Dictionary<string, object?>();
                var features = (Features)Type;
                for (var i = 0; i < Children.Length; i++) record[features.NameAt(i)] = Children[i].Object(row);
                return record;
        }
    }

    object? Object(ElementType element, int row) => element.Kind switch
    {
        ElementKind.Bool => Flag(row),
        ElementKind.Int => element.Width switch { 1 => (object)(sbyte)Int64(row), 2 => (short)Int64(row), 4 => (int)Int64(row), _ => Int64(row) },
        ElementKind.UInt => element.Width switch { 1 => (object)(byte)Int64(row), 2 => (ushort)Int64(row), 4 => (uint)Int64(row), _ => MemoryMarshal.Cast<byte, ulong>(Values.Span)[row] },
        ElementKind.Float => element.Width switch { 2 => (object)(Half)Double(row), 4 => (float)Double(row), _ => Double(row) },
        ElementKind.Text => Text(row),
        ElementKind.Bytes => Bytes(row).ToArray(),
        ElementKind.Null => null,
        ElementKind.Decimal => Decimals.Read(element, Int128(row), Origin?.Row(row)),
        _ => Times.Read(element, Int64(row), Origin?.Row(row)),
    };
}
