namespace Keras.Graphs;

/// <summary>Running sums and products, the largest elements, and ops whose output's size depends on values.</summary>
static partial class Tf
{
    static OpDefinition Cumulative(string name, GradientFunction gradient) =>
        Define($"{name}(x: T, axis: Tidx) -> (out: T) {{ exclusive: bool = false, reverse: bool = false }}", ShapeRules.SameAsFirst, gradient);

    static readonly OpDefinition CumsumOp = Cumulative("Cumsum", c =>
        [Run(CumsumOp!, [c.Gradient, c.Inputs[1]], ("exclusive", c.Get<bool>("exclusive")), ("reverse", !c.Get<bool>("reverse"))), null]);

    static readonly OpDefinition CumprodOp = Cumulative("Cumprod", c =>
        [Run(CumsumOp, [c.Gradient * c.Outputs[0], c.Inputs[1]], ("exclusive", c.Get<bool>("exclusive")), ("reverse", !c.Get<bool>("reverse"))) / c.Inputs[0], null]);

    static readonly OpDefinition TopKV2Op = Define("TopKV2(input: T, k: int32) -> (values: T, indices: index_type) { sorted: bool = true, index_type: type = int32 }", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown, Shape.Unknown];
        var shape = c.Ranked(0, 1).With(-1, c.Value(1)?.AsDimensions()[0] ?? -1);
        return [shape, shape];
    }, c => [TopKGradient(c), null]);

    static readonly OpDefinition WhereOp = Define("Where(input: T) -> (index: int64)", c => [Shape.OfSymbolic(-1, c[0].HasRank ? c[0].Rank : -1)], differentiable: false);

    static readonly OpDefinition UniqueOp = Define("Unique(x: T) -> (y: T, idx: out_idx) { out_idx: type = int32 }", c => [Shape.OfRank(1), c[0]], differentiable: false);

    static OpDefinition Bound(string name) => Define($"{name}(sorted_inputs: T, values: T) -> (output: out_type) {{ out_type: type = int32 }}", c => [c[1]], differentiable: false);

    static readonly OpDefinition LowerBoundOp = Bound("LowerBound");
    static readonly OpDefinition UpperBoundOp = Bound("UpperBound");

    /// <summary>Each gradient goes back to its element: segment r · n + index of the flattened rows.</summary>
    static Tensor TopKGradient(GradientContext c)
    {
        var (x, indices) = (c.Inputs[0], c.Outputs[1]);
        if (x.ndim == 1) return UnsortedSegmentSum(c.Gradient, indices, DimOf(x, 0));
        var size = DimOf(x, -1);
        var rows = Reshape(indices, Stack([Int32Scalar(-1), DimOf(indices, -1)], 0));
        var count = DimOf(rows, 0);
        var ids = rows + ExpandDims(Range(Int32Scalar(0), count, Int32Scalar(1)) * size, 1);
        return Reshape(UnsortedSegmentSum(Reshape(c.Gradient, Int32(-1)), Reshape(ids, Int32(-1)), count * size), ShapeOf(x));
    }

    public static Tensor Cumsum(Tensor x, int axis, bool exclusive = false, bool reverse = false) =>
        Run(CumsumOp, [x, Int32Scalar(axis)], ("exclusive", exclusive), ("reverse", reverse));

    public static Tensor Cumprod(Tensor x, int axis, bool exclusive = false, bool reverse = false) =>
        Run(CumprodOp, [x, Int32Scalar(axis)], ("exclusive", exclusive), ("reverse", reverse));

    /// <summary>The k largest of the last axis and where they were; of equal elements the first comes first.</summary>
    public static (Tensor Values, Tensor Indices) TopK(Tensor x, Tensor k, bool sorted = true)
    {
        var outputs = RunAll(TopKV2Op, [x, k], ("sorted", sorted));
        return (outputs[0], outputs[1]);
    }

    /// <summary>For each value of a row the number of elements of an ascending row below it.</summary>
    public static Tensor LowerBound(Tensor sorted, Tensor values, DType dtype) => Run(LowerBoundOp, [sorted, values], ("out_type", dtype));

    /// <summary>For each value of a row the number of elements of an ascending row that are not above it.</summary>
    public static Tensor UpperBound(Tensor sorted, Tensor values, DType dtype) => Run(UpperBoundOp, [sorted, values], ("out_type", dtype));

    /// <summary>The positions of true, or of what is not zero: int64 (N, rank), in row-major order.</summary>
    public static Tensor Where(Tensor x) => Run(WhereOp, x);

    /// <summary>The different elements of a vector in order of first occurrence, and for each element its place among them.</summary>
    public static (Tensor Values, Tensor Indices) Unique(Tensor x, DType dtype)
    {
        var outputs = RunAll(UniqueOp, [x], ("out_idx", dtype));
        return (outputs[0], outputs[1]);
    }
}
