using Keras.Graphs;

namespace Keras;

/// <summary>C#'s operators on tensors, with broadcasting; a plain number takes the tensor's dtype. == compares objects; <c>ops.equal</c> compares elements.</summary>
public abstract partial class Tensor
{
    /// <summary>The sum, with broadcasting.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => KeptOp.Of("add", a, b)?.Run<Tensor>(a, b) ?? Tf.AddV2(a, b);

    /// <summary>The difference, with broadcasting.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => KeptOp.Of("subtract", a, b)?.Run<Tensor>(a, b) ?? Tf.Sub(a, b);

    /// <summary>The product, element by element, with broadcasting.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => KeptOp.Of("multiply", a, b)?.Run<Tensor>(a, b) ?? Tf.Mul(a, b);

    /// <summary>The true (floating) quotient, with broadcasting.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => KeptOp.Of("divide", a, b)?.Run<Tensor>(a, b) ?? Tf.RealDiv(a, b);

    /// <summary>The remainder, with the sign of the divisor, with broadcasting.</summary>
    public static Tensor operator %(Tensor a, Tensor b) => KeptOp.Of("mod", a, b)?.Run<Tensor>(a, b) ?? Tf.FloorMod(a, b);

    /// <summary>Where elements are greater.</summary>
    public static Tensor operator >(Tensor a, Tensor b) => KeptOp.Of("greater", a, b)?.Run<Tensor>(a, b) ?? Tf.Greater(a, b);

    /// <summary>Where elements are less.</summary>
    public static Tensor operator <(Tensor a, Tensor b) => KeptOp.Of("less", a, b)?.Run<Tensor>(a, b) ?? Tf.Less(a, b);

    /// <summary>Where elements are greater or equal.</summary>
    public static Tensor operator >=(Tensor a, Tensor b) => KeptOp.Of("greater_equal", a, b)?.Run<Tensor>(a, b) ?? Tf.GreaterEqual(a, b);

    /// <summary>Where elements are less or equal.</summary>
    public static Tensor operator <=(Tensor a, Tensor b) => KeptOp.Of("less_equal", a, b)?.Run<Tensor>(a, b) ?? Tf.LessEqual(a, b);

    /// <summary>Where both are true.</summary>
    public static Tensor operator &(Tensor a, Tensor b) => KeptOp.Of("logical_and", a, b)?.Run<Tensor>(a, b) ?? Tf.LogicalAnd(a, b);

    /// <summary>Where at least one is true.</summary>
    public static Tensor operator |(Tensor a, Tensor b) => KeptOp.Of("logical_or", a, b)?.Run<Tensor>(a, b) ?? Tf.LogicalOr(a, b);

    /// <summary>Where exactly one is true.</summary>
    public static Tensor operator ^(Tensor a, Tensor b) => KeptOp.Of("logical_xor", a, b)?.Run<Tensor>(a, b) ?? Tf.LogicalXor(a, b);

    /// <summary>The sum; the number takes the tensor's dtype.</summary>
    public static Tensor operator +(Tensor a, double b) => KeptOp.Of("add", a)?.Run<Tensor>(a, KeptOp.Number(a, b)) ?? a + Like(a, b);

    /// <summary>The difference; the number takes the tensor's dtype.</summary>
    public static Tensor operator -(Tensor a, double b) => KeptOp.Of("subtract", a)?.Run<Tensor>(a, KeptOp.Number(a, b)) ?? a - Like(a, b);

    /// <summary>The product, element by element; the number takes the tensor's dtype.</summary>
    public static Tensor operator *(Tensor a, double b) => KeptOp.Of("multiply", a)?.Run<Tensor>(a, KeptOp.Number(a, b)) ?? a * Like(a, b);

    /// <summary>The true (floating) quotient; the number takes the tensor's dtype.</summary>
    public static Tensor operator /(Tensor a, double b) => KeptOp.Of("divide", a)?.Run<Tensor>(a, KeptOp.Number(a, b)) ?? a / Like(a, b);

    /// <summary>The remainder, with the sign of the divisor; the number takes the tensor's dtype.</summary>
    public static Tensor operator %(Tensor a, double b) => KeptOp.Of("mod", a)?.Run<Tensor>(a, KeptOp.Number(a, b)) ?? a % Like(a, b);

