namespace Keras.Graphs;

/// <summary>Factorisations and linear equations of the matrices in the last two axes.</summary>
static partial class Tf
{
    static readonly OpDefinition CholeskyOp = Define("Cholesky(input: T) -> (output: T)", c => [SquareMatrix(c, 0)], c =>
    {
        // The input is taken to be symmetric, and so is its gradient.
        var (l, inverse) = (c.Outputs[0], TriangularSolve(c.Outputs[0], Identities(c.Outputs[0])));
        var middle = BatchMatMul(l, c.Gradient, adj_x: true);
        middle = MatrixBandPart(MatrixSetDiag(middle, MatrixDiagPart(middle) * 0.5), -1, 0);
        var outer = BatchMatMul(BatchMatMul(inverse, middle, adj_x: true), inverse);
        return [(outer + Transposed(outer)) * 0.5];
    });

    static readonly OpDefinition MatrixInverseOp = Define("MatrixInverse(input: T) -> (output: T) { adjoint: bool = false }", c => [SquareMatrix(c, 0)],
        c => c.Get<bool>("adjoint")
        ? [-BatchMatMul(c.Outputs[0], BatchMatMul(c.Gradient, c.Outputs[0], adj_x: true))]
        : [-BatchMatMul(c.Outputs[0], BatchMatMul(c.Gradient, c.Outputs[0], adj_y: true), adj_x: true)]);

    static readonly OpDefinition MatrixDeterminantOp = Define("MatrixDeterminant(input: T) -> (output: T)",
        c => [SquareMatrix(c, 0) is { HasRank: true } s ? s[..^2] : Shape.Unknown],
        c => [MatrixInverse(c.Inputs[0], adjoint: true) * AsMatrix(c.Gradient * c.Outputs[0])]);

    static readonly OpDefinition LogMatrixDeterminantOp = Define("LogMatrixDeterminant(input: T) -> (sign: T, log_abs_determinant: T)",
        c => SquareMatrix(c, 0) is { HasRank: true } s ? [s[..^2], s[..^2]] : [Shape.Unknown, Shape.Unknown],
        c => [c.Gradients[1] is { } gradient ? MatrixInverse(c.Inputs[0], adjoint: true) * AsMatrix(gradient) : null]);

    static readonly OpDefinition MatrixSolveOp = Define("MatrixSolve(matrix: T, rhs: T) -> (output: T) { adjoint: bool = false }", c =>
    {
        if (!c[1].HasRank || !SquareMatrix(c, 0).HasRank) return [c[1]];
        if (!c[0][..^2].IsCompatibleWith(c.Ranked(1, 2)[..^2])) throw c.Fail($"right-hand sides for matrices {c[0]}", c[1].ToString());
        CheckInner(c, c[0][-1], c.Ranked(1, 2)[-2]);
        return [c[1]];
    }, c =>
    {
        var adjoint = c.Get<bool>("adjoint");
        var rhs = MatrixSolve(c.Inputs[0], c.Gradient, !adjoint);
        return [SolvedGradient(c, rhs, adjoint), rhs];
    });

    static readonly OpDefinition MatrixTriangularSolveOp = Define("MatrixTriangularSolve(matrix: T, rhs: T) -> (output: T) { lower: bool = true, adjoint: bool = false }", c =>
    {
        if (!c[1].HasRank || !SquareMatrix(c, 0).HasRank) return [Shape.Unknown];
        CheckInner(c, c[0][-1], c.Ranked(1, 2)[-2]);
        return [ShapeRules.Broadcast(c, c[0][..^2], c[1][..^2]).Concat(c[1][^2..])];
    }, c =>
    {
        var (lower, adjoint) = (c.Get<bool>("lower"), c.Get<bool>("adjoint"));
        var rhs = TriangularSolve(c.Inputs[0], c.Gradient, lower, !adjoint);
        var matrix = MatrixBandPart(SolvedGradient(c, rhs, adjoint), lower ? -1 : 0, lower ? 0 : -1);
        return [SumBatch(matrix, c.Inputs[0], c.Inputs[1]), SumBatch(rhs, c.Inputs[1], c.Inputs[0])];
    });

