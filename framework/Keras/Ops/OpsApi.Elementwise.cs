using Keras.Graphs;

namespace Keras;

/// <content>Functions of single elements. Those of the reals take integers and bools as <c>floatx</c>.</content>
public sealed partial class OpsApi
{
    /// <summary>Absolute value; unsigned numbers and bools stay unchanged.</summary>
    public Tensor absolute(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = x.Tensor;
        return tensor.dtype == DType.Bool || tensor.dtype.IsUnsignedInteger ? tensor : tensor.dtype.IsComplex ? Tf.ComplexAbs(tensor) : Tf.Abs(tensor);
    }

    /// <summary>As <see cref="absolute"/>.</summary>
    public Tensor abs(TensorLike x) => absolute(x);

    /// <summary>Absolute value, floating.</summary>
    public Tensor fabs(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Abs(Float(x));

    /// <summary>-x.</summary>
    public Tensor negative(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Neg(x.Tensor);

    /// <summary>x².</summary>
    public Tensor square(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Square(NumberOf(x));

    /// <summary>1 / x, floating.</summary>
    public Tensor reciprocal(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Reciprocal(Float(x));

    /// <summary>-1, 0 or 1; NaN if x is NaN.</summary>
    public Tensor sign(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = NumberOf(x);
        return tensor.dtype.IsUnsignedInteger ? Tf.Cast(Tf.NotEqual(tensor, Tf.ZerosLike(tensor)), tensor.dtype) : Tf.Sign(tensor);
    }

    /// <summary>Whether the sign bit is set: negative numbers and -0.</summary>
    public Tensor signbit(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = x.Tensor;
        if (tensor.dtype == DType.Bool || tensor.dtype.IsUnsignedInteger) return Tf.Fill(Tf.ShapeOf(tensor), Tf.Constant(0, DType.Bool));
        if (tensor.dtype.IsFloating) tensor = Tf.Bitcast(tensor, tensor.dtype.Size switch { 2 => DType.Int16, 4 => DType.Int32, _ => DType.Int64 });
        return Tf.Less(tensor, Tf.ZerosLike(tensor));
    }

    /// <summary>The next integer below, floating.</summary>
    public Tensor floor(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Floor(Float(x));

    /// <summary>The next integer above, floating.</summary>
    public Tensor ceil(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Ceil(Float(x));

    /// <summary>The integer towards zero.</summary>
    public Tensor trunc(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = NumberOf(x);
        return !tensor.dtype.IsFloating ? tensor : Tf.SelectV2(Tf.Less(tensor, Tf.ZerosLike(tensor)), Tf.Ceil(tensor), Tf.Floor(tensor));
    }

    /// <summary>Rounds to this many decimals; halves go to the even neighbour.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="decimals">Digits after the point; negative ones count before it. Default 0.</param>
    public Tensor round(TensorLike x, int decimals = 0)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, decimals);
        var tensor = NumberOf(x);
        if (decimals == 0) return tensor.dtype.IsFloating ? Tf.Round(tensor) : tensor;
        if (!tensor.dtype.IsFloating && decimals > 0) return tensor;
        var scaled = tensor.dtype.IsFloating ? Tf.Wide(tensor) : Tf.Cast(tensor, DType.Float64);
        var factor = Tf.Constant(Math.Pow(10, Math.Abs(decimals)), scaled.dtype);
        scaled = decimals > 0 ? Tf.Round(scaled * factor) / factor : Tf.Round(scaled / factor) * factor;
        return Tf.Cast(scaled, tensor.dtype);
    }

    /// <summary>Square root.</summary>
    public Tensor sqrt(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Sqrt(Float(x));

    /// <summary>1 / sqrt(x).</summary>
    public Tensor rsqrt(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Rsqrt(Float(x));

    /// <summary>Cube root.</summary>
    public Tensor cbrt(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = Float(x);
        var magnitude = Tf.Abs(tensor);
        var root = Tf.Pow(magnitude, Like(tensor, 1.0 / 3));
        // The rounding of 1/3 costs up to 15 units in the last place; a Newton step restores them.
        var better = root - ((root - Tf.DivNoNan(magnitude, Tf.Square(root))) / 3);
        return Tf.Sign(tensor) * Tf.SelectV2(Tf.Equal(magnitude, Like(tensor, double.PositiveInfinity)), root, better);
    }

    /// <summary>e^x.</summary>
    public Tensor exp(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Exp(Float(x));

    /// <summary>2^x.</summary>
    public Tensor exp2(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = Float(x);
        return Tf.Pow(Like(tensor, 2), tensor);
    }

    /// <summary>e^x - 1, exact for small x.</summary>
    public Tensor expm1(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Expm1(Float(x));

    /// <summary>Natural logarithm.</summary>
    public Tensor log(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Log(Float(x));

    /// <summary>Logarithm to the base 2.</summary>
    public Tensor log2(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Log(Float(x)) / Math.Log(2);

    /// <summary>Logarithm to the base 10.</summary>
    public Tensor log10(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Log(Float(x)) / Math.Log(10);

    /// <summary>log(1 + x), exact for small x.</summary>
    public Tensor log1p(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Log1p(Float(x));

    /// <summary>Sine of an angle in radians.</summary>
    public Tensor sin(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Sin(Float(x));

    /// <summary>Cosine of an angle in radians.</summary>
    public Tensor cos(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Cos(Float(x));

    /// <summary>Tangent of an angle in radians.</summary>
    public Tensor tan(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Tan(Float(x));

    /// <summary>The angle in [-π/2, π/2] of a sine.</summary>
    public Tensor arcsin(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Asin(Float(x));

    /// <summary>The angle in [0, π] of a cosine.</summary>
    public Tensor arccos(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Acos(Float(x));

    /// <summary>The angle in (-π/2, π/2) of a tangent.</summary>
    public Tensor arctan(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Atan(Float(x));

    /// <summary>Hyperbolic sine.</summary>
    public Tensor sinh(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Sinh(Float(x));

    /// <summary>Hyperbolic cosine.</summary>
    public Tensor cosh(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Cosh(Float(x));

    /// <summary>Hyperbolic tangent.</summary>
    public Tensor tanh(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Tanh(Float(x));

    /// <summary>The inverse of <see cref="sinh"/>.</summary>
    public Tensor arcsinh(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Asinh(Float(x));

    /// <summary>The inverse of <see cref="cosh"/>, at least 0.</summary>
    public Tensor arccosh(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Acosh(Float(x));

    /// <summary>The inverse of <see cref="tanh"/>.</summary>
    public Tensor arctanh(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Atanh(Float(x));

    /// <summary>Degrees to radians.</summary>
    public Tensor deg2rad(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Float(x) * (Math.PI / 180);

    /// <summary>Radians to degrees.</summary>
    public Tensor rad2deg(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Float(x) * (180 / Math.PI);

    /// <summary>sin(πx) / (πx), 1 at 0.</summary>
    public Tensor sinc(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var angle = Float(x) * Math.PI;
        var isZero = Tf.Equal(angle, Tf.ZerosLike(angle));
        var safe = Tf.SelectV2(isZero, Tf.OnesLike(angle), angle);
        return Tf.SelectV2(isZero, Tf.OnesLike(angle), Tf.Sin(safe) / safe);
    }

    /// <summary>The Gauss error function.</summary>
    public Tensor erf(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Erf(Float(x));

    /// <summary>1 - erf(x), exact for large x.</summary>
    public Tensor erfc(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Erfc(Float(x));

    /// <summary>The inverse of <see cref="erf"/>.</summary>
    public Tensor erfinv(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Erfinv(Float(x));

    /// <summary>The modified Bessel function of the first kind and order 0.</summary>
    public Tensor i0(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Bessel.I0(Float(x));

    /// <summary>Whether x is NaN.</summary>
    public Tensor isnan(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tested(x, Tf.IsNan, false);

    /// <summary>Whether x is an infinity.</summary>
    public Tensor isinf(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tested(x, Tf.IsInf, false);

    /// <summary>Whether x is neither NaN nor an infinity.</summary>
    public Tensor isfinite(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tested(x, Tf.IsFinite, true);

    /// <summary>Whether x is +infinity.</summary>
    public Tensor isposinf(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tested(x, t => Tf.Equal(t, Like(t, double.PositiveInfinity)), false);

    /// <summary>Whether x is -infinity.</summary>
    public Tensor isneginf(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tested(x, t => Tf.Equal(t, Like(t, double.NegativeInfinity)), false);

    /// <summary>Whether x has no imaginary part.</summary>
    public Tensor isreal(TensorLike x) =>
        Kept(x)?.Run<Tensor>(x)
        ?? (x.DType.IsComplex ? Tf.Equal(Tf.Imag(x.Tensor), Tf.ZerosLike(Tf.Imag(x.Tensor))) : Tested(x, t => Tf.Equal(t, t), true));

    static Tensor Tested(TensorLike x, Func<Tensor, Tensor> test, bool otherwise)
    {
        var tensor = x.Tensor;
        return tensor.dtype.IsFloating ? test(tensor) : Tf.Fill(Tf.ShapeOf(tensor), Tf.Constant(otherwise ? 1 : 0, DType.Bool));
    }

    /// <summary>x with NaN and the infinities replaced.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="nan">The replacement for NaN; default 0.</param>
    /// <param name="posinf">The replacement for +infinity; default the highest number of the dtype.</param>
    /// <param name="neginf">The replacement for -infinity; default the lowest number of the dtype.</param>
    public Tensor nan_to_num(TensorLike x, double nan = 0, double? posinf = null, double? neginf = null)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, nan, posinf, neginf);
        var tensor = x.Tensor;
        if (!tensor.dtype.IsFloating) return tensor;
        var (low, high) = Limits.Of(tensor.dtype);
        var finite = Tf.SelectV2(Tf.IsNan(tensor), Like(tensor, nan), tensor);
        finite = Tf.SelectV2(Tf.Equal(tensor, Like(tensor, double.PositiveInfinity)), Like(tensor, posinf ?? high), finite);
        return Tf.SelectV2(Tf.Equal(tensor, Like(tensor, double.NegativeInfinity)), Like(tensor, neginf ?? low), finite);
    }

    /// <summary>The real part.</summary>
    public Tensor real(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? (x.DType.IsComplex ? Tf.Real(x.Tensor) : x.Tensor);

    /// <summary>The imaginary part; 0 for real numbers.</summary>
    public Tensor imag(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? (x.DType.IsComplex ? Tf.Imag(x.Tensor) : Tf.ZerosLike(x.Tensor));

    /// <summary>The complex conjugate; real numbers stay unchanged.</summary>
    public Tensor conj(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? (x.DType.IsComplex ? Tf.Conj(x.Tensor) : x.Tensor);

    /// <summary>As <see cref="conj"/>.</summary>
    public Tensor conjugate(TensorLike x) => conj(x);

    /// <summary>The angle of a complex number in (-π, π]; of a negative real number π.</summary>
    public Tensor angle(TensorLike x)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x);
        var tensor = x.DType.IsComplex ? x.Tensor : Float(x);
        return Tf.Atan2(imag(tensor), real(tensor));
    }

    /// <summary>The complex number of a distance from 0 and an angle in radians.</summary>
    public Tensor polar(TensorLike abs_, TensorLike angle)
    {
        if (Kept(abs_, angle) is { } kept) return kept.Run<Tensor>(abs_, angle);
        var (distance, direction) = PromoteFloat(abs_, angle);
        return Tf.Complex(distance * Tf.Cos(direction), distance * Tf.Sin(direction));
    }
}
