using System.Collections;
using System.Runtime.InteropServices;
using System.Text;

namespace Keras.Transformers;

sealed partial class ColumnBuilder
{
    /// <summary>Appends a row from an object of any kind.</summary>
    /// <exception cref="DTypeMismatchException">The value is of another kind than the column.</exception>
    /// <exception cref="ValueRangeException">A number does not fit, or a label is not a class.</exception>
    public void AppendObject(object? value)
    {
        switch (value)
        {
            case null or DBNull: AppendNull(); return;
            case DatasetValue v when v.Data.Type.Equals(Type): Append(v.Data, v.Index, 1); return;
            case DatasetValue v: AppendObject(v.ToObject()); return;
            case System.Text.Json.JsonElement json: AppendObject(JsonObjects.Of(json)); return;
        }
        switch (Type)
        {
            case Value: AppendValue(_element!, value); break;
            case Sequence { length: var length }: AppendList(value, length); break;
            default: AppendRecord(value); break;
        }
    }

    void AppendValue(ElementType element, object value)
    {
        switch (element.Kind)
        {
            case ElementKind.Bool when value is bool flag: _flags.Append(flag); break;
            case ElementKind.Text when value is string or char: AppendText(value.ToString()!); return;
            case ElementKind.Bytes when value is byte[] bytes: AppendBytes(bytes); return;
            case ElementKind.Bytes when value is string text: AppendText(text); return;
            case ElementKind.Int when _labels is not null && value is string name: AppendNumber(ElementType.Find("int64")!, (long)_labels.str2int(name)); break;
            case ElementKind.Int or ElementKind.UInt or ElementKind.Float when ElementType.Of(value.GetType()) is { IsNumber: true }: AppendBoxed(element, value); break;
            case ElementKind.Date or ElementKind.Time or ElementKind.Timestamp or ElementKind.Duration when Times.Write(element, value) is { } ticks: AppendNumber(element.Width == 4 ? ElementType.Find("int32")! : ElementType.Find("int64")!, ticks); break;
            case ElementKind.Decimal when Decimals.Number(value) is { } number: _values.Append(Decimals.Write(element, number, Here)); break;
            default: throw Mismatch(value);
        }
        Valid(true);
    }

    void AppendBoxed(ElementType element, object value)
    {
        switch (value)
        {
            case long n: Check(n); AppendNumber(element, n); break;
            case int n: Check(n); AppendNumber(element, n); break;
            case double n: AppendNumber(element, n); break;
            case float n: AppendNumber(element, n); break;
            case short n: Check(n); AppendNumber(element, n); break;
            case sbyte n: Check(n); AppendNumber(element, n); break;
            case byte n: Check(n); AppendNumber(element, n); break;
            case ushort n: Check(n); AppendNumber(element, n); break;
            case uint n: Check(n); AppendNumber(element, n); break;
            case ulong n: Check((long)Math.Min(n, long.MaxValue)); AppendNumber(element, n); break;
            case Half n: AppendNumber(element, n); break;
        }
    }

    void Check(long label)
    {
        if (_labels is not null && (label < -1 || label >= _labels.num_classes)) throw _labels.OutOfRange(label, Here);
    }

    unsafe void AppendNumber<T>(ElementType element, T value) where T : unmanaged
    {
        Span<byte> converted = stackalloc byte[8];
        Numbers.Convert(ElementType.ForType<T>()!, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)), element, converted[..element.Width], Here);
        _values.Append(converted[..element.Width]);
    }

    public void AppendText(ReadOnlySpan<char> text)
    {
        var bytes = _values.Grow(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, bytes);
        EndOffset();
        Valid(true);
    }

    public void AppendBytes(ReadOnlySpan<byte> bytes)
    {
        _values.Append(bytes);
        EndOffset();
        Valid(true);
    }

    /// <summary>Appends a row with a list of numbers.</summary>
    public void AppendList<T>(ReadOnlySpan<T> items) where T : unmanaged
    {
        if (Type is Sequence { length: >= 0 and var length } && length != items.Length) throw WrongLength(length, items.Length);
        _children[0].AppendNumbers(items);
        if (HasOffsets) EndOffset();
        Valid(true);
    }

    /// <summary>A row for each number.</summary>
    public unsafe void AppendNumbers<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        var from = ElementType.ForType<T>()!;
        if (_element is null || (_element.Kind == ElementKind.Bool) != (from.Kind == ElementKind.Bool)) throw Mismatch(values.Length == 0 ? from.Name : values[0]);
        if (from.Kind == ElementKind.Bool)
            foreach (var flag in MemoryMarshal.AsBytes(values)) _flags.Append(flag != 0);
        else
        {
            if (_element.Width == 0) throw Mismatch(values.Length == 0 ? from.Name : values[0]);
            var start = _values.Length;
            Numbers.Convert(from, MemoryMarshal.AsBytes(values), _element, _values.Grow(values.Length * _element.Width), Here);
            if (_labels is not null)
                foreach (var label in MemoryMarshal.Cast<byte, long>(_values.Written.Span[start..])) Check(label);
        }
        _validity.Append(true, values.Length);
        Length += values.Length;
    }

    void AppendList(object value, int length)
    {
        switch (value)
        {
            case int[] items when _children[0]._element is { IsNumber: true }: AppendList<int>(items); return;
            case long[] items when _children[0]._element is { IsNumber: true }: AppendList<long>(items); return;
            case float[] items when _children[0]._element is { IsNumber: true }: AppendList<float>(items); return;
            case double[] items when _children[0]._element is { IsNumber: true }: AppendList<double>(items); return;
            case string or IDictionary or DatasetRecord or not IEnumerable: throw Mismatch(value);
        }
        var before = _children[0].Length;
        foreach (var item in (IEnumerable)value) _children[0].AppendObject(item);
        var count = _children[0].Length - before;
        if (length >= 0 && count != length) throw WrongLength(length, count);
        if (HasOffsets) EndOffset();
        Valid(true);
    }

    void AppendRecord(object value)
    {
        if (Feature is Image && value is byte[] or string) value = new Dictionary<string, object?> { ["bytes"] = value as byte[], ["path"] = value as string };
        IReadOnlyDictionary<string, object?> record = value switch
        {
            IReadOnlyDictionary<string, object?> r => r,
            DatasetRecord r => r.Columns,
            IDictionary d => d.Keys.Cast<object>().ToDictionary(k => $"{k}", k => d[k]),
            _ => throw Mismatch(value),
        };
        var features = (Features)Type;
        foreach (var name in record.Keys)
            if (!features.ContainsKey(name)) throw new DTypeMismatchException("A record has a member that the others do not have", Here, $"members {Known.List(features.Keys)}", name);
        for (var i = 0; i < _children.Length; i++) _children[i].AppendObject(record.GetValueOrDefault(features.NameAt(i)));
        Valid(true);
    }

    string Here => $"column \"{_path}\", row {Length}";

    DTypeMismatchException Mismatch(object value) =>
        new("A value is of another type than its column", Here, $"{Feature}", value is string text ? $"the text {Known.Say(text.Length > 60 ? text[..60] + "..." : text)}" : $"{value.GetType().Name} {(value is IFormattable ? Known.Say(value) : "")}".TrimEnd(),
            "Give the column its feature (features, cast_column), or values of one type.");

    ShapeMismatchException WrongLength(int expected, int received) => new("A list of a fixed length has another", Here, $"{expected} elements", $"{received}");
}
