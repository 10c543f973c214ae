using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Keras.SavedModelProtos;

namespace Keras.Graphs;

/// <summary>Converts host tensors to TensorFlow's TensorProto and back.</summary>
static class TensorProtos
{
    /// <summary>Writes a tensor: one value if all elements are equal, otherwise the elements' bytes.</summary>
    public static TensorProto ToProto(HostTensor tensor)
    {
        var proto = new TensorProto { Dtype = (DataType)tensor.DType.Number, TensorShape = ShapeProtos.ToProto(tensor.Shape) };
        if (tensor.Strings is { } strings)
        {
            foreach (var value in strings) proto.StringVal.Add(ByteString.CopyFrom(value));
            return proto;
        }
        if (!IsUniform(tensor) || !Fields.TryGetValue(tensor.DType, out var field)) proto.TensorContent = ByteString.CopyFrom(tensor.Data);
        else field.Add(proto, tensor.Data.AsSpan(0, tensor.DType.Size));
        return proto;
    }

    /// <summary>Reads a tensor.</summary>
    /// <exception cref="UnsupportedException">The dtype is not one that tensors here have, or the tensor is too large.</exception>
    /// <exception cref="FileFormatException">Shape and values do not fit each other.</exception>
    public static HostTensor FromProto(TensorProto proto, string where)
    {
        var dtype = ShapeProtos.DTypeOf(proto.Dtype, where);
        var shape = ShapeProtos.FromProto(proto.TensorShape ?? new());
        var count = CheckedCount(shape, dtype, where);
        if (dtype == DType.String) return HostTensor.OfStrings(shape, Filled([.. proto.StringVal.Select(s => s.ToByteArray())], count, [], shape, where));
        if (!dtype.IsNumeric) throw new UnsupportedException("A constant has a dtype without data", where, "a numeric dtype or string", dtype.Name);
        if (!proto.TensorContent.IsEmpty)
        {
            return proto.TensorContent.Length == (long)count * dtype.Size
                ? HostTensor.OfBytes(dtype, shape, proto.TensorContent.ToByteArray())
                : throw Misfit(shape, $"{(long)count * dtype.Size} bytes", $"{proto.TensorContent.Length} bytes", where);
        }
        return HostTensor.OfBytes(dtype, shape, Repeated(Fields[dtype].Read(proto), count, dtype, shape, where));
    }

    static bool IsUniform(HostTensor tensor)
    {
        var size = tensor.DType.Size;
        // All elements are equal if the bytes equal themselves shifted by one element.
        return tensor.Data.Length > 0 && tensor.Data.AsSpan(size).SequenceEqual(tensor.Data.AsSpan(0, tensor.Data.Length - size));
    }

    static int CheckedCount(Shape shape, DType dtype, string where)
    {
        if (!shape.IsFullyKnown) throw Misfit(shape, "a fully known shape", shape.ToString(), where);
        Int128 count = 1;
        foreach (var dim in shape.ToArray()) count = count > int.MaxValue && dim > 0 ? count : count * dim;
        return count * Math.Max(dtype.Size, 1) <= Array.MaxLength
            ? (int)count
            : throw new UnsupportedException("A constant is too large", where, $"at most {Array.MaxLength} bytes", $"{shape} of {dtype}");
    }

    /// <summary>Expands values to all elements: the last one is repeated, and no values mean zeros.</summary>
    static byte[] Repeated(byte[] values, int count, DType dtype, Shape shape, string where)
    {
        var size = dtype.Size;
        if (values.Length > count * size) throw Misfit(shape, $"at most {count} values", $"{values.Length / size}", where);
        var data = new byte[count * size];
        values.CopyTo(data, 0);
        if (values.Length > 0)
            for (var at = values.Length; at < data.Length; at += size) data.AsSpan(at - size, size).CopyTo(data.AsSpan(at));
        return data;
    }

    static byte[][] Filled(byte[][] values, int count, byte[] empty, Shape shape, string where)
    {
        if (values.Length > count) throw Misfit(shape, $"at most {count} values", $"{values.Length}", where);
        return [.. values, .. Enumerable.Repeat(values.Length > 0 ? values[^1] : empty, count - values.Length)];
    }

    static FileFormatException Misfit(Shape shape, string expected, string received, string where) =>
        new($"A constant of shape {shape} does not fit its values", where, expected, received, "The file is damaged; export the model again.");

    /// <summary>The field of TensorProto that holds single values of a dtype.</summary>
    sealed record ValueField(Action<TensorProto, ReadOnlySpan<byte>> Add, Func<TensorProto, byte[]> Read);

    static readonly Dictionary<DType, ValueField> Fields = new()
    {
        [DType.Float32] = Field<float, float>(p => p.FloatVal, v => v, v => v),
        [DType.Float64] = Field<double, double>(p => p.DoubleVal, v => v, v => v),
        [DType.Int32] = Field<int, int>(p => p.IntVal, v => v, v => v),
        [DType.Int16] = Field<int, short>(p => p.IntVal, v => v, v => (short)v),
        [DType.Int8] = Field<int, sbyte>(p => p.IntVal, v => v, v => (sbyte)v),
        [DType.UInt16] = Field<int, ushort>(p => p.IntVal, v => v, v => (ushort)v),
        [DType.UInt8] = Field<int, byte>(p => p.IntVal, v => v, v => (byte)v),
        [DType.Int64] = Field<long, long>(p => p.Int64Val, v => v, v => v),
        [DType.UInt32] = Field<uint, uint>(p => p.Uint32Val, v => v, v => v),
        [DType.UInt64] = Field<ulong, ulong>(p => p.Uint64Val, v => v, v => v),
        [DType.Bool] = Field<bool, bool>(p => p.BoolVal, v => v, v => v),
        [DType.Float16] = Field<int, ushort>(p => p.HalfVal, v => v, v => (ushort)v),
        [DType.BFloat16] = Field<int, ushort>(p => p.HalfVal, v => v, v => (ushort)v),
        [DType.Complex64] = Pair(p => p.ScomplexVal),
        [DType.Complex128] = Pair(p => p.DcomplexVal),
    };

    static ValueField Field<TField, T>(Func<TensorProto, RepeatedField<TField>> field, Func<T, TField> write, Func<TField, T> read) where T : unmanaged => new(
        (proto, bytes) => field(proto).Add(write(MemoryMarshal.Read<T>(bytes))),
        proto => MemoryMarshal.AsBytes<T>(field(proto).Select(read).ToArray()).ToArray());

    /// <summary>A field that holds real and imaginary parts alternately.</summary>
    static ValueField Pair<T>(Func<TensorProto, RepeatedField<T>> field) where T : unmanaged => new(
        (proto, bytes) => field(proto).AddRange(MemoryMarshal.Cast<byte, T>(bytes).ToArray()),
        proto => MemoryMarshal.AsBytes<T>(field(proto).ToArray()).ToArray());
}
