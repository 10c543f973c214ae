using Keras.Graphs;

namespace Keras.Transformers.Tests.Models;

/// <summary>The operations of the matrix products that a traced function holds.</summary>
static class TracedFlops
{
    /// <summary>Of primitive ops, two for each multiplication with its addition: the product's elements times the length of the inner dimension.</summary>
    public static double Of(FunctionGraph function) => Lowering.Lower(function, _ => false).LiveNodes().Sum(node =>
    {
        var transposed = node.Op.Name switch { "MatMul" => "transpose_a", "BatchMatMulV2" => "adj_x", _ => null };
        if (transposed is null) return 0;
        var (left, product) = (node.Inputs[0].shape, node.Outputs[0].shape);
        return 2.0 * product.ElementCount * left[node.Attributes.TryGet(transposed, out var flag) && flag is true ? -2 : -1];
    });
}
