using System.Runtime.InteropServices;
using System.Text;

namespace Keras;

/// <summary>A tensor's dtype, shape and elements in managed memory, for constants, checkpoints and conversions.</summary>
sealed class HostTensor
{
    HostTensor(DType dtype, Shape shape, byte[] data, byte[][]? strings) => (DType, Shape, Data, Strings) = (dtype, shape, data, strings);

    public DType DType { get; }

    public Shape Shape { get; }

    /// <summary>The elements in row-major order; empty for strings.</summary>
    public byte[] Data { get; }

    /// <summary>The byte strings in row-major order; null unless the dtype is string.</summary>
    public byte[][]? Strings { get; }

    public static HostTensor OfBytes(DType dtype, Shape shape, byte[] data)
    {
        dtype.RequirePlain(null);
        if (data.Length != shape.ElementCount * dtype.Size)
            throw new ShapeMismatchException("Elements do not fill the shape", null, $"{shape.ElementCount * dtype.Size} bytes for {dtype} {shape}", $"{data.Length} bytes");
        return new(dtype, shape, data, null);
    }

    public static HostTensor OfStrings(Shape shape, byte[][] strings)
    {
        if (strings.Length != shape.ElementCount)
            throw new ShapeMismatchException("Strings do not fill the shape", null, $"{shape.ElementCount} strings for {shape}", $"{strings.Length}");
        return new(DType.String, shape, [], strings);
    }

    public static HostTensor Of<T>(ReadOnlySpan<T> values, Shape shape) where T : unmanaged => OfBytes(DType.Of<T>(), shape, MemoryMarshal.AsBytes(values).ToArray());

    public static HostTensor Scalar<T>(T value) where T : unmanaged => Of<T>([value], Shape.Scalar);

    public static HostTensor Vector<T>(params ReadOnlySpan<T> values) where T : unmanaged => Of(values, new Shape(values.Length));

    /// <summary>A scalar of any numeric dtype.</summary>
    public static HostTensor Scalar(double value, DType dtype) => OfBytes(dtype, Shape.Scalar, NumberBytes(value, dtype));

