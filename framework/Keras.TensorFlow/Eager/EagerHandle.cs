namespace Keras.Engines.TensorFlow;

/// <summary>A TFE_TensorHandle: a tensor or a resource of a context. Its shape is read when it is first needed.</summary>
sealed unsafe class EagerHandle : NativeHandle, ITensorHandle
{
    readonly long _pressure;
    Shape? _shape;

    /// <summary>Takes over a handle that the C API returned.</summary>
    public EagerHandle(EagerContext context, TFE_TensorHandle* pointer) : base(HandleKind.EagerTensor, pointer, context)
    {
        DType = DType.FromNumber(CApi.TFE_TensorHandleDataType(pointer));
        if (!DType.IsNumeric) return;
        var bytes = CApi.TFE_TensorHandleNumElements(pointer, NativeStatus.Current.Pointer) * DType.Size;
        if (bytes < NativePressure.Least) return;
        _pressure = bytes;
        NativePressure.Add(bytes);
    }

    /// <summary>The pointer for the C API.</summary>
    public TFE_TensorHandle* Pointer => (TFE_TensorHandle*)handle;

    /// <inheritdoc/>
    public DType DType { get; }

    /// <inheritdoc/>
    public Shape Shape => _shape ??= ReadShape();

    /// <summary>Casts a handle to one of this engine.</summary>
    /// <exception cref="EngineException">The tensor belongs to another engine.</exception>
    public static EagerHandle Of(ITensorHandle tensor) => tensor as EagerHandle
        ?? throw new EngineException("A tensor belongs to another engine", expected: "a TensorFlow tensor", received: tensor?.GetType().Name ?? "null",
            remedy: "Copy it through the host, or use one engine only.");

    /// <inheritdoc/>
    protected override void Delete()
    {
        CApi.TFE_DeleteTensorHandle(Pointer);
        if (_pressure > 0) NativePressure.Remove(_pressure);
    }

    Shape ReadShape()
    {
        var added = false;
        DangerousAddRef(ref added);
        try
        {
            var status = NativeStatus.Current;
            var rank = CApi.TFE_TensorHandleNumDims(Pointer, status.Pointer);
            status.ThrowIfError("shape of a tensor");
            Span<long> dims = stackalloc long[rank];
            for (var i = 0; i < rank; i++) dims[i] = CApi.TFE_TensorHandleDim(Pointer, i, status.Pointer);
            return new Shape(dims);
        }
        finally
        {
            DangerousRelease();
        }
    }
}
