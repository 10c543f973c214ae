using System.Numerics;
using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Functions of numbers and matrices that exports of Python hold and models here do not.</summary>
static partial class OpCases
{
    static OpInput Diagonals(Numbers n, params long[] dims) => n.NonZero(dims).WithoutGradient();

    static IEnumerable<OpCase> SpecialFunctions => ((OpCase[])
    [
        .. new (string Op, double Low, double High)[]
        {
            ("BesselJ0", -20, 20), ("BesselJ1", -20, 20), ("BesselY0", 0.1, 20), ("BesselY1", 0.1, 20), ("BesselK0", 0.1, 20), ("BesselK1", 0.1, 20), ("BesselK0e", 0.1, 40), ("BesselK1e", 0.1, 40),
            ("Spence", 0, 9), ("Dawsn", -12, 12), ("Expint", 0.05, 60), ("FresnelCos", -9, 9), ("FresnelSin", -9, 9),
        }.SelectMany(f => new[]
        {
            Op(f.Op, n => [n.In(f.Low, f.High, 4, 25).WithoutGradient()]) with { Tolerance = 1e-9 },
            Named("edges", f.Op, n => [new(HostTensor.Vector(0, 1, 2, 0.5, 1.5, -1, double.PositiveInfinity, double.NaN))]) with { Tolerance = 1e-9 },
        }),
        .. new[] { "Igamma", "Igammac" }.Select(op => Op(op, n => [n.In(0.1, 20, 3, 1).WithoutGradient(), n.In(0, 30, 20).WithoutGradient()]) with { Tolerance = 1e-9 }),
        Op("Zeta", n => [n.In(1.1, 9, 3, 1).WithoutGradient(), n.In(0.1, 9, 10).WithoutGradient()]) with { Tolerance = 1e-9 },
        Op("Betainc", n => [n.In(0.1, 20, 40).WithoutGradient(), n.In(0.1, 20, 40).WithoutGradient(), n.In(0, 1, 40).WithoutGradient()]) with { Tolerance = 1e-9 },
        Named("a scalar", "Betainc", n => [new(HostTensor.Scalar(2.5)), n.In(0.1, 300, 20).WithoutGradient(), new(HostTensor.Scalar(0.25))]) with { Tolerance = 1e-9 },
        Named("edges", "Betainc", n => [new(HostTensor.Vector(1.0, 2, 2, 2, 0.5, 1e3)), new(HostTensor.Vector(1.0, 3, 3, 3, 0.5, 1e3)), new(HostTensor.Vector(0.3, 0, 1, 1e-9, 0.999, 0.5))]) with { Tolerance = 1e-9 },
        Op("PopulationCount", n => [Int64(0, 1, -1, 255, long.MinValue)]), Named("bytes", "PopulationCount", n => [new(HostTensor.Vector<sbyte>(0, 1, -1, 127))]),
        .. new[] { (false, false), (true, false), (false, true), (true, true) }.Select(f => Named($"exclusive {f.Item1}, reverse {f.Item2}", "CumulativeLogsumexp",
            n => [n.In(-50, 50, 3, 4, 2).WithoutGradient(), n.Scalar(-2)], ("exclusive", f.Item1), ("reverse", f.Item2))),
    ]).Select(c => c with { Xla = false, IsDynamic = true, Relaxes = false });

    static IEnumerable<OpCase> Bands => ((OpCase[])
    [
        Op("TridiagonalMatMul", n => [Diagonals(n, 2, 1, 5), Diagonals(n, 2, 1, 5), Diagonals(n, 2, 1, 5), Diagonals(n, 2, 5, 3)]),
        Op("TridiagonalSolve", n => [Diagonals(n, 2, 3, 6), Diagonals(n, 2, 6, 2)]) with { Tolerance = 1e-6 },
        Named("without pivots", "TridiagonalSolve", n => [new(HostTensor.Of<double>([1, 1, 0, 4, 5, 6, 0, 1, 2], new Shape(3, 3))), Diagonals(n, 3, 1)], ("partial_pivoting", false)),
        Op("MatrixSquareRoot", n => [new(HostTensor.Of<double>([5, 1, 2, 1, 6, 0.5, 0.25, 1, 7, 2, 1, 0, 3, 4, 0.5, 0, 0.1, 9], new Shape(2, 3, 3)))]) with { Tolerance = 1e-9 },
        new("MatrixSquareRoot, turns", n => [new(HostTensor.Of<double>([0, -1, 1, 0], new Shape(2, 2)))], x => RealAndImaginary(On("MatrixSquareRoot", [Tf.Cast(x[0], DType.Complex128)]))) { Tolerance = 1e-9 },
        // TensorFlow finds no end where a matrix has no logarithm, such as one of zeros.
        new("MatrixLogarithm", n => [n.In(-1, 1, 2, 3, 3).WithoutGradient()], x => RealAndImaginary(On("MatrixLogarithm", [Tf.Cast(x[0], DType.Complex128) + Tf.Constant(HostTensor.Of<Complex>([6, 0, 0, 0, 5, 0, 0, 0, 7], new Shape(3, 3)))]))) { Tolerance = 1e-9 },
    ]).Select(c => c with { Xla = false, IsDynamic = true, Relaxes = false });

