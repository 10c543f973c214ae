using static Keras.Api;

namespace Keras.TensorFlowNet;

/// <summary>The names of NumPy that programs for TensorFlow.NET use to make data; the results are tensors.</summary>
public sealed class ArrayNames
{
    internal ArrayNames() { }

    /// <summary>The dtype float32.</summary>
    public DType float32 => DType.Float32;

    /// <summary>The dtype int32.</summary>
    public DType int32 => DType.Int32;

    /// <summary>A tensor of values.</summary>
    public Tensor array<T>(params T[] values) where T : unmanaged => values;

    /// <summary>A tensor of an array of any rank.</summary>
    public Tensor array(Array values, DType? dtype = null) => ops.convert_to_tensor(values, dtype);

    /// <summary>Zeros.</summary>
    public Tensor zeros(Dims shape, DType? dtype = null) => ops.zeros(shape, dtype);

    /// <summary>Ones.</summary>
    public Tensor ones(Dims shape, DType? dtype = null) => ops.ones(shape, dtype);

    /// <summary>0, 1, ... below an end.</summary>
    public Tensor arange(TensorLike stop) => ops.arange(stop);

    /// <summary>The position of the greatest element along an axis.</summary>
    public Tensor argmax(TensorLike a, int? axis = null) => ops.argmax(a, axis);
}
