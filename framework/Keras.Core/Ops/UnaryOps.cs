namespace Keras.Graphs;

/// <summary>Elementwise functions of one tensor.</summary>
static partial class Tf
{
    static OpDefinition Unary(string name, GradientFunction? gradient, string result = "T") => Define(
        $"{name}(x: T) -> (y: {result})", ShapeRules.SameAsFirst, gradient, differentiable: gradient is not null);

    /// <summary>Defines an op that takes a forward result and its gradient, of the same shape (TanhGrad and the like).</summary>
    static OpDefinition GradientKernel(string name, GradientFunction? gradient) =>
        Define($"{name}(y: T, dy: T) -> (z: T)", ShapeRules.Merged, gradient, differentiable: gradient is not null);

    static readonly OpDefinition NegOp = Unary("Neg", c => [-c.Gradient]);
    static readonly OpDefinition AbsOp = Unary("Abs", c => [c.Gradient * Sign(c.Inputs[0])]);
    static readonly OpDefinition SignOp = Unary("Sign", null);
    static readonly OpDefinition FloorOp = Unary("Floor", null);
    static readonly OpDefinition CeilOp = Unary("Ceil", null);
    static readonly OpDefinition RoundOp = Unary("Round", null);
    static readonly OpDefinition RintOp = Unary("Rint", null);
    static readonly OpDefinition InvertOp = Unary("Invert", null);
    static readonly OpDefinition ReciprocalOp = Unary("Reciprocal", c => [-c.Gradient * Square(c.Outputs[0])]);
    static readonly OpDefinition SquareOp = Unary("Square", c => [c.Gradient * 2 * c.Inputs[0]]);
    static readonly OpDefinition SqrtOp = Unary("Sqrt", c => [c.Gradient * 0.5 / c.Outputs[0]]);
    static readonly OpDefinition RsqrtOp = Unary("Rsqrt", c => [c.Gradient * -0.5 * Square(c.Outputs[0]) * c.Outputs[0]]);
    static readonly OpDefinition ExpOp = Unary("Exp", c => [c.Gradient * c.Outputs[0]]);
    static readonly OpDefinition Expm1Op = Unary("Expm1", c => [c.Gradient * Exp(c.Inputs[0])]);
    static readonly OpDefinition LogOp = Unary("Log", c => [c.Gradient / c.Inputs[0]]);
    static readonly OpDefinition Log1pOp = Unary("Log1p", c => [c.Gradient / (1 + c.Inputs[0])]);
    static readonly OpDefinition SinOp = Unary("Sin", c => [c.Gradient * Cos(c.Inputs[0])]);
    static readonly OpDefinition CosOp = Unary("Cos", c => [-c.Gradient * Sin(c.Inputs[0])]);
    static readonly OpDefinition TanOp = Unary("Tan", c => [c.Gradient * (1 + Square(c.Outputs[0]))]);
    static readonly OpDefinition AsinOp = Unary("Asin", c => [c.Gradient * Rsqrt(1 - Square(c.Inputs[0]))]);
    static readonly OpDefinition AcosOp = Unary("Acos", c => [-c.Gradient * Rsqrt(1 - Square(c.Inputs[0]))]);
    static readonly OpDefinition AtanOp = Unary("Atan", c => [c.Gradient / (1 + Square(c.Inputs[0]))]);
    static readonly OpDefinition SinhOp = Unary("Sinh", c => [c.Gradient * Cosh(c.Inputs[0])]);
    static readonly OpDefinition CoshOp = Unary("Cosh", c => [c.Gradient * Sinh(c.Inputs[0])]);
    static readonly OpDefinition AsinhOp = Unary("Asinh", c => [c.Gradient / Cosh(c.Outputs[0])]);
    static readonly OpDefinition AcoshOp = Unary("Acosh", c => [c.Gradient / Sinh(c.Outputs[0])]);
    static readonly OpDefinition AtanhOp = Unary("Atanh", c => [c.Gradient / (1 - Square(c.Inputs[0]))]);
    static readonly OpDefinition ErfOp = Unary("Erf", c => [c.Gradient * (2 / Math.Sqrt(Math.PI)) * Exp(-Square(c.Inputs[0]))]);
    static readonly OpDefinition ErfcOp = Unary("Erfc", c => [c.Gradient * (-2 / Math.Sqrt(Math.PI)) * Exp(-Square(c.Inputs[0]))]);
    static readonly OpDefinition ErfinvOp = Unary("Erfinv", c => [c.Gradient * (Math.Sqrt(Math.PI) / 2) * Exp(Square(c.Outputs[0]))]);
    static readonly OpDefinition NdtriOp = Unary("Ndtri", c => [c.Gradient * Math.Sqrt(2 * Math.PI) * Exp(Square(c.Outputs[0]) * 0.5)]);
    static readonly OpDefinition LgammaOp = Unary("Lgamma", c => [c.Gradient * Digamma(c.Inputs[0])]);
    static readonly OpDefinition DigammaOp = Unary("Digamma", c => [c.Gradient * Polygamma(OnesLike(c.Inputs[0]), c.Inputs[0])]);
    static readonly OpDefinition PolygammaOp = Binary("Polygamma",
        c => [null, SumTo(c.Gradient * Polygamma(c.Inputs[0] + 1, c.Inputs[1]), c.Inputs[1], c.Inputs[0])], inputs: "a, x");
    static readonly OpDefinition BesselI0Op = Unary("BesselI0", c => [c.Gradient * BesselI1(c.Inputs[0])]);
    static readonly OpDefinition BesselI1Op = Unary("BesselI1",
        c => [c.Gradient * (BesselI0(c.Inputs[0]) - SelectV2(Equal(c.Inputs[0], ZerosLike(c.Inputs[0])), Constant(0.5, c.Inputs[0].dtype),
        DivNoNan(c.Outputs[0], c.Inputs[0])))]);
    static readonly OpDefinition BesselI0eOp = Unary("BesselI0e", c => [c.Gradient * (Run(BesselI1eOp!, c.Inputs[0]) - (Sign(c.Inputs[0]) * c.Outputs[0]))]);
    static readonly OpDefinition BesselI1eOp = Unary("BesselI1e", c => [c.Gradient * SelectV2(Equal(c.Inputs[0], ZerosLike(c.Inputs[0])), Constant(0.5, c.Inputs[0].dtype),
        Run(BesselI0eOp!, c.Inputs[0]) - (c.Outputs[0] * Sign(c.Inputs[0])) - DivNoNan(c.Outputs[0], c.Inputs[0]))]);
    static readonly OpDefinition TanhOp = Unary("Tanh", c => [TanhGrad(c.Outputs[0], c.Gradient)]);
    static readonly OpDefinition SigmoidOp = Unary("Sigmoid", c => [SigmoidGrad(c.Outputs[0], c.Gradient)]);
    static readonly OpDefinition TanhGradOp = GradientKernel("TanhGrad", c => [c.Gradient * -2 * c.Inputs[1] * c.Inputs[0], TanhGrad(c.Inputs[0], c.Gradient)]);
    static readonly OpDefinition SigmoidGradOp = GradientKernel("SigmoidGrad",
        c => [c.Gradient * c.Inputs[1] * (1 - (2 * c.Inputs[0])), SigmoidGrad(c.Inputs[0], c.Gradient)]);
    static readonly OpDefinition IsNanOp = Unary("IsNan", null, "bool");
    static readonly OpDefinition IsInfOp = Unary("IsInf", null, "bool");
    static readonly OpDefinition IsFiniteOp = Unary("IsFinite", null, "bool");