    /// <summary>Where elements are greater; the number takes the tensor's dtype.</summary>
    public static Tensor operator >(Tensor a, double b) => KeptOp.Of("greater", a)?.Run<Tensor>(a, KeptOp.Number(a, b)) ?? a > Like(a, b);

    /// <summary>Where elements are less; the number takes the tensor's dtype.</summary>
    public static Tensor operator <(Tensor a, double b) => KeptOp.Of("less", a)?.Run<Tensor>(a, KeptOp.Number(a, b)) ?? a < Like(a, b);

    /// <summary>Where elements are greater or equal; the number takes the tensor's dtype.</summary>
    public static Tensor operator >=(Tensor a, double b) => KeptOp.Of("greater_equal", a)?.Run<Tensor>(a, KeptOp.Number(a, b)) ?? a >= Like(a, b);

    /// <summary>Where elements are less or equal; the number takes the tensor's dtype.</summary>
    public static Tensor operator <=(Tensor a, double b) => KeptOp.Of("less_equal", a)?.Run<Tensor>(a, KeptOp.Number(a, b)) ?? a <= Like(a, b);

    /// <summary>The sum; the number takes the tensor's dtype.</summary>
    public static Tensor operator +(double a, Tensor b) => KeptOp.Of("add", b)?.Run<Tensor>(KeptOp.Number(b, a), b) ?? Like(b, a) + b;

    /// <summary>The difference; the number takes the tensor's dtype.</summary>
    public static Tensor operator -(double a, Tensor b) => KeptOp.Of("subtract", b)?.Run<Tensor>(KeptOp.Number(b, a), b) ?? Like(b, a) - b;

    /// <summary>The product, element by element; the number takes the tensor's dtype.</summary>
    public static Tensor operator *(double a, Tensor b) => KeptOp.Of("multiply", b)?.Run<Tensor>(KeptOp.Number(b, a), b) ?? Like(b, a) * b;

    /// <summary>The true (floating) quotient; the number takes the tensor's dtype.</summary>
    public static Tensor operator /(double a, Tensor b) => KeptOp.Of("divide", b)?.Run<Tensor>(KeptOp.Number(b, a), b) ?? Like(b, a) / b;

    /// <summary>The remainder, with the sign of the divisor; the number takes the tensor's dtype.</summary>
    public static Tensor operator %(double a, Tensor b) => KeptOp.Of("mod", b)?.Run<Tensor>(KeptOp.Number(b, a), b) ?? Like(b, a) % b;

    /// <summary>Where elements are greater; the number takes the tensor's dtype.</summary>
    public static Tensor operator >(double a, Tensor b) => KeptOp.Of("greater", b)?.Run<Tensor>(KeptOp.Number(b, a), b) ?? Like(b, a) > b;

    /// <summary>Where elements are less; the number takes the tensor's dtype.</summary>
    public static Tensor operator <(double a, Tensor b) => KeptOp.Of("less", b)?.Run<Tensor>(KeptOp.Number(b, a), b) ?? Like(b, a) < b;

    /// <summary>Where elements are greater or equal; the number takes the tensor's dtype.</summary>
    public static Tensor operator >=(double a, Tensor b) => KeptOp.Of("greater_equal", b)?.Run<Tensor>(KeptOp.Number(b, a), b) ?? Like(b, a) >= b;

    /// <summary>Where elements are less or equal; the number takes the tensor's dtype.</summary>
    public static Tensor operator <=(double a, Tensor b) => KeptOp.Of("less_equal", b)?.Run<Tensor>(KeptOp.Number(b, a), b) ?? Like(b, a) <= b;

    /// <summary>The negated elements.</summary>
    public static Tensor operator -(Tensor a) => KeptOp.Of("negative", a)?.Run<Tensor>(a) ?? Tf.Neg(a);

    /// <summary>Where elements are false.</summary>
    public static Tensor operator ~(Tensor a) => KeptOp.Of("logical_not", a)?.Run<Tensor>(a) ?? Tf.LogicalNot(a);

    static Tensor Like(Tensor tensor, double value) => Tf.Constant(HostTensor.Scalar(value, tensor.dtype));
}
