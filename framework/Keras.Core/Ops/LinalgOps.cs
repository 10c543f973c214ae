namespace Keras.Graphs;

/// <summary>Decompositions and solutions of batches of square matrices.</summary>
static partial class Tf
{
    static OpDefinition OfSquares(string name, GradientFunction gradient) => Define($"{name}(input: T) -> (output: T)", c =>
    {
        CheckSquare(c, 0);
        return [c[0]];
    }, gradient);

    static readonly OpDefinition CholeskyOp = OfSquares("Cholesky", c =>
    {
        var (l, size) = (c.Outputs[0], DimOf(c.Inputs[0], -1));
        var inverse = TriangularSolve(l, Eye(size, l.dtype), lower: true, adjoint: false);
        var middle = BatchMatMul(l, c.Gradient, adj_x: true);
        var lower = Cast(TriangleMask(size, size, 0), l.dtype) - (Eye(size, l.dtype) * 0.5);
        var half = BatchMatMul(BatchMatMul(inverse, middle * lower, adj_x: true), inverse);
        return [(half + SwapLast(half)) * 0.5];
    });

    static readonly OpDefinition MatrixInverseOp = Define("MatrixInverse(input: T) -> (output: T) { adjoint: bool = false }", c =>
    {
        CheckSquare(c, 0);
        return [c[0]];
    }, c => [-BatchMatMul(BatchMatMul(c.Outputs[0], c.Gradient, adj_x: true), c.Outputs[0], adj_y: true)]);

    static readonly OpDefinition MatrixDeterminantOp = Define("MatrixDeterminant(input: T) -> (output: T)", c =>
    {
        CheckSquare(c, 0);
        return [c[0].HasRank ? c[0][..^2] : Shape.Unknown];
    }, c => [Column(c.Gradient * c.Outputs[0]) * SwapLast(MatrixInverse(c.Inputs[0]))]);

    static readonly OpDefinition LogMatrixDeterminantOp = Define("LogMatrixDeterminant(input: T) -> (sign: T, log_abs_determinant: T)", c =>
    {
        CheckSquare(c, 0);
        var shape = c[0].HasRank ? c[0][..^2] : Shape.Unknown;
        return [shape, shape];
    }, c => [c.Gradients[1] is { } g ? Column(g) * SwapLast(MatrixInverse(c.Inputs[0])) : null]);

    static readonly OpDefinition MatrixSolveOp = Define("MatrixSolve(matrix: T, rhs: T) -> (output: T) { adjoint: bool = false }", SolvedShape, c =>
    {
        var adjoint = c.Get<bool>("adjoint");
        var rhs = MatrixSolve(c.Inputs[0], c.Gradient, !adjoint);
        return [adjoint ? -BatchMatMul(c.Outputs[0], rhs, adj_y: true) : -BatchMatMul(rhs, c.Outputs[0], adj_y: true), rhs];
    });

    static readonly OpDefinition MatrixTriangularSolveOp = Define("MatrixTriangularSolve(matrix: T, rhs: T) -> (output: T) { lower: bool = true, adjoint: bool = false }", SolvedShape, c =>
    {
        var (lower, adjoint) = (c.Get<bool>("lower"), c.Get<bool>("adjoint"));
        var rhs = TriangularSolve(c.Inputs[0], c.Gradient, lower, !adjoint);
        var matrix = adjoint ? -BatchMatMul(c.Outputs[0], rhs, adj_y: true) : -BatchMatMul(rhs, c.Outputs[0], adj_y: true);
        var size = DimOf(c.Inputs[0], -1);
        var mask = Cast(TriangleMask(size, size, 0), matrix.dtype);
        return [SumTo(matrix * (lower ? mask : SwapLast(mask)), c.Inputs[0], matrix), SumTo(rhs, c.Inputs[1], rhs)];
    });

    static readonly OpDefinition SelfAdjointEigV2Op = Define("SelfAdjointEigV2(input: T) -> (e: T, v: T) { compute_v: bool = true }", c =>
    {
        CheckSquare(c, 0);
        return [c[0].HasRank ? c[0][..^1] : Shape.Unknown, c.Get<bool>("compute_v") ? c[0] : Shape.Unknown];
    }, c =>
    {
        var (e, v) = (c.Outputs[0], c.Outputs[1]);
        var eye = Eye(DimOf(e, -1), e.dtype);
        var middle = eye * ExpandDims(c.Gradients[0] ?? ZerosLike(e), -1);
        if (c.Gradients[1] is { } gradient)
        {
            var gaps = ExpandDims(e, -2) - ExpandDims(e, -1);
            middle += DivNoNan(1 - eye, gaps + eye) * BatchMatMul(v, gradient, adj_x: true);
        }
        var half = BatchMatMul(BatchMatMul(v, middle), v, adj_y: true);
        return [(half + SwapLast(half)) * 0.5];
    });

    static readonly OpDefinition SvdOp = Define("Svd(input: T) -> (s: T, u: T, v: T) { compute_uv: bool = true, full_matrices: bool = false }", c =>
    {
        var (batch, rows, columns, least) = MatrixDims(c);
        var full = c.Get<bool>("full_matrices");
        return c.Get<bool>("compute_uv")
            ? [batch.Concat(Shape.OfSymbolic(least)), batch.Concat(Shape.OfSymbolic(rows, full ? rows : least)), batch.Concat(Shape.OfSymbolic(columns, full ? columns : least))]
            : [batch.Concat(Shape.OfSymbolic(least)), Shape.Unknown, Shape.Unknown];
    });

