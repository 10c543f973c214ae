namespace Keras.Graphs;

/// <summary>Ops on two tensors with broadcasting: arithmetic, comparisons, logic, bits, selection.</summary>
static partial class Tf
{
    /// <summary>An op of two broadcast inputs.</summary>
    /// <param name="name">The op.</param>
    /// <param name="gradient">Its gradient; null for ops on integers only.</param>
    /// <param name="value">Computes known elements.</param>
    /// <param name="neutral">The neutral numbers on the left and on the right, with which an unknown dimension stays known as itself.</param>
    /// <param name="inputs">The inputs' names.</param>
    static OpDefinition Binary(string name, GradientFunction? gradient, Func<long, long, long?>? value = null, (long? Left, long? Right) neutral = default,
        string inputs = "x, y")
    {
        var names = inputs.Split(", ");
        return Define($"{name}({names[0]}: T, {names[1]}: T) -> (z: T)", ShapeRules.Broadcast, gradient, value is null ? null
            : c => BinaryValue(c, value, neutral), gradient is not null);
    }

    static OpDefinition Comparison(string name, string type = "T") =>
        Define($"{name}(x: {type}, y: {type}) -> (z: bool)", ShapeRules.Broadcast, differentiable: false);

    static readonly OpDefinition AddV2Op = Binary("AddV2", c => Reduced(c, 0, () => c.Gradient, () => c.Gradient), (a, b) => a + b, (0, 0));
    static readonly OpDefinition SubOp = Binary("Sub", c => Reduced(c, 0, () => c.Gradient, () => -c.Gradient), (a, b) => a - b, (null, 0));
    static readonly OpDefinition MulOp = Binary("Mul",
        c => Reduced(c, 0, () => c.Gradient * Conjugate(c.Inputs[1]), () => c.Gradient * Conjugate(c.Inputs[0])), (a, b) => a * b, (1, 1));
    static readonly OpDefinition RealDivOp = Binary("RealDiv", c => Reduced(c, 0,
        () => c.Gradient / Conjugate(c.Inputs[1]), () => -c.Gradient * Conjugate(c.Outputs[0] / c.Inputs[1])));
    /// <summary>The product; 0 where the second factor is 0, even if the first is infinite or NaN.</summary>
    static readonly OpDefinition MulNoNanOp = Binary("MulNoNan",
        c => Reduced(c, 0, () => Run(MulNoNanOp!, c.Gradient, c.Inputs[1]), () => Run(MulNoNanOp!, c.Inputs[0], c.Gradient)));

