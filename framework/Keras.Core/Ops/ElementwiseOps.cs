namespace Keras.Graphs;

/// <summary>Arithmetic, comparisons and functions of single elements.</summary>
static partial class Tf
{
    static OpDefinition Binary(string name, GradientFunction? gradient, Func<long, long, long?>? value = null) => Define(
        $"{name}(x: T, y: T) -> (z: T)", ShapeRules.Broadcast, gradient, value is null ? null : c => BinaryValue(c, value), gradient is not null);

    static OpDefinition Comparison(string name, string type = "T") => Define($"{name}(x: {type}, y: {type}) -> (z: bool)", ShapeRules.Broadcast, differentiable: false);

    static OpDefinition Unary(string name, GradientFunction? gradient, string result = "T") => Define(
        $"{name}(x: T) -> (y: {result})", ShapeRules.SameAsFirst, gradient, differentiable: gradient is not null);

    /// <summary>An op that takes a forward result and its gradient, of one shape (TanhGrad and its kind).</summary>
    static OpDefinition GradientKernel(string name, GradientFunction? gradient) => Define($"{name}(y: T, dy: T) -> (z: T)", ShapeRules.Merged, gradient, differentiable: gradient is not null);

    static readonly OpDefinition AddV2Op = Binary("AddV2", c => Reduced(c, 0, () => c.Gradient, () => c.Gradient), (a, b) => a + b);
    static readonly OpDefinition SubOp = Binary("Sub", c => Reduced(c, 0, () => c.Gradient, () => -c.Gradient), (a, b) => a - b);
    static readonly OpDefinition MulOp = Binary("Mul", c => Reduced(c, 0, () => c.Gradient * c.Inputs[1], () => c.Gradient * c.Inputs[0]), (a, b) => a * b);
    static readonly OpDefinition RealDivOp = Binary("RealDiv", c => Reduced(c, 0, () => c.Gradient / c.Inputs[1], () => -c.Gradient * c.Outputs[0] / c.Inputs[1]));
    static readonly OpDefinition DivNoNanOp = Binary("DivNoNan", c => Reduced(c, 0, () => DivNoNan(c.Gradient, c.Inputs[1]), () => DivNoNan(-c.Gradient * c.Outputs[0], c.Inputs[1])));
    static readonly OpDefinition FloorDivOp = Binary("FloorDiv", null, (a, b) => b == 0 ? null : (a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0));
    static readonly OpDefinition FloorModOp = Binary("FloorMod", c => Reduced(c, 0, () => c.Gradient, () => -c.Gradient * FloorDiv(c.Inputs[0], c.Inputs[1])), (a, b) => b == 0 ? null : ((a % b) + b) % b);
    static readonly OpDefinition MaximumOp = Binary("Maximum", c => Chosen(c, GreaterEqual(c.Inputs[0], c.Inputs[1])), (a, b) => Math.Max(a, b));
    static readonly OpDefinition MinimumOp = Binary("Minimum", c => Chosen(c, LessEqual(c.Inputs[0], c.Inputs[1])), (a, b) => Math.Min(a, b));
    static readonly OpDefinition SquaredDifferenceOp = Binary("SquaredDifference", c =>
        Reduced(c, 0, () => c.Gradient * 2 * (c.Inputs[0] - c.Inputs[1]), () => c.Gradient * -2 * (c.Inputs[0] - c.Inputs[1])));
    static readonly OpDefinition PowOp = Binary("Pow", c => Reduced(c, 0,
        () => c.Gradient * c.Inputs[1] * Pow(c.Inputs[0], c.Inputs[1] - 1),
        () => c.Gradient * c.Outputs[0] * Log(SelectV2(Greater(c.Inputs[0], ZerosLike(c.Inputs[0])), c.Inputs[0], OnesLike(c.Inputs[0])))));

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

