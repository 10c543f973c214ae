namespace Keras.Serving;

/// <summary>Writes a tensor, or a row of it, as nested lists.</summary>
/// <param name="name">The output's name; strings of "..._bytes" are written as {"b64": ...}.</param>
/// <param name="tensor">The tensor.</param>
sealed class TensorText(string name, HostTensor tensor)
{
    delegate void Elements(JsonText text, HostTensor tensor, int from, int count);

    static readonly Dictionary<DType, Elements> Writers = new()
    {
        [DType.Float32] = Of<float>((text, value) => text.Float(value)),
        [DType.Float64] = Of<double>((text, value) => text.Float(value)),
        [DType.Float16] = Of<Half>((text, value) => text.Float((float)value)),
        [DType.BFloat16] = Of<BFloat16>((text, value) => text.Float((float)value)),
        [DType.Int8] = Of<sbyte>((text, value) => text.Whole(value)),
        [DType.Int16] = Of<short>((text, value) => text.Whole(value)),
        [DType.Int32] = Of<int>((text, value) => text.Whole(value)),
        [DType.Int64] = Of<long>((text, value) => text.Whole(value)),
        [DType.UInt8] = Of<byte>((text, value) => text.Whole(value)),
        [DType.UInt16] = Of<ushort>((text, value) => text.Whole(value)),
        [DType.UInt32] = Of<uint>((text, value) => text.Whole(value)),
        [DType.UInt64] = Of<ulong>((text, value) => text.Whole(value)),
        [DType.Bool] = Of<bool>((text, value) => text.Raw(value ? "true"u8 : "false"u8)),
    };

    readonly long[] _dims = tensor.Shape.ToArray();
    readonly Elements _write = WriterOf(name, tensor.DType);
    int _at;

    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>The number of rows; null for a scalar.</summary>
    public long? Rows => _dims.Length == 0 ? null : _dims[0];

    /// <summary>Writes the whole tensor.</summary>
    public void Write(JsonText text) => Write(text, 0);

    /// <summary>Writes the next row.</summary>
    public void WriteRow(JsonText text) => Write(text, 1);

    void Write(JsonText text, int axis)
    {
        if (axis == _dims.Length)
        {
            _write(text, tensor, _at++, 1);
            return;
        }
        text.Raw("["u8);
        if (axis == _dims.Length - 1)
        {
            _write(text, tensor, _at, (int)_dims[axis]);
            _at += (int)_dims[axis];
        }
        else
            for (var i = 0L; i < _dims[axis]; i++)
            {
                if (i > 0) text.Raw(","u8);
                Write(text, axis + 1);
            }
        text.Raw("]"u8);
    }

    static Elements WriterOf(string name, DType dtype)
    {
        if (dtype == DType.String) return Strings(name.EndsWith("_bytes", StringComparison.Ordinal));
        return Writers.TryGetValue(dtype, out var writer) ? writer
            : throw new ServingException(TFServingStatus.Unimplemented, $"JSON has no form for elements of dtype {dtype} (output '{name}'). Call the signature by gRPC.");
    }

    static Elements Of<T>(Action<JsonText, T> write) where T : unmanaged => (text, tensor, from, count) =>
    {
        var values = tensor.As<T>().Slice(from, count);
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0) text.Raw(","u8);
            write(text, values[i]);
        }
    };

    static Elements Strings(bool areBytes) => (text, tensor, from, count) =>
    {
        for (var i = from; i < from + count; i++)
        {
            if (i > from) text.Raw(","u8);
            if (areBytes) text.Bytes(tensor.Strings![i]);
            else text.String(tensor.Strings![i]);
        }
    };
}