    static readonly OpDefinition DivNoNanOp = Binary("DivNoNan",
        c => Reduced(c, 0, () => DivNoNan(c.Gradient, c.Inputs[1]), () => DivNoNan(-c.Gradient * c.Outputs[0], c.Inputs[1])));
    static readonly OpDefinition FloorDivOp = Binary("FloorDiv", null, (a, b) => b == 0 ? null
        : (a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0), (null, 1));
    static readonly OpDefinition FloorModOp = Binary("FloorMod",
        c => Reduced(c, 0, () => c.Gradient, () => -c.Gradient * FloorDiv(c.Inputs[0], c.Inputs[1])), (a, b) => b == 0 ? null : ((a % b) + b) % b);
    static readonly OpDefinition TruncateDivOp = Binary("TruncateDiv", null, (a, b) => b == 0 ? null : a / b, (null, 1));
    static readonly OpDefinition TruncateModOp = Binary("TruncateMod",
        c => Reduced(c, 0, () => c.Gradient, () => -c.Gradient * TruncateDiv(c.Inputs[0], c.Inputs[1])), (a, b) => b == 0 ? null : a % b);
    // 0 is neutral, since dimensions are at least 0.
    static readonly OpDefinition MaximumOp = Binary("Maximum", c => Chosen(c, GreaterEqual(c.Inputs[0], c.Inputs[1])), (a, b) => Math.Max(a, b), (0, 0));
    static readonly OpDefinition MinimumOp = Binary("Minimum", c => Chosen(c, LessEqual(c.Inputs[0], c.Inputs[1])), (a, b) => Math.Min(a, b));
    static readonly OpDefinition SquaredDifferenceOp = Binary("SquaredDifference", c =>
        Reduced(c, 0, () => c.Gradient * 2 * (c.Inputs[0] - c.Inputs[1]), () => c.Gradient * -2 * (c.Inputs[0] - c.Inputs[1])));
    static readonly OpDefinition PowOp = Binary("Pow", c => Reduced(c, 0,
        () => c.Gradient * c.Inputs[1] * Pow(c.Inputs[0], c.Inputs[1] - 1),
        () => c.Gradient * c.Outputs[0] * Log(SelectV2(Greater(c.Inputs[0], ZerosLike(c.Inputs[0])), c.Inputs[0], OnesLike(c.Inputs[0])))));
    static readonly OpDefinition Atan2Op = Binary("Atan2", c =>
    {
        var scaled = c.Gradient / (Square(c.Inputs[0]) + Square(c.Inputs[1]));
        return Reduced(c, 0, () => scaled * c.Inputs[1], () => -scaled * c.Inputs[0]);
    }, inputs: "y, x");
    static readonly OpDefinition XlogyOp = Binary("Xlogy",
        c => Reduced(c, 0, () => c.Gradient * Xlogy(IsNonZero(c.Inputs[0]), c.Inputs[1]), () => c.Gradient * Xdivy(c.Inputs[0], c.Inputs[1])));
    static readonly OpDefinition Xlog1pyOp = Binary("Xlog1py",
        c => Reduced(c, 0, () => c.Gradient * Xlog1py(IsNonZero(c.Inputs[0]), c.Inputs[1]), () => c.Gradient * Xdivy(c.Inputs[0], c.Inputs[1] + 1)));
    static readonly OpDefinition XdivyOp = Binary("Xdivy",
        c => Reduced(c, 0, () => c.Gradient * Xdivy(IsNonZero(c.Inputs[0]), c.Inputs[1]), () => c.Gradient * Xdivy(-c.Inputs[0], Square(c.Inputs[1]))));
    static readonly OpDefinition NextAfterOp = Define("NextAfter(x1: T, x2: T) -> (output: T)", ShapeRules.Broadcast,
        c => Reduced(c, 0, () => c.Gradient, () => ZerosLike(c.Gradient)));

    static readonly OpDefinition AddNOp = Define("AddN(inputs: N*T) -> (sum: T)", ShapeRules.Merged, c => [.. c.Inputs.Select(_ => c.Gradient)]);

    static readonly OpDefinition EqualOp = Comparison("Equal");
    static readonly OpDefinition NotEqualOp = Comparison("NotEqual");
    static readonly OpDefinition LessOp = Comparison("Less");
    static readonly OpDefinition LessEqualOp = Comparison("LessEqual");
    static readonly OpDefinition GreaterOp = Comparison("Greater");
    static readonly OpDefinition GreaterEqualOp = Comparison("GreaterEqual");
    static readonly OpDefinition LogicalAndOp = Comparison("LogicalAnd", "bool");
    static readonly OpDefinition LogicalOrOp = Comparison("LogicalOr", "bool");
    static readonly OpDefinition LogicalNotOp = Define("LogicalNot(x: bool) -> (y: bool)", ShapeRules.SameAsFirst, differentiable: false);
    static readonly OpDefinition BitwiseAndOp = Binary("BitwiseAnd", null);
    static readonly OpDefinition BitwiseOrOp = Binary("BitwiseOr", null);
    static readonly OpDefinition BitwiseXorOp = Binary("BitwiseXor", null);
    static readonly OpDefinition RightShiftOp = Binary("RightShift", null);
    static readonly OpDefinition LeftShiftOp = Binary("LeftShift", null);

    static readonly OpDefinition SelectV2Op = Define("SelectV2(condition: bool, t: T, e: T) -> (output: T)", ShapeRules.Broadcast, c =>
    {
        // Each branch's gradient is summed over the axes along which it was broadcast.
        Tensor? Branch(int input, Func<Tensor> gradient) => c.IsNeeded(input) ? SumTo(gradient(), c.Inputs[input], c.Outputs[0]) : null;
        return [null, Branch(1, () => SelectV2(c.Inputs[0], c.Gradient, ZerosLike(c.Gradient))),
            Branch(2, () => SelectV2(c.Inputs[0], ZerosLike(c.Gradient), c.Gradient))];
    });