    static readonly OpDefinition NegOp = Unary("Neg", c => [-c.Gradient]);
    static readonly OpDefinition AbsOp = Unary("Abs", c => [c.Gradient * Sign(c.Inputs[0])]);
    static readonly OpDefinition SignOp = Unary("Sign", null);
    static readonly OpDefinition FloorOp = Unary("Floor", null);
    static readonly OpDefinition CeilOp = Unary("Ceil", null);
    static readonly OpDefinition RoundOp = Unary("Round", null);
    static readonly OpDefinition ReciprocalOp = Unary("Reciprocal", c => [-c.Gradient * c.Outputs[0] * c.Outputs[0]]);
    static readonly OpDefinition SquareOp = Unary("Square", c => [c.Gradient * 2 * c.Inputs[0]]);
    static readonly OpDefinition SqrtOp = Unary("Sqrt", c => [c.Gradient * 0.5 / c.Outputs[0]]);
    static readonly OpDefinition RsqrtOp = Unary("Rsqrt", c => [c.Gradient * -0.5 * c.Outputs[0] * c.Outputs[0] * c.Outputs[0]]);
    static readonly OpDefinition ExpOp = Unary("Exp", c => [c.Gradient * c.Outputs[0]]);
    static readonly OpDefinition Expm1Op = Unary("Expm1", c => [c.Gradient * Exp(c.Inputs[0])]);
    static readonly OpDefinition LogOp = Unary("Log", c => [c.Gradient / c.Inputs[0]]);
    static readonly OpDefinition Log1pOp = Unary("Log1p", c => [c.Gradient / (1 + c.Inputs[0])]);
    static readonly OpDefinition SinOp = Unary("Sin", c => [c.Gradient * Cos(c.Inputs[0])]);
    static readonly OpDefinition CosOp = Unary("Cos", c => [-c.Gradient * Sin(c.Inputs[0])]);
    static readonly OpDefinition ErfOp = Unary("Erf", c => [c.Gradient * (2 / Math.Sqrt(Math.PI)) * Exp(-Square(c.Inputs[0]))]);
    static readonly OpDefinition TanhOp = Unary("Tanh", c => [TanhGrad(c.Outputs[0], c.Gradient)]);
    static readonly OpDefinition SigmoidOp = Unary("Sigmoid", c => [SigmoidGrad(c.Outputs[0], c.Gradient)]);
    static readonly OpDefinition TanhGradOp = GradientKernel("TanhGrad", c => [c.Gradient * -2 * c.Inputs[1] * c.Inputs[0], c.Gradient * (1 - Square(c.Inputs[0]))]);
    static readonly OpDefinition SigmoidGradOp = GradientKernel("SigmoidGrad", c =>
        [c.Gradient * c.Inputs[1] * (1 - (2 * c.Inputs[0])), c.Gradient * c.Inputs[0] * (1 - c.Inputs[0])]);
    static readonly OpDefinition IsNanOp = Unary("IsNan", null, "bool");
    static readonly OpDefinition IsInfOp = Unary("IsInf", null, "bool");
    static readonly OpDefinition IsFiniteOp = Unary("IsFinite", null, "bool");

    static readonly OpDefinition SelectV2Op = Define("SelectV2(condition: bool, t: T, e: T) -> (output: T)", ShapeRules.Broadcast, c => [null, .. Reduced(c, 1,
        () => SelectV2(c.Inputs[0], c.Gradient, ZerosLike(c.Gradient)), () => SelectV2(c.Inputs[0], ZerosLike(c.Gradient), c.Gradient))]);

    static PartialValue? BinaryValue(ShapeContext c, Func<long, long, long?> compute)
    {
        if (c.Value(0) is not { } a || c.Value(1) is not { } b) return null;
        var count = Math.Max(a.Elements.Length, b.Elements.Length);
        if ((a.Elements.Length != count && a.Elements.Length != 1) || (b.Elements.Length != count && b.Elements.Length != 1)) return null;
        var elements = new long?[count];
        for (var i = 0; i < count; i++)
            if (a.Elements[a.Elements.Length == 1 ? 0 : i] is { } x && b.Elements[b.Elements.Length == 1 ? 0 : i] is { } y) elements[i] = compute(x, y);
        return new(elements, new long[count], a.IsScalar && b.IsScalar);
    }

    /// <summary>The gradients of two broadcast inputs, each summed back to its input's shape, and made only where wanted.</summary>
    static Tensor?[] Reduced(GradientContext c, int first, Func<Tensor> left, Func<Tensor> right)
    {
        var (x, y) = (c.Inputs[first], c.Inputs[first + 1]);
        return [c.IsNeeded(first) ? SumTo(left(), x, y) : null, c.IsNeeded(first + 1) ? SumTo(right(), y, x) : null];
    }

    static Tensor?[] Chosen(GradientContext c, Tensor first) => Reduced(c, 0,
        () => SelectV2(first, c.Gradient, ZerosLike(c.Gradient)), () => SelectV2(first, ZerosLike(c.Gradient), c.Gradient));

