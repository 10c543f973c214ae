using Keras.Graphs;

namespace Keras;

/// <summary>Bessel functions by the power series and the asymptotic expansion, in ops that every engine supports.</summary>
static class Bessel
{
    const int SeriesTerms = 48;
    const int AsymptoticTerms = 24;

    /// <summary>I0(x): the sum of (x²/4)^k / k!² near zero, e^|x| / sqrt(2π|x|) · sum of ((2k-1)!!)² / (k! (8|x|)^k) far from it.</summary>
    public static Tensor I0(Tensor x)
    {
        var magnitude = Tf.Abs(x);
        // The expansion reaches float64's precision only from 24 on; in float32, the series loses precision beyond 16.
        var border = Tf.Constant(x.dtype == DType.Float64 ? 24 : 16, x.dtype);
        var near = Horner(Tf.Square(Tf.Minimum(magnitude, border)) * 0.25, SeriesTerms, k => 1.0 / (k * (double)k));
        var far = Tf.Maximum(magnitude, border);
        var expansion = Horner(Tf.Reciprocal(far * 8), AsymptoticTerms, k => ((2 * k) - 1) * (double)((2 * k) - 1) / k);
        return Tf.SelectV2(Tf.LessEqual(magnitude, border), near, expansion * Tf.Exp(far) * Tf.Rsqrt(far * (2 * Math.PI)));
    }

    /// <summary>1 + r₁z · (1 + r₂z · (1 + ...)), where r is the ratio of a term to the one before.</summary>
    static Tensor Horner(Tensor z, int terms, Func<int, double> ratio)
    {
        var sum = Tf.OnesLike(z);
        for (var k = terms; k > 0; k--) sum = (sum * z * ratio(k)) + 1;
        return sum;
    }
}
