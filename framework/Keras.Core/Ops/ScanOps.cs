namespace Keras.Graphs;

/// <summary>Running sums and the largest elements.</summary>
static partial class Tf
{
    static readonly OpDefinition CumsumOp = Define("Cumsum(x: T, axis: Tidx) -> (out: T) { exclusive: bool = false, reverse: bool = false }", ShapeRules.SameAsFirst,
        c => [Run(CumsumOp!, [c.Gradient, c.Inputs[1]], ("exclusive", c.Get<bool>("exclusive")), ("reverse", !c.Get<bool>("reverse"))), null]);

    static readonly OpDefinition TopKV2Op = Define("TopKV2(input: T, k: Tk) -> (values: T, indices: index_type) { sorted: bool = true, index_type: type = int32 }", c =>
    {
        var shape = c.Ranked(0, 1).With(-1, c.Value(1)?.AsDimensions()[0] ?? -1);
        return [shape, shape];
    }, differentiable: false);

    public static Tensor Cumsum(Tensor x, int axis, bool exclusive = false, bool reverse = false) =>
        Run(CumsumOp, [x, Int32Scalar(axis)], ("exclusive", exclusive), ("reverse", reverse));

    /// <summary>The k largest elements of the last axis and their positions, the largest first.</summary>
    public static (Tensor Values, Tensor Indices) TopK(Tensor x, int k)
    {
        var outputs = RunAll(TopKV2Op, [x, Int32Scalar(k)]);
        return (outputs[0], outputs[1]);
    }
}
