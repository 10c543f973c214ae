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

    /// <summary>Uniform float32 in [0, 1): 23 random mantissa bits.</summary>
    public static Tensor RandomUniform(Tensor shape, Tensor key, Tensor counter)
    {
        var bits = RightShift(RandomBits(shape, key, counter, DType.UInt32), Constant(9, DType.UInt32));
        return Bitcast(BitwiseOr(bits, Constant(0x3F800000, DType.UInt32)), DType.Float32) - 1;
    }
}
