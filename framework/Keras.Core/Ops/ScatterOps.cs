namespace Keras.Graphs;

/// <summary>Gathering and scattering by index rows, segments, mirrored borders.</summary>
static partial class Tf
{
    static readonly OpDefinition GatherNdOp = Define("GatherNd(params: Tparams, indices: Tindices) -> (output: Tparams)", c =>
    {
        if (!c[0].HasRank || !c[1].HasRank || c[1][-1] < 0) return [Shape.Unknown];
        return [c[1][..^1].Concat(c[0][(int)c[1][-1]..])];
    }, c => [ScatterNd(c.Inputs[1], c.Gradient, Cast(ShapeOf(c.Inputs[0]), c.Inputs[1].dtype)), null]);

    static readonly OpDefinition ScatterNdOp = Define("ScatterNd(indices: Tindices, updates: T, shape: Tindices) -> (output: T)",
        c => [ShapeRules.FromValue(c, 2)], c => [null, GatherNd(c.Gradient, c.Inputs[0]), null]);

    static readonly OpDefinition TensorScatterUpdateOp = Define("TensorScatterUpdate(tensor: T, indices: Tindices, updates: T) -> (output: T)", ShapeRules.SameAsFirst,
        c => [TensorScatterUpdate(c.Gradient, c.Inputs[1], ZerosLike(c.Inputs[2])), null, GatherNd(c.Gradient, c.Inputs[1])]);

    static readonly OpDefinition TensorScatterAddOp = Define("TensorScatterAdd(tensor: T, indices: Tindices, updates: T) -> (output: T)", ShapeRules.SameAsFirst,
        c => [c.Gradient, null, GatherNd(c.Gradient, c.Inputs[1])]);

    static OpDefinition Segment(string name, GradientFunction? gradient) => Define($"{name}(data: T, segment_ids: Tindices, num_segments: Tnumsegments) -> (output: T)",
        c => [c[0].HasRank && c[1].HasRank ? Shape.OfSymbolic(c.Value(2)?.AsDimensions()[0] ?? -1).Concat(c[0][c[1].Rank..]) : Shape.Unknown], gradient, differentiable: gradient is not null);

    static readonly OpDefinition UnsortedSegmentMaxOp = Segment("UnsortedSegmentMax", SegmentExtremeGradient);
    static readonly OpDefinition UnsortedSegmentMinOp = Segment("UnsortedSegmentMin", SegmentExtremeGradient);
    static readonly OpDefinition UnsortedSegmentProdOp = Segment("UnsortedSegmentProd", null);

    static readonly OpDefinition MirrorPadOp = Define("MirrorPad(input: T, paddings: Tpaddings) -> (output: T) { mode: string }", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        if (PaddingsOf(c.Inputs[1]) is not { } pads) return [Shape.OfRank(c[0].Rank)];
        return [Shape.OfSymbolic([.. c[0].Symbolic.ToArray().Select((d, i) => d < 0 ? (pads[2 * i] + pads[(2 * i) + 1] == 0 ? d : -1) : d + pads[2 * i] + pads[(2 * i) + 1])])];
    }, c => [Run(MirrorPadGradOp!, [c.Gradient, c.Inputs[1]], ("mode", c.Get<string>("mode"))), null]);

    static readonly OpDefinition MirrorPadGradOp = Define("MirrorPadGrad(input: T, paddings: Tpaddings) -> (output: T) { mode: string }", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        if (PaddingsOf(c.Inputs[1]) is not { } pads) return [Shape.OfRank(c[0].Rank)];
        return [Shape.OfSymbolic([.. c[0].Symbolic.ToArray().Select((d, i) => d < 0 ? (pads[2 * i] + pads[(2 * i) + 1] == 0 ? d : -1) : d - pads[2 * i] - pads[(2 * i) + 1])])];
    }, c => [Run(MirrorPadOp!, [c.Gradient, c.Inputs[1]], ("mode", c.Get<string>("mode"))), null]);

    /// <summary>The gradient of a segment's extreme is shared by the elements that equal it.</summary>
    static Tensor?[] SegmentExtremeGradient(GradientContext c)
    {
        var (data, ids, count) = (c.Inputs[0], c.Inputs[1], c.Inputs[2]);
        var hits = Cast(Equal(data, Gather(c.Outputs[0], ids, 0)), data.dtype);
        var shared = c.Gradient / UnsortedSegmentSum(hits, ids, count);
        return [SelectV2(Greater(hits, ZerosLike(hits)), Gather(shared, ids, 0), ZerosLike(data)), null, null];
    }

    public static Tensor GatherNd(Tensor x, Tensor indices) => Run(GatherNdOp, x, indices);
    public static Tensor ScatterNd(Tensor indices, Tensor updates, Tensor shape) => Run(ScatterNdOp, indices, updates, shape);
    public static Tensor TensorScatterUpdate(Tensor x, Tensor indices, Tensor updates) => Run(TensorScatterUpdateOp, x, indices, updates);
    public static Tensor TensorScatterAdd(Tensor x, Tensor indices, Tensor updates) => Run(TensorScatterAddOp, x, indices, updates);
    public static Tensor UnsortedSegmentMax(Tensor data, Tensor ids, Tensor count) => Run(UnsortedSegmentMaxOp, data, ids, count);
    public static Tensor UnsortedSegmentMin(Tensor data, Tensor ids, Tensor count) => Run(UnsortedSegmentMinOp, data, ids, count);
    public static Tensor UnsortedSegmentProd(Tensor data, Tensor ids, Tensor count) => Run(UnsortedSegmentProdOp, data, ids, count);

    /// <summary>Borders filled from inside: mode "REFLECT" leaves the edge out, "SYMMETRIC" repeats it.</summary>
    public static Tensor MirrorPad(Tensor x, Tensor paddings, string mode) => Run(MirrorPadOp, [x, paddings], ("mode", mode));
}