    public static Tensor AddV2(Tensor x, Tensor y) => Run(AddV2Op, x, y);
    public static Tensor Sub(Tensor x, Tensor y) => Run(SubOp, x, y);
    public static Tensor Mul(Tensor x, Tensor y) => Run(MulOp, x, y);
    public static Tensor RealDiv(Tensor x, Tensor y) => Run(RealDivOp, x, y);
    public static Tensor DivNoNan(Tensor x, Tensor y) => Run(DivNoNanOp, x, y);
    public static Tensor FloorDiv(Tensor x, Tensor y) => Run(FloorDivOp, x, y);
    public static Tensor FloorMod(Tensor x, Tensor y) => Run(FloorModOp, x, y);
    public static Tensor Maximum(Tensor x, Tensor y) => Run(MaximumOp, x, y);
    public static Tensor Minimum(Tensor x, Tensor y) => Run(MinimumOp, x, y);
    public static Tensor SquaredDifference(Tensor x, Tensor y) => Run(SquaredDifferenceOp, x, y);
    public static Tensor Pow(Tensor x, Tensor y) => Run(PowOp, x, y);
    public static Tensor AddN(ReadOnlySpan<Tensor> inputs) => inputs.Length == 1 ? inputs[0] : Run(AddNOp, inputs);
    public static Tensor Equal(Tensor x, Tensor y) => Run(EqualOp, x, y);
    public static Tensor NotEqual(Tensor x, Tensor y) => Run(NotEqualOp, x, y);
    public static Tensor Less(Tensor x, Tensor y) => Run(LessOp, x, y);
    public static Tensor LessEqual(Tensor x, Tensor y) => Run(LessEqualOp, x, y);
    public static Tensor Greater(Tensor x, Tensor y) => Run(GreaterOp, x, y);
    public static Tensor GreaterEqual(Tensor x, Tensor y) => Run(GreaterEqualOp, x, y);
    public static Tensor LogicalAnd(Tensor x, Tensor y) => Run(LogicalAndOp, x, y);
    public static Tensor LogicalOr(Tensor x, Tensor y) => Run(LogicalOrOp, x, y);
    public static Tensor LogicalNot(Tensor x) => Run(LogicalNotOp, x);
    public static Tensor BitwiseAnd(Tensor x, Tensor y) => Run(BitwiseAndOp, x, y);
    public static Tensor BitwiseOr(Tensor x, Tensor y) => Run(BitwiseOrOp, x, y);
    public static Tensor BitwiseXor(Tensor x, Tensor y) => Run(BitwiseXorOp, x, y);
    public static Tensor RightShift(Tensor x, Tensor y) => Run(RightShiftOp, x, y);
    public static Tensor LeftShift(Tensor x, Tensor y) => Run(LeftShiftOp, x, y);
    public static Tensor Neg(Tensor x) => Run(NegOp, x);
    public static Tensor Abs(Tensor x) => Run(AbsOp, x);
    public static Tensor Sign(Tensor x) => Run(SignOp, x);
    public static Tensor Floor(Tensor x) => Run(FloorOp, x);
    public static Tensor Ceil(Tensor x) => Run(CeilOp, x);
    public static Tensor Round(Tensor x) => Run(RoundOp, x);
    public static Tensor Reciprocal(Tensor x) => Run(ReciprocalOp, x);
    public static Tensor Square(Tensor x) => Run(SquareOp, x);
    public static Tensor Sqrt(Tensor x) => Run(SqrtOp, x);
    public static Tensor Rsqrt(Tensor x) => Run(RsqrtOp, x);
    public static Tensor Exp(Tensor x) => Run(ExpOp, x);
    public static Tensor Expm1(Tensor x) => Run(Expm1Op, x);
    public static Tensor Log(Tensor x) => Run(LogOp, x);
    public static Tensor Log1p(Tensor x) => Run(Log1pOp, x);
    public static Tensor Sin(Tensor x) => Run(SinOp, x);
    public static Tensor Cos(Tensor x) => Run(CosOp, x);
    public static Tensor Erf(Tensor x) => Run(ErfOp, x);
    public static Tensor Tanh(Tensor x) => Run(TanhOp, x);
    public static Tensor Sigmoid(Tensor x) => Run(SigmoidOp, x);
    public static Tensor TanhGrad(Tensor y, Tensor dy) => Run(TanhGradOp, y, dy);
    public static Tensor SigmoidGrad(Tensor y, Tensor dy) => Run(SigmoidGradOp, y, dy);
    public static Tensor IsNan(Tensor x) => Run(IsNanOp, x);
    public static Tensor IsInf(Tensor x) => Run(IsInfOp, x);
    public static Tensor IsFinite(Tensor x) => Run(IsFiniteOp, x);
    public static Tensor SelectV2(Tensor condition, Tensor then, Tensor otherwise) => Run(SelectV2Op, condition, then, otherwise);
}