    static readonly OpDefinition QrOp = Define("Qr(input: T) -> (q: T, r: T) { full_matrices: bool = false }", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown, Shape.Unknown];
        var (m, n, full) = (c.Ranked(0, 2).Symbolic[^2], c[0].Symbolic[^1], c.Get<bool>("full_matrices"));
        var p = LesserOf(m, n);
        return [c[0].With(-1, full ? m : p), c[0].With(-2, full ? m : p)];
    }, QrGradient);

    static readonly OpDefinition SvdOp = Define("Svd(input: T) -> (s: T, u: T, v: T) { compute_uv: bool = true, full_matrices: bool = false }", c =>
    {
        if (!c[0].HasRank) return [Shape.Unknown, Shape.Unknown, Shape.Unknown];
        var (m, n, full, batch) = (c.Ranked(0, 2).Symbolic[^2], c[0].Symbolic[^1], c.Get<bool>("full_matrices"), c[0][..^2]);
        var p = LesserOf(m, n);
        var values = batch.Concat(Shape.OfSymbolic(p));
        return c.Get<bool>("compute_uv")
            ? [values, batch.Concat(Shape.OfSymbolic(m, full ? m : p)), batch.Concat(Shape.OfSymbolic(n, full ? n : p))]
            : [values, Shape.Unknown, Shape.Unknown];
    }, SvdGradient);

    static readonly OpDefinition SelfAdjointEigOp = Define("SelfAdjointEigV2(input: T) -> (e: T, v: T) { compute_v: bool = true }", c =>
    {
        var shape = SquareMatrix(c, 0);
        return !shape.HasRank ? [Shape.Unknown, Shape.Unknown] : [shape[..^1], c.Get<bool>("compute_v") ? shape : Shape.Unknown];
    }, c =>
    {
        // The input is taken to be symmetric, and so is its gradient.
        var (e, v) = c.Get<bool>("compute_v") ? (c.Outputs[0], c.Outputs[1]) : SelfAdjointEig(c.Inputs[0]);
        var inner = c.Gradients[0] is { } values ? MatrixDiag(values) : null;
        if (c.Gradients[1] is { } vectors)
        {
            var turned = InverseGaps(e) * BatchMatMul(v, vectors, adj_x: true);
            inner = inner is null ? turned : inner + turned;
        }
        var outer = BatchMatMul(v, BatchMatMul(inner!, v, adj_y: true));
        return [(outer + Transposed(outer)) * 0.5];
    });

    static readonly OpDefinition LuOp = Define("Lu(input: T) -> (lu: T, p: output_idx_type) { output_idx_type: type = int32 }",
        c => SquareMatrix(c, 0) is { HasRank: true } s ? [s, s[..^1]] : [Shape.Unknown, Shape.Unknown]);

    static readonly OpDefinition EigOp = Define("Eig(input: T) -> (e: Tout, v: Tout) { compute_v: bool = true, Tout: type }",
        c => SquareMatrix(c, 0) is { HasRank: true } s ? [s[..^1], c.Get<bool>("compute_v") ? s : Shape.Unknown] : [Shape.Unknown, Shape.Unknown]);

    static Shape SquareMatrix(ShapeContext c, int input)
    {
        if (!c[input].HasRank) return Shape.Unknown;
        var shape = c.Ranked(input, 2);
        if (shape[-1] >= 0 && shape[-2] >= 0 && shape[-1] != shape[-2]) throw c.Fail("square matrices", shape.ToString());
        var side = shape[-1] >= 0 ? shape.Symbolic[^1] : shape.Symbolic[^2];
        return shape.With(-1, side).With(-2, side);
    }

    static long LesserOf(long a, long b) => a >= 0 && b >= 0 ? Math.Min(a, b) : Symbol.AreEqual(a, b) ? a : -1;

    /// <summary>1 / (x_j - x_i), 0 on the diagonal and where two are equal.</summary>
    static Tensor InverseGaps(Tensor x)
    {
        var gaps = ExpandDims(x, -2) - ExpandDims(x, -1);
        return DivNoNan(OnesLike(gaps), gaps);
    }

    /// <summary>The gradient by J. Townsend, Differentiating the Singular Value Decomposition (2016).</summary>
    static Tensor?[] SvdGradient(GradientContext c)
    {
        if (c.Get<bool>("full_matrices") && c.Get<bool>("compute_uv"))
            throw new UnsupportedException("A singular value decomposition with full matrices has no gradient", NameScope.Path("Svd"),
                remedy: "Use full_matrices: false.");
        var (s, u, v) = c.Get<bool>("compute_uv") ? Triple(c.Outputs) : Svd(c.Inputs[0]);
        var inner = c.Gradients[0] is { } values ? MatrixDiag(values) : null;
        var (row, outer) = (ExpandDims(s, -2), (Tensor?)null);
        // Two parts: rotation within the space of the singular vectors, and out of it.
        Tensor Turned(Tensor vectors, Tensor gradient) => BatchMatMul(vectors, gradient, adj_x: true) is var x
            ? InverseGaps(Square(s)) * (x - Transposed(x)) : x;
        Tensor Leaving(Tensor vectors, Tensor gradient) => (gradient - BatchMatMul(vectors, BatchMatMul(vectors, gradient, adj_x: true))) / row;
        if (c.Gradients[1] is { } du)
        {
            inner = Sum(inner, Turned(u, du) * row);
            outer = BatchMatMul(Leaving(u, du), v, adj_y: true);
        }
        if (c.Gradients[2] is { } dv)
        {
            inner = Sum(inner, ExpandDims(s, -1) * Turned(v, dv));
            outer = Sum(outer, BatchMatMul(u, Leaving(v, dv), adj_y: true));
        }
        var within = BatchMatMul(BatchMatMul(u, inner!), v, adj_y: true);
        return [Sum(outer, within)];

        static Tensor Sum(Tensor? a, Tensor b) => a is null ? b : a + b;
    }

    static Tensor?[] QrGradient(GradientContext c)
    {
        var (q, r) = (c.Outputs[0], c.Outputs[1]);
        var shape = c.Inputs[0].shape;
        if (c.Get<bool>("full_matrices") || shape[-1] < 0 || shape[-2] < shape[-1])
            throw new UnsupportedException("The gradient of a QR factorisation exists for matrices with at least as many rows as columns, reduced",
                NameScope.Path("Qr"), "rows >= columns", shape.ToString());
        var (dq, dr) = (c.Gradients[0] ?? ZerosLike(q), c.Gradients[1] ?? ZerosLike(r));
        var (qdq, rdr) = (BatchMatMul(q, dq, adj_x: true), BatchMatMul(r, dr, adj_y: true));
        var lower = MatrixBandPart(qdq - Transposed(qdq) + rdr - Transposed(rdr), -1, 0);
        Tensor Solved(Tensor x) => Transposed(TriangularSolve(r, Transposed(x), lower: false));
        return [BatchMatMul(q, dr + Solved(lower)) + Solved(dq - BatchMatMul(q, qdq))];
    }

    /// <summary>The gradient of a linear equation's matrix, from that of its right-hand side.</summary>
    static Tensor SolvedGradient(GradientContext c, Tensor rhs, bool adjoint) =>
        -(adjoint ? BatchMatMul(c.Outputs[0], rhs, adj_y: true) : BatchMatMul(rhs, c.Outputs[0], adj_y: true));

    static Tensor Identities(Tensor like) => MatrixDiag(OnesLike(MatrixDiagPart(like)));

    static Tensor AsMatrix(Tensor x) => ExpandDims(ExpandDims(x, -1), -1);

    static Tensor Transposed(Tensor x) => Transpose(x, [.. Enumerable.Range(0, x.ndim - 2), x.ndim - 1, x.ndim - 2]);

    public static Tensor Cholesky(Tensor x) => Run(CholeskyOp, x);
    public static Tensor MatrixInverse(Tensor x, bool adjoint = false) => Run(MatrixInverseOp, [x], ("adjoint", adjoint));
    public static Tensor MatrixDeterminant(Tensor x) => Run(MatrixDeterminantOp, x);
    public static (Tensor Sign, Tensor Log) LogMatrixDeterminant(Tensor x) => Pair(RunAll(LogMatrixDeterminantOp, [x]));
    public static Tensor MatrixSolve(Tensor matrix, Tensor rhs, bool adjoint = false) => Run(MatrixSolveOp, [matrix, rhs], ("adjoint", adjoint));
    public static Tensor TriangularSolve(Tensor matrix, Tensor rhs, bool lower = true, bool adjoint = false) =>
        Run(MatrixTriangularSolveOp, [matrix, rhs], ("lower", lower), ("adjoint", adjoint));
    public static (Tensor Q, Tensor R) Qr(Tensor x, bool full_matrices = false) => Pair(RunAll(QrOp, [x], ("full_matrices", full_matrices)));
    public static (Tensor S, Tensor U, Tensor V) Svd(Tensor x, bool full_matrices = false, bool compute_uv = true) =>
        Triple(RunAll(SvdOp, [x], ("full_matrices", full_matrices), ("compute_uv", compute_uv)));
    /// <summary>Eigenvalues (ascending) and eigenvectors (columns) of symmetric matrices.</summary>
    public static (Tensor Values, Tensor Vectors) SelfAdjointEig(Tensor x) => Pair(RunAll(SelfAdjointEigOp, [x]));
    /// <summary>L and U in one matrix, and the permutation of rows (int32).</summary>
    public static (Tensor Lu, Tensor Permutation) Lu(Tensor x) => Pair(RunAll(LuOp, [x]));
    /// <summary>Complex eigenvalues and eigenvectors of arbitrary square matrices.</summary>
    public static (Tensor Values, Tensor Vectors) Eig(Tensor x) => Pair(RunAll(EigOp, [x], ("Tout", x.dtype.IsComplex ? x.dtype : ComplexOf(x.dtype))));
}
