using Keras.Graphs;

namespace Keras.Engines.TensorFlow;

/// <summary>Replaces ops by equal ones that XLA compiles sooner or into faster code.</summary>
/// <remarks>
/// TensorFlow's bridge to XLA lowers some ops through MLIR, which takes 5 to 10 ms for each node, longer than XLA takes to compile it
/// (2.21.0: a BERT training step holds a hundred of them). Rsqrt and BiasAddGrad have equivalents that skip MLIR and give the same machine code;
/// NaN alone differs from itself.
/// XLA on the CPU fuses the product of one row with an addition that follows it, and computes both on one thread; alone, a product takes all
/// threads. It does not fuse a subtraction, and x - (-b) is x + b to the last bit.
/// </remarks>
static class XlaRewrites
{
    static readonly Dictionary<string, Func<OpCall, Tensor[]>> Table = new()
    {
        ["Rsqrt"] = c => [Tf.Pow(c.Inputs[0], Tf.Constant(-0.5, c.Inputs[0].dtype))],
        ["IsNan"] = c => [Tf.NotEqual(c.Inputs[0], c.Inputs[0])],
        ["BiasAdd"] = c => [Plus(c.Inputs[0], OfChannels(c.Inputs[1], c.Inputs[0].ndim, c.Get<string>("data_format")))],
        ["BiasAddGrad"] = c => [Tf.Sum(c.Inputs[0], AllButChannels(c.Inputs[0].ndim, c.Get<string>("data_format")))],
    };

    /// <summary>Rewrites the function for XLA.</summary>
    public static FunctionGraph Apply(FunctionGraph function) => Lowering.Rewrite(function, op => Table.GetValueOrDefault(op.Name));

    static Tensor Plus(Tensor x, Tensor bias) => bias.dtype.IsUnsignedInteger ? x + bias : x - -bias;

    static int Channels(int rank, string format) => format == "NCHW" ? 1 : rank - 1;

    static int[] AllButChannels(int rank, string format) => [.. Enumerable.Range(0, rank).Where(axis => axis != Channels(rank, format))];

    /// <summary>The bias in a shape that broadcasts to its channels.</summary>
    static Tensor OfChannels(Tensor bias, int rank, string format) =>
        Channels(rank, format) == rank - 1 ? bias : Tf.Reshape(bias, [-1, .. Enumerable.Repeat(1, rank - 2)]);
}
