namespace Keras.Graphs;

/// <summary>Trigonometric, hyperbolic and special functions, and complex numbers.</summary>
static partial class Tf
{
    static readonly OpDefinition TanOp = Unary("Tan", c => [c.Gradient * (Square(c.Outputs[0]) + 1)]);
    static readonly OpDefinition AsinOp = Unary("Asin", c => [c.Gradient * Rsqrt(1 - Square(c.Inputs[0]))]);
    static readonly OpDefinition AcosOp = Unary("Acos", c => [-c.Gradient * Rsqrt(1 - Square(c.Inputs[0]))]);
    static readonly OpDefinition AtanOp = Unary("Atan", c => [c.Gradient / (Square(c.Inputs[0]) + 1)]);
    static readonly OpDefinition SinhOp = Unary("Sinh", c => [c.Gradient * Cosh(c.Inputs[0])]);
    static readonly OpDefinition CoshOp = Unary("Cosh", c => [c.Gradient * Sinh(c.Inputs[0])]);
    static readonly OpDefinition AsinhOp = Unary("Asinh", c => [c.Gradient / Cosh(c.Outputs[0])]);
    static readonly OpDefinition AcoshOp = Unary("Acosh", c => [c.Gradient / Sinh(c.Outputs[0])]);
    static readonly OpDefinition AtanhOp = Unary("Atanh", c => [c.Gradient / (1 - Square(c.Inputs[0]))]);
    static readonly OpDefinition ErfcOp = Unary("Erfc", c => [c.Gradient * (-2 / Math.Sqrt(Math.PI)) * Exp(-Square(c.Inputs[0]))]);
    static readonly OpDefinition ErfinvOp = Unary("Erfinv", c => [c.Gradient * (Math.Sqrt(Math.PI) / 2) * Exp(Square(c.Outputs[0]))]);
    static readonly OpDefinition InvertOp = Unary("Invert", null);

    static readonly OpDefinition Atan2Op = Binary("Atan2", c =>
    {
        var (y, x) = (c.Inputs[0], c.Inputs[1]);
        var scaled = c.Gradient / (Square(x) + Square(y));
        return Reduced(c, 0, () => scaled * x, () => -scaled * y);
    });

    static readonly OpDefinition TruncateModOp = Binary("TruncateMod", c => Reduced(c, 0, () => c.Gradient, () =>
    {
        var quotient = c.Inputs[0] / c.Inputs[1];
        return -c.Gradient * Sign(quotient) * Floor(Abs(quotient));
    }));

    static readonly OpDefinition NextAfterOp = Binary("NextAfter", null);

    static readonly OpDefinition ComplexOp = Define("Complex(real: T, imag: T) -> (out: Tout) { Tout: type = complex64 }", ShapeRules.Broadcast,
        c => Reduced(c, 0, () => Real(c.Gradient), () => Imag(c.Gradient)));

    static OpDefinition ComplexPart(string name, GradientFunction? gradient) =>
        Define($"{name}(input: T) -> (output: Tout) {{ Tout: type = float32 }}", ShapeRules.SameAsFirst, gradient);

    static readonly OpDefinition RealOp = ComplexPart("Real", c => [Complex(c.Gradient, ZerosLike(c.Gradient))]);
    static readonly OpDefinition ImagOp = ComplexPart("Imag", c => [Complex(ZerosLike(c.Gradient), c.Gradient)]);
    static readonly OpDefinition ComplexAbsOp = Define("ComplexAbs(x: T) -> (y: Tout) { Tout: type = float32 }", ShapeRules.SameAsFirst, c =>
    {
        var scale = DivNoNan(c.Gradient, c.Outputs[0]);
        return [Complex(scale * Real(c.Inputs[0]), scale * Imag(c.Inputs[0]))];
    });

    public static Tensor Tan(Tensor x) => Run(TanOp, x);
    public static Tensor Asin(Tensor x) => Run(AsinOp, x);
    public static Tensor Acos(Tensor x) => Run(AcosOp, x);
    public static Tensor Atan(Tensor x) => Run(AtanOp, x);
    public static Tensor Sinh(Tensor x) => Run(SinhOp, x);
    public static Tensor Cosh(Tensor x) => Run(CoshOp, x);
    public static Tensor Asinh(Tensor x) => Run(AsinhOp, x);
    public static Tensor Acosh(Tensor x) => Run(AcoshOp, x);
    public static Tensor Atanh(Tensor x) => Run(AtanhOp, x);
    public static Tensor Erfc(Tensor x) => Run(ErfcOp, x);
    public static Tensor Erfinv(Tensor x) => Run(ErfinvOp, x);
    public static Tensor Invert(Tensor x) => Run(InvertOp, x);
    public static Tensor Atan2(Tensor y, Tensor x) => Run(Atan2Op, y, x);
    public static Tensor TruncateMod(Tensor x, Tensor y) => Run(TruncateModOp, x, y);
    public static Tensor NextAfter(Tensor x, Tensor y) => Run(NextAfterOp, x, y);
    public static Tensor Complex(Tensor real, Tensor imag) => Run(ComplexOp, [real, imag], ("Tout", real.dtype == DType.Float64 ? DType.Complex128 : DType.Complex64));
    public static Tensor Real(Tensor x) => x.dtype.IsComplex ? Run(RealOp, [x], ("Tout", PartOf(x.dtype))) : x;
    public static Tensor Imag(Tensor x) => x.dtype.IsComplex ? Run(ImagOp, [x], ("Tout", PartOf(x.dtype))) : ZerosLike(x);
    public static Tensor ComplexAbs(Tensor x) => Run(ComplexAbsOp, [x], ("Tout", PartOf(x.dtype)));

    static DType PartOf(DType complex) => complex == DType.Complex128 ? DType.Float64 : DType.Float32;
}
