using Keras.Backend;
using Keras.Graphs;

namespace Keras;

/// <content>Comparisons, logical and bitwise operations.</content>
public sealed partial class OpsApi
{
    /// <summary>Whether x1 = x2.</summary>
    public Tensor equal(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Binary(x1, x2, Tf.Equal);

    /// <summary>Whether x1 ≠ x2.</summary>
    public Tensor not_equal(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Binary(x1, x2, Tf.NotEqual);

    /// <summary>Whether x1 &gt; x2.</summary>
    public Tensor greater(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? NumberBinary(x1, x2, Tf.Greater);

    /// <summary>Whether x1 ≥ x2.</summary>
    public Tensor greater_equal(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? NumberBinary(x1, x2, Tf.GreaterEqual);

    /// <summary>Whether x1 &lt; x2.</summary>
    public Tensor less(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? NumberBinary(x1, x2, Tf.Less);

    /// <summary>Whether x1 ≤ x2.</summary>
    public Tensor less_equal(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? NumberBinary(x1, x2, Tf.LessEqual);

    /// <summary>Whether |x1 - x2| ≤ atol + rtol · |x2|; equal infinities are close.</summary>
    /// <param name="x1">Numbers.</param>
    /// <param name="x2">Numbers.</param>
    /// <param name="rtol">Relative tolerance, default 1e-5.</param>
    /// <param name="atol">Absolute tolerance, default 1e-8.</param>
    /// <param name="equal_nan">Whether NaN is close to NaN; default false.</param>
    public Tensor isclose(TensorLike x1, TensorLike x2, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false)
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2, rtol, atol, equal_nan);
        var (a, b) = PromoteFloat(x1, x2);
        var near = Tf.LessEqual(Tf.Abs(a - b), (Tf.Abs(b) * rtol) + atol);
        var close = Tf.SelectV2(Tf.LogicalAnd(Tf.IsFinite(a), Tf.IsFinite(b)), near, Tf.Equal(a, b));
        return equal_nan ? Tf.LogicalOr(close, Tf.LogicalAnd(Tf.IsNan(a), Tf.IsNan(b))) : close;
    }

    /// <summary>Whether all elements are close (<see cref="isclose"/>): a bool scalar.</summary>
    public Tensor allclose(TensorLike x1, TensorLike x2, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false) =>
        Kept(x1, x2)?.Run<Tensor>(x1, x2, rtol, atol, equal_nan)
        ?? all(isclose(x1, x2, rtol, atol, equal_nan));

    /// <summary>Whether x1 and x2 have one shape and equal elements: a bool scalar.</summary>
    public Tensor array_equal(TensorLike x1, TensorLike x2)
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2);
        var (a, b) = Promote(x1, x2);
        return a.shape.IsCompatibleWith(b.shape) ? all(Tf.Equal(a, b)) : Tf.Constant(0, DType.Bool);
    }

    /// <summary>Whether both are true; numbers count as true if they are not 0.</summary>
    public Tensor logical_and(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Tf.LogicalAnd(Bool(x1), Bool(x2));

    /// <summary>Whether at least one is true; numbers count as true if they are not 0.</summary>
    public Tensor logical_or(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Tf.LogicalOr(Bool(x1), Bool(x2));

    /// <summary>Whether exactly one is true; numbers count as true if they are not 0.</summary>
    public Tensor logical_xor(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Tf.NotEqual(Bool(x1), Bool(x2));

    /// <summary>Whether it is not true; numbers count as true if they are not 0.</summary>
    public Tensor logical_not(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.LogicalNot(Bool(x));

    /// <summary>Bitwise and; for bools, logical and.</summary>
    public Tensor bitwise_and(TensorLike x, TensorLike y) => Kept(x, y)?.Run<Tensor>(x, y) ?? Bits(x, y, Tf.BitwiseAnd, Tf.LogicalAnd);

    /// <summary>Bitwise or; for bools, logical or.</summary>
    public Tensor bitwise_or(TensorLike x, TensorLike y) => Kept(x, y)?.Run<Tensor>(x, y) ?? Bits(x, y, Tf.BitwiseOr, Tf.LogicalOr);

    /// <summary>Bitwise exclusive or; for bools, logical exclusive or.</summary>
    public Tensor bitwise_xor(TensorLike x, TensorLike y) => Kept(x, y)?.Run<Tensor>(x, y) ?? Bits(x, y, Tf.BitwiseXor, Tf.NotEqual);

    /// <summary>Every bit inverted.</summary>
    public Tensor bitwise_invert(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? (x.DType == DType.Bool ? Tf.LogicalNot(x.Tensor) : Tf.Invert(x.Tensor));

    /// <summary>As <see cref="bitwise_invert"/>.</summary>
    public Tensor bitwise_not(TensorLike x) => bitwise_invert(x);

    /// <summary>The bits shifted to the left.</summary>
    public Tensor left_shift(TensorLike x, TensorLike y) => Kept(x, y)?.Run<Tensor>(x, y) ?? Shift(x, y, Tf.LeftShift);

    /// <summary>As <see cref="left_shift"/>.</summary>
    public Tensor bitwise_left_shift(TensorLike x, TensorLike y) => left_shift(x, y);

    /// <summary>Shifts the bits to the right and keeps the sign.</summary>
    public Tensor right_shift(TensorLike x, TensorLike y) => Kept(x, y)?.Run<Tensor>(x, y) ?? Shift(x, y, Tf.RightShift);

    /// <summary>As <see cref="right_shift"/>.</summary>
    public Tensor bitwise_right_shift(TensorLike x, TensorLike y) => right_shift(x, y);

    static Tensor Bits(TensorLike x, TensorLike y, Func<Tensor, Tensor, Tensor> bits, Func<Tensor, Tensor, Tensor> truths)
    {
        var (a, b) = Promote(x, y);
        return a.dtype == DType.Bool ? truths(a, b) : a.dtype.IsInteger ? bits(a, b)
            : throw new DTypeMismatchException("A dtype other than whole numbers has no bits to combine or shift", "ops.bitwise", "integer dtypes or bool", a.dtype.Name);
    }

    static Tensor Shift(TensorLike x, TensorLike y, Func<Tensor, Tensor, Tensor> shift)
    {
        var dtype = DTypePromotion.Result(x.Type, y.Type);
        if (dtype == DType.Bool) dtype = DType.Int32;
        return dtype.IsInteger ? shift(x.As(dtype), y.As(dtype)) : throw new DTypeMismatchException("A dtype other than whole numbers has no bits to combine or shift", "ops.shift", "integer dtypes or bool", dtype.Name);
    }
}
