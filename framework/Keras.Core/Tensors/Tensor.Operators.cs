using Keras.Graphs;

namespace Keras;

/// <summary>What C# writes as an operator, with broadcasting; a plain number takes the tensor's dtype. Equality stays that of objects: <c>ops.equal</c> compares elements.</summary>
public abstract partial class Tensor
{
    /// <summary>Sum, with broadcasting.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Tf.AddV2(a, b);

    /// <summary>Difference, with broadcasting.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Tf.Sub(a, b);

    /// <summary>Product of elements, with broadcasting.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Tf.Mul(a, b);

    /// <summary>True quotient, with broadcasting.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Tf.RealDiv(a, b);

    /// <summary>Remainder of the sign of the divisor, with broadcasting.</summary>
    public static Tensor operator %(Tensor a, Tensor b) => Tf.FloorMod(a, b);

    /// <summary>Where elements are greater.</summary>
    public static Tensor operator >(Tensor a, Tensor b) => Tf.Greater(a, b);

    /// <summary>Where elements are less.</summary>
    public static Tensor operator <(Tensor a, Tensor b) => Tf.Less(a, b);

    /// <summary>Where elements are greater or equal.</summary>
    public static Tensor operator >=(Tensor a, Tensor b) => Tf.GreaterEqual(a, b);

    /// <summary>Where elements are less or equal.</summary>
    public static Tensor operator <=(Tensor a, Tensor b) => Tf.LessEqual(a, b);

    /// <summary>Where both are true.</summary>
    public static Tensor operator &(Tensor a, Tensor b) => Tf.LogicalAnd(a, b);

    /// <summary>Where one is true.</summary>
    public static Tensor operator |(Tensor a, Tensor b) => Tf.LogicalOr(a, b);

    /// <summary>Where exactly one is true.</summary>
    public static Tensor operator ^(Tensor a, Tensor b) => Tf.LogicalXor(a, b);

    /// <summary>Sum, of a number of the tensor's dtype.</summary>
    public static Tensor operator +(Tensor a, double b) => a + Like(a, b);

    /// <summary>Difference, of a number of the tensor's dtype.</summary>
    public static Tensor operator -(Tensor a, double b) => a - Like(a, b);

    /// <summary>Product of elements, of a number of the tensor's dtype.</summary>
    public static Tensor operator *(Tensor a, double b) => a * Like(a, b);

    /// <summary>True quotient, of a number of the tensor's dtype.</summary>
    public static Tensor operator /(Tensor a, double b) => a / Like(a, b);

    /// <summary>Remainder of the sign of the divisor, of a number of the tensor's dtype.</summary>
    public static Tensor operator %(Tensor a, double b) => a % Like(a, b);

    /// <summary>Where elements are greater, of a number of the tensor's dtype.</summary>
    public static Tensor operator >(Tensor a, double b) => a > Like(a, b);

    /// <summary>Where elements are less, of a number of the tensor's dtype.</summary>
    public static Tensor operator <(Tensor a, double b) => a < Like(a, b);

    /// <summary>Where elements are greater or equal, of a number of the tensor's dtype.</summary>
    public static Tensor operator >=(Tensor a, double b) => a >= Like(a, b);

    /// <summary>Where elements are less or equal, of a number of the tensor's dtype.</summary>
    public static Tensor operator <=(Tensor a, double b) => a <= Like(a, b);

    /// <summary>Sum, of a number of the tensor's dtype.</summary>
    public static Tensor operator +(double a, Tensor b) => Like(b, a) + b;

    /// <summary>Difference, of a number of the tensor's dtype.</summary>
    public static Tensor operator -(double a, Tensor b) => Like(b, a) - b;

    /// <summary>Product of elements, of a number of the tensor's dtype.</summary>
    public static Tensor operator *(double a, Tensor b) => Like(b, a) * b;

    /// <summary>True quotient, of a number of the tensor's dtype.</summary>
    public static Tensor operator /(double a, Tensor b) => Like(b, a) / b;

    /// <summary>Remainder of the sign of the divisor, of a number of the tensor's dtype.</summary>
    public static Tensor operator %(double a, Tensor b) => Like(b, a) % b;

    /// <summary>Where elements are greater, of a number of the tensor's dtype.</summary>
    public static Tensor operator >(double a, Tensor b) => Like(b, a) > b;

    /// <summary>Where elements are less, of a number of the tensor's dtype.</summary>
    public static Tensor operator <(double a, Tensor b) => Like(b, a) < b;

    /// <summary>Where elements are greater or equal, of a number of the tensor's dtype.</summary>
    public static Tensor operator >=(double a, Tensor b) => Like(b, a) >= b;

    /// <summary>Where elements are less or equal, of a number of the tensor's dtype.</summary>
    public static Tensor operator <=(double a, Tensor b) => Like(b, a) <= b;

    /// <summary>Negative.</summary>
    public static Tensor operator -(Tensor a) => Tf.Neg(a);

    /// <summary>Where elements are false.</summary>
    public static Tensor operator ~(Tensor a) => Tf.LogicalNot(a);

    static Tensor Like(Tensor tensor, double value) => Tf.Constant(HostTensor.Scalar(value, tensor.dtype));
}
