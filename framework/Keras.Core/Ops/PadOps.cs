namespace Keras.Graphs;

/// <summary>Padding, and moving blocks between axes.</summary>
static partial class Tf
{
    static readonly OpDefinition PadOp = Define("Pad(input: T, paddings: Tpaddings) -> (output: T)", PaddedShape, c => [Unpadded(c), null]);

    static readonly OpDefinition PadV2Op = Define("PadV2(input: T, paddings: Tpaddings, constant_values: T) -> (output: T)", PaddedShape, c =>
    {
        var inner = Unpadded(c);
        return [inner, null, c.IsNeeded(2) ? Sum(c.Gradient) - Sum(inner) : null];
    });

    static readonly OpDefinition MirrorPadOp = Define("MirrorPad(input: T, paddings: Tpaddings) -> (output: T) { mode: string }", PaddedShape,
        c => [Run(MirrorPadGradOp!, [c.Gradient, c.Inputs[1]], ("mode", c.Get<string>("mode"))), null]);

    static readonly OpDefinition MirrorPadGradOp = Define("MirrorPadGrad(input: T, paddings: Tpaddings) -> (output: T) { mode: string }",
        c => PaddedShape(c, -1),
        c => [Run(MirrorPadOp, [c.Gradient, c.Inputs[1]], ("mode", c.Get<string>("mode"))), null]);

    static readonly OpDefinition SpaceToDepthOp = Blocks("SpaceToDepth", (dim, block) => dim / block, (depth, block) => depth * block * block,
        c => Run(DepthToSpaceOp!, [c.Gradient], BlockOptions(c)));
    static readonly OpDefinition DepthToSpaceOp = Blocks("DepthToSpace", (dim, block) => dim * block, (depth, block) => depth / (block * block),
        c => Run(SpaceToDepthOp, [c.Gradient], BlockOptions(c)));

    static readonly OpDefinition SpaceToBatchOp = Define("SpaceToBatchND(input: T, block_shape: Tblock_shape, paddings: Tpaddings) -> (output: T)",
        c => BatchedShape(c, toBatch: true),
        c => [Run(BatchToSpaceOp!, c.Gradient, c.Inputs[1], c.Inputs[2]), null, null]);

    static readonly OpDefinition BatchToSpaceOp = Define("BatchToSpaceND(input: T, block_shape: Tblock_shape, crops: Tcrops) -> (output: T)",
        c => BatchedShape(c, toBatch: false),
        c => [Run(SpaceToBatchOp, c.Gradient, c.Inputs[1], c.Inputs[2]), null, null]);

    static Shape[] PaddedShape(ShapeContext c) => PaddedShape(c, 1);

    static Shape[] PaddedShape(ShapeContext c, int sign)
    {
        var pads = Known(c.Inputs[1]);
        if (!c[0].HasRank) return [pads is null ? Shape.Unknown : Shape.OfRank(pads.Length / 2)];
        if (pads is null) return [Shape.OfRank(c[0].Rank)];
        if (pads.Any(p => p < 0)) throw c.Fail("paddings that are not negative", $"[{string.Join(", ", pads)}]");
        if (pads.Length != 2 * c[0].Rank) throw c.Fail($"paddings of shape ({c[0].Rank}, 2)", c[1].ToString());
        for (var i = 0; i < c[0].Rank; i++)
            if (sign < 0 && c[0][i] is >= 0 and var dim && pads[2 * i] + pads[(2 * i) + 1] is > 0 and var margin && margin >= dim)
                throw c.Fail($"paddings of axis {i} that leave some of its {dim} elements", $"{pads[2 * i]} and {pads[(2 * i) + 1]}");
        return [Shape.OfSymbolic([.. c[0].Symbolic.ToArray().Select((d, i) => (pads[2 * i] + pads[(2 * i) + 1]) is var sum && sum == 0 ? d : d < 0 ? -1
            : d + (sign * sum))])];
    }

