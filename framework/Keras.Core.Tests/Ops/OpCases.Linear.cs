using Keras.Graphs;

namespace Keras.Tests.Ops;

static partial class OpCases
{
    static IEnumerable<OpCase> Matrices =>
    [
        Op("MatrixBandPart", n => [n.X(2, 4, 5), n.Scalar(1), n.Scalar(2)]), Named("all below", "MatrixBandPart", n => [n.X(4, 4), n.Scalar(-1), n.Scalar(0)]),
        .. new[] { 0, 1, -2 }.SelectMany(k => new[]
        {
            Named($"diagonal {k}", "MatrixDiagV3", n => [n.X(2, 3), n.Scalar(k), n.Scalar(-1), n.Scalar(-1), ConstantScalar(0.0)]),
            Named($"diagonal {k}", "MatrixDiagPartV3", n => [n.X(2, 4, 5), n.Scalar(k), ConstantScalar(0.0)]),
            Named($"diagonal {k}", "MatrixSetDiagV3", n => [n.X(2, 4, 4), n.X(2, 4 - Math.Abs(k)), n.Scalar(k)]),
        }),
        Named("bands", "MatrixDiagPartV3", n => [n.X(2, 4, 5), n.Vector(-1, 1), ConstantScalar(0.0)], ("align", "LEFT_LEFT")),
        Named("bands", "MatrixDiagV3", n => [n.X(2, 3, 4), n.Vector(-1, 1), n.Scalar(-1), n.Scalar(-1), ConstantScalar(0.0)], ("align", "LEFT_LEFT")),
        Named("given sizes", "MatrixDiagV3", n => [n.X(2, 3), n.Scalar(1), n.Scalar(5), n.Scalar(4), ConstantScalar(0.0)]),
    ];

    /// <summary>A matrix far from singular.</summary>
    static Tensor Regular(Tensor x) => x + (4.0 * Tf.MatrixDiag(Tf.OnesLike(Tf.MatrixDiagPart(x))));

    static Tensor Symmetric(Tensor x) => x + Tf.Transpose(x, [.. Enumerable.Range(0, x.ndim - 2), x.ndim - 1, x.ndim - 2]);

    static IEnumerable<OpCase> Linear => ((IEnumerable<OpCase>)
    [
        Program("Cholesky", n => [n.In(-1, 1, 2, 3, 3)], x => Tf.Cholesky(Regular(Symmetric(x[0])))),
        Program("MatrixInverse", n => [n.X(2, 3, 3)], x => Tf.MatrixInverse(Regular(x[0]))),
        Program("MatrixInverse, adjoint", n => [n.X(2, 3, 3)], x => Tf.MatrixInverse(Regular(x[0]), adjoint: true)),
        Program("MatrixDeterminant", n => [n.X(2, 3, 3)], x => Tf.MatrixDeterminant(Regular(x[0]))) with { Xla = false },
        Program("LogMatrixDeterminant", n => [n.X(2, 3, 3)], x => Tf.LogMatrixDeterminant(Regular(x[0])).Log) with { Xla = false },
        Program("MatrixSolve", n => [n.X(2, 3, 3), n.X(2, 3, 2)], x => Tf.MatrixSolve(Regular(x[0]), x[1])),
        Program("MatrixSolve, adjoint", n => [n.X(2, 3, 3), n.X(2, 3, 2)], x => Tf.MatrixSolve(Regular(x[0]), x[1], adjoint: true)),
        Program("MatrixTriangularSolve", n => [n.X(2, 3, 3), n.X(2, 3, 2)], x => Tf.TriangularSolve(Regular(x[0]), x[1])),
        Program("MatrixTriangularSolve, upper, adjoint, broadcast", n => [n.X(3, 3), n.X(2, 3, 2)],
            x => Tf.TriangularSolve(Regular(x[0]), x[1], lower: false, adjoint: true)),
        Program("Qr", n => [n.X(2, 4, 3)], x => Tf.Qr(x[0]) is var (q, r) ? Tf.BatchMatMul(q, Tf.Square(r)) : x[0]) with { Relaxes = false },
        Program("Qr, full", n => [n.X(4, 3).WithoutGradient()], x => Tf.Abs(Tf.Qr(x[0], full_matrices: true).Q)),
        Program("Svd, values", n => [n.X(2, 4, 3)], x => Tf.Svd(x[0], compute_uv: false).S),
        .. new long[][] { [2, 4, 3], [3, 3], [2, 4] }.Select(d => Program($"Svd of ({string.Join(",", d)})", n => [n.X(d)],
            x => Tf.Svd(x[0]) is var (s, u, v) ? Tf.BatchMatMul(u * Tf.ExpandDims(Tf.Exp(s), -2), v, adj_y: true) : x[0])),
        Program("Svd, full", n => [n.X(3, 4).WithoutGradient()], x => Tf.Abs(Tf.Svd(x[0], full_matrices: true).U)),
        Program("SelfAdjointEigV2", n => [n.X(2, 3, 3)], x => Tf.SelfAdjointEig(Symmetric(x[0])) is var (e, v)
            ? Tf.BatchMatMul(v * Tf.ExpandDims(Tf.Exp(e), -2), v, adj_y: true) : x[0]),
        Program("SelfAdjointEigV2, values", n => [n.X(3, 3)], x => Tf.SelfAdjointEig(Symmetric(x[0])).Values),
        Program("Lu", n => [n.X(2, 3, 3).WithoutGradient()], x => Tf.Lu(Regular(x[0])).Lu) with { Xla = false },
        Program("Eig", n => [n.X(3, 3).WithoutGradient()], x => Tf.ComplexAbs(Tf.Eig(Symmetric(x[0])).Values)) with { Xla = false },
    ]).Select(c => c with { Tolerance = c.Name.StartsWith("Svd", StringComparison.Ordinal) ? XlaSvdTolerance : 1e-8, Differences = (1e-5, 1e-5) });

