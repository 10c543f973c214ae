using Keras.Graphs;

namespace Keras;

/// <content>Distributions that are drawn again until a draw is accepted.</content>
public sealed partial class RandomApi
{
    /// <summary>Draws from a gamma distribution of scale 1.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="alpha">The distribution's shape, positive; broadcast to <paramref name="shape"/>.</param>
    /// <param name="dtype">A floating dtype; default <c>floatx</c>.</param>
    /// <param name="seed">A number, a generator, or null for the global generator.</param>
    public Tensor gamma(Dims shape, TensorLike alpha, DType? dtype = null, Seed? seed = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var (wanted, (key, counter)) = (FloatingOr(dtype, "keras.random.gamma"), Draw(seed));
        var computed = wanted == DType.Float64 ? wanted : DType.Float32;
        return Tf.Cast(Gamma(shape.ToTensor(), alpha.As(computed), key, counter, stream: 0, Smallest(wanted)), wanted);
    }

    /// <summary>Draws from a beta distribution.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="alpha">The first parameter, positive; broadcast to <paramref name="shape"/>.</param>
    /// <param name="beta">The second parameter, positive; broadcast to <paramref name="shape"/>.</param>
    /// <param name="dtype">A floating dtype; default <c>floatx</c>.</param>
    /// <param name="seed">A number, a generator, or null for the global generator.</param>
    public Tensor beta(Dims shape, TensorLike alpha, TensorLike beta, DType? dtype = null, Seed? seed = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var (wanted, (key, counter)) = (FloatingOr(dtype, "keras.random.beta"), Draw(seed));
        var (computed, size) = (wanted == DType.Float64 ? wanted : DType.Float32, shape.ToTensor());
        var (first, second) = (Gamma(size, alpha.As(computed), key, counter, stream: 0, Smallest(computed)), Gamma(size, beta.As(computed), key, counter, stream: 1, Smallest(computed)));
        return Tf.Cast(first / (first + second), wanted);
    }

    /// <summary>Draws from a binomial distribution: how often an event with a given probability occurs in a number of trials.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="counts">The numbers of trials; broadcast to <paramref name="shape"/>. The time grows with them.</param>
    /// <param name="probabilities">The probabilities, in [0, 1]; broadcast to <paramref name="shape"/>.</param>
    /// <param name="dtype">The dtype; default <c>floatx</c>.</param>
    /// <param name="seed">A number, a generator, or null for the global generator.</param>
    public Tensor binomial(Dims shape, TensorLike counts, TensorLike probabilities, DType? dtype = null, Seed? seed = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var (key, counter) = Draw(seed);
        var size = shape.ToTensor();
        var trials = Tf.BroadcastTo(counts.As(DType.Float32), size);
        var given = Tf.BroadcastTo(probabilities.As(DType.Float32), size);
        // Counts the rarer outcome: the number of trials from one to the next is geometric.
        var isRare = Tf.LessEqual(given, Tf.Constant(0.5, DType.Float32));
        var never = Tf.Log1p(-Tf.SelectV2(isRare, given, 1 - given));
        Tensor Jump(Tensor round) => Tf.Floor(Tf.Log(Tf.RandomUniform(size, key, Stream(counter, round, 0)) + Math.Pow(2, -24)) / never) + 1;
        var zero = Tf.Int32Scalar(0);
        var first = Tf.SelectV2(Tf.Less(never, Tf.ZerosLike(never)), Jump(zero), trials + 1);
        var found = ControlFlow.While(
            v => Tf.Any(Tf.LessEqual(v[1], trials), AllAxes(v[1])),
            v =>
            {
                var happened = v[2] + Tf.Cast(Tf.LessEqual(v[1], trials), DType.Float32);
                var round = v[0] + Tf.Int32Scalar(1);
                return [round, v[1] + Jump(round), happened];
            }, [zero, first, Tf.ZerosLike(trials)])[2];
        return Tf.Cast(Tf.SelectV2(isRare, found, trials - found), dtype ?? ConfigApi.FloatX);
    }

    /// <summary>Draws gamma variates by Marsaglia and Tsang: accepts d · (1 + cx)³ for a normal x if a uniform is small enough; for alpha below 1, draws for alpha + 1 and multiplies by u^(1 / alpha).</summary>
    /// <remarks>Draws for a small alpha often underflow the dtype: they become <paramref name="least"/>, so that dividing by their sum does not give NaN.</remarks>
    static Tensor Gamma(Tensor shape, Tensor alpha, Tensor key, Tensor counter, int stream, double least)
    {
        var dtype = alpha.dtype;
        alpha = Tf.BroadcastTo(alpha, shape);
        var isSmall = Tf.Less(alpha, Tf.OnesLike(alpha));
        var d = Tf.SelectV2(isSmall, alpha + 1, alpha) - (1.0 / 3);
        var c = Tf.Rsqrt(d * 9);
        var smallest = Math.Pow(2, -24);
        var all = AllAxes(alpha);
        var drawn = ControlFlow.While(
            v => Tf.Any(Tf.LogicalNot(v[2]), all),
            v =>
            {
                var x = Tf.RandomNormal(shape, key, Stream(counter, v[0], (4 * stream) + 1), dtype);
                var u = Tf.RandomUniform(shape, key, Stream(counter, v[0], (4 * stream) + 2), dtype) + smallest;
                var cube = (c * x) + 1;
                cube = cube * cube * cube;
                var isPositive = Tf.Greater(cube, Tf.ZerosLike(cube));
                var safe = Tf.SelectV2(isPositive, cube, Tf.OnesLike(cube));
                var isFine = Tf.LogicalAnd(isPositive, Tf.Less(Tf.Log(u), (Tf.Square(x) * 0.5) + d - (d * safe) + (d * Tf.Log(safe))));
                var isNew = Tf.LogicalAnd(isFine, Tf.LogicalNot(v[2]));
                return [v[0] + Tf.Int32Scalar(1), Tf.SelectV2(isNew, d * safe, v[1]), Tf.LogicalOr(v[2], isFine)];
            }, [Tf.Int32Scalar(0), Tf.ZerosLike(alpha), Tf.LessEqual(alpha, Tf.ZerosLike(alpha))])[1];
        var boost = Tf.Pow(Tf.RandomUniform(shape, key, Stream(counter, Tf.Int32Scalar(0), (4 * stream) + 3), dtype) + smallest, Tf.Reciprocal(Tf.Maximum(alpha, Tf.Constant(1e-30, dtype))));
        var positive = Tf.Maximum(Tf.SelectV2(isSmall, drawn * boost, drawn), Tf.Constant(least, dtype));
        return Tf.SelectV2(Tf.LessEqual(alpha, Tf.ZerosLike(alpha)), Tf.ZerosLike(alpha), positive);
    }

    /// <summary>The smallest normal number of a floating dtype.</summary>
    static double Smallest(DType dtype) => Math.Pow(2, dtype == DType.Float64 ? -1022 : dtype == DType.Float16 ? -14 : -126);

    static int[] AllAxes(Tensor x) => [.. Enumerable.Range(0, x.ndim)];

    /// <summary>The counter for a round and a stream within one draw, in the upper bits of the low half, which no tensor is large enough to reach.</summary>
    static Tensor Stream(Tensor counter, Tensor round, int stream)
    {
        var number = Tf.Cast((round * Tf.Int32Scalar(8)) + Tf.Int32Scalar(stream), DType.UInt64);
        var shifted = Tf.LeftShift(number, Tf.Constant(40, DType.UInt64));
        return Tf.Concat([Tf.ExpandDims(shifted, 0), Tf.Slice(counter, [1], [1])], 0);
    }
}