    static IEnumerable<OpCase> Counted => ((OpCase[])
    [
        Op("UniqueWithCounts", n => [Int64(3, 1, 3, 3, 2)]), Named("texts", "UniqueWithCounts", n => [n.Strings("b", "", "a", "b")], ("out_idx", DType.Int64)),
        Op("ListDiff", n => [Int64(1, 5, 2, 5, 3), Int64(2, 3)]), Named("texts", "ListDiff", n => [n.Strings("a", "b", "a"), n.Strings("b")], ("out_idx", DType.Int64)),
        .. new[] { true, false }.Select(normalizes => Named(normalizes ? "normalised" : "counted", "EditDistance", n =>
        [
            Longs(7, 3, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 1, 0, 1, 0, 0, 1, 0, 1, 2, 1, 0), n.Strings("a", "b", "c", "x", "q", "r", "s"), new(HostTensor.Vector(3L, 2L, 3L)),
            Longs(5, 3, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 2, 0, 0), n.Strings("b", "c", "q", "s", "t"), new(HostTensor.Vector(3L, 2L, 3L)),
        ], ("normalize", normalizes))),
        .. new[] { true, false }.SelectMany(isSigned => new[] { true, false }.Select(isGiven => Named($"signed {isSigned}, given {isGiven}", "QuantizeAndDequantizeV2", n =>
            [n.F32(4, 5).WithoutGradient(), Single(isSigned ? -1.3f : 0), Single(1.7f)], ("signed_input", isSigned), ("range_given", isGiven), ("num_bits", 5L)))),
        Named("half up", "QuantizeAndDequantizeV2", n => [n.F32(4, 3, 2).WithoutGradient(), Single(-1), Single(1)], ("range_given", true), ("round_mode", "HALF_UP"), ("narrow_range", true), ("num_bits", 4L)),
        Op("QuantizeAndDequantizeV4", n => [n.X(4, 5).WithoutGradient(), new(HostTensor.Scalar(0.0)), new(HostTensor.Scalar(0.0))]),
        Op("QuantizeAndDequantizeV3", n => [n.F32(4, 5).WithoutGradient(), Single(-1), Single(2), n.Scalar(4)]),
        .. new[] { "qint8", "quint8", "qint16", "quint16" }.SelectMany(d => new[] { "MIN_COMBINED", "MIN_FIRST", "SCALED" }.Select(mode =>
            // Steps of 8 bits are 0.01 here and no number lies between two: in graphs TensorFlow has another kernel, which rounds otherwise.
            new OpCase($"QuantizeV2 and Dequantize, {d}, {mode}", n => mode == "MIN_FIRST" ? [Numbers32(-0.997f, 0.003f, 0.103f, 0.553f, 1.003f, 1.503f), Single(-1), Single(1.55f)] : [n.F32(4, 5).WithoutGradient(), Single(-1.5f), Single(1.25f)], x =>
            {
                var quantized = Dispatch.RunAll(Graphs.GraphFixture.Op("QuantizeV2"), x, Attributes.Of(("T", DType.OfRegistry(d)), ("mode", mode)));
                return [On("Dequantize", quantized, ("mode", mode)), quantized[1], quantized[2]];
            }) { Tolerance = 1e-6 })),
        new("QuantizeV2 and Dequantize, along an axis", n => [n.F32(4, 3).WithoutGradient(), Numbers32(-1, -2, 0), Numbers32(1, 0, 3)], x =>
        {
            var quantized = Dispatch.RunAll(Graphs.GraphFixture.Op("QuantizeV2"), x, Attributes.Of(("T", DType.QInt8), ("axis", 1L), ("mode", "SCALED"), ("narrow_range", true), ("round_mode", "HALF_TO_EVEN")));
            return [On("Dequantize", quantized, ("axis", 1L), ("mode", "SCALED"), ("narrow_range", true)), quantized[1], quantized[2]];
        }) { Tolerance = 1e-6 },
    ]).Select(c => c with { Xla = false, IsDynamic = true, Relaxes = false });
}
