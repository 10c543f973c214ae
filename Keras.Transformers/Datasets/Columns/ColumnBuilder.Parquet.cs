namespace Keras.Transformers;

sealed partial class ColumnBuilder
{
    /// <summary>Appends a row with a bool.</summary>
    public void AppendFlag(bool flag)
    {
        _flags.Append(flag);
        Valid(true);
    }

    /// <summary>The digits of one decimal.</summary>
    public void AppendDecimal(Int128 digits)
    {
        _values.Append(digits);
        Valid(true);
    }

    /// <summary>Elements as Parquet stores them: integers of fewer than 32 bits take 32.</summary>
    /// <exception cref="ValueRangeException">A number does not fit.</exception>
    public void AppendStored(ReadOnlySpan<byte> bytes, int width)
    {
        var count = bytes.Length / width;
        if (_element!.Kind == ElementKind.Null) _nulls += count;
        else if (_element.Width == width) _values.Append(bytes);
        else Numbers.Convert(ElementType.Find(_element.Kind == ElementKind.UInt ? "uint32" : "int32")!, bytes, _element, _values.Grow(count * _element.Width), Here);
        _validity.Append(true, count);
        Length += count;
    }
}
