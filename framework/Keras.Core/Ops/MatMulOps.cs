namespace Keras.Graphs;

/// <summary>Matrix products.</summary>
static partial class Tf
{
    static readonly OpDefinition MatMulOp = Define("MatMul(a: T, b: T) -> (product: T) { transpose_a: bool = false, transpose_b: bool = false }", c =>
    {
        var (a, b) = (c.Ranked(0, 2, 2), c.Ranked(1, 2, 2));
        var (ta, tb) = (c.Get<bool>("transpose_a"), c.Get<bool>("transpose_b"));
        CheckInner(c, a[ta ? 0 : 1], b[tb ? 1 : 0]);
        return [Shape.OfSymbolic(a.Symbolic[ta ? 1 : 0], b.Symbolic[tb ? 0 : 1])];
    }, c => ProductGradient(c, c.Get<bool>("transpose_a"), c.Get<bool>("transpose_b"), MatMul));

    static readonly OpDefinition BatchMatMulV2Op = Define("BatchMatMulV2(x: T, y: T) -> (output: T) { adj_x: bool = false, adj_y: bool = false }", c =>
    {
        if (!c[0].HasRank || !c[1].HasRank) return [Shape.Unknown];
        var (x, y) = (c.Ranked(0, 2), c.Ranked(1, 2));
        var (ax, ay) = (c.Get<bool>("adj_x"), c.Get<bool>("adj_y"));
        CheckInner(c, x[ax ? -2 : -1], y[ay ? -1 : -2]);
        var batch = ShapeRules.Broadcast(c, x[..^2], y[..^2]);
        return [batch.Concat(Shape.OfSymbolic(x.Symbolic[ax ? ^1 : ^2], y.Symbolic[ay ? ^2 : ^1]))];
    }, c =>
    {
        var gradients = ProductGradient(c, c.Get<bool>("adj_x"), c.Get<bool>("adj_y"), BatchMatMul);
        for (var i = 0; i < 2; i++)
            if (gradients[i] is { } g) gradients[i] = SumBatch(g, c.Inputs[i], c.Inputs[1 - i]);
        return gradients;
    });

    static void CheckInner(ShapeContext c, long a, long b)
    {
        if (a >= 0 && b >= 0 && a != b) throw c.Fail("inner dimensions that agree", $"{c[0]} and {c[1]} ({a} and {b})");
    }

    /// <summary>The gradients of op(a) · op(b), for each way of transposing.</summary>
    static Tensor?[] ProductGradient(GradientContext c, bool ta, bool tb, Func<Tensor, Tensor, bool, bool, Tensor> multiply)
    {
        var (a, b, g) = (c.Inputs[0], c.Inputs[1], c.Gradient);
        return
        [
            !c.IsNeeded(0) ? null : ta ? multiply(b, g, tb, true) : multiply(g, b, false, !tb),
            !c.IsNeeded(1) ? null : tb ? multiply(g, a, true, ta) : multiply(a, g, !ta, false),
        ];
    }

    /// <summary>Sums over the batch axes that were broadcast.</summary>
    static Tensor SumBatch(Tensor gradient, Tensor input, Tensor other)
    {
        var (x, y) = (input.shape, other.shape);
        var (bx, by) = (x[..^2], y[..^2]);
        if (bx == by && !bx.Symbolic.Contains(-1)) return gradient;
        if (StaticReduction(bx, by) is { } axes)
        {
            if (axes.Length == 0) return gradient;
            var summed = Sum(gradient, axes);
            return summed.ndim == input.ndim ? summed : SumToKept(gradient, input, axes);
        }
        var arguments = RunAll(BroadcastGradientArgsOp, [Slice(ShapeOf(input), [0], [bx.Rank]), Slice(ShapeOf(other), [0], [by.Rank])]);
        return Reshape(Run(SumOp, gradient, arguments[0]), ShapeOf(input));
    }

    public static Tensor MatMul(Tensor a, Tensor b, bool transpose_a = false, bool transpose_b = false) =>
        Run(MatMulOp, [a, b], ("transpose_a", transpose_a), ("transpose_b", transpose_b));

    public static Tensor BatchMatMul(Tensor x, Tensor y, bool adj_x = false, bool adj_y = false) =>
        Run(BatchMatMulV2Op, [x, y], ("adj_x", adj_x), ("adj_y", adj_y));

    /// <summary>Multiplies the last axis by a matrix: (..., I) · (I, O), as one product of two matrices.</summary>
    public static Tensor MatMulRows(Tensor x, Tensor kernel)
    {
        if (x.ndim == 2) return MatMul(x, kernel);
        var rows = MatMul(Reshape(x, Int32(-1, checked((int)kernel.shape[0]))), kernel);
        return Reshape(rows, WithLastDim(x, checked((int)kernel.shape[1])));
    }

    /// <summary>The shape of <paramref name="x"/> with another last dimension.</summary>
    public static Tensor WithLastDim(Tensor x, int dim) => x.shape[..^1].IsFullyKnown
        ? ShapeTensor(x.shape[..^1].Concat(new Shape(dim)))
        : Stack([.. Enumerable.Range(0, x.ndim - 1).Select(i => DimOf(x, i)), Int32Scalar(dim)], 0);
}
