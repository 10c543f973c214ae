using Keras.Backend;
using Keras.Graphs;

namespace Keras;

/// <content>Two tensors, broadcast together, in their common dtype.</content>
public sealed partial class OpsApi
{
    static Tensor Binary(TensorLike x1, TensorLike x2, Func<Tensor, Tensor, Tensor> compute)
    {
        var (a, b) = Promote(x1, x2);
        return compute(a, b);
    }

    static Tensor FloatBinary(TensorLike x1, TensorLike x2, Func<Tensor, Tensor, Tensor> compute)
    {
        var (a, b) = PromoteFloat(x1, x2);
        return compute(a, b);
    }

    /// <summary>As <see cref="Binary"/>, but computes with two bools as int32.</summary>
    static Tensor NumberBinary(TensorLike x1, TensorLike x2, Func<Tensor, Tensor, Tensor> compute)
    {
        var dtype = DTypePromotion.Result(x1.Type, x2.Type);
        if (dtype == DType.Bool) dtype = DType.Int32;
        return compute(x1.As(dtype), x2.As(dtype));
    }

    /// <summary>x1 + x2.</summary>
    public Tensor add(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Binary(x1, x2, Tf.AddV2);

    /// <summary>x1 - x2.</summary>
    public Tensor subtract(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Binary(x1, x2, Tf.Sub);

    /// <summary>x1 · x2, element by element.</summary>
    public Tensor multiply(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Binary(x1, x2, Tf.Mul);

    /// <summary>The true quotient x1 / x2, floating.</summary>
    public Tensor divide(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? FloatBinary(x1, x2, Tf.RealDiv);

    /// <summary>As <see cref="divide"/>.</summary>
    public Tensor true_divide(TensorLike x1, TensorLike x2) => divide(x1, x2);

    /// <summary>The true quotient x1 / x2, floating; 0 if x2 is 0.</summary>
    public Tensor divide_no_nan(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? FloatBinary(x1, x2, Tf.DivNoNan);

    /// <summary>The quotient x1 / x2 rounded down.</summary>
    public Tensor floor_divide(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Binary(x1, x2, Tf.FloorDiv);

    /// <summary>The remainder of <see cref="floor_divide"/>; it has the sign of x2.</summary>
    public Tensor mod(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? NumberBinary(x1, x2, Tf.FloorMod);

    /// <summary>The remainder of the quotient truncated towards zero; it has the sign of x1.</summary>
    public Tensor fmod(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? NumberBinary(x1, x2, Tf.TruncateMod);

    /// <summary>x1 raised to the power x2.</summary>
    public Tensor power(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? NumberBinary(x1, x2, (a, b) =>
    {
        if (!a.dtype.IsUnsignedInteger) return Tf.Pow(a, b);
        var computed = ProductDType(a.dtype);
        return Tf.Cast(Tf.Pow(Tf.Cast(a, computed), Tf.Cast(b, computed)), a.dtype);
    });

    /// <summary>The larger of both; NaN if one is NaN.</summary>
    public Tensor maximum(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Binary(x1, x2, Tf.Maximum);

    /// <summary>The smaller of both; NaN if one is NaN.</summary>
    public Tensor minimum(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Binary(x1, x2, Tf.Minimum);

    /// <summary>The larger of both; a NaN gives way to the other.</summary>
    public Tensor fmax(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Binary(x1, x2, (a, b) => IgnoringNan(a, b, Tf.Maximum));

    /// <summary>The smaller of both; a NaN gives way to the other.</summary>
    public Tensor fmin(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Binary(x1, x2, (a, b) => IgnoringNan(a, b, Tf.Minimum));

    static Tensor IgnoringNan(Tensor a, Tensor b, Func<Tensor, Tensor, Tensor> choose) =>
        !a.dtype.IsFloating ? choose(a, b) : Tf.SelectV2(Tf.IsNan(a), b, Tf.SelectV2(Tf.IsNan(b), a, choose(a, b)));

    /// <summary>(x1 - x2)².</summary>
    public Tensor squared_difference(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Binary(x1, x2, Tf.SquaredDifference);

    /// <summary>The angle of the point (x2, x1), in (-π, π].</summary>
    public Tensor arctan2(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? FloatBinary(x1, x2, Tf.Atan2);

    /// <summary>sqrt(x1² + x2²), without overflow on the way.</summary>
    public Tensor hypot(TensorLike x1, TensorLike x2)
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2);
        var dtype = DTypePromotion.Result(x1.Type, x2.Type);
        if (!dtype.IsFloating) dtype = dtype == DType.Int64 ? DType.Float64 : ConfigApi.FloatX;
        var (a, b) = (Tf.Abs(x1.As(dtype)), Tf.Abs(x2.As(dtype)));
        var (high, low) = (Tf.Maximum(a, b), Tf.Minimum(a, b));
        var infinity = Like(high, double.PositiveInfinity);
        return Tf.SelectV2(Tf.LogicalOr(Tf.Equal(a, infinity), Tf.Equal(b, infinity)), infinity, high * Tf.Sqrt(Tf.Square(Tf.DivNoNan(low, high)) + 1));
    }

    /// <summary>log(exp(x1) + exp(x2)), without overflow on the way.</summary>
    public Tensor logaddexp(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? FloatBinary(x1, x2, (a, b) =>
    {
        var gap = a - b;
        return Tf.SelectV2(Tf.IsNan(gap), a + b, Tf.Maximum(a, b) + Tf.Log1p(Tf.Exp(-Tf.Abs(gap))));
    });

    /// <summary>log2(2^x1 + 2^x2), without overflow on the way.</summary>
    public Tensor logaddexp2(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? FloatBinary(x1, x2, (a, b) =>
    {
        var gap = a - b;
        return Tf.SelectV2(Tf.IsNan(gap), a + b, Tf.Maximum(a, b) + (Tf.Log1p(Tf.Exp(Tf.Abs(gap) * -Math.Log(2))) / Math.Log(2)));
    });

    /// <summary>0 where x1 is negative, 1 where it is positive, x2 where it is 0.</summary>
    public Tensor heaviside(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? Binary(x1, x2, (a, b) =>
        Tf.SelectV2(Tf.Equal(a, Tf.ZerosLike(a)), b, Tf.Cast(Tf.Greater(a, Tf.ZerosLike(a)), a.dtype)));

    /// <summary>x1 · 2^x2.</summary>
    public Tensor ldexp(TensorLike x1, TensorLike x2)
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2);
        var dtype = DTypePromotion.Floating(x1.Type);
        return x1.As(dtype) * Tf.Pow(Tf.Constant(2, dtype), x2.As(dtype));
    }

    /// <summary>The next number after x1 that its dtype has, towards x2.</summary>
    public Tensor nextafter(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? FloatBinary(x1, x2, (a, b) =>
        a.dtype == DType.Float32 || a.dtype == DType.Float64 ? Tf.NextAfter(a, b)
        : throw new UnsupportedException("The next number of this dtype cannot be computed: only float32 and float64 are supported", "ops.nextafter", received: a.dtype.Name));

    /// <summary>The greatest common divisor of integers, at least 0.</summary>
    public Tensor gcd(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? NumberBinary(x1, x2, (a, b) =>
    {
        if (!a.dtype.IsInteger) throw new DTypeMismatchException("A dtype other than whole numbers has no divisors", "ops.gcd", "integer dtypes", a.dtype.Name);
        var shape = Tf.ShapeOf(a + b);
        int[] axes = [.. Enumerable.Range(0, Math.Max(a.ndim, b.ndim))];
        var last = ControlFlow.While(
            v => Tf.Any(Tf.NotEqual(v[1], Tf.Constant(0, a.dtype)), axes),
            v =>
            {
                var isDone = Tf.Equal(v[1], Tf.Constant(0, a.dtype));
                var rest = Tf.FloorMod(v[0], Tf.SelectV2(isDone, Tf.Constant(1, a.dtype), v[1]));
                return [Tf.SelectV2(isDone, v[0], v[1]), Tf.SelectV2(isDone, v[1], rest)];
            }, [Tf.BroadcastTo(absolute(a), shape), Tf.BroadcastTo(absolute(b), shape)]);
        return last[0];
    });

    /// <summary>The least common multiple of integers, at least 0.</summary>
    public Tensor lcm(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? NumberBinary(x1, x2, (a, b) =>
    {
        var divisor = gcd(a, b);
        return absolute(Tf.FloorDiv(absolute(a), Tf.Maximum(divisor, Tf.Constant(1, a.dtype))) * absolute(b));
    });

    /// <summary>x limited to [x_min, x_max].</summary>
    public Tensor clip(TensorLike x, TensorLike x_min, TensorLike x_max)
    {
        if (Kept(x, x_min, x_max) is { } kept) return kept.Run<Tensor>(x, x_min, x_max);
        var dtype = DTypePromotion.Result(x.Type, x_min.Type, x_max.Type);
        if (dtype == DType.Bool) dtype = DType.Int32;
        return Tf.Minimum(Tf.Maximum(x.As(dtype), x_min.As(dtype)), x_max.As(dtype));
    }

    /// <summary>x1 where the condition is true, otherwise x2; all three are broadcast together.</summary>
    /// <param name="condition">Bool; numbers count as true if they are not 0.</param>
    /// <param name="x1">The values where true.</param>
    /// <param name="x2">The values where false.</param>
    public Tensor where(TensorLike condition, TensorLike x1, TensorLike x2)
    {
        if (Kept(condition, x1, x2) is { } kept) return kept.Run<Tensor>(condition, x1, x2);
        var (a, b) = Promote(x1, x2);
        return Tf.SelectV2(Bool(condition), a, b);
    }

    /// <summary>The indices where a condition holds: one index vector for each axis, as <see cref="nonzero"/>.</summary>
    public Tensor[] where(TensorLike condition) => nonzero(condition);
}
