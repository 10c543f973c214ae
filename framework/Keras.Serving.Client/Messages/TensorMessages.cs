using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Serving;

/// <summary>Reads and writes tensors of requests and responses. They are untrusted: nothing larger than the message is allocated, except up to <see cref="MostRepeated"/>.</summary>
static class TensorMessages
{
    /// <summary>TensorFlow's limit on dimensions.</summary>
    const int MostDimensions = 254;

    /// <summary>The least memory of a string.</summary>
    const int StringSize = 8;

    /// <summary>The most bytes to which a message's last value may be repeated.</summary>
    internal const long MostRepeated = 1 << 24;

    /// <summary>Reads the tensor of a message, from its content or its typed values, the last of which is repeated for missing ones.</summary>
    /// <param name="proto">The message.</param>
    /// <param name="name">The name of the input or output.</param>
    /// <exception cref="TensorMessageException">Dtype, shape and values do not fit each other, or are not supported.</exception>
    public static HostTensor Read(TensorProto proto, string name)
    {
        if (!Enum.IsDefined(proto.Dtype) || proto.Dtype == DataType.DtInvalid || DTypeOrNull(proto.Dtype) is not { } dtype || dtype.Size == 0 && dtype != DType.String)
            throw new TensorMessageException("A tensor has a dtype without data", name, "a numeric dtype or DT_STRING", Text(proto.Dtype));
        var shape = CheckedShape(proto, name);
        var count = Count(shape, dtype, name);
        try
        {
            if (dtype == DType.String && !proto.TensorContent.IsEmpty) return HostTensor.OfStrings(shape, StringContent(proto.TensorContent.Span, count, name));
            if (proto.TensorContent.IsEmpty && ValueCount(proto, dtype) < count && count * SizeOf(dtype) > MostRepeated)
                throw new TensorMessageException("A tensor has fewer values than elements", name, $"{count} values for the shape {shape}", $"{ValueCount(proto, dtype)}");
            return TensorProtos.FromProto(proto, name);
        }
        catch (KerasException e) when (e is FileFormatException or UnsupportedException)
        {
            throw new TensorMessageException($"A tensor of shape {shape} and dtype {dtype} does not fit its values", name, e.Expected, e.Received, e);
        }
    }

    /// <summary>Writes all elements into the field of their dtype, as TensorFlow Serving does; some clients read no other form.</summary>
    public static TensorProto WriteValues(HostTensor tensor)
    {
        var proto = Header(tensor);
        if (tensor.Strings is { } strings) AddStrings(proto, strings);
        else if (ValueWriters.TryGetValue(tensor.DType, out var write)) write(proto, tensor.Data);
        else proto.TensorContent = ByteString.CopyFrom(tensor.Data);
        return proto;
    }

    /// <summary>Writes the elements as bytes, the shortest and fastest form.</summary>
    public static TensorProto WriteContent(HostTensor tensor)
    {
        var proto = Header(tensor);
        if (tensor.Strings is { } strings) AddStrings(proto, strings);
        else proto.TensorContent = UnsafeByteOperations.UnsafeWrap(tensor.Data);
        return proto;
    }

    static TensorProto Header(HostTensor tensor) => new() { Dtype = ShapeProtos.ToProto(tensor.DType), TensorShape = ShapeProtos.ToProto(tensor.Shape) };

    static void AddStrings(TensorProto proto, byte[][] strings)
    {
        proto.StringVal.Capacity = strings.Length;
        foreach (var value in strings) proto.StringVal.Add(UnsafeByteOperations.UnsafeWrap(value));
    }

    static DType? DTypeOrNull(DataType number) =>
        Array.Find([DType.Float32, DType.Float64, DType.Int32, DType.UInt8, DType.Int16, DType.Int8, DType.String, DType.Complex64, DType.Int64, DType.Bool, DType.BFloat16,
            DType.UInt16, DType.Complex128, DType.Float16, DType.UInt32, DType.UInt64], d => d.Number == (int)number);

    static int SizeOf(DType dtype) => dtype == DType.String ? StringSize : dtype.Size;

    static string Text(DataType number) => Enum.IsDefined(number) ? ProtoNames.Of(number) : $"the number {(int)number}";

    static Shape CheckedShape(TensorProto proto, string name)
    {
        var shape = proto.TensorShape ?? new TensorShapeProto();
        if (shape.UnknownRank) throw new TensorMessageException("A tensor has no shape", name, "known dimensions", "unknown_rank: true");
        if (shape.Dim.Count > MostDimensions) throw new TensorMessageException("A tensor has too many dimensions", name, $"at most {MostDimensions}", $"{shape.Dim.Count}");
        foreach (var dim in shape.Dim)
            if (dim.Size < 0) throw new TensorMessageException("A tensor has a negative dimension", name, "dimensions of at least 0", $"{dim.Size}");
        return new Shape([.. shape.Dim.Select(d => d.Size)]);
    }

