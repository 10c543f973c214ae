using Keras.Backend;
using Keras.Graphs;

namespace Keras;

/// <summary>What an operation takes for a tensor: a tensor, a variable, an array, or a plain number, which takes the dtype of the tensor it meets.</summary>
/// <remarks>As in Keras, <c>ops.add(x, 2)</c> keeps the dtype of x, and <c>ops.multiply(ints, 0.5)</c> gives <c>floatx</c>. Alone, a whole
/// number is int32, any other <c>floatx</c>, a bool bool. Arrays keep their element type.</remarks>
public readonly struct TensorLike
{
    readonly Tensor? _tensor;
    readonly double _number;
    readonly long _whole;
    readonly WeakKind _kind;

    TensorLike(Tensor tensor) => _tensor = tensor ?? throw new ArgumentNullException(nameof(tensor));

    TensorLike(WeakKind kind, long whole, double number) => (_kind, _whole, _number) = (kind, whole, number);

    enum WeakKind
    {
        None,
        Bool,
        Whole,
        Real,
    }

    /// <summary>The type for promotion: a dtype, or the type of a plain number.</summary>
    internal PromotionType Type => _kind switch
    {
        WeakKind.Whole => PromotionType.WeakInt,
        WeakKind.Real => PromotionType.WeakFloat,
        WeakKind.Bool => DType.Bool,
        _ => Given.dtype,
    };

    /// <summary>The dtype of the argument on its own.</summary>
    internal DType DType => DTypePromotion.Resolve(Type);

    /// <summary>The number of dimensions.</summary>
    internal int Rank => _tensor?.ndim ?? 0;

    /// <summary>A plain integer; null for anything else.</summary>
    internal long? WholeNumber => _kind is WeakKind.Whole or WeakKind.Bool ? _whole : null;

    /// <summary>A plain number, or the tensor.</summary>
    internal object Value => _kind switch
    {
        WeakKind.None => (object)Given,
        WeakKind.Bool => (object)(_whole != 0),
        WeakKind.Whole => (object)_whole,
        _ => (object)_number,
    };

    /// <summary>Whether operations on it are now recorded as steps of a functional model.</summary>
    internal bool IsKept => KeptOp.Concerns(_tensor);

    Tensor Given => _tensor ?? throw new InvalidOperationException("An operation was given no tensor (default(TensorLike)).");

    /// <summary>The argument as a tensor in its own dtype.</summary>
    internal Tensor Tensor => _kind == WeakKind.None ? Given : As(DType);

    /// <summary>The argument as a tensor of a dtype.</summary>
    internal Tensor As(DType dtype)
    {
        if (_kind == WeakKind.None) return Tf.Cast(Given, dtype);
        return Tf.Constant(_kind == WeakKind.Whole && dtype == DType.Int64 ? HostTensor.Scalar(_whole) : HostTensor.Scalar(_number, dtype));
    }

    /// <summary>A tensor.</summary>
    public static implicit operator TensorLike(Tensor tensor) => new(tensor);

    /// <summary>The only tensor of a structure.</summary>
    public static implicit operator TensorLike(Tensors tensors) => new(tensors?.Single!);

    /// <summary>The value of a variable.</summary>
    public static implicit operator TensorLike(Variable variable) => new(variable?.value!);

    /// <summary>One dimension of a shape.</summary>
    public static implicit operator TensorLike(Dim dim) => dim.Known is { } known ? new(WeakKind.Whole, known, known) : new(dim.ToTensor());

    /// <summary>An integer.</summary>
    public static implicit operator TensorLike(int value) => new(WeakKind.Whole, value, value);

    /// <summary>An integer; int64 if it does not fit int32.</summary>
    public static implicit operator TensorLike(long value) =>
        value is >= int.MinValue and <= int.MaxValue ? new(WeakKind.Whole, value, value) : new(Tf.Constant(HostTensor.Scalar(value)));

    /// <summary>A real number.</summary>
    public static implicit operator TensorLike(float value) => new(WeakKind.Real, 0, value);

    /// <summary>A real number.</summary>
    public static implicit operator TensorLike(double value) => new(WeakKind.Real, 0, value);

    /// <summary>A bool.</summary>
    public static implicit operator TensorLike(bool value) => new(WeakKind.Bool, value ? 1 : 0, value ? 1 : 0);

    /// <summary>A string.</summary>
    public static implicit operator TensorLike(string value) => new(Tensor.Of(value));

    /// <summary>An array of any rank, which keeps its element type; tensors of one shape are stacked.</summary>
    public static implicit operator TensorLike(Array values) => new(values is Tensor[] tensors ? OpsApi.Instance.stack(tensors) : Tensor.Of(values));
}
