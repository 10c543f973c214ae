using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Keras.Engines.TensorFlow;

/// <summary>A TF_Tensor: a typed, shaped buffer in host memory.</summary>
sealed unsafe class NativeTensor : NativeHandle
{
    /// <summary>Takes over a tensor that the C API returned.</summary>
    public NativeTensor(TF_Tensor* tensor) : base(HandleKind.Tensor, tensor) { }

    /// <summary>The pointer for the C API.</summary>
    public TF_Tensor* Pointer => (TF_Tensor*)handle;

    /// <summary>The element type.</summary>
    public DType DType => DType.FromNumber(CApi.TF_TensorType(Pointer));

    /// <summary>The dimensions.</summary>
    public Shape Shape
    {
        get
        {
            Span<long> dims = stackalloc long[CApi.TF_NumDims(Pointer)];
            for (var i = 0; i < dims.Length; i++) dims[i] = CApi.TF_Dim(Pointer, i);
            return new Shape(dims);
        }
    }

    /// <summary>The first byte of the data.</summary>
    public byte* Address => (byte*)CApi.TF_TensorData(Pointer);

    /// <summary>The length of the data in bytes.</summary>
    public long ByteLength => (long)CApi.TF_TensorByteSize(Pointer);

    /// <summary>Makes a tensor that takes over memory; it copies only memory that is not aligned to 64 bytes.</summary>
    /// <remarks>The memory is disposed when the last user of the buffer is gone, possibly on one of TensorFlow's threads.</remarks>
    public static NativeTensor FromHost(HostMemory owner, DType dtype, ReadOnlySpan<long> dims)
    {
        TensorFlowLibrary.EnsureLoaded();
        var keeper = GCHandle.ToIntPtr(GCHandle.Alloc(owner));
        LiveHandles.Created(HandleKind.HostMemory);
        fixed (long* d = dims)
            return new(CApi.TF_NewTensor(dtype.Number, d, dims.Length, owner.Address, (nuint)owner.Length, &ReleaseOwner, (void*)keeper));
    }

    /// <summary>Allocates a tensor without setting its elements.</summary>
    public static NativeTensor Allocate(DType dtype, ReadOnlySpan<long> dims, long length)
    {
        TensorFlowLibrary.EnsureLoaded();
        fixed (long* d = dims) return new(CApi.TF_AllocateTensor(dtype.Number, d, dims.Length, (nuint)length));
    }

    /// <summary>Makes a tensor with a copy of these bytes.</summary>
    public static NativeTensor CopyOf(ReadOnlySpan<byte> bytes, DType dtype, ReadOnlySpan<long> dims)
    {
        var tensor = Allocate(dtype, dims, bytes.Length);
        bytes.CopyTo(new Span<byte>(tensor.Address, bytes.Length));
        return tensor;
    }

    /// <summary>Makes a tensor with a copy of a host tensor's elements.</summary>
    public static NativeTensor Of(HostTensor value) => value.Strings is { } strings
        ? FromStrings(strings, value.Shape.ToArray())
        : CopyOf(value.Data, value.DType, value.Shape.ToArray());

    /// <summary>Makes a string tensor with a copy of these byte strings.</summary>
    public static NativeTensor FromStrings(ReadOnlySpan<byte[]> values, ReadOnlySpan<long> dims) =>
        FromHost(new StringMemory(values), DType.String, dims);

    /// <summary>Copies the elements of a string tensor.</summary>
    public byte[][] ReadStrings()
    {
        var cells = (TF_TString*)Address;
        var values = new byte[ByteLength / sizeof(TF_TString)][];
        for (var i = 0; i < values.Length; i++)
            values[i] = new ReadOnlySpan<byte>(CApi.TF_StringGetDataPointer(cells + i), checked((int)CApi.TF_StringGetSize(cells + i))).ToArray();
        return values;
    }

    /// <summary>Copies the tensor into managed memory.</summary>
    public HostTensor ToHost()
    {
        var (dtype, shape) = (DType, Shape);
        if (dtype == DType.String) return HostTensor.OfStrings(shape, ReadStrings());
        var data = new byte[ByteLength];
        CopyTo(data);
        return HostTensor.OfBytes(dtype, shape, data);
    }

    /// <summary>Copies the data of a numeric tensor.</summary>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length != ByteLength)
            throw new ArgumentException($"The destination holds {destination.Length} bytes, the tensor {ByteLength}.", nameof(destination));
        new ReadOnlySpan<byte>(Address, destination.Length).CopyTo(destination);
    }

    /// <inheritdoc/>
    protected override void Delete() => CApi.TF_DeleteTensor(Pointer);

    [UnmanagedCallersOnly]
    static void ReleaseOwner(void* data, nuint length, void* keeper)
    {
        var handle = GCHandle.FromIntPtr((nint)keeper);
        Unsafe.As<HostMemory>(handle.Target!).Dispose();
        handle.Free();
        LiveHandles.Released(HandleKind.HostMemory);
    }
}