    /// <summary>XLA stops its iteration there, in double precision too.</summary>
    const double XlaSvdTolerance = 1e-6;

    static IEnumerable<OpCase> Products =>
    [
        .. new[] { (false, false), (true, false), (false, true), (true, true) }.SelectMany(t => new[]
        {
            Named($"transposed {t}", "MatMul", n => [t.Item1 ? n.X(3, 2) : n.X(2, 3), t.Item2 ? n.X(4, 3) : n.X(3, 4)], ("transpose_a", t.Item1),
                ("transpose_b", t.Item2)),
            Named($"transposed {t}", "BatchMatMulV2", n => [t.Item1 ? n.X(5, 3, 2) : n.X(5, 2, 3), t.Item2 ? n.X(5, 4, 3) : n.X(5, 3, 4)],
                ("adj_x", t.Item1), ("adj_y", t.Item2)),
        }),
        Named("broadcast", "BatchMatMulV2", n => [n.X(5, 1, 2, 3), n.X(4, 3, 2)]), Named("broadcast matrix", "BatchMatMulV2", n => [n.X(2, 3), n.X(5, 3, 2)]),
        Program("MatMul of rows", n => [n.X(2, 5, 3), n.X(3, 4).Knowing(0, 1)], x => Tf.MatMulRows(x[0], x[1])),
        .. new (string Equation, long[][] Dims)[]
        {
            ("ab,bc->ac", [[2, 3], [3, 4]]), ("bij,bjk->bik", [[2, 3, 4], [2, 4, 5]]), ("abc,cde->abde", [[2, 3, 4], [4, 2, 3]]),
            ("aecd,abcd->acbe", [[2, 3, 2, 4], [2, 3, 2, 4]]), ("acbe,aecd->abcd", [[2, 2, 3, 3], [2, 3, 2, 4]]),
            ("...x,xy->...y", [[2, 3, 4], [4, 5]]), ("...ij,...jk->...ik", [[2, 1, 3, 4], [5, 4, 2]]), ("a...b,b...c->...ac", [[2, 3, 4], [4, 3, 2]]),
            ("a,b->ab", [[3], [4]]), ("ab->ba", [[2, 3]]), ("ab->", [[2, 3]]),
            ("ab,cb->a", [[2, 3], [4, 3]]), ("...a->...", [[2, 3, 4]]), ("aa->a", [[3, 3]]), ("aab->b", [[3, 3, 2]]), ("aab,b->a", [[3, 3, 2], [2]]),
            ("ab,bc,cd->ad", [[2, 3], [3, 4], [4, 2]]),
        }.Select(e => new OpCase($"Einsum {e.Equation}", n => [.. e.Dims.Select(d => n.X(d))], x => [Tf.Einsum(e.Equation, x)])),
    ];
}
