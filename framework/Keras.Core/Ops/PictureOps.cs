namespace Keras.Graphs;

/// <summary>Images: bounding boxes drawn on them, glimpses, dilation and fractional pooling.</summary>
static partial class Tf
{
    static readonly OpDefinition DrawBoxesOp = Define("DrawBoundingBoxes(images: T, boxes: float32) -> (output: T) { T: type = float32 }", DrawnShape, differentiable: false, checksFirst: true);
    static readonly OpDefinition DrawBoxesV2Op = Define("DrawBoundingBoxesV2(images: T, boxes: float32, colors: float32) -> (output: T) { T: type = float32 }", DrawnShape, differentiable: false, checksFirst: true);

    static Shape[] DrawnShape(ShapeContext c)
    {
        if (c[0].HasRank && c.Ranked(0, 4, 4)[3] is not (-1 or 1 or 3 or 4)) throw c.Fail("images of 1, 3 or 4 channels", c[0].ToString());
        if (c[1].HasRank && (c.Ranked(1, 3, 3)[2] is not (-1 or 4) || (c[0].HasRank && !c[0][..1].IsCompatibleWith(c[1][..1])))) throw c.Fail($"boxes (B, N, 4) for images {c[0]}", c[1].ToString());
        if (c.Inputs.Length > 2 && c[2].HasRank && (c[2].Rank != 2 || (c[0].HasRank && c[2][1] >= 0 && c[2][1] < c[0][3]))) throw c.Fail($"colours (N, channels) for images {c[0]}", c[2].ToString());
        return [c[0]];
    }

    const string Glimpse = "(input: float32, size: int32, offsets: float32) -> (glimpse: float32) { centered: bool = true, normalized: bool = true, uniform_noise: bool = true, noise: string = 'uniform' }";

    static readonly OpDefinition GlimpseOp = Define($"ExtractGlimpse{Glimpse}", GlimpsedShape, differentiable: false, state: StateAccess.SideEffect, checksFirst: true);
    static readonly OpDefinition GlimpseV2Op = Define($"ExtractGlimpseV2{Glimpse}", GlimpsedShape, differentiable: false, state: StateAccess.SideEffect, checksFirst: true);

    static Shape[] GlimpsedShape(ShapeContext c)
    {
        if (!c[1].IsCompatibleWith(new Shape(2))) throw c.Fail("'size' of two numbers", c[1].ToString());
        if (c[2].HasRank && (c.Ranked(2, 2, 2)[1] is not (-1 or 2) || (c[0].HasRank && !c.Ranked(0, 4, 4)[..1].IsCompatibleWith(c[2][..1])))) throw c.Fail($"offsets (B, 2) for {c[0]}", c[2].ToString());
        RequirePositive(c, 1);
        return [c[0].HasRank ? Resized(c, c.Ranked(0, 4, 4), 1) : Shape.OfRank(4)];
    }

    static readonly OpDefinition Dilation2DOp = Define("Dilation2D(input: T, filter: T) -> (output: T) { strides: list(int), rates: list(int), padding: string }", c =>
    {
        var (strides, rates) = (c.Get<long[]>("strides"), c.Get<long[]>("rates"));
        foreach (var steps in (long[][])[strides, rates])
            if (steps is not [1, > 0, > 0, 1]) throw c.Fail("strides and rates (1, rows, columns, 1) above 0", $"({string.Join(", ", steps)})");
        if (!c[0].HasRank || !c[1].HasRank) return [Shape.OfRank(4)];
        var (x, filter) = (c.Ranked(0, 4, 4), c.Ranked(1, 3, 3));
        if (!x[3..].IsCompatibleWith(filter[2..])) throw c.Fail($"a filter of {x[3]} channels", filter.ToString());
        var dims = x.Symbolic.ToArray();
        for (var axis = 1; axis < 3; axis++) dims[axis] = filter[axis - 1] < 0 ? -1 : WindowedDim(c, axis, dims[axis], filter[axis - 1], strides[axis], rates[axis]);
        return [Shape.OfSymbolic(dims)];
    }, differentiable: false, checksFirst: true);

    static readonly OpDefinition FractionalMaxPoolOp = FractionalPool("FractionalMaxPool"), FractionalAvgPoolOp = FractionalPool("FractionalAvgPool");

    static OpDefinition FractionalPool(string name) => Define($"{name}(value: T) -> (output: T, row_pooling_sequence: int64, col_pooling_sequence: int64) " +
        $"{{ pooling_ratio: list(float), pseudo_random: bool = false, overlapping: bool = false, deterministic: bool = false, {Seeds} }}", c =>
        {
            var ratios = c.Get<float[]>("pooling_ratio");
            if (ratios.Length != 4 || ratios[0] != 1 || ratios[3] != 1 || Array.Exists(ratios, r => !(r >= 1))) throw c.Fail("ratios (1, rows, columns, 1) of at least 1", string.Join(", ", ratios));
            if (!c.Get<bool>("deterministic") && (c.Get<long>("seed") != 0 || c.Get<long>("seed2") != 0)) throw c.Fail("seeds of 0 where 'deterministic' is false", $"{c.Get<long>("seed")}, {c.Get<long>("seed2")}");
            if (!c[0].HasRank) return [Shape.OfRank(4), Shape.OfRank(1), Shape.OfRank(1)];
            var dims = c.Ranked(0, 4, 4).Symbolic.ToArray();
            for (var axis = 0; axis < 4; axis++)
            {
                var size = dims[axis];
                if (axis is 1 or 2) dims[axis] = size < 0 ? -1 : (long)Math.Floor(size / ratios[axis]);
                if (size >= 0 && dims[axis] <= 0) throw c.Fail($"at least {ratios[axis]} elements on axis {axis}", $"{size}");
            }
            return [Shape.OfSymbolic(dims), Shape.OfSymbolic(dims[1] < 0 ? -1 : dims[1] + 1), Shape.OfSymbolic(dims[2] < 0 ? -1 : dims[2] + 1)];
        }, differentiable: false, state: StateAccess.SideEffect, checksFirst: true);
}
