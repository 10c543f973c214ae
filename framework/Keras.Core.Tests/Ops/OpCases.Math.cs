using Keras.Graphs;

namespace Keras.Tests.Ops;

static partial class OpCases
{
    static readonly (long[] X, long[] Y)[] Broadcasts = [([2, 3], [2, 3]), ([4, 1, 3], [2, 3]), ([2, 3], []), ([1], [3, 2]), ([0, 3], [3])];

    static IEnumerable<OpCase> Pairs(string op, Func<Numbers, long[], OpInput> first, Func<Numbers, long[], OpInput> second, bool smooth = true) =>
        Broadcasts.Select(b => Named($"({string.Join(",", b.X)}) and ({string.Join(",", b.Y)})", op, n => [first(n, b.X), second(n, b.Y)]) with { HasSecond = smooth, Tolerance = 1e-10 });

    static OpInput Any(Numbers n, long[] dims) => n.X(dims);

    static OpInput NonZero(Numbers n, long[] dims) => n.NonZero(dims);

    static OpInput Positive(Numbers n, long[] dims) => n.In(0.2, 2, dims);

    static OpInput Ints(Numbers n, long[] dims) => n.Ints(-9, 10, dims);

    static OpInput SmallInts(Numbers n, long[] dims) => n.Ints(1, 6, dims);

    static IEnumerable<OpCase> Elementwise =>
    [
        .. Pairs("AddV2", Any, Any), .. Pairs("Sub", Any, Any), .. Pairs("Mul", Any, Any), .. Pairs("RealDiv", Any, NonZero),
        .. Pairs("DivNoNan", Any, NonZero),
        .. Pairs("Maximum", Any, Any, smooth: false), .. Pairs("Minimum", Any, Any, smooth: false), .. Pairs("SquaredDifference", Any, Any),
        .. Pairs("Pow", Positive, Any),
        .. Pairs("Atan2", NonZero, NonZero), .. Pairs("Xlogy", NonZero, Positive), .. Pairs("Xlog1py", NonZero, Positive), .. Pairs("Xdivy", NonZero, NonZero),
        .. Pairs("FloorMod", (n, d) => n.In(0.6, 0.9, d), (n, d) => n.In(0.4, 0.5, d), smooth: false),
        .. Pairs("TruncateMod", (n, d) => n.In(-0.9, -0.6, d), (n, d) => n.In(0.4, 0.5, d), smooth: false),
        .. Pairs("FloorDiv", Ints, SmallInts), .. Pairs("TruncateDiv", Ints, SmallInts), .. Pairs("BitwiseAnd", Ints, Ints),
        .. Pairs("BitwiseOr", Ints, Ints), .. Pairs("BitwiseXor", Ints, Ints),
        .. Pairs("LeftShift", Ints, SmallInts), .. Pairs("RightShift", Ints, SmallInts),
        .. new[] { "Equal", "NotEqual", "Less", "LessEqual", "Greater",
            "GreaterEqual" }.SelectMany(op => Pairs(op, (n, d) => n.Ints(0, 3, d), (n, d) => n.Ints(0, 3, d))),
        .. new[] { "LogicalAnd", "LogicalOr" }.SelectMany(op => Pairs(op, (n, d) => n.Bools(d), (n, d) => n.Bools(d))),
        Named("integers", "FloorMod", n => [n.Ints(-9, 10, 20), n.Ints(1, 4, 20)]),
        .. Pairs("MulNoNan", Any, NonZero), Named("zeros", "MulNoNan", n => [Numbers.Data(HostTensor.Vector(double.NaN, 2.0, double.PositiveInfinity)), Numbers.Data(HostTensor.Vector(0.0, 1.0, 0.0))]),
        Named("zero denominators", "DivNoNan", n => [n.X(3), Numbers.Data(HostTensor.Vector(0.0, 1.0, 0.0))]),
        Named("zero factors", "Xlogy", n => [Numbers.Data(HostTensor.Vector(0.0, 1.0, 0.0)), Numbers.Data(HostTensor.Vector(0.0, 2.0, 3.0))]),
        Op("NextAfter", n => [n.X(4), n.X(4).WithoutGradient()]) with { Tolerance = 0 },
        Op("LogicalNot", n => [n.Bools(5)]),
        Op("AddN", n => [n.X(2, 3), n.X(2, 3), n.X(2, 3)]),
        Op("Select", n => [n.Bools(2, 3), n.X(2, 3), n.X(2, 3)]), Named("rows", "Select", n => [n.Bools(3), n.X(3, 4), n.X(3, 4)]),
        Named("all or nothing", "Select", n => [n.Bools(), n.X(3, 4), n.X(3, 4)]), Named("vectors", "Select", n => [n.Bools(3), n.X(3), n.X(3)]),
        Named("rows of strings", "Select", n => [n.Bools(2), n.Strings("a", "b"), n.Strings("c", "")]) with { Xla = false },
        Op("SelectV2", n => [n.Bools(2, 3), n.X(2, 3), n.X(2, 3)]),
        Named("broadcast condition", "SelectV2", n => [n.Bools(3, 1), n.X(3, 4), n.X()]),
        Named("all broadcast", "SelectV2", n => [n.Bools(4, 1, 1), n.X(3, 1), n.X(2)]),
        Op("ClipByValue", n => [n.Apart(3, 4), ConstantScalar(-0.52), ConstantScalar(0.52)]) with { HasSecond = false },
        Named("by tensors", "ClipByValue", n => [n.X(3, 4), n.In(-0.6, -0.2, 3, 4), n.In(0.2, 0.6, 3, 4)]) with { HasSecond = false },
        Program("LogicalXor", n => [n.Bools(5), n.Bools(5)], x => Tf.LogicalXor(x[0], x[1])),
    ];

