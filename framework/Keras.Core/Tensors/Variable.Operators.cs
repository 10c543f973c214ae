namespace Keras;

/// <summary>A variable as a tensor: operators and slices use its current value.</summary>
public sealed partial class Variable
{
    /// <inheritdoc cref="Tensor.this[ReadOnlySpan{SliceKey}]"/>
    public Tensor this[params ReadOnlySpan<SliceKey> keys] => value[keys];

    /// <summary>The number of dimensions.</summary>
    public int ndim => shape.Rank;

    /// <summary>The sum, with broadcasting.</summary>
    public static Tensor operator +(Variable a, Variable b) => a.value + b.value;

    /// <inheritdoc cref="op_Addition(Variable, Variable)"/>
    public static Tensor operator +(Variable a, Tensor b) => a.value + b;

    /// <inheritdoc cref="op_Addition(Variable, Variable)"/>
    public static Tensor operator +(Tensor a, Variable b) => a + b.value;

    /// <inheritdoc cref="op_Addition(Variable, Variable)"/>
    public static Tensor operator +(Variable a, Tensors b) => a.value + b.Single;

    /// <inheritdoc cref="op_Addition(Variable, Variable)"/>
    public static Tensor operator +(Tensors a, Variable b) => a.Single + b.value;

    /// <inheritdoc cref="op_Addition(Variable, Variable)"/>
    public static Tensor operator +(Variable a, double b) => a.value + b;

    /// <inheritdoc cref="op_Addition(Variable, Variable)"/>
    public static Tensor operator +(double a, Variable b) => a + b.value;

    /// <summary>The difference, with broadcasting.</summary>
    public static Tensor operator -(Variable a, Variable b) => a.value - b.value;

    /// <inheritdoc cref="op_Subtraction(Variable, Variable)"/>
    public static Tensor operator -(Variable a, Tensor b) => a.value - b;

    /// <inheritdoc cref="op_Subtraction(Variable, Variable)"/>
    public static Tensor operator -(Tensor a, Variable b) => a - b.value;

    /// <inheritdoc cref="op_Subtraction(Variable, Variable)"/>
    public static Tensor operator -(Variable a, Tensors b) => a.value - b.Single;

    /// <inheritdoc cref="op_Subtraction(Variable, Variable)"/>
    public static Tensor operator -(Tensors a, Variable b) => a.Single - b.value;

    /// <inheritdoc cref="op_Subtraction(Variable, Variable)"/>
    public static Tensor operator -(Variable a, double b) => a.value - b;

    /// <inheritdoc cref="op_Subtraction(Variable, Variable)"/>
    public static Tensor operator -(double a, Variable b) => a - b.value;

    /// <summary>The product, element by element, with broadcasting.</summary>
    public static Tensor operator *(Variable a, Variable b) => a.value * b.value;

    /// <inheritdoc cref="op_Multiply(Variable, Variable)"/>
    public static Tensor operator *(Variable a, Tensor b) => a.value * b;

    /// <inheritdoc cref="op_Multiply(Variable, Variable)"/>
    public static Tensor operator *(Tensor a, Variable b) => a * b.value;

    /// <inheritdoc cref="op_Multiply(Variable, Variable)"/>
    public static Tensor operator *(Variable a, Tensors b) => a.value * b.Single;

    /// <inheritdoc cref="op_Multiply(Variable, Variable)"/>
    public static Tensor operator *(Tensors a, Variable b) => a.Single * b.value;

    /// <inheritdoc cref="op_Multiply(Variable, Variable)"/>
    public static Tensor operator *(Variable a, double b) => a.value * b;

    /// <inheritdoc cref="op_Multiply(Variable, Variable)"/>
    public static Tensor operator *(double a, Variable b) => a * b.value;

    /// <summary>The true (floating) quotient, with broadcasting.</summary>
    public static Tensor operator /(Variable a, Variable b) => a.value / b.value;

    /// <inheritdoc cref="op_Division(Variable, Variable)"/>
    public static Tensor operator /(Variable a, Tensor b) => a.value / b;

    /// <inheritdoc cref="op_Division(Variable, Variable)"/>
    public static Tensor operator /(Tensor a, Variable b) => a / b.value;

    /// <inheritdoc cref="op_Division(Variable, Variable)"/>
    public static Tensor operator /(Variable a, Tensors b) => a.value / b.Single;

