namespace Keras.Graphs;

/// <summary>Randomness: integer Philox bits are the only primitive, because TensorFlow's float generators differ between XLA and the rest.</summary>
static partial class Tf
{
    const int Philox = 1;

    static readonly OpDefinition RandomBitsOp = Define("StatelessRandomUniformFullIntV2(shape: Tshape, key: uint64, counter: uint64, alg: int32) -> (output: dtype) { dtype: type }",
        c => [ShapeRules.FromValue(c, 0)], differentiable: false);

    /// <summary>Bits of Philox-4x32-10.</summary>
    /// <param name="shape">The output's shape, int32 vector.</param>
    /// <param name="key">The key, uint64 (1).</param>
    /// <param name="counter">The counter, uint64 (2), low half first; a draw advances the low half.</param>
    /// <param name="dtype">uint32, uint64, int32 or int64.</param>
    public static Tensor RandomBits(Tensor shape, Tensor key, Tensor counter, DType dtype) =>
        Run(RandomBitsOp, [shape, key, counter, Int32Scalar(Philox)], ("dtype", dtype));

    /// <summary>Uniform in [0, 1): random mantissa bits of a number in [1, 2), minus 1. Of float16 and bfloat16 as many bits as they have.</summary>
    /// <param name="shape">The output's shape, int32 vector.</param>
    /// <param name="key">The key, uint64 (1).</param>
    /// <param name="counter">The counter, uint64 (2).</param>
    /// <param name="dtype">A floating dtype; default float32.</param>
    public static Tensor RandomUniform(Tensor shape, Tensor key, Tensor counter, DType? dtype = null)
    {
        dtype ??= DType.Float32;
        if (dtype == DType.Float64) return FromMantissa(shape, key, counter, dtype, DType.UInt64, 52, BitConverter.DoubleToInt64Bits(1));
        var bits = dtype == DType.Float16 ? 10 : dtype == DType.BFloat16 ? 7 : 23;
        return Cast(FromMantissa(shape, key, counter, DType.Float32, DType.UInt32, bits, BitConverter.SingleToInt32Bits(1)), dtype);
    }

    static Tensor FromMantissa(Tensor shape, Tensor key, Tensor counter, DType dtype, DType words, int bits, long one)
    {
        var (size, mantissa) = (words.Size * 8, dtype == DType.Float64 ? 52 : 23);
        var random = RightShift(RandomBits(shape, key, counter, words), Constant(size - bits, words));
        if (bits < mantissa) random = LeftShift(random, Constant(mantissa - bits, words));
        return Bitcast(BitwiseOr(random, Constant(one, words)), dtype) - 1;
    }

    /// <summary>Of the normal distribution: the quantile function of uniforms. Up to 5.2 deviations; equal on all engines to 1e-5.</summary>
    public static Tensor RandomNormal(Tensor shape, Tensor key, Tensor counter, DType? dtype = null)
    {
        // Box and Muller: unlike quantiles, its tails do not enlarge the last bit in which engines' functions differ.
        dtype ??= DType.Float32;
        var computed = dtype == DType.Float64 ? dtype : DType.Float32;
        var both = Unstack(RandomUniform(Concat([Int32(2), Cast(shape, DType.Int32)], 0), key, counter, computed), 0, 2);
        return Cast(Sqrt(Log(1 - both[0]) * -2) * Cos(both[1] * (2 * Math.PI)), dtype);
    }

    /// <summary>Of the normal distribution between -2 and 2 deviations.</summary>
    public static Tensor RandomTruncatedNormal(Tensor shape, Tensor key, Tensor counter, DType? dtype = null) => FromQuantiles(shape, key, counter, dtype, 0.95449973610364158560);

    /// <summary>sqrt(2) · erfinv of uniforms in (-within, within).</summary>
    static Tensor FromQuantiles(Tensor shape, Tensor key, Tensor counter, DType? dtype, double within)
    {
        dtype ??= DType.Float32;
        var computed = dtype == DType.Float64 ? dtype : DType.Float32;
        // The middles of the intervals between uniforms: neither -1 nor 1.
        var half = dtype == DType.Float64 ? Math.Pow(2, -53) : Math.Pow(2, -24);
        var centered = (RandomUniform(shape, key, counter, computed) - (0.5 - half)) * 2;
        return Cast(Erfinv(within == 1 ? centered : centered * within) * Math.Sqrt(2), dtype);
    }

    /// <summary>Integers from <paramref name="min"/> up to and without <paramref name="max"/>.</summary>
    public static Tensor RandomIntegers(Tensor shape, Tensor key, Tensor counter, Tensor min, Tensor max)
    {
        var (low, high) = (Cast(min, DType.Int64), Cast(max, DType.Int64));
        var bits = Cast(RightShift(RandomBits(shape, key, counter, DType.UInt64), Constant(1, DType.UInt64)), DType.Int64);
        return Cast(low + FloorMod(bits, high - low), min.dtype);
    }

    /// <summary>The numbers from 0 to <paramref name="count"/> - 1 in random order, int32.</summary>
    public static Tensor RandomPermutation(Tensor count, Tensor key, Tensor counter) =>
        TopK(RandomBits(ExpandDims(count, 0), key, counter, DType.Int32), count).Indices;
}
