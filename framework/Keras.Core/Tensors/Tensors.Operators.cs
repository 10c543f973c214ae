namespace Keras;

/// <summary>Lets <see cref="Tensors"/> of one tensor behave as that tensor: operators, shape, elements and slices. With several tensors they throw an error.</summary>
public partial class Tensors
{
    /// <summary>The dimensions of the only tensor.</summary>
    /// <exception cref="InvalidOperationException">There is not exactly one tensor; likewise for the members below.</exception>
    public Shape shape => Single.shape;

    /// <summary>The element type of the only tensor.</summary>
    public DType dtype => Single.dtype;

    /// <summary>The number of dimensions of the only tensor.</summary>
    public int ndim => Single.ndim;

    /// <inheritdoc cref="Tensor.ToArray{T}"/>
    public T[] ToArray<T>() => Single.ToArray<T>();

    /// <inheritdoc cref="Tensor.numpy"/>
    public Array numpy() => Single.numpy();

    /// <inheritdoc cref="Tensor.ToArray2D{T}"/>
    public T[,] ToArray2D<T>() => Single.ToArray2D<T>();

    /// <inheritdoc cref="Tensor.ToArray3D{T}"/>
    public T[,,] ToArray3D<T>() => Single.ToArray3D<T>();

    /// <inheritdoc cref="Tensor.ToScalar{T}"/>
    public T ToScalar<T>() => Single.ToScalar<T>();

    /// <summary>The only element of the only tensor.</summary>
    public static explicit operator double(Tensors tensors) => (double)(tensors ?? throw new ArgumentNullException(nameof(tensors))).Single;

    /// <summary>The only element of the only tensor.</summary>
    public static explicit operator float(Tensors tensors) => (float)(tensors ?? throw new ArgumentNullException(nameof(tensors))).Single;

    /// <summary>The only element of the only tensor.</summary>
    public static explicit operator long(Tensors tensors) => (long)(tensors ?? throw new ArgumentNullException(nameof(tensors))).Single;

    /// <summary>The only element of the only tensor.</summary>
    public static explicit operator int(Tensors tensors) => (int)(tensors ?? throw new ArgumentNullException(nameof(tensors))).Single;

    /// <summary>The only element of the only tensor.</summary>
    public static explicit operator bool(Tensors tensors) => (bool)(tensors ?? throw new ArgumentNullException(nameof(tensors))).Single;

    /// <summary>The sum, with broadcasting.</summary>
    public static Tensor operator +(Tensors a, Tensors b) => a.Single + b.Single;

    /// <inheritdoc cref="op_Addition(Tensors, Tensors)"/>
    public static Tensor operator +(Tensors a, Tensor b) => a.Single + b;

    /// <inheritdoc cref="op_Addition(Tensors, Tensors)"/>
    public static Tensor operator +(Tensor a, Tensors b) => a + b.Single;

    /// <inheritdoc cref="op_Addition(Tensors, Tensors)"/>
    public static Tensor operator +(Tensors a, double b) => a.Single + b;

    /// <inheritdoc cref="op_Addition(Tensors, Tensors)"/>
    public static Tensor operator +(double a, Tensors b) => a + b.Single;

    /// <summary>The difference, with broadcasting.</summary>
    public static Tensor operator -(Tensors a, Tensors b) => a.Single - b.Single;

    /// <inheritdoc cref="op_Subtraction(Tensors, Tensors)"/>
    public static Tensor operator -(Tensors a, Tensor b) => a.Single - b;

    /// <inheritdoc cref="op_Subtraction(Tensors, Tensors)"/>
    public static Tensor operator -(Tensor a, Tensors b) => a - b.Single;

    /// <inheritdoc cref="op_Subtraction(Tensors, Tensors)"/>
    public static Tensor operator -(Tensors a, double b) => a.Single - b;

    /// <inheritdoc cref="op_Subtraction(Tensors, Tensors)"/>
    public static Tensor operator -(double a, Tensors b) => a - b.Single;

    /// <summary>The product, element by element, with broadcasting.</summary>
    public static Tensor operator *(Tensors a, Tensors b) => a.Single * b.Single;

    /// <inheritdoc cref="op_Multiply(Tensors, Tensors)"/>
    public static Tensor operator *(Tensors a, Tensor b) => a.Single * b;

    /// <inheritdoc cref="op_Multiply(Tensors, Tensors)"/>
    public static Tensor operator *(Tensor a, Tensors b) => a * b.Single;

    /// <inheritdoc cref="op_Multiply(Tensors, Tensors)"/>
    public static Tensor operator *(Tensors a, double b) => a.Single * b;

    /// <inheritdoc cref="op_Multiply(Tensors, Tensors)"/>
    public static Tensor operator *(double a, Tensors b) => a * b.Single;

    /// <summary>The true (floating) quotient, with broadcasting.</summary>
    public static Tensor operator /(Tensors a, Tensors b) => a.Single / b.Single;

    /// <inheritdoc cref="op_Division(Tensors, Tensors)"/>
    public static Tensor operator /(Tensors a, Tensor b) => a.Single / b;

    /// <inheritdoc cref="op_Division(Tensors, Tensors)"/>
    public static Tensor operator /(Tensor a, Tensors b) => a / b.Single;

    /// <inheritdoc cref="op_Division(Tensors, Tensors)"/>
    public static Tensor operator /(Tensors a, double b) => a.Single / b;

    /// <inheritdoc cref="op_Division(Tensors, Tensors)"/>
    public static Tensor operator /(double a, Tensors b) => a / b.Single;

    /// <summary>The remainder, with the sign of the divisor, with broadcasting.</summary>
    public static Tensor operator %(Tensors a, Tensors b) => a.Single % b.Single;

