namespace Keras.Engines.Torch;

/// <summary>A libtorch handle for the duration of a call: a view of this engine's memory, or a result in libtorch's.</summary>
readonly unsafe ref struct AtenTensor : IDisposable
{
    const int MaxRank = 16;

    public readonly nint Handle;

    /// <summary>Takes over a handle that libtorch returned.</summary>
    public AtenTensor(nint handle) => Handle = handle;

    /// <summary>Makes a view of a tensor's memory with its own shape.</summary>
    public static AtenTensor Of(TorchTensor tensor) => Of(tensor, tensor.Shape.Symbolic);

    /// <summary>Makes a view of a tensor's memory with other dimensions of as many elements.</summary>
    public static AtenTensor Of(TorchTensor tensor, params scoped ReadOnlySpan<long> dims)
    {
        Span<long> strides = stackalloc long[MaxRank];
        var step = 1L;
        for (var i = dims.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= Math.Max(dims[i], 1);
        }
        return Strided(tensor.Data, tensor.DType, dims, strides[..dims.Length]);
    }

    /// <summary>Makes a view of memory with any strides (in elements).</summary>
    public static AtenTensor Strided(void* data, DType dtype, scoped ReadOnlySpan<long> dims, scoped ReadOnlySpan<long> strides)
    {
        nint handle;
        fixed (long* d = dims)
        fixed (long* s = strides)
        {
            long none = 0;
            Aten.Check(Aoti.CreateFromBlob(data, dims.Length, d is null ? &none : d, s is null ? &none : s, 0, Aten.CodeOf(dtype), 0, -1, &handle), "from_blob");
        }
        return new(handle);
    }

    /// <summary>Makes a second handle of the same tensor, for calls that consume their arguments.</summary>
    public ulong Given()
    {
        nint copy;
        Aten.Check(Aoti.Duplicate(Handle, &copy), "handle");
        return (ulong)copy;
    }

    /// <summary>The dimensions.</summary>
    public Shape Shape
    {
        get
        {
            long rank;
            long* sizes;
            Aten.Check(Aoti.RankOf(Handle, &rank), "rank");
            Aten.Check(Aoti.SizesOf(Handle, &sizes), "sizes");
            return new Shape(new ReadOnlySpan<long>(sizes, (int)rank));
        }
    }

    /// <summary>The element type.</summary>
    public DType DType
    {
        get
        {
            int code;
            Aten.Check(Aoti.DTypeOf(Handle, &code), "dtype");
            return Aten.DTypeOf(code);
        }
    }

    /// <summary>Copies the elements in row-major order into a new tensor of this engine; the caller still disposes the handle.</summary>
    public TorchTensor ToTensor(Shape? shape = null)
    {
        var own = Shape;
        var result = TorchTensor.Allocate(DType, shape ?? own);
        using var target = Of(result, own.Symbolic);
        Aten.Check(Aoti.Copy(target.Handle, Handle, 0), "copy");
        return result;
    }

    /// <summary>Copies the elements into a tensor.</summary>
    public void CopyTo(TorchTensor target)
    {
        using var view = Of(target, Shape.Symbolic);
        Aten.Check(Aoti.Copy(view.Handle, Handle, 0), "copy");
    }

    public void Dispose()
    {
        if (Handle != 0) _ = Aoti.Delete(Handle);
    }
}