    /// <summary>The older selection: only the condition is broadcast; it may be a scalar, or a vector that chooses whole rows.</summary>
    static readonly OpDefinition SelectOp = Define("Select(condition: bool, t: T, e: T) -> (output: T)", c =>
    {
        var (condition, shape) = (c[0], ShapeRules.Merged(c with { Inputs = c.Inputs[1..] })[0]);
        if (!condition.HasRank || condition.Rank == 0 || !shape.HasRank) return [shape];
        if (condition.Rank == 1 && shape.Rank > 0 ? !condition.IsCompatibleWith(shape[..1]) : !condition.IsCompatibleWith(shape))
            throw c.Fail($"a condition that is a scalar, a vector of the first dimension, or of shape {shape}", condition.ToString());
        return [shape];
    }, c => [null, Run(SelectOp!, c.Inputs[0], c.Gradient, ZerosLike(c.Gradient)), Run(SelectOp!, c.Inputs[0], ZerosLike(c.Gradient), c.Gradient)]);

    /// <summary>Clips to bounds that are scalars or of the tensor's shape; a bound's gradient is that of the elements it replaced.</summary>
    static readonly OpDefinition ClipByValueOp = Define("ClipByValue(t: T, clip_value_min: T, clip_value_max: T) -> (output: T)", c =>
    {
        for (var i = 1; i < 3; i++)
            if (c[i] is { HasRank: true, Rank: > 0 } && !c[0].IsCompatibleWith(c[i])) throw c.Fail($"bounds that are scalars or of shape {c[0]}", c[i].ToString());
        return [c[0]];
    }, c =>
    {
        var (below, above, none) = (Less(c.Inputs[0], c.Inputs[1]), Greater(c.Inputs[0], c.Inputs[2]), ZerosLike(c.Gradient));
        return
        [
            SelectV2(LogicalOr(below, above), none, c.Gradient),
            c.IsNeeded(1) ? SumTo(SelectV2(below, c.Gradient, none), c.Inputs[1], c.Inputs[0]) : null,
            c.IsNeeded(2) ? SumTo(SelectV2(above, c.Gradient, none), c.Inputs[2], c.Inputs[0]) : null,
        ];
    });

    static PartialValue? BinaryValue(ShapeContext c, Func<long, long, long?> compute, (long? Left, long? Right) neutral)
    {
        if (c.Value(0) is not { } a || c.Value(1) is not { } b) return null;
        var count = a.Elements.Length == 1 ? b.Elements.Length : a.Elements.Length;
        if (b.Elements.Length != count && b.Elements.Length != 1) return null;
        var (elements, symbols) = (new long?[count], new long[count]);
        for (var i = 0; i < count; i++)
        {
            var (x, p) = a.At(i);
            var (y, q) = b.At(i);
            if (x is not null && y is not null) elements[i] = compute(x.Value, y.Value);
            else if (y is not null && y == neutral.Right) symbols[i] = p;
            else if (x is not null && x == neutral.Left) symbols[i] = q;
        }
        return new(elements, symbols, a.IsScalar && b.IsScalar);
    }

    /// <summary>The gradients of two broadcast inputs, each summed back to its input's shape, and computed only where needed.</summary>
    static Tensor?[] Reduced(GradientContext c, int first, Func<Tensor> left, Func<Tensor> right)
    {
        var (x, y) = (c.Inputs[first], c.Inputs[first + 1]);
        return [c.IsNeeded(first) ? SumTo(left(), x, y) : null, c.IsNeeded(first + 1) ? SumTo(right(), y, x) : null];
    }

    static Tensor?[] Chosen(GradientContext c, Tensor first) => Reduced(c, 0,
        () => SelectV2(first, c.Gradient, ZerosLike(c.Gradient)), () => SelectV2(first, ZerosLike(c.Gradient), c.Gradient));

    static Tensor IsNonZero(Tensor x) => Cast(NotEqual(x, ZerosLike(x)), x.dtype);

