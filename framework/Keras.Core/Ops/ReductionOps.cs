namespace Keras.Graphs;

/// <summary>Reductions over axes, and the sums that undo broadcasting.</summary>
static partial class Tf
{
    static OpDefinition Reduction(string name, GradientFunction? gradient, string type = "T") => Define(
        $"{name}(input: {type}, reduction_indices: Tidx) -> (output: {type}) {{ keep_dims: bool = false }}", ReducedShape, gradient,
            differentiable: gradient is not null);

    static readonly OpDefinition SumOp = Reduction("Sum", c => [Spread(c, c.Gradient), null]);

    static readonly OpDefinition MeanOp = Reduction("Mean", c => [Spread(c, c.Gradient) / ReducedCount(c, c.Inputs[0].dtype), null]);

    static readonly OpDefinition MaxOp = Reduction("Max", ExtremeGradient);
    static readonly OpDefinition MinOp = Reduction("Min", ExtremeGradient);

    static readonly OpDefinition ProdOp = Define("Prod(input: T, reduction_indices: Tidx) -> (output: T) { keep_dims: bool = false }", ReducedShape,
        ProdGradient, c => c.Known(0) is { } values && c[0].Rank == 1 ? PartialValue.Scalar(values.Aggregate(1L, (a, b) => a * b)) : null);

    static readonly OpDefinition AllOp = Reduction("All", null, "bool");
    static readonly OpDefinition AnyOp = Reduction("Any", null, "bool");

