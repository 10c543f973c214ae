using Keras.Tests.Accuracy;
using static Keras.Tests.Accuracy.References;
using static Keras.Tests.Accuracy.SpecialReferences;

namespace Keras.Tests.Ops;

/// <summary>The ops of single floating-point numbers and of pairs: what is true, and how far a result may be from it.</summary>
static class AccuracyRows
{
    /// <summary>Ops with the shapes of elementwise ones that compute no floating-point number.</summary>
    public static readonly HashSet<string> WithoutNumbers =
    [
        // Moves, copies and constants.
        "Identity", "StopGradient", "PreventGradient", "CheckNumerics", "ZerosLike", "OnesLike", "Snapshot", "RandomShuffle", "InvertPermutation", "DeepCopy",
        // Of integers alone.
        "Invert", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "LeftShift", "RightShift",
        // One of the arguments, or its neighbour.
        "ClipByValue", "NextAfter", "Conj",
        // Of vectors and rows, not of elements.
        "Cross", "RGBToHSV", "HSVToRGB", "MaxPoolGrad", "softmax_cross_entropy_grad",
    ];

    const double SeluScale = 1.0507009873554804934, SeluAlpha = 1.7580993408473768599;

    const string Special = "special function";
    /// <summary>Beyond it TensorFlow's own erf of float64 gives NaN.</summary>
    const double ErfLimit = 1e150;
    const string Cancels = "1 + erf cancels below 0";

    static AccuracyRow Of(string name, Func<double, double> of, double low = -4, double high = 4) => new(name, of, low, high);

    static AccuracyRow SpecialOf(string name, Func<double, double> of, double low, double high) =>
        new(name, of, low, high) { Units = 8, DoubleUnits = 64, Reason = Special };

    static AccuracyRow Pair(string name, Func<double, double, double> of, double low = -4, double high = 4) => new(name, of, low, high);

    const double Near = 1e-7;