    public static Tensor AddV2(Tensor x, Tensor y) => Run(AddV2Op, x, y);
    public static Tensor Sub(Tensor x, Tensor y) => Run(SubOp, x, y);
    public static Tensor Mul(Tensor x, Tensor y) => Run(MulOp, x, y);
    public static Tensor RealDiv(Tensor x, Tensor y) => Run(RealDivOp, x, y);
    public static Tensor DivNoNan(Tensor x, Tensor y) => Run(DivNoNanOp, x, y);
    public static Tensor FloorDiv(Tensor x, Tensor y) => Run(FloorDivOp, x, y);
    public static Tensor FloorMod(Tensor x, Tensor y) => Run(FloorModOp, x, y);
    public static Tensor TruncateDiv(Tensor x, Tensor y) => Run(TruncateDivOp, x, y);
    public static Tensor TruncateMod(Tensor x, Tensor y) => Run(TruncateModOp, x, y);
    public static Tensor Maximum(Tensor x, Tensor y) => Run(MaximumOp, x, y);
    public static Tensor Minimum(Tensor x, Tensor y) => Run(MinimumOp, x, y);
    public static Tensor SquaredDifference(Tensor x, Tensor y) => Run(SquaredDifferenceOp, x, y);
    public static Tensor Pow(Tensor x, Tensor y) => Run(PowOp, x, y);
    public static Tensor Atan2(Tensor y, Tensor x) => Run(Atan2Op, y, x);
    /// <summary>x · log(y), 0 where x is 0.</summary>
    public static Tensor Xlogy(Tensor x, Tensor y) => Run(XlogyOp, x, y);
    /// <summary>x · log(1 + y), 0 where x is 0.</summary>
    public static Tensor Xlog1py(Tensor x, Tensor y) => Run(Xlog1pyOp, x, y);
    /// <summary>x / y, 0 where x is 0.</summary>
    public static Tensor Xdivy(Tensor x, Tensor y) => Run(XdivyOp, x, y);
    public static Tensor NextAfter(Tensor x, Tensor y) => Run(NextAfterOp, x, y);
    public static Tensor AddN(ReadOnlySpan<Tensor> inputs) => inputs.Length == 1 ? inputs[0] : Run(AddNOp, inputs);
    public static Tensor Equal(Tensor x, Tensor y) => Run(EqualOp, x, y);
    public static Tensor NotEqual(Tensor x, Tensor y) => Run(NotEqualOp, x, y);
    public static Tensor Less(Tensor x, Tensor y) => Run(LessOp, x, y);
    public static Tensor LessEqual(Tensor x, Tensor y) => Run(LessEqualOp, x, y);
    public static Tensor Greater(Tensor x, Tensor y) => Run(GreaterOp, x, y);
    public static Tensor GreaterEqual(Tensor x, Tensor y) => Run(GreaterEqualOp, x, y);
    public static Tensor LogicalAnd(Tensor x, Tensor y) => Run(LogicalAndOp, x, y);
    public static Tensor LogicalOr(Tensor x, Tensor y) => Run(LogicalOrOp, x, y);
    public static Tensor LogicalXor(Tensor x, Tensor y) => NotEqual(x, y);
    public static Tensor LogicalNot(Tensor x) => Run(LogicalNotOp, x);
    public static Tensor BitwiseAnd(Tensor x, Tensor y) => Run(BitwiseAndOp, x, y);
    public static Tensor BitwiseOr(Tensor x, Tensor y) => Run(BitwiseOrOp, x, y);
    public static Tensor BitwiseXor(Tensor x, Tensor y) => Run(BitwiseXorOp, x, y);
    public static Tensor RightShift(Tensor x, Tensor y) => Run(RightShiftOp, x, y);
    public static Tensor LeftShift(Tensor x, Tensor y) => Run(LeftShiftOp, x, y);
    public static Tensor SelectV2(Tensor condition, Tensor then, Tensor otherwise) => Run(SelectV2Op, condition, then, otherwise);
    public static Tensor ClipByValue(Tensor x, Tensor min, Tensor max) => Run(ClipByValueOp, x, min, max);
}