    static OpDefinition ArgReduction(string name) => Define($"{name}(input: T, dimension: Tidx) -> (output: output_type) {{ output_type: type = int64 }}", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        if (c.Known(1) is not [var axis]) return [Shape.OfRank(c[0].Rank - 1)];
        var removed = ShapeRules.Axis(c, axis, c[0].Rank);
        return [c[0][..removed].Concat(c[0][(removed + 1)..])];
    }, differentiable: false);

    static readonly OpDefinition ArgMaxOp = ArgReduction("ArgMax");
    static readonly OpDefinition ArgMinOp = ArgReduction("ArgMin");

    static readonly OpDefinition BroadcastGradientArgsOp = Define("BroadcastGradientArgs(s0: T, s1: T) -> (r0: T, r1: T)",
        c =>
        {
            if (c.Known(0) is { } x && c.Known(1) is { } y && x.Concat(y).Any(d => d < 0)) throw c.Fail("dimensions that are not negative", $"[{string.Join(", ", x)}] and [{string.Join(", ", y)}]");
            if (c.Known(0) is { } a && c.Known(1) is { } b) ShapeRules.Broadcast(c, new Shape(a), new Shape(b));
            return [Shape.OfRank(1), Shape.OfRank(1)];
        }, differentiable: false, checksFirst: true);

    static Shape[] ReducedShape(ShapeContext c)
    {
        if (!c[0].HasRank) return [Shape.Unknown];
        var keep = c.Get<bool>("keep_dims");
        if (c.Known(1) is not { } axes) return [keep ? Shape.OfRank(c[0].Rank) : Shape.Unknown];
        var reduced = ShapeRules.Axes(c, axes, c[0].Rank);
        var dims = c[0].Symbolic.ToArray();
        return [Shape.OfSymbolic(keep ? [.. dims.Select((d, i) => reduced.Contains(i) ? 1 : d)] : [.. dims.Where((_, i) => !reduced.Contains(i))])];
    }

    /// <summary>A reduced gradient broadcast to the shape of the reduction's input.</summary>
    static Tensor Spread(GradientContext c, Tensor gradient) => BroadcastTo(KeptDims(c, gradient), ShapeOf(c.Inputs[0]));

    /// <summary>A reduced tensor with the reduced axes put back as 1.</summary>
    static Tensor KeptDims(GradientContext c, Tensor reduced)
    {
        if (c.Get<bool>("keep_dims")) return reduced;
        if (KnownAxes(c, 1, c.Inputs[0].ndim) is { } axes)
        {
            foreach (var axis in axes.Order()) reduced = ExpandDims(reduced, axis);
            return reduced;
        }
        var shape = ShapeOf(c.Inputs[0]);
        var rank = c.Inputs[0].ndim;
        var positions = Int32([.. Enumerable.Range(0, rank)]);
        var indices = FloorMod(Cast(c.Inputs[1], DType.Int32), Int32Scalar(rank));
        var isReduced = Any(Equal(ExpandDims(positions, 1), ExpandDims(indices, 0)), [1]);
        return Reshape(reduced, SelectV2(isReduced, OnesLike(shape), shape));
    }

    /// <summary>The gradient of a product: for each factor the product of the others, so that zeros need no special case.</summary>
    static Tensor?[] ProdGradient(GradientContext c)
    {
        var axes = KnownAxes(c, 1, c.Inputs[0].ndim)
            ?? throw new UnsupportedException("The gradient of a product cannot be traced: its axes are unknown before run time", NameScope.Path("Prod"), "constant axes",
                c.Inputs[1].ToString());
        var (gradient, factors) = (KeptDims(c, c.Gradient), c.Inputs[0]);
        foreach (var axis in axes)
        {
            gradient *= Cumprod(factors, axis, exclusive: true) * Cumprod(factors, axis, exclusive: true, reverse: true);
            factors = Prod(factors, [axis], keep_dims: true);
        }
        return [axes.Length == 0 ? c.Gradient : gradient, null];
    }

    static Tensor ReducedCount(GradientContext c, DType dtype)
    {
        if (KnownAxes(c, 1, c.Inputs[0].ndim) is { } axes && axes.All(a => c.Inputs[0].shape[a] >= 0))
            return Constant(axes.Aggregate(1.0, (n, a) => n * c.Inputs[0].shape[a]), dtype);
        return Cast(FloorDiv(SizeOf(c.Inputs[0]), Maximum(SizeOf(c.Outputs[0]), Int32Scalar(1))), dtype);
    }

    /// <summary>The gradient of Max and Min, shared equally among the elements that attain the extreme.</summary>
    static Tensor?[] ExtremeGradient(GradientContext c)
    {
        var attains = Cast(Equal(KeptDims(c, c.Outputs[0]), c.Inputs[0]), c.Gradient.dtype);
        var shares = KeptDims(c, Run(SumOp, [attains, c.Inputs[1]], ("keep_dims", c.Get<bool>("keep_dims"))));
        return [attains / shares * KeptDims(c, c.Gradient), null];
    }

    /// <summary>Sums a gradient of the broadcast shape of <paramref name="input"/> and <paramref name="other"/> back to the shape of <paramref name="input"/>.</summary>
    static Tensor SumTo(Tensor gradient, Tensor input, Tensor other)
    {
        if (StaticReduction(input.shape, other.shape) is { } axes)
        {
            if (axes.Length == 0) return gradient;
            var summed = Sum(gradient, axes);
            return summed.ndim == input.ndim ? summed : SumToKept(gradient, input, axes);
        }
        var stretched = RunAll(BroadcastGradientArgsOp, [ShapeOf(input), ShapeOf(other)])[0];
        return Reshape(Run(SumOp, gradient, stretched), ShapeOf(input));
    }

    /// <summary>Sums over axes, and keeps those that the input has as 1.</summary>
    static Tensor SumToKept(Tensor gradient, Tensor input, int[] axes)
    {
        var leading = gradient.ndim - input.ndim;
        var kept = Sum(gradient, axes, keep_dims: true);
        return leading == 0 ? kept : Squeeze(kept, [.. Enumerable.Range(0, leading)]);
    }

    /// <summary>The axes to sum over, if the shapes determine them; otherwise null.</summary>
    static int[]? StaticReduction(Shape input, Shape other)
    {
        if (!input.HasRank || !other.HasRank) return null;
        var rank = Math.Max(input.Rank, other.Rank);
        var axes = new List<int>();
        for (var i = 0; i < rank; i++)
        {
            var own = i - (rank - input.Rank);
            var (p, q) = (own >= 0 ? input.Symbolic[own] : 0, i - (rank - other.Rank) is var j and >= 0 ? other.Symbolic[j] : 1);
            if (own < 0) axes.Add(i);
            else if (p == 1 && q != 1) axes.Add(i);
            else if (p < 0 && q != 1 && !Symbol.AreEqual(p, q)) return null;
        }
        return [.. axes];
    }

    public static Tensor Sum(Tensor x, ReadOnlySpan<int> axes, bool keep_dims = false) => Run(SumOp, [x, Int32(axes)], ("keep_dims", keep_dims));
    public static Tensor Sum(Tensor x) => Sum(x, AllAxes(x));
    public static Tensor Mean(Tensor x, ReadOnlySpan<int> axes, bool keep_dims = false) => Run(MeanOp, [x, Int32(axes)], ("keep_dims", keep_dims));
    public static Tensor Mean(Tensor x) => Mean(x, AllAxes(x));
    public static Tensor Max(Tensor x, ReadOnlySpan<int> axes, bool keep_dims = false) => Run(MaxOp, [x, Int32(axes)], ("keep_dims", keep_dims));
    public static Tensor Min(Tensor x, ReadOnlySpan<int> axes, bool keep_dims = false) => Run(MinOp, [x, Int32(axes)], ("keep_dims", keep_dims));
    public static Tensor Prod(Tensor x, ReadOnlySpan<int> axes, bool keep_dims = false) => Run(ProdOp, [x, Int32(axes)], ("keep_dims", keep_dims));
    public static Tensor All(Tensor x, ReadOnlySpan<int> axes, bool keep_dims = false) => Run(AllOp, [x, Int32(axes)], ("keep_dims", keep_dims));
    public static Tensor Any(Tensor x, ReadOnlySpan<int> axes, bool keep_dims = false) => Run(AnyOp, [x, Int32(axes)], ("keep_dims", keep_dims));
    public static Tensor ArgMax(Tensor x, int axis, DType dtype) => Run(ArgMaxOp, [x, Int32Scalar(axis)], ("output_type", dtype));
    public static Tensor ArgMin(Tensor x, int axis, DType dtype) => Run(ArgMinOp, [x, Int32Scalar(axis)], ("output_type", dtype));

    static int[] AllAxes(Tensor x) => [.. Enumerable.Range(0, x.ndim)];
}
