using Keras.Graphs;

namespace Keras.Engines.TensorFlow;

/// <summary>Replaces ops by equal ones that XLA gets to compile sooner.</summary>
/// <remarks>
/// TensorFlow's bridge to XLA lowers some ops through MLIR, which takes 5 to 10 ms for each node, longer than XLA takes to compile it
/// (2.21.0: a BERT training step holds a hundred of them). These have equivalents that skip MLIR and give the same machine code.
/// </remarks>
static class XlaRewrites
{
    static readonly Dictionary<string, Func<OpCall, Tensor[]>> Table = new()
    {
        ["Rsqrt"] = c => [Tf.Pow(c.Inputs[0], Tf.Constant(-0.5, c.Inputs[0].dtype))],
        ["BiasAddGrad"] = c => [Tf.Sum(c.Inputs[0], AllButChannels(c.Inputs[0].ndim, c.Get<string>("data_format")))],
    };

    /// <summary>Rewrites the function for XLA.</summary>
    public static FunctionGraph Apply(FunctionGraph function) => Lowering.Rewrite(function, op => Table.GetValueOrDefault(op.Name));

    static int[] AllButChannels(int rank, string format)
    {
        var channels = format == "NCHW" ? 1 : rank - 1;
        return [.. Enumerable.Range(0, rank).Where(axis => axis != channels)];
    }
}
