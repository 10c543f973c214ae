namespace Keras.Graphs;

/// <summary>Reductions of elements grouped by ids; a negative id drops its element.</summary>
static partial class Tf
{
    static OpDefinition UnsortedSegment(string name, GradientFunction gradient) =>
        Define($"{name}(data: T, segment_ids: Tindices, num_segments: Tnumsegments) -> (output: T)", SegmentedShape, gradient);

    static readonly OpDefinition UnsortedSegmentSumOp = UnsortedSegment("UnsortedSegmentSum", c => [FromSegments(c, c.Gradient), null, null]);
    static readonly OpDefinition UnsortedSegmentMaxOp = UnsortedSegment("UnsortedSegmentMax", SegmentExtremeGradient);
    static readonly OpDefinition UnsortedSegmentMinOp = UnsortedSegment("UnsortedSegmentMin", SegmentExtremeGradient);

    static readonly OpDefinition UnsortedSegmentProdOp = UnsortedSegment("UnsortedSegmentProd", c =>
    {
        // With one zero in a segment only the zero has a gradient, the product of the others; with more, none has.
        var (data, ids, count) = (c.Inputs[0], c.Inputs[1], c.Inputs[2]);
        var isZero = Equal(data, ZerosLike(data));
        var zeros = UnsortedSegmentSum(Cast(isZero, data.dtype), ids, count);
        var gradient = SelectV2(Greater(zeros, OnesLike(zeros)), ZerosLike(c.Gradient), c.Gradient);
        var others = Run(UnsortedSegmentProdOp!, SelectV2(isZero, OnesLike(data), data), ids, count);
        var byElement = SelectV2(isZero, FromSegments(c, others), FromSegments(c, c.Outputs[0]) / SelectV2(isZero, OnesLike(data), data));
        return [FromSegments(c, gradient) * byElement, null, null];
    });

    static readonly OpDefinition SegmentSumOp = SortedSegment("SegmentSum", c => [Gather(c.Gradient, c.Inputs[1], 0), null]);
    static readonly OpDefinition SegmentMeanOp = SortedSegment("SegmentMean");
    static readonly OpDefinition SegmentMaxOp = SortedSegment("SegmentMax");
    static readonly OpDefinition SegmentMinOp = SortedSegment("SegmentMin");
    static readonly OpDefinition SegmentProdOp = SortedSegment("SegmentProd");

    /// <summary>Defines a reduction over sorted ids, the last of which gives the number of segments.</summary>
    static OpDefinition SortedSegment(string name, GradientFunction? gradient = null) => Define($"{name}(data: T, segment_ids: Tindices) -> (output: T)", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        if (!c.Ranked(0, 1)[..1].IsCompatibleWith(c[1])) throw c.Fail($"a vector of {c[0][0]} ids", c[1].ToString());
        return [Shape.OfRank(1).Concat(c[0][1..])];
    }, gradient);

    static readonly OpDefinition SparseSegmentSumOp = ChosenSegment("SparseSegmentSum");
    static readonly OpDefinition SparseSegmentMeanOp = ChosenSegment("SparseSegmentMean");
    static readonly OpDefinition SparseSegmentSqrtNOp = ChosenSegment("SparseSegmentSqrtN");

    /// <summary>Defines the same reduction over rows that indices choose.</summary>
    static OpDefinition ChosenSegment(string name) => Define($"{name}(data: T, indices: Tidx, segment_ids: Tsegmentids) -> (output: T) {{ sparse_gradient: bool = false }}", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        return [Shape.OfRank(1).Concat(c.Ranked(0, 1)[1..])];
    });

    static Shape[] SegmentedShape(ShapeContext c)
    {
        if (!c[0].HasRank || !c[1].HasRank) return [Shape.Unknown];
        if (c[1].Rank > c[0].Rank || !c[0][..c[1].Rank].IsCompatibleWith(c[1]))
            throw c.Fail("data whose shape begins with that of the ids", $"{c[0]} and {c[1]}");
        return [Shape.OfSymbolic(c.Value(2)?.AsDimensions()[0] ?? -1).Concat(c[0][c[1].Rank..])];
    }

    /// <summary>Gives each element its segment's value; 0 where the id is negative.</summary>
    static Tensor FromSegments(OpCall c, Tensor segments)
    {
        var (data, ids) = (c.Inputs[0], c.Inputs[1]);
        var gathered = Gather(segments, Maximum(ids, ZerosLike(ids)), 0);
        return SelectV2(Expand(GreaterEqual(ids, ZerosLike(ids)), data.ndim), gathered, ZerosLike(data));
    }

    static Tensor?[] SegmentExtremeGradient(GradientContext c)
    {
        var attains = Cast(Equal(c.Inputs[0], FromSegments(c, c.Outputs[0])), c.Gradient.dtype);
        var shares = UnsortedSegmentSum(attains, c.Inputs[1], c.Inputs[2]);
        return [attains * FromSegments(c, DivNoNan(c.Gradient, shares)), null, null];
    }

    public static Tensor UnsortedSegmentSum(Tensor data, Tensor ids, Tensor count) => Run(UnsortedSegmentSumOp, data, ids, count);
    public static Tensor UnsortedSegmentMax(Tensor data, Tensor ids, Tensor count) => Run(UnsortedSegmentMaxOp, data, ids, count);
    public static Tensor UnsortedSegmentMin(Tensor data, Tensor ids, Tensor count) => Run(UnsortedSegmentMinOp, data, ids, count);
    public static Tensor UnsortedSegmentProd(Tensor data, Tensor ids, Tensor count) => Run(UnsortedSegmentProdOp, data, ids, count);
}
