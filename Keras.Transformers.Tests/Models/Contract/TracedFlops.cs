using Keras.Graphs;

namespace Keras.Transformers.Tests.Models;

/// <summary>The operations of the products and convolutions that a traced function holds.</summary>
static class TracedFlops
{
    /// <summary>Of primitive ops, two for each multiplication with its addition: the product's elements times the length of the inner dimension.</summary>
    public static double Of(FunctionGraph function) => Lowering.Lower(function, _ => false).LiveNodes().Where(n => n.Outputs.Length > 0).Sum(node => 2.0 * InnerLength(node) * node.Outputs[0].shape.ElementCount);

    static long InnerLength(Node node) => node.Op.Name switch
    {
        "MatMul" => node.Inputs[0].shape[IsTransposed(node, "transpose_a") ? -2 : -1],
        "BatchMatMulV2" => node.Inputs[0].shape[IsTransposed(node, "adj_x") ? -2 : -1],
        "Conv2D" => node.Inputs[1].shape.ToArray().SkipLast(1).Aggregate(1L, (a, b) => a * b),
        _ => 0,
    };

    static bool IsTransposed(Node node, string flag) => node.Attributes.TryGet(flag, out var value) && value is true;
}
