using Keras.Tests.Accuracy;
using static Keras.Tests.Accuracy.References;

namespace Keras.Tests.Ops;

/// <summary>The functions of keras.ops and keras.activations that are made of several ops, element by element: what is true, and how far a result may be from it.</summary>
static class OpsAccuracyRows
{
    /// <summary>Functions that choose or make numbers and compute none.</summary>
    public static readonly HashSet<string> WithoutNumbers = ["nan_to_num", "zeros_like", "ones_like", "full_like", "empty_like", "copy", "imag", "conj", "conjugate", "real"];

    /// <summary>Other names of functions.</summary>
    public static readonly HashSet<string> Aliases = ["swish", "hard_swish"];

    const double SeluScale = 1.0507009873554804934, SeluAlpha = 1.6732632423543772848;
    const double Near = 1e-7;

    /// <summary>x² is infinite beyond, as in Keras.</summary>
    const double RootOfLargest = 1e18;

    static AccuracyRow Of(string name, Func<double, double> of, double low = -4, double high = 4) => new(name, of, low, high);

    static AccuracyRow Pair(string name, Func<double, double, double> of, double low = -4, double high = 4) => new(name, of, low, high);

    /// <summary>The first of two elements under softmax and log_softmax.</summary>
    public static readonly AccuracyRow[] OfTwo =
    [
        Pair("softmax", (x, y) => x - y, -50, 50) with { Units = 3, DoubleUnits = 6, OnTensorFlow = 6, Reason = "a sum and a quotient of exponentials", IsBounded = true, Last = Sigmoid },
        Pair("log_softmax", (x, y) => x - y, -50, 50) with { Subtracted = (_, _) => 2, OnTensorFlow = 6, Reason = "the logarithm of a sum near 1", IsBounded = true, AnyZero = true, Last = x => -Softplus(-x) },
    ];

    public static readonly AccuracyRow[] All =
    [
        Of("trunc", Math.Truncate), Of("cbrt", Math.Cbrt) with { AnyZero = true },
        Of("exp2", x => Math.Pow(2, x), -150, 129), Of("log2", Math.Log2, 0, 4) with { OnTensorFlow = 4, Places = [1] }, Of("log10", Math.Log10, 0, 4) with { OnTensorFlow = 4, Places = [1] },
        Of("deg2rad", x => x * (Math.PI / 180), -360, 360), Of("rad2deg", x => x * (180 / Math.PI)),
        Of("sinc", Sinc) with { Absolute = 2 * Near, Largest = 1e30, Reason = "the angle is rounded before its sine" },
        Of("i0", SpecialReferences.BesselI0, -80, 80) with { Units = 8, DoubleUnits = 64, Largest = 85, Reason = "special function" },
        Of("angle", x => double.IsNaN(x) ? x : double.IsNegative(x) ? Math.PI : 0) with { AnyZero = true },
        Of("relu6", x => Math.Min(Math.Max(x, 0), 6)) with { AnyZero = true }, Of("softsign", x => x / (Math.Abs(x) + 1)),
        Of("silu", Silu, -104, 20) with { OnTensorFlow = 7, IsProduct = true }, Of("mish", Mish, -104, 20) with { DoubleUnits = 6, OnTensorFlow = 12, AnyZero = true, IsProduct = true },
        Of("log_sigmoid", x => -Softplus(-x), -20, 104) with { OnTensorFlow = 8, AnyZero = true },
        Of("leaky_relu", x => x > 0 ? x : x * 0.2),
        Of("hard_sigmoid", x => Math.Clamp(x + 3, 0, 6) / 6) with { Subtracted = (_, _) => 1, Reason = "x + 3 cancels", AnyZero = true },
        Of("hard_silu", x => x * (Math.Clamp(x + 3, 0, 6) / 6)) with { Subtracted = (x, _) => x, Reason = "x + 3 cancels", AnyZero = true },
        Of("elu", x => Elu(x), -20, 4) with { OnTensorFlow = 4 }, Of("selu", x => SeluScale * Elu(x, SeluAlpha), -20, 4) with { Units = 2.5, OnTensorFlow = 5, Reason = "two factors" }, Of("celu", x => Elu(x), -20, 4) with { OnTensorFlow = 4 },
        Of("gelu", GeluByTanh, -14, 6) with { Subtracted = (x, _) => 2 * x, OnTensorFlow = 5, Reason = "1 + tanh cancels below 0", AnyZero = true },
        Of("hard_tanh", x => Math.Clamp(x, -1, 1)),
        Of("tanh_shrink", TanhShrink) with { Subtracted = (x, _) => 4 * x, OnTensorFlow = 5, Reason = "x - tanh(x) cancels near 0", AnyZero = true },
        Of("soft_shrink", x => x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0), Of("hard_shrink", x => Math.Abs(x) > 0.5 ? x : 0),
        Of("squareplus", x => (x + Math.Sqrt((x * x) + 4)) / 2) with { Subtracted = (x, _) => Math.Max(2, Math.Abs(x)), Reason = "x and the root cancel below 0", Largest = RootOfLargest },
        Of("sparse_plus", x => x <= -1 ? 0 : x < 1 ? (x + 1) * (x + 1) / 4 : x), Of("sparse_sigmoid", x => x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2),

        Pair("fmax", (x, y) => double.IsNaN(x) ? y : double.IsNaN(y) ? x : Math.Max(x, y)), Pair("fmin", (x, y) => double.IsNaN(x) ? y : double.IsNaN(y) ? x : Math.Min(x, y)),
        Pair("hypot", double.Hypot), Pair("heaviside", (x, y) => double.IsNaN(x) ? 0 : x == 0 ? y : x > 0 ? 1 : 0),
        Pair("logaddexp", LogAddExp) with { Subtracted = (x, y) => 2 * Math.Max(Math.Abs(x), Math.Abs(y)), OnTensorFlow = 5, Reason = "the greater and the rest cancel, their difference is rounded", AnyZero = true },
        Pair("logaddexp2", (x, y) => LogAddExp(x * Math.Log(2), y * Math.Log(2)) / Math.Log(2)) with { DoubleUnits = 8, Subtracted = (x, y) => 2 * Math.Max(Math.Abs(x), Math.Abs(y)), OnTensorFlow = 5, Reason = "as logaddexp", AnyZero = true },
        Pair("binary_crossentropy", (t, p) => -((t * Math.Log(p)) + ((1 - t) * Math.Log(1 - p))), 0, 1) with { Subtracted = (_, _) => 4, OnTensorFlow = 5, Reason = "1 - p is rounded", IsBounded = true, Second = (1e-3, 0.999) },
        Pair("ldexp", (x, y) => x * Math.Pow(2, y), -4, 4) with { Second = (-100, 100), OnTensorFlow = 3, IsBounded = true },
    ];
}