    public static Tensor Neg(Tensor x) => Run(NegOp, x);
    public static Tensor Abs(Tensor x) => Run(AbsOp, x);
    public static Tensor Sign(Tensor x) => Run(SignOp, x);
    public static Tensor Floor(Tensor x) => Run(FloorOp, x);
    public static Tensor Ceil(Tensor x) => Run(CeilOp, x);
    /// <summary>Rounds to the nearest integer, ties to even.</summary>
    public static Tensor Round(Tensor x) => Run(RoundOp, x);
    /// <summary>Flips every bit.</summary>
    public static Tensor Invert(Tensor x) => Run(InvertOp, x);
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
    public static Tensor Tan(Tensor x) => Run(TanOp, x);
    public static Tensor Asin(Tensor x) => Run(AsinOp, x);
    public static Tensor Acos(Tensor x) => Run(AcosOp, x);
    public static Tensor Atan(Tensor x) => Run(AtanOp, x);
    public static Tensor Sinh(Tensor x) => Run(SinhOp, x);
    public static Tensor Cosh(Tensor x) => Run(CoshOp, x);
    public static Tensor Asinh(Tensor x) => Run(AsinhOp, x);
    public static Tensor Acosh(Tensor x) => Run(AcoshOp, x);
    public static Tensor Atanh(Tensor x) => Run(AtanhOp, x);
    public static Tensor Erf(Tensor x) => Run(ErfOp, x);
    public static Tensor Erfc(Tensor x) => Run(ErfcOp, x);
    public static Tensor Erfinv(Tensor x) => Run(ErfinvOp, x);
    public static Tensor Digamma(Tensor x) => Run(DigammaOp, x);
    public static Tensor Polygamma(Tensor a, Tensor x) => Run(PolygammaOp, a, x);
    public static Tensor BesselI0(Tensor x) => Run(BesselI0Op, x);
    public static Tensor BesselI1(Tensor x) => Run(BesselI1Op, x);
    public static Tensor Tanh(Tensor x) => Run(TanhOp, x);
    public static Tensor Sigmoid(Tensor x) => Run(SigmoidOp, x);
    public static Tensor TanhGrad(Tensor y, Tensor dy) => Run(TanhGradOp, y, dy);
    public static Tensor SigmoidGrad(Tensor y, Tensor dy) => Run(SigmoidGradOp, y, dy);
    public static Tensor IsNan(Tensor x) => Run(IsNanOp, x);
    public static Tensor IsInf(Tensor x) => Run(IsInfOp, x);
    public static Tensor IsFinite(Tensor x) => Run(IsFiniteOp, x);
}
