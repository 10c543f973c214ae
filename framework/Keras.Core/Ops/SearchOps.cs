namespace Keras.Graphs;

/// <summary>Sorting, searching, counting.</summary>
static partial class Tf
{
    static readonly OpDefinition TopKV2Op = Define("TopKV2(input: T, k: Tk) -> (values: T, indices: index_type) { sorted: bool = true, index_type: type = int32 }", c =>
    {
        var k = c.Value(1)?.AsDimensions()[0] ?? -1;
        var shape = c[0].HasRank ? c.Ranked(0, 1) : Shape.Unknown;
        if (shape.HasRank && shape[-1] >= 0 && k > shape[-1])
            throw c.Fail($"k up to {shape[-1]}", k.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var chosen = shape.HasRank ? shape.With(-1, k) : shape;
        return [chosen, chosen];
    }, c => [c.Inputs[0].ndim - 1 is var axis ? GatherGradient(c.Inputs[0], c.Outputs[1], c.Gradient, axis, axis) : null, null]);

    static readonly OpDefinition WhereOp = Define("Where(input: T) -> (index: int64)", c => [Shape.OfSymbolic(-1, c[0].HasRank ? c.Ranked(0, 1).Rank : -1)],
        differentiable: false);

    static readonly OpDefinition UniqueOp = Unique("Unique", "x: T", "");
    static readonly OpDefinition UniqueV2Op = Unique("UniqueV2", "x: T, axis: Taxis", "");
    static readonly OpDefinition OldUniqueWithCountsOp = Unique("UniqueWithCounts", "x: T", ", count: out_idx");
    static readonly OpDefinition UniqueWithCountsOp = Unique("UniqueWithCountsV2", "x: T, axis: Taxis", ", count: out_idx");

    static OpDefinition Unique(string name, string inputs, string counts) =>
        Define($"{name}({inputs}) -> (y: T, idx: out_idx{counts}) {{ out_idx: type = int32 }}", c =>
    {
        if (c.Inputs.Length > 1 && c[1] is { IsFullyKnown: true } axes && (axes[0] > 1 || (axes[0] == 0 && c[0].HasRank && c[0].Rank != 1))) throw c.Fail("one axis, or none for a vector", $"{axes[0]} for {c[0]}");
        var axis = c.Inputs.Length > 1 && c.Known(1) is [var a] && c[0].HasRank ? ShapeRules.Axis(c, a, c[0].Rank) : 0;
        var values = c[0].HasRank && c[0].Rank > 0 ? c[0].With(axis, -1) : Shape.Unknown;
        var indices = values.HasRank ? c[0][axis..(axis + 1)] : Shape.OfRank(1);
        return counts.Length == 0 ? [values, indices] : [values, indices, Shape.OfRank(1)];
    }, differentiable: false);

    /// <summary>The elements of one vector that are not in another, and their positions.</summary>
    static readonly OpDefinition ListDiffOp = Define("ListDiff(x: T, y: T) -> (out: T, idx: out_idx) { out_idx: type = int32 }", _ => [Shape.OfRank(1), Shape.OfRank(1)], differentiable: false);

    static readonly OpDefinition LowerBoundOp = Bound("LowerBound");
    static readonly OpDefinition UpperBoundOp = Bound("UpperBound");

    static OpDefinition Bound(string name) => Define($"{name}(sorted_inputs: T, values: T) -> (output: out_type) {{ out_type: type = int32 }}",
        c => c[0].HasRank && c[1].HasRank && !c[0][..1].IsCompatibleWith(c[1][..1]) ? throw c.Fail($"values for {c[0][0]} rows", c[1].ToString()) : [c[1]], differentiable: false);

    static readonly OpDefinition BucketizeOp = Define("Bucketize(input: T) -> (output: int32) { boundaries: list(float) }", ShapeRules.SameAsFirst,
        differentiable: false);

    /// <summary>Counts the values in each of equal bins of a range; values outside count in the nearest bin.</summary>
    static readonly OpDefinition HistogramOp = Define("HistogramFixedWidth(values: T, value_range: T, nbins: int32) -> (out: dtype) { dtype: type = int32 }",
        c => [Shape.OfSymbolic(c.Value(2)?.AsDimensions()[0] ?? -1)], differentiable: false);

    static readonly OpDefinition InTopKOp = Define("InTopKV2(predictions: float32, targets: T, k: T) -> (precision: bool)",
        c => c[0].HasRank && !c[0][..1].IsCompatibleWith(c[1]) ? throw c.Fail($"targets of {c[0][0]} rows", c[1].ToString()) : [c[1]],
        differentiable: false);

    static readonly OpDefinition DenseBincountOp = Define("DenseBincount(input: Tidx, size: Tidx, weights: T) -> (output: T) { binary_output: bool = false }", c =>
    {
        if (c[2] is { IsFullyKnown: true } weights && weights.ElementCount > 0 && !weights.IsCompatibleWith(c[0])) throw c.Fail($"a weight for each of {c[0]}, or none", weights.ToString());
        var size = Shape.OfSymbolic(c.Value(1)?.AsDimensions()[0] ?? -1);
        return [!c[0].HasRank ? Shape.Unknown : c.Ranked(0, 1, 2).Rank == 1 ? size : c[0][..1].Concat(size)];
    }, differentiable: false, checksFirst: true);

    /// <summary>The k greatest elements along the last axis, in descending order, and their indices (int32).</summary>
    public static (Tensor Values, Tensor Indices) TopK(Tensor x, Tensor k, bool sorted = true) => Pair(RunAll(TopKV2Op, [x, k], ("sorted", sorted)));
    /// <summary>The indices (n, rank), int64, of the elements that are not zero or false; n is known only at run time.</summary>
    public static Tensor Where(Tensor x) => Run(WhereOp, x);
    /// <summary>The distinct elements of a vector in order of appearance, and for each element its position among them.</summary>
    public static (Tensor Values, Tensor Indices) Unique(Tensor x, DType dtype) => Pair(RunAll(UniqueOp, [x], ("out_idx", dtype)));
    /// <summary>For each value the first position in its row of sorted inputs (B, N) where it could be inserted.</summary>
    public static Tensor LowerBound(Tensor sorted, Tensor values, DType dtype) => Run(LowerBoundOp, [sorted, values], ("out_type", dtype));
    /// <summary>For each value the last position in its row of sorted inputs (B, N) where it could be inserted.</summary>
    public static Tensor UpperBound(Tensor sorted, Tensor values, DType dtype) => Run(UpperBoundOp, [sorted, values], ("out_type", dtype));

    /// <summary>Sums the weights of each number from 0 to below a size, for each row of a matrix, (R, size), or for a vector. Greater numbers are ignored.</summary>
    public static Tensor DenseBincount(Tensor numbers, Tensor size, Tensor weights) => Run(DenseBincountOp, numbers, size, weights);

    public static Tensor InTopK(Tensor predictions, Tensor targets, Tensor k) => Run(InTopKOp, predictions, targets, k);
}