    static IEnumerable<OpCase> Unary =>
    [
        .. new (string Op, double Low, double High)[]
        {
            ("Neg", -2, 2), ("Reciprocal", 0.3, 2), ("Square", -2, 2), ("Sqrt", 0.3, 2), ("Rsqrt", 0.3, 2), ("Exp", -2, 2), ("Expm1", -2, 2),
            ("Log", 0.3, 2), ("Log1p", -0.6, 2),
            ("Sin", -4, 4), ("Cos", -4, 4), ("Tan", -1, 1), ("Asin", -0.8, 0.8), ("Acos", -0.8, 0.8), ("Atan", -2, 2), ("Sinh", -2, 2), ("Cosh", -2, 2),
            ("Asinh", -2, 2), ("Acosh", 1.2, 3),
            ("Atanh", -0.8, 0.8), ("Erf", -2, 2), ("Erfc", -2, 2), ("Erfinv", -0.8, 0.8), ("Ndtri", 0.1, 0.9), ("Lgamma", 0.3, 4), ("Digamma", 0.5, 4),
            ("Tanh", -2, 2), ("Sigmoid", -4, 4),
            ("BesselI0", 0.2, 2), ("BesselI1", 0.2, 2), ("BesselI0e", 0.2, 9), ("BesselI1e", 0.2, 9),
        }.Select(u => Op(u.Op, n => [n.In(u.Low, u.High, 2, 5)]) with { Xla = !u.Op.StartsWith("Bessel", StringComparison.Ordinal), Tolerance = 1e-9 }),
        Op("Abs", n => [n.NonZero(2, 5)]),
        .. new[] { "Sign", "Floor", "Ceil", "Round", "Rint" }.Select(op => Op(op,
            n => [Numbers.Data(HostTensor.Vector(-2.5, -1.5, -0.5, 0, 0.5, 1.5, 2.5, 0.3, -7.8))])),
        Op("Invert", n => [n.Ints(-9, 9, 6)]),
        .. new[] { "IsNan", "IsInf", "IsFinite" }.Select(op => Op(op,
            n => [Numbers.Data(HostTensor.Vector(1, double.NaN, double.PositiveInfinity, double.NegativeInfinity))])),
        Op("Polygamma", n => [Numbers.Data(HostTensor.Vector(1.0, 2.0, 3.0)), n.In(0.7, 3, 2, 3)]) with { Tolerance = 1e-9 },
    ];

    static IEnumerable<OpCase> Activations =>
    [
        .. new[] { "Relu", "Relu6", "Elu", "Selu", "Softsign" }.Select(op => Op(op, n => [n.NonZero(3, 4)])),
        Op("Softplus", n => [n.X(3, 4)]) with { Tolerance = 1e-9 },
        Op("LeakyRelu", n => [n.NonZero(3, 4)], ("alpha", 0.3f)),
        Named("beyond 6", "Relu6", n => [n.In(6.1, 8, 4)]),
    ];