    /// <summary>The gradient of what was padded: the inner part.</summary>
    static Tensor Unpadded(GradientContext c)
    {
        var before = Reshape(Run(SliceOp, c.Inputs[1], Int32(0, 0), Int32(-1, 1)), Int32(-1));
        return Run(SliceOp, c.Gradient, before, Cast(ShapeOf(c.Inputs[0]), before.dtype));
    }

    static OpDefinition Blocks(string name, Func<long, long, long> space, Func<long, long, long> depth, Func<GradientContext, Tensor> gradient) =>
        Define($"{name}(input: T) -> (output: T) {{ block_size: int, data_format: string = 'NHWC' }}", c =>
        {
            if (!c[0].HasRank) return [Shape.OfRank(4)];
            var (shape, block, last) = (c.Ranked(0, 4, 4), c.Get<long>("block_size"), c.Get<string>("data_format") == "NHWC");
            for (var i = 1; i < 4; i++)
                if (shape[i] >= 0 && (i == (last ? 3 : 1) ? depth(1, block) == 0 ? block * block : 1 : space(1, block) == 0 ? block : 1) is var parts && shape[i] % parts != 0)
                    throw c.Fail($"axis {i} in parts of {parts}", c[0].ToString());
            return [Shape.OfSymbolic([.. shape.Symbolic.ToArray().Select((d, i) => i == 0 ? d : d < 0 ? -1 : i == (last ? 3 : 1) ? depth(d, block)
                : space(d, block))])];
        }, c => [gradient(c)]);

    static (string, object)[] BlockOptions(OpCall c) => [("block_size", c.Get<long>("block_size")), ("data_format", c.Get<string>("data_format"))];

    static Shape[] BatchedShape(ShapeContext c, bool toBatch)
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        if (c.Known(1) is not { } blocks || Known(c.Inputs[2]) is not { } margins) return [Shape.OfRank(c[0].Rank)];
        var dims = c[0].Symbolic.ToArray();
        var product = Product(blocks);
        if (blocks.Any(b => b < 1) || margins.Any(m => m < 0) || blocks.Length >= dims.Length || margins.Length != 2 * blocks.Length)
            throw c.Fail($"positive blocks of up to {dims.Length - 1} axes, with two margins each", $"[{string.Join(", ", blocks)}] and [{string.Join(", ", margins)}]");
        if (!toBatch && dims[0] >= 0 && dims[0] % product != 0) throw c.Fail($"a first axis in parts of {product}", c[0].ToString());
        if (dims[0] >= 0) dims[0] = toBatch ? dims[0] * product : dims[0] / product;
        else if (product != 1) dims[0] = -1;
        for (var i = 0; i < blocks.Length; i++)
        {
            var margin = margins[2 * i] + margins[(2 * i) + 1];
            if (dims[i + 1] >= 0 && (toBatch ? (dims[i + 1] + margin) % blocks[i] != 0 : margin > dims[i + 1] * blocks[i]))
                throw c.Fail(toBatch ? $"axis {i + 1} with its margins in parts of {blocks[i]}" : $"margins of axis {i + 1} up to {dims[i + 1] * blocks[i]}", $"{c[0]} with {margin}");
            if (dims[i + 1] >= 0) dims[i + 1] = toBatch ? (dims[i + 1] + margin) / blocks[i] : (dims[i + 1] * blocks[i]) - margin;
            else if (blocks[i] != 1 || margin != 0) dims[i + 1] = -1;
        }
        return [Shape.OfSymbolic(dims)];
    }

    public static Tensor PadV2(Tensor x, Tensor paddings, Tensor value) => Run(PadV2Op, x, paddings, value);
    /// <param name="x">The tensor.</param>
    /// <param name="paddings">The number of elements before and after each axis, (rank, 2).</param>
    /// <param name="mode">"REFLECT" or "SYMMETRIC" (with the edge itself).</param>
    public static Tensor MirrorPad(Tensor x, Tensor paddings, string mode) => Run(MirrorPadOp, [x, paddings], ("mode", mode));
}
