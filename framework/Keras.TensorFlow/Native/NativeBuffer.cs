namespace Keras.Engines.TensorFlow;

/// <summary>Bytes that TensorFlow allocated, usually a serialised proto.</summary>
sealed unsafe class NativeBuffer : NativeHandle
{
    /// <summary>An empty buffer for the C API to fill.</summary>
    public NativeBuffer() : base(HandleKind.Buffer, CApi.TF_NewBuffer()) { }

    /// <summary>Takes over a buffer that the C API returned.</summary>
    public NativeBuffer(TF_Buffer* buffer) : base(HandleKind.Buffer, buffer) { }

    /// <summary>The pointer for the C API.</summary>
    public TF_Buffer* Pointer => (TF_Buffer*)handle;

    /// <summary>The content, valid as long as this object.</summary>
    public ReadOnlySpan<byte> Span => new(Pointer->Data, checked((int)Pointer->Length));

    /// <inheritdoc/>
    protected override void Delete() => CApi.TF_DeleteBuffer(Pointer);
}
