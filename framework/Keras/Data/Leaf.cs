using Keras.Graphs;

namespace Keras.Data;

/// <summary>One component of an element: a part of an array on the host, or a tensor that a function made.</summary>
/// <remarks>Rows of an array share its memory; a tensor is copied to the host only when it is stacked, sliced or written.</remarks>
sealed class Leaf
{
    readonly EagerTensor? _tensor;
    ReadOnlyMemory<byte> _bytes;
    ReadOnlyMemory<byte[]> _strings;
    bool _isOnHost;

    Leaf(DType dtype, Shape shape) => (DType, Shape) = (dtype, shape);

    Leaf(EagerTensor tensor) : this(tensor.dtype, tensor.shape) => _tensor = tensor;

    public DType DType { get; }

    public Shape Shape { get; }

    /// <summary>Whether <see cref="ToTensor"/> makes a new tensor, held by nobody else.</summary>
    public bool MakesNewTensors => _tensor is null;

    /// <summary>Row-major elements; empty for strings.</summary>
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            Read();
            return _bytes;
        }
    }

    /// <summary>Row-major byte strings; empty for other dtypes.</summary>
    public ReadOnlyMemory<byte[]> Strings
    {
        get
        {
            Read();
            return _strings;
        }
    }

    public static Leaf Of(Tensor tensor) => new(tensor.RequireEager());

    public static Leaf Of(HostTensor host) => host.Strings is { } strings ? Of(host.Shape, strings) : Of(host.DType, host.Shape, host.Data);

    public static Leaf Of(DType dtype, Shape shape, ReadOnlyMemory<byte> bytes) => new(dtype, shape) { _bytes = bytes, _isOnHost = true };

    public static Leaf Of(Shape shape, ReadOnlyMemory<byte[]> strings) => new(DType.String, shape) { _strings = strings, _isOnHost = true };

    public Tensor ToTensor() => _tensor ?? (DType == DType.String ? Tf.Constant(HostTensor.OfStrings(Shape, _strings.ToArray())) : Tf.Constant(DType, Shape, _bytes.Span));

    /// <summary>The same component in host memory.</summary>
    public Leaf OnHost() => _tensor is null ? this : DType == DType.String ? Of(Shape, Strings) : Of(DType, Shape, Bytes);

    /// <summary>One row along the first axis, sharing this component's memory.</summary>
    public Leaf Row(long index)
    {
        var shape = Shape[1..];
        var count = shape.ElementCount;
        return DType == DType.String
            ? Of(shape, Strings.Slice(checked((int)(index * count)), checked((int)count)))
            : Of(DType, shape, Bytes.Slice(checked((int)(index * count * DType.Size)), checked((int)(count * DType.Size))));
    }

    void Read()
    {
        if (_isOnHost) return;
        var host = _tensor!.ToHost();
        (_bytes, _strings) = (host.Data, host.Strings);
        _isOnHost = true;
    }
}