    /// <summary>The number of elements. A product too large for memory is rejected even if another dimension is 0, as in TensorFlow.</summary>
    static long Count(Shape shape, DType dtype, string name)
    {
        var (product, isEmpty) = ((Int128)1, false);
        foreach (var dim in shape.ToArray())
        {
            isEmpty |= dim == 0;
            product *= Math.Max(dim, 1);
            if (product * SizeOf(dtype) > Array.MaxLength)
                throw new TensorMessageException("A tensor is too large", name, $"at most {Array.MaxLength} bytes", $"the shape {shape} of {dtype}");
        }
        return isEmpty ? 0 : (long)product;
    }

    static long ValueCount(TensorProto proto, DType dtype) => dtype.Number switch
    {
        1 => proto.FloatVal.Count,
        2 => proto.DoubleVal.Count,
        3 or 4 or 5 or 6 or 17 => proto.IntVal.Count,
        7 => proto.StringVal.Count,
        8 => proto.ScomplexVal.Count / 2,
        9 => proto.Int64Val.Count,
        10 => proto.BoolVal.Count,
        14 or 19 => proto.HalfVal.Count,
        18 => proto.DcomplexVal.Count / 2,
        22 => proto.Uint32Val.Count,
        _ => proto.Uint64Val.Count,
    };

    /// <summary>Reads strings from content: all lengths as varints, then all bytes.</summary>
    static byte[][] StringContent(ReadOnlySpan<byte> content, long count, string name)
    {
        var misfit = (ReadOnlySpan<byte> bytes) => new TensorMessageException("The content of a tensor does not hold its strings", name, $"{count} lengths and as many strings", $"{bytes.Length} bytes");
        if (count > content.Length) throw misfit(content);
        var lengths = new int[count];
        var at = 0;
        long total = 0;
        for (var i = 0; i < lengths.Length; i++)
        {
            ulong length = 0;
            for (var shift = 0; ; shift += 7)
            {
                if (at == content.Length || shift > 28) throw misfit(content);
                var b = content[at++];
                length |= (ulong)(b & 0x7F) << shift;
                if (b < 0x80) break;
            }
            total += (long)length;
            if (total > content.Length) throw misfit(content);
            lengths[i] = (int)length;
        }
        if (at + total != content.Length) throw misfit(content);
        var strings = new byte[count][];
        for (var i = 0; i < lengths.Length; at += lengths[i++]) strings[i] = content.Slice(at, lengths[i]).ToArray();
        return strings;
    }

    static readonly Dictionary<DType, Action<TensorProto, byte[]>> ValueWriters = new()
    {
        [DType.Float32] = Writer<float>(p => p.FloatVal),
        [DType.Float64] = Writer<double>(p => p.DoubleVal),
        [DType.Int32] = Writer<int>(p => p.IntVal),
        [DType.Int64] = Writer<long>(p => p.Int64Val),
        [DType.UInt32] = Writer<uint>(p => p.Uint32Val),
        [DType.UInt64] = Writer<ulong>(p => p.Uint64Val),
        [DType.Bool] = Writer<bool>(p => p.BoolVal),
        [DType.Complex64] = Writer<float>(p => p.ScomplexVal),
        [DType.Complex128] = Writer<double>(p => p.DcomplexVal),
        [DType.UInt8] = Writer<byte>(p => p.IntVal, v => v),
        [DType.Int8] = Writer<sbyte>(p => p.IntVal, v => v),
        [DType.Int16] = Writer<short>(p => p.IntVal, v => v),
        [DType.UInt16] = Writer<ushort>(p => p.IntVal, v => v),
        [DType.Float16] = Writer<ushort>(p => p.HalfVal, v => v),
        [DType.BFloat16] = Writer<ushort>(p => p.HalfVal, v => v),
    };

    static Action<TensorProto, byte[]> Writer<T>(Func<TensorProto, RepeatedField<T>> field) where T : unmanaged => (proto, data) =>
        field(proto).AddRange(MemoryMarshal.Cast<byte, T>(data.AsSpan()));

    static Action<TensorProto, byte[]> Writer<T>(Func<TensorProto, RepeatedField<int>> field, Func<T, int> widen) where T : unmanaged => (proto, data) =>
        field(proto).AddRange(Array.ConvertAll(MemoryMarshal.Cast<byte, T>(data).ToArray(), v => widen(v)));
}

/// <summary>The error for a malformed tensor in a request or response.</summary>
sealed class TensorMessageException(string what, string? where, string? expected, string? received, Exception? inner = null) : KerasException(what, where, expected, received, null, inner);
