namespace Keras.Engines.TensorFlow;

/// <summary>Memory out of TensorFlow's pool. Memory of others is never updated in place: the first change of a variable would copy it.</summary>
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