    /// <inheritdoc cref="op_Division(Variable, Variable)"/>
    public static Tensor operator /(Tensors a, Variable b) => a.Single / b.value;

    /// <inheritdoc cref="op_Division(Variable, Variable)"/>
    public static Tensor operator /(Variable a, double b) => a.value / b;

    /// <inheritdoc cref="op_Division(Variable, Variable)"/>
    public static Tensor operator /(double a, Variable b) => a / b.value;

    /// <summary>The remainder, with the sign of the divisor, with broadcasting.</summary>
    public static Tensor operator %(Variable a, Variable b) => a.value % b.value;

    /// <inheritdoc cref="op_Modulus(Variable, Variable)"/>
    public static Tensor operator %(Variable a, Tensor b) => a.value % b;

    /// <inheritdoc cref="op_Modulus(Variable, Variable)"/>
    public static Tensor operator %(Tensor a, Variable b) => a % b.value;

    /// <inheritdoc cref="op_Modulus(Variable, Variable)"/>
    public static Tensor operator %(Variable a, Tensors b) => a.value % b.Single;

    /// <inheritdoc cref="op_Modulus(Variable, Variable)"/>
    public static Tensor operator %(Tensors a, Variable b) => a.Single % b.value;

    /// <inheritdoc cref="op_Modulus(Variable, Variable)"/>
    public static Tensor operator %(Variable a, double b) => a.value % b;

    /// <inheritdoc cref="op_Modulus(Variable, Variable)"/>
    public static Tensor operator %(double a, Variable b) => a % b.value;

    /// <summary>Where elements are greater.</summary>
    public static Tensor operator >(Variable a, Variable b) => a.value > b.value;

    /// <inheritdoc cref="op_GreaterThan(Variable, Variable)"/>
    public static Tensor operator >(Variable a, Tensor b) => a.value > b;

    /// <inheritdoc cref="op_GreaterThan(Variable, Variable)"/>
    public static Tensor operator >(Tensor a, Variable b) => a > b.value;

    /// <inheritdoc cref="op_GreaterThan(Variable, Variable)"/>
    public static Tensor operator >(Variable a, Tensors b) => a.value > b.Single;

    /// <inheritdoc cref="op_GreaterThan(Variable, Variable)"/>
    public static Tensor operator >(Tensors a, Variable b) => a.Single > b.value;

    /// <inheritdoc cref="op_GreaterThan(Variable, Variable)"/>
    public static Tensor operator >(Variable a, double b) => a.value > b;

    /// <inheritdoc cref="op_GreaterThan(Variable, Variable)"/>
    public static Tensor operator >(double a, Variable b) => a > b.value;

    /// <summary>Where elements are less.</summary>
    public static Tensor operator <(Variable a, Variable b) => a.value < b.value;

    /// <inheritdoc cref="op_LessThan(Variable, Variable)"/>
    public static Tensor operator <(Variable a, Tensor b) => a.value < b;

    /// <inheritdoc cref="op_LessThan(Variable, Variable)"/>
    public static Tensor operator <(Tensor a, Variable b) => a < b.value;

    /// <inheritdoc cref="op_LessThan(Variable, Variable)"/>
    public static Tensor operator <(Variable a, Tensors b) => a.value < b.Single;

    /// <inheritdoc cref="op_LessThan(Variable, Variable)"/>
    public static Tensor operator <(Tensors a, Variable b) => a.Single < b.value;

    /// <inheritdoc cref="op_LessThan(Variable, Variable)"/>
    public static Tensor operator <(Variable a, double b) => a.value < b;

    /// <inheritdoc cref="op_LessThan(Variable, Variable)"/>
    public static Tensor operator <(double a, Variable b) => a < b.value;

    /// <summary>Where elements are greater or equal.</summary>
    public static Tensor operator >=(Variable a, Variable b) => a.value >= b.value;

    /// <inheritdoc cref="op_GreaterThanOrEqual(Variable, Variable)"/>
    public static Tensor operator >=(Variable a, Tensor b) => a.value >= b;

    /// <inheritdoc cref="op_GreaterThanOrEqual(Variable, Variable)"/>
    public static Tensor operator >=(Tensor a, Variable b) => a >= b.value;

    /// <inheritdoc cref="op_GreaterThanOrEqual(Variable, Variable)"/>
    public static Tensor operator >=(Variable a, Tensors b) => a.value >= b.Single;

