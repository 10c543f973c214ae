namespace Keras.Graphs;

/// <summary>Random numbers: integer Philox bits are the only primitive, because TensorFlow's float generators give other values under XLA.</summary>
static partial class Tf
{
    const int Philox = 1;

    public static readonly OpDefinition RandomBitsOp = Draw("StatelessRandomUniformFullIntV2(shape: Tshape, key: uint64, counter: uint64, alg: int32) -> (output: dtype) { dtype: type }");

    /// <summary>Makes a key and a counter from a seed of two numbers, as exported graphs do for each draw.</summary>
    static readonly OpDefinition RandomKeyOp = Define("StatelessRandomGetKeyCounter(seed: Tseed) -> (key: uint64, counter: uint64)", _ => [new Shape(1), new Shape(2)], differentiable: false);
    static readonly OpDefinition RandomAlgorithmOp = Define("StatelessRandomGetAlg() -> (alg: int32)", ShapeRules.Scalar, differentiable: false);

    /// <summary>TensorFlow's own random numbers: exported graphs hold them, layers here do not.</summary>
    static readonly OpDefinition UniformOp = Draw("StatelessRandomUniformV2(shape: Tshape, key: uint64, counter: uint64, alg: int32) -> (output: dtype) { dtype: type = float32 }");
    static readonly OpDefinition NormalOp = Draw("StatelessRandomNormalV2(shape: Tshape, key: uint64, counter: uint64, alg: int32) -> (output: dtype) { dtype: type = float32 }");
    static readonly OpDefinition TruncatedNormalOp = Draw("StatelessTruncatedNormalV2(shape: Tshape, key: uint64, counter: uint64, alg: int32) -> (output: dtype) { dtype: type = float32 }");
    static readonly OpDefinition UniformIntOp = Draw("StatelessRandomUniformIntV2(shape: Tshape, key: uint64, counter: uint64, alg: int32, minval: dtype, maxval: dtype) -> (output: dtype)");
    static readonly OpDefinition MultinomialOp = Define("StatelessMultinomial(logits: T, num_samples: int32, seed: Tseed) -> (output: output_dtype) { output_dtype: type = int64 }",
        c => c.Known(1) is [< 0 and var count] ? throw c.Fail("'num_samples' of at least 0", $"{count}") : [c.Ranked(0, 2)[..1].Concat(Shape.OfSymbolic(c.Value(1)?.AsDimensions()[0] ?? -1))], differentiable: false);

    static OpDefinition Draw(string signature) => Define(signature, c =>
    {
        ShapeRules.RequirePhilox(c, 1, 2);
        return [ShapeRules.FromValue(c, 0)];
    }, differentiable: false);

    /// <summary>Bits of Philox-4x32-10.</summary>
    /// <param name="shape">The output's shape, int32 vector.</param>
    /// <param name="key">The key, uint64 (1).</param>
    /// <param name="counter">The counter, uint64 (2), low half first; a draw advances the low half.</param>
    /// <param name="dtype">uint32, uint64, int32 or int64.</param>
    public static Tensor RandomBits(Tensor shape, Tensor key, Tensor counter, DType dtype) =>
        Run(RandomBitsOp, [shape, key, counter, Int32Scalar(Philox)], ("dtype", dtype));

    /// <summary>Uniform in [0, 1): random mantissa bits of a number in [1, 2), minus 1. Float16 and bfloat16 get as many bits as they have.</summary>
    /// <param name="shape">The output's shape, int32 vector.</param>
    /// <param name="key">The key, uint64 (1).</param>
    /// <param name="counter">The counter, uint64 (2).</param>
    /// <param name="dtype">A floating dtype; default float32.</param>
    public static Tensor RandomUniform(Tensor shape, Tensor key, Tensor counter, DType? dtype = null)
    {
        dtype ??= DType.Float32;
        var bits = dtype == DType.Float64 ? 52 : dtype == DType.Float16 ? 10 : dtype == DType.BFloat16 ? 7 : 23;
        return Cast(OneToTwo(shape, key, counter, dtype, bits, 0) - 1, dtype);
    }

    /// <summary>Numbers in [1, 2), float64 or float32: random bits in the upper mantissa, given bits below.</summary>
    static Tensor OneToTwo(Tensor shape, Tensor key, Tensor counter, DType dtype, int bits, uint lowBits)
    {
        var isDouble = dtype == DType.Float64;
        var (words, mantissa) = isDouble ? (DType.UInt64, 52) : (DType.UInt32, 23);
        var one = isDouble ? HostTensor.Scalar(BitConverter.DoubleToUInt64Bits(1) | lowBits) : HostTensor.Scalar(BitConverter.SingleToUInt32Bits(1) | lowBits);
        var random = RightShift(RandomBits(shape, key, counter, words), Constant((words.Size * 8) - bits, words));
        if (bits < mantissa) random = LeftShift(random, Constant(mantissa - bits, words));
        return Bitcast(BitwiseOr(random, Constant(one)), isDouble ? DType.Float64 : DType.Float32);
    }

    /// <summary>Normally distributed numbers, by Box and Muller: up to 5.6 deviations in float32; equal on all engines to 1e-5.</summary>
    /// <remarks>Unlike a quantile function, it does not magnify in the tails the last bit, in which engines differ.</remarks>
    public static Tensor RandomNormal(Tensor shape, Tensor key, Tensor counter, DType? dtype = null)
    {
        dtype ??= DType.Float32;
        var both = Unstack(RandomUniform(Concat([Int32(2), Cast(shape, DType.Int32)], 0), key, counter, dtype == DType.Float64 ? dtype : DType.Float32), 0, 2);
        return Cast(Sqrt(Log(1 - both[0]) * -2) * Cos(both[1] * (2 * Math.PI)), dtype);
    }

    /// <summary>Normally distributed numbers between -2 and 2 deviations: the quantile function applied to uniform numbers.</summary>
    public static Tensor RandomTruncatedNormal(Tensor shape, Tensor key, Tensor counter, DType? dtype = null)
    {
        dtype ??= DType.Float32;
        var isDouble = dtype == DType.Float64;
        // With the last bit set they are spaced evenly between -1 and 1 and reach neither. Each step is exact, so the order of evaluation does not matter.
        var centered = (OneToTwo(shape, key, counter, isDouble ? dtype : DType.Float32, isDouble ? 51 : 22, 1) * 2) - 3;
        return Cast(Erfinv(centered * ShareWithinTwoDeviations) * Math.Sqrt(2), dtype);
    }

    const double ShareWithinTwoDeviations = 0.95449973610364158560;

    /// <summary>Integers from <paramref name="min"/> to below <paramref name="max"/>.</summary>
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
