namespace Keras.Engines.TensorFlow;

/// <summary>Memory from TensorFlow's pool. Other memory is never updated in place: a variable's first change would copy it.</summary>
sealed unsafe class TensorMemory : HostMemory
{
    readonly DType _dtype;
    readonly Shape _shape;

    public TensorMemory(DType dtype, Shape shape)
    {
        (_dtype, _shape) = (dtype, shape);
        Length = shape.ElementCount * dtype.Size;
        Tensor = NativeTensor.Allocate(dtype, shape.ToArray(), Length);
        Address = Tensor.Address;
    }

    /// <summary>The tensor that holds the memory.</summary>
    public NativeTensor Tensor { get; }

    /// <inheritdoc/>
    public override byte* Address { get; }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <summary>Whether the tensor is of this type and shape.</summary>
    public bool Holds(DType dtype, Shape shape) => dtype == _dtype && shape == _shape;

    /// <inheritdoc/>
    public override void Dispose() => Tensor.Dispose();
}