    /// <inheritdoc cref="op_GreaterThanOrEqual(Variable, Variable)"/>
    public static Tensor operator >=(Tensors a, Variable b) => a.Single >= b.value;

    /// <inheritdoc cref="op_GreaterThanOrEqual(Variable, Variable)"/>
    public static Tensor operator >=(Variable a, double b) => a.value >= b;

    /// <inheritdoc cref="op_GreaterThanOrEqual(Variable, Variable)"/>
    public static Tensor operator >=(double a, Variable b) => a >= b.value;

    /// <summary>Where elements are less or equal.</summary>
    public static Tensor operator <=(Variable a, Variable b) => a.value <= b.value;

    /// <inheritdoc cref="op_LessThanOrEqual(Variable, Variable)"/>
    public static Tensor operator <=(Variable a, Tensor b) => a.value <= b;

    /// <inheritdoc cref="op_LessThanOrEqual(Variable, Variable)"/>
    public static Tensor operator <=(Tensor a, Variable b) => a <= b.value;

    /// <inheritdoc cref="op_LessThanOrEqual(Variable, Variable)"/>
    public static Tensor operator <=(Variable a, Tensors b) => a.value <= b.Single;

    /// <inheritdoc cref="op_LessThanOrEqual(Variable, Variable)"/>
    public static Tensor operator <=(Tensors a, Variable b) => a.Single <= b.value;

    /// <inheritdoc cref="op_LessThanOrEqual(Variable, Variable)"/>
    public static Tensor operator <=(Variable a, double b) => a.value <= b;

    /// <inheritdoc cref="op_LessThanOrEqual(Variable, Variable)"/>
    public static Tensor operator <=(double a, Variable b) => a <= b.value;

    /// <summary>Where both are true.</summary>
    public static Tensor operator &(Variable a, Variable b) => a.value & b.value;

    /// <inheritdoc cref="op_BitwiseAnd(Variable, Variable)"/>
    public static Tensor operator &(Variable a, Tensor b) => a.value & b;

    /// <inheritdoc cref="op_BitwiseAnd(Variable, Variable)"/>
    public static Tensor operator &(Tensor a, Variable b) => a & b.value;

    /// <inheritdoc cref="op_BitwiseAnd(Variable, Variable)"/>
    public static Tensor operator &(Variable a, Tensors b) => a.value & b.Single;

    /// <inheritdoc cref="op_BitwiseAnd(Variable, Variable)"/>
    public static Tensor operator &(Tensors a, Variable b) => a.Single & b.value;

    /// <summary>Where at least one is true.</summary>
    public static Tensor operator |(Variable a, Variable b) => a.value | b.value;

    /// <inheritdoc cref="op_BitwiseOr(Variable, Variable)"/>
    public static Tensor operator |(Variable a, Tensor b) => a.value | b;

    /// <inheritdoc cref="op_BitwiseOr(Variable, Variable)"/>
    public static Tensor operator |(Tensor a, Variable b) => a | b.value;

    /// <inheritdoc cref="op_BitwiseOr(Variable, Variable)"/>
    public static Tensor operator |(Variable a, Tensors b) => a.value | b.Single;

    /// <inheritdoc cref="op_BitwiseOr(Variable, Variable)"/>
    public static Tensor operator |(Tensors a, Variable b) => a.Single | b.value;

    /// <summary>Where exactly one is true.</summary>
    public static Tensor operator ^(Variable a, Variable b) => a.value ^ b.value;

    /// <inheritdoc cref="op_ExclusiveOr(Variable, Variable)"/>
    public static Tensor operator ^(Variable a, Tensor b) => a.value ^ b;

    /// <inheritdoc cref="op_ExclusiveOr(Variable, Variable)"/>
    public static Tensor operator ^(Tensor a, Variable b) => a ^ b.value;

    /// <inheritdoc cref="op_ExclusiveOr(Variable, Variable)"/>
    public static Tensor operator ^(Variable a, Tensors b) => a.value ^ b.Single;

    /// <inheritdoc cref="op_ExclusiveOr(Variable, Variable)"/>
    public static Tensor operator ^(Tensors a, Variable b) => a.Single ^ b.value;

    /// <summary>The negated elements.</summary>
    public static Tensor operator -(Variable a) => -a.value;

    /// <summary>Where elements are false.</summary>
    public static Tensor operator ~(Variable a) => ~a.value;
}