    public static readonly AccuracyRow[] All =
    [
        Of("Neg", x => -x), Of("Abs", Math.Abs), Of("Sign", x => x == 0 || double.IsNaN(x) ? x : Math.Sign(x)) with { AnyZero = true },
        Of("Floor", Math.Floor), Of("Ceil", Math.Ceiling), Of("Round", Math.Round), Of("Rint", Math.Round),
        Of("Reciprocal", x => 1 / x), Of("Square", x => x * x), Of("Sqrt", Math.Sqrt, 0, 4), Of("Rsqrt", x => 1 / Math.Sqrt(x), 0, 4),
        Of("Exp", Math.Exp, -104, 89), Of("Expm1", Expm1, -20, 20), Of("Log", Math.Log, 0, 4) with { Places = [1] }, Of("Log1p", Log1p, -1, 4) with { Places = [-1] },
        Of("Sin", Math.Sin, -10, 10) with { Absolute = Near, Places = [Math.PI, 3 * Math.PI] }, Of("Cos", Math.Cos, -10, 10) with { Absolute = Near, Places = [Math.PI / 2] },
        Of("Tan", Math.Tan, -10, 10) with { Absolute = Near, Places = [Math.PI, Math.PI / 2] },
        Of("Asin", Math.Asin, -1, 1) with { Places = [0.5] }, Of("Acos", Math.Acos, -1, 1) with { Places = [0.5] }, Of("Atan", Math.Atan, -10, 10),
        Of("Sinh", Math.Sinh, -10, 10) with { Places = [89.4, 1] }, Of("Cosh", Math.Cosh, -10, 10) with { Places = [89.4] },
        Of("Asinh", Math.Asinh, -10, 10), Of("Acosh", Math.Acosh, 1, 10), Of("Atanh", Math.Atanh, -1, 1),
        Of("Tanh", Math.Tanh, -10, 10) with { Places = [0.625, 1] }, Of("Sigmoid", Sigmoid, -104, 20),
        SpecialOf("Erf", Erf, -4, 4), SpecialOf("Erfc", Erfc, -4, 10.1), SpecialOf("Erfinv", Erfinv, -1, 1), SpecialOf("Ndtri", Ndtri, 0, 1) with { Absolute = Near, Places = [0.5] },
        SpecialOf("Lgamma", Lgamma, -10, 10) with { Absolute = Near, DoubleAbsolute = 2e-14, Places = [1, 2, -1, -2] }, SpecialOf("Digamma", Digamma, -10, 10) with { Absolute = Near, DoubleAbsolute = 2e-14, Places = [1.4616321449683623, -1] },
        SpecialOf("BesselI0", BesselI0, -90, 90) with { Places = [8] }, SpecialOf("BesselI1", BesselI1, -90, 90) with { Places = [8] },
        SpecialOf("BesselI0e", BesselI0e, -90, 90), SpecialOf("BesselI1e", BesselI1e, -90, 90),
        Pair("Polygamma", Polygamma, 0, 3) with { Units = 8, DoubleUnits = 64, Reason = Special, IsBounded = true, IsWhole = true, Second = (0.01, 100), Absolute = Near, DoubleAbsolute = 2e-14 },

        Pair("AddV2", (x, y) => x + y), Pair("Sub", (x, y) => x - y), Pair("Mul", (x, y) => x * y), Pair("RealDiv", (x, y) => x / y),
        Pair("MulNoNan", (x, y) => y == 0 ? 0 : x * y), Pair("DivNoNan", (x, y) => y == 0 ? 0 : x / y), Pair("Xdivy", (x, y) => x == 0 ? 0 : x / y),
        Pair("Maximum", Math.Max), Pair("Minimum", Math.Min), Pair("SquaredDifference", (x, y) => (x - y) * (x - y)),
        Pair("FloorDiv", (x, y) => x / y) with { Last = Math.Floor }, Pair("TruncateDiv", (x, y) => x / y) with { Last = Math.Truncate },
        Pair("FloorMod", FloorModulo), Pair("TruncateMod", (x, y) => x % y),
        Pair("Pow", Math.Pow, 0, 8) with { Second = (-20, 20) }, Pair("Atan2", Math.Atan2), Pair("Xlogy", Xlogy) with { Second = (0, 4) }, Pair("Xlog1py", Xlog1py) with { Second = (-1, 4) },

        Pair("TanhGrad", (y, dy) => dy * (1 - y) * (1 + y), -1, 1) with { IsBounded = true, Second = (-1e30, 1e30) },
        Pair("SigmoidGrad", (y, dy) => dy * y * (1 - y), 0, 1) with { IsBounded = true, Second = (-1e30, 1e30) },
        Of("Relu", x => x > 0 ? x : double.IsNaN(x) ? x : 0) with { AnyZero = true }, Of("Relu6", x => Math.Min(Math.Max(x, 0), 6)) with { Places = [6], AnyZero = true },
        Of("LeakyRelu", x => x > 0 ? x : x * 0.2f), Of("Elu", x => Elu(x), -20, 4), Of("Selu", x => x > 0 ? SeluScale * x : SeluAlpha * Expm1(x), -20, 4),
        Of("Softplus", Softplus, -104, 20), Of("Softsign", x => double.IsInfinity(x) ? double.NaN : x / (1 + Math.Abs(x))),
        Pair("ReluGrad", (dy, x) => x > 0 ? dy : 0) with { AnyZero = true }, Pair("Relu6Grad", (dy, x) => x > 0 && x < 6 ? dy : 0) with { AnyZero = true },
        Pair("LeakyReluGrad", (dy, x) => x > 0 ? dy : dy * 0.2f),
        Pair("EluGrad", (dy, y) => y < 0 ? dy * (y + 1) : dy) with { Second = (-1, 4) },
        Pair("SeluGrad", (dy, y) => y < 0 ? dy * (y + SeluAlpha) : dy * SeluScale) with { Second = (-SeluAlpha, 4) },
        Of("gelu", Gelu, -14, 6) with { Subtracted = (x, _) => 2 * x, Reason = Cancels, AnyZero = true, Largest = ErfLimit },
        Pair("gelu_grad", (x, dy) => dy * GeluSlope(x), -14, 6) with { Subtracted = (x, dy) => 2 * dy * Math.Max(1, Math.Abs(x)), Reason = Cancels, IsBounded = true, Second = (-1e30, 1e30) },
        Of("gelu_tanh", GeluByTanh, -14, 6) with { Subtracted = (x, _) => 2 * x, Reason = Cancels, AnyZero = true },
        Pair("gelu_tanh_grad", (x, dy) => dy * GeluByTanhSlope(x), -14, 6) with { Subtracted = (x, dy) => 2 * dy * Math.Max(1, Math.Abs(x * (1 + (3 * 0.044715 * x * x)))), OnTensorFlow = 5, Reason = "1 - tanh² cancels", IsBounded = true, Second = (-1e30, 1e30) },
    ];
}