    static IEnumerable<OpCase> Complex =>
    [
        Program("Complex and its parts", n => [n.NonZero(2, 3), n.NonZero(2, 3)], x => Tf.Complex(x[0], x[1]) is var z
            ? Tf.Real(z) * Tf.Imag(z) + Tf.ComplexAbs(z) * Tf.Angle(z) : z) with { Tolerance = 1e-9 },
        Program("Complex arithmetic", n => [n.NonZero(2, 3), n.NonZero(2, 3), n.NonZero(3), n.NonZero(3)],
            x => Tf.Complex(x[0], x[1]) is var a && Tf.Complex(x[2], x[3]) is var b && (a * b + Tf.Conj(a) / b - b) is var c
                ? Tf.Real(c) + (2 * Tf.Imag(c)) : x[0]),
        .. new (string Name, Func<Tensor, Tensor> Run)[] { ("FFT", Tf.Fft), ("IFFT", Tf.Ifft), ("FFT2D", Tf.Fft2d), ("IFFT2D", Tf.Ifft2d),
            ("FFT3D", x => Dispatch.Run(Graphs.GraphFixture.Op("FFT3D"), [x])), ("IFFT3D", x => Dispatch.Run(Graphs.GraphFixture.Op("IFFT3D"), [x])) }.Select(f =>
            Program(f.Name, n => [n.X(2, 3, 4), n.X(2, 3, 4)], x => f.Run(Tf.Complex(x[0], x[1])) is var y ? Tf.Real(y) + (3 * Tf.Imag(y))
                : y) with { Tolerance = 1e-9 }),
        .. new[] { 5, 6, 8 }.SelectMany(length => new[]
        {
            Program($"RFFT of 6 to {length}", n => [n.X(2, 6)], x => Tf.Rfft(x[0], length) is var y ? Tf.Real(y) + (3 * Tf.Imag(y))
                : y) with { Tolerance = 1e-9, Relaxes = false },
            Program($"IRFFT of 4 to {length}", n => [n.X(2, 4), n.X(2, 4)], x => Tf.Irfft(Tf.Complex(x[0], x[1]), length)) with { Tolerance = 1e-9,
                Relaxes = false },
        }),
    ];

    static IEnumerable<OpCase> Reductions =>
    [
        .. new[] { "Sum", "Mean", "Prod", "Max", "Min" }.SelectMany(op => new (string Name, int[] Axes, bool Keep)[] { ("one axis", [1], false),
            ("two axes, kept", [0, -1], true), ("all", [0, 1, 2], false), ("none", [], false) }
            .Select(a => Named(a.Name, op, n => [op.StartsWith('M') && op != "Mean" ? n.Apart(2, 3, 2) : n.NonZero(2, 3, 2), n.Vector(a.Axes)],
                ("keep_dims", a.Keep)) with { HasSecond = op is not ("Max" or "Min") })),
        Named("axis given as a scalar", "Sum", n => [n.X(2, 3), n.Scalar(-1)]),
        Named("axis known at run time only", "Sum", n => [n.X(2, 3), Numbers.Data(HostTensor.Vector(1))]) with { IsDynamic = true, Xla = false },
        Named("zeros", "Prod", n => [new(HostTensor.Of<double>([0, 2, 3, 0, 0, 5], new Shape(2, 3)), HasGradient: true),
            n.Vector(1)]) with { HasSecond = false },
        Named("ties", "Max", n => [new OpInput(HostTensor.Vector(1.0, 3.0, 3.0, 2.0), HasGradient: true).WithoutGradient(), n.Vector(0)]),
        Named("integers", "Prod", n => [n.Ints(1, 4, 2, 3), n.Vector(0)]),
        Op("All", n => [n.Bools(3, 4), n.Vector(1)]), Op("Any", n => [n.Bools(3, 4), n.Vector(0)], ("keep_dims", true)),
        Op("ArgMax", n => [n.Apart(3, 4).WithoutGradient(), n.Scalar(-1)], ("output_type", DType.Int32)),
        Op("ArgMin", n => [n.Apart(3, 4).WithoutGradient(), n.Scalar(0)]),
        Op("BroadcastGradientArgs", n => [n.Vector(2, 1, 3), n.Vector(4, 1)]) with { IsDynamic = true },
        .. new[] { "Cumsum", "Cumprod" }.SelectMany(op => new (bool Exclusive, bool Reverse)[] { (false, false), (true, false), (false, true), (true, true) }
            .Select(o => Named($"exclusive {o.Exclusive}, reverse {o.Reverse}", op, n => [n.NonZero(2, 4), n.Scalar(1)], ("exclusive", o.Exclusive),
                ("reverse", o.Reverse)))),
    ];
}