    /// <summary>Reads a scalar, an array of any rank, a string or an array of strings.</summary>
    /// <exception cref="ArgumentException">The value is none of these.</exception>
    public static HostTensor From(object value)
    {
        switch (value)
        {
            case HostTensor host: return host;
            case string s: return OfStrings(Shape.Scalar, [Encoding.UTF8.GetBytes(s)]);
            case byte[][] strings: return OfStrings(new Shape(strings.Length), strings);
            case Array array when array.GetType().GetElementType() == typeof(string):
                return OfStrings(ShapeOf(array), [.. array.Cast<string>().Select(Encoding.UTF8.GetBytes)]);
            case Array array when array.GetType().GetElementType() is { IsArray: true }:
                return FromJagged(array);
            case Array array:
                var dtype = DType.Of(array.GetType().GetElementType()!);
                var data = new byte[array.LongLength * dtype.Size];
                if (data.Length > 0) MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array), data.Length).CopyTo(data);
                return OfBytes(dtype, ShapeOf(array), data);
            case float f: return Scalar(f);
            case double d: return Scalar(d);
            case int i: return Scalar(i);
            case long l: return Scalar(l);
            case bool b: return OfBytes(DType.Bool, Shape.Scalar, [b ? (byte)1 : (byte)0]);
            case Half h: return Scalar(h);
            case BFloat16 b: return Scalar(b);
            case byte b: return Scalar(b);
            case sbyte b: return Scalar(b);
            case short s: return Scalar(s);
            case ushort s: return Scalar(s);
            case uint u: return Scalar(u);
            case ulong u: return Scalar(u);
            default: throw new ArgumentException($"No tensor can be made of a {value.GetType()}. Expected: a number, a bool, a string, or an array of these.");
        }
    }

    /// <summary>The same elements in another shape.</summary>
    public HostTensor Reshaped(Shape shape) => Strings is null ? OfBytes(DType, shape, Data) : OfStrings(shape, Strings);

    static Shape ShapeOf(Array array)
    {
        var dims = new long[array.Rank];
        for (var i = 0; i < dims.Length; i++) dims[i] = array.GetLongLength(i);
        return new Shape(dims);
    }

    static HostTensor FromJagged(Array rows)
    {
        var parts = rows.Cast<object>().Select(From).ToArray();
        var first = parts.Length > 0 ? parts[0] : throw new ArgumentException("No tensor can be made of an empty jagged array: its shape is unknown. Use a multi-dimensional array.");
        if (Array.Find(parts, p => p.Shape != first.Shape) is { } ragged)
            throw new ShapeMismatchException("The rows of a jagged array differ", null, $"every row of shape {first.Shape}", ragged.Shape.ToString(), "Pad the rows to one length.");
        var shape = new Shape(parts.Length).Concat(first.Shape);
        return first.Strings is null ? OfBytes(first.DType, shape, [.. parts.SelectMany(p => p.Data)]) : OfStrings(shape, [.. parts.SelectMany(p => p.Strings!)]);
    }

    public ReadOnlySpan<T> As<T>() where T : unmanaged =>
        DType.Of<T>() == DType ? MemoryMarshal.Cast<byte, T>(Data) : throw new DTypeMismatchException("The elements cannot be read as another type", null, DType.Name, typeof(T).Name);

    /// <summary>The elements, of any integer dtype or bool, as long.</summary>
    public long[] ToInt64()
    {
        var count = checked((int)Shape.ElementCount);
        var values = new long[count];
        for (var i = 0; i < count; i++) values[i] = checked((long)Element(i));
        return values;
    }

    /// <summary>The elements, of any numeric dtype, as double.</summary>
    public double[] ToDouble()
    {
        var values = new double[checked((int)Shape.ElementCount)];
        for (var i = 0; i < values.Length; i++) values[i] = Element(i) is var e && DType.IsInteger ? (double)e : FloatElement(i);
        return values;
    }

    Int128 Element(int i)
    {
        if (DType == DType.Int32) return As<int>()[i];
        if (DType == DType.Int64) return As<long>()[i];
        if (DType == DType.UInt8 || DType == DType.Bool) return Data[i];
        if (DType == DType.Int8) return As<sbyte>()[i];
        if (DType == DType.Int16) return As<short>()[i];
        if (DType == DType.UInt16) return As<ushort>()[i];
        if (DType == DType.UInt32) return As<uint>()[i];
        if (DType == DType.UInt64) return As<ulong>()[i];
        return (Int128)FloatElement(i);
    }

    double FloatElement(int i)
    {
        if (DType == DType.Float32) return As<float>()[i];
        if (DType == DType.Float64) return As<double>()[i];
        if (DType == DType.Float16) return (double)As<Half>()[i];
        if (DType == DType.BFloat16) return (float)As<BFloat16>()[i];
        if (DType == DType.Bool) return Data[i];
        throw new DTypeMismatchException("The elements cannot be read as numbers", null, "a real numeric dtype", DType.Name);
    }

    static byte[] NumberBytes(double value, DType dtype)
    {
        if (dtype == DType.Float32) return BitConverter.GetBytes((float)value);
        if (dtype == DType.Float64) return BitConverter.GetBytes(value);
        if (dtype == DType.Int32) return BitConverter.GetBytes(checked((int)value));
        if (dtype == DType.Int64) return BitConverter.GetBytes(checked((long)value));
        if (dtype == DType.Bool) return [value != 0 ? (byte)1 : (byte)0];
        if (dtype == DType.Float16) return BitConverter.GetBytes((Half)value);
        if (dtype == DType.BFloat16) return BitConverter.GetBytes(((BFloat16)(float)value).Bits);
        if (dtype == DType.UInt8) return [checked((byte)value)];
        if (dtype == DType.Int8) return [unchecked((byte)checked((sbyte)value))];
        if (dtype == DType.Int16) return BitConverter.GetBytes(checked((short)value));
        if (dtype == DType.UInt16) return BitConverter.GetBytes(checked((ushort)value));
        if (dtype == DType.UInt32) return BitConverter.GetBytes(checked((uint)value));
        if (dtype == DType.UInt64) return BitConverter.GetBytes(checked((ulong)value));
        throw new DTypeMismatchException("A number cannot be written in this dtype", null, "a real numeric dtype", dtype.Name);
    }
}