    static readonly OpDefinition QrOp = Define("Qr(input: T) -> (q: T, r: T) { full_matrices: bool = false }", c =>
    {
        var (batch, rows, columns, least) = MatrixDims(c);
        var inner = c.Get<bool>("full_matrices") ? rows : least;
        return [batch.Concat(Shape.OfSymbolic(rows, inner)), batch.Concat(Shape.OfSymbolic(inner, columns))];
    });

    static readonly OpDefinition LuOp = Define("Lu(input: T) -> (lu: T, p: output_idx_type) { output_idx_type: type = int32 }", c =>
    {
        CheckSquare(c, 0);
        return [c[0], c[0].HasRank ? c[0][..^1] : Shape.Unknown];
    });

    static (Shape Batch, long Rows, long Columns, long Least) MatrixDims(ShapeContext c)
    {
        var shape = c.Ranked(0, 2);
        var (rows, columns) = (shape.Symbolic[^2], shape.Symbolic[^1]);
        return (shape[..^2], rows, columns, rows >= 0 && columns >= 0 ? Math.Min(rows, columns) : -1);
    }

    static void CheckSquare(ShapeContext c, int input)
    {
        if (!c[input].HasRank) return;
        var shape = c.Ranked(input, 2);
        if (shape[-1] >= 0 && shape[-2] >= 0 && shape[-1] != shape[-2]) throw c.Fail("square matrices", shape.ToString());
    }

    static Shape[] SolvedShape(ShapeContext c)
    {
        CheckSquare(c, 0);
        if (!c[0].HasRank || !c[1].HasRank) return [Shape.Unknown];
        var (matrix, rhs) = (c[0], c.Ranked(1, 2));
        CheckInner(c, matrix[-1], rhs[-2]);
        return [ShapeRules.Broadcast(c, matrix[..^2], rhs[..^2]).Concat(rhs[^2..])];
    }

    static Tensor Column(Tensor x) => ExpandDims(ExpandDims(x, -1), -1);

    /// <summary>The transpose of the last two axes.</summary>
    public static Tensor SwapLast(Tensor x) => Transpose(x, [.. Enumerable.Range(0, x.ndim - 2), x.ndim - 1, x.ndim - 2]);

    /// <summary>True in row i, column j where j - i is at most k: bool (rows, columns).</summary>
    public static Tensor TriangleMask(Tensor rows, Tensor columns, int k)
    {
        var (zero, one) = (Int32Scalar(0), Int32Scalar(1));
        return LessEqual(ExpandDims(Range(zero, columns, one), 0), ExpandDims(Range(zero, rows, one), 1) + Int32Scalar(k));
    }

    public static Tensor Eye(Tensor size, DType dtype)
    {
        var range = Range(Int32Scalar(0), size, Int32Scalar(1));
        return Cast(Equal(ExpandDims(range, 0), ExpandDims(range, 1)), dtype);
    }

    public static Tensor Cholesky(Tensor x) => Run(CholeskyOp, x);
    public static Tensor MatrixInverse(Tensor x) => Run(MatrixInverseOp, x);
    public static Tensor MatrixDeterminant(Tensor x) => Run(MatrixDeterminantOp, x);
    public static Tensor MatrixSolve(Tensor matrix, Tensor rhs, bool adjoint = false) => Run(MatrixSolveOp, [matrix, rhs], ("adjoint", adjoint));
    public static Tensor TriangularSolve(Tensor matrix, Tensor rhs, bool lower = true, bool adjoint = false) =>
        Run(MatrixTriangularSolveOp, [matrix, rhs], ("lower", lower), ("adjoint", adjoint));

    /// <summary>The sign, and the logarithm of the absolute value, of each determinant.</summary>
    public static (Tensor Sign, Tensor LogAbs) LogMatrixDeterminant(Tensor x)
    {
        var outputs = RunAll(LogMatrixDeterminantOp, [x]);
        return (outputs[0], outputs[1]);
    }

    /// <summary>Eigenvalues in ascending order, and eigenvectors as columns.</summary>
    public static (Tensor Values, Tensor Vectors) SelfAdjointEig(Tensor x)
    {
        var outputs = RunAll(SelfAdjointEigV2Op, [x]);
        return (outputs[0], outputs[1]);
    }

    /// <summary>Singular values in descending order, left and right vectors as columns.</summary>
    public static (Tensor S, Tensor U, Tensor V) Svd(Tensor x, bool full_matrices = false, bool compute_uv = true)
    {
        var outputs = RunAll(SvdOp, [x], ("compute_uv", compute_uv), ("full_matrices", full_matrices));
        return (outputs[0], outputs[1], outputs[2]);
    }

    public static (Tensor Q, Tensor R) Qr(Tensor x, bool full_matrices = false)
    {
        var outputs = RunAll(QrOp, [x], ("full_matrices", full_matrices));
        return (outputs[0], outputs[1]);
    }

    /// <summary>L (unit diagonal left out) and U in one matrix, and the permutation of rows.</summary>
    public static (Tensor LU, Tensor Permutation) Lu(Tensor x)
    {
        var outputs = RunAll(LuOp, [x]);
        return (outputs[0], outputs[1]);
    }
}