    /// <inheritdoc cref="op_Modulus(Tensors, Tensors)"/>
    public static Tensor operator %(Tensors a, Tensor b) => a.Single % b;

    /// <inheritdoc cref="op_Modulus(Tensors, Tensors)"/>
    public static Tensor operator %(Tensor a, Tensors b) => a % b.Single;

    /// <inheritdoc cref="op_Modulus(Tensors, Tensors)"/>
    public static Tensor operator %(Tensors a, double b) => a.Single % b;

    /// <inheritdoc cref="op_Modulus(Tensors, Tensors)"/>
    public static Tensor operator %(double a, Tensors b) => a % b.Single;

    /// <summary>Where elements are greater.</summary>
    public static Tensor operator >(Tensors a, Tensors b) => a.Single > b.Single;

    /// <inheritdoc cref="op_GreaterThan(Tensors, Tensors)"/>
    public static Tensor operator >(Tensors a, Tensor b) => a.Single > b;

    /// <inheritdoc cref="op_GreaterThan(Tensors, Tensors)"/>
    public static Tensor operator >(Tensor a, Tensors b) => a > b.Single;

    /// <inheritdoc cref="op_GreaterThan(Tensors, Tensors)"/>
    public static Tensor operator >(Tensors a, double b) => a.Single > b;

    /// <inheritdoc cref="op_GreaterThan(Tensors, Tensors)"/>
    public static Tensor operator >(double a, Tensors b) => a > b.Single;

    /// <summary>Where elements are less.</summary>
    public static Tensor operator <(Tensors a, Tensors b) => a.Single < b.Single;

    /// <inheritdoc cref="op_LessThan(Tensors, Tensors)"/>
    public static Tensor operator <(Tensors a, Tensor b) => a.Single < b;

    /// <inheritdoc cref="op_LessThan(Tensors, Tensors)"/>
    public static Tensor operator <(Tensor a, Tensors b) => a < b.Single;

    /// <inheritdoc cref="op_LessThan(Tensors, Tensors)"/>
    public static Tensor operator <(Tensors a, double b) => a.Single < b;

    /// <inheritdoc cref="op_LessThan(Tensors, Tensors)"/>
    public static Tensor operator <(double a, Tensors b) => a < b.Single;

    /// <summary>Where elements are greater or equal.</summary>
    public static Tensor operator >=(Tensors a, Tensors b) => a.Single >= b.Single;

    /// <inheritdoc cref="op_GreaterThanOrEqual(Tensors, Tensors)"/>
    public static Tensor operator >=(Tensors a, Tensor b) => a.Single >= b;

    /// <inheritdoc cref="op_GreaterThanOrEqual(Tensors, Tensors)"/>
    public static Tensor operator >=(Tensor a, Tensors b) => a >= b.Single;

    /// <inheritdoc cref="op_GreaterThanOrEqual(Tensors, Tensors)"/>
    public static Tensor operator >=(Tensors a, double b) => a.Single >= b;

    /// <inheritdoc cref="op_GreaterThanOrEqual(Tensors, Tensors)"/>
    public static Tensor operator >=(double a, Tensors b) => a >= b.Single;

    /// <summary>Where elements are less or equal.</summary>
    public static Tensor operator <=(Tensors a, Tensors b) => a.Single <= b.Single;

    /// <inheritdoc cref="op_LessThanOrEqual(Tensors, Tensors)"/>
    public static Tensor operator <=(Tensors a, Tensor b) => a.Single <= b;

    /// <inheritdoc cref="op_LessThanOrEqual(Tensors, Tensors)"/>
    public static Tensor operator <=(Tensor a, Tensors b) => a <= b.Single;

    /// <inheritdoc cref="op_LessThanOrEqual(Tensors, Tensors)"/>
    public static Tensor operator <=(Tensors a, double b) => a.Single <= b;

    /// <inheritdoc cref="op_LessThanOrEqual(Tensors, Tensors)"/>
    public static Tensor operator <=(double a, Tensors b) => a <= b.Single;

    /// <summary>Where both are true.</summary>
    public static Tensor operator &(Tensors a, Tensors b) => a.Single & b.Single;

    /// <inheritdoc cref="op_BitwiseAnd(Tensors, Tensors)"/>
    public static Tensor operator &(Tensors a, Tensor b) => a.Single & b;

    /// <inheritdoc cref="op_BitwiseAnd(Tensors, Tensors)"/>
    public static Tensor operator &(Tensor a, Tensors b) => a & b.Single;

    /// <summary>Where at least one is true.</summary>
    public static Tensor operator |(Tensors a, Tensors b) => a.Single | b.Single;

    /// <inheritdoc cref="op_BitwiseOr(Tensors, Tensors)"/>
    public static Tensor operator |(Tensors a, Tensor b) => a.Single | b;

    /// <inheritdoc cref="op_BitwiseOr(Tensors, Tensors)"/>
    public static Tensor operator |(Tensor a, Tensors b) => a | b.Single;

    /// <summary>Where exactly one is true.</summary>
    public static Tensor operator ^(Tensors a, Tensors b) => a.Single ^ b.Single;

    /// <inheritdoc cref="op_ExclusiveOr(Tensors, Tensors)"/>
    public static Tensor operator ^(Tensors a, Tensor b) => a.Single ^ b;

    /// <inheritdoc cref="op_ExclusiveOr(Tensors, Tensors)"/>
    public static Tensor operator ^(Tensor a, Tensors b) => a ^ b.Single;

    /// <summary>The negated elements.</summary>
    public static Tensor operator -(Tensors a) => -a.Single;

    /// <summary>Where elements are false.</summary>
    public static Tensor operator ~(Tensors a) => ~a.Single;
}
