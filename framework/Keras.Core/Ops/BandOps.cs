namespace Keras.Graphs;

/// <summary>Tridiagonal matrices, and matrix square roots and logarithms.</summary>
static partial class Tf
{
    /// <summary>Solves tridiagonal systems. Diagonals (..., 3, M): above, on and below the main one; right-hand sides (..., M, K).</summary>
    static readonly OpDefinition TridiagonalSolveOp = Define("TridiagonalSolve(diagonals: T, rhs: T) -> (output: T) { partial_pivoting: bool = true, perturb_singular: bool = false }", c =>
    {
        if (!c[0].HasRank || !c[1].HasRank) return [c[1]];
        var (diagonals, rhs) = (c.Ranked(0, 2), c.Ranked(1, 2));
        if (diagonals.Rank != rhs.Rank || diagonals[-2] is not (-1 or 3) || !diagonals[..^2].IsCompatibleWith(rhs[..^2]) || !diagonals[^1..].IsCompatibleWith(rhs[^2..^1]))
            throw c.Fail($"diagonals (..., 3, M) for right-hand sides {rhs}", diagonals.ToString());
        return [rhs];
    }, differentiable: false, checksFirst: true);

    /// <summary>Multiplies by a tridiagonal matrix. Diagonals (..., 1, M) each; right-hand side (..., M, K).</summary>
    static readonly OpDefinition TridiagonalMatMulOp = Define("TridiagonalMatMul(superdiag: T, maindiag: T, subdiag: T, rhs: T) -> (output: T)", c =>
    {
        if (!c[3].HasRank) return [c[3]];
        var rhs = c.Ranked(3, 2);
        for (var i = 0; i < 3; i++)
            if (c[i].HasRank && (c.Ranked(i, 2).Rank != rhs.Rank || c[i][-2] is not (-1 or 1) || !c[i][..^2].IsCompatibleWith(rhs[..^2]) || !c[i][^1..].IsCompatibleWith(rhs[^2..^1])))
                throw c.Fail($"diagonals (..., 1, M) for a right-hand side {rhs}", c[i].ToString());
        return [rhs];
    }, differentiable: false, checksFirst: true);

    static readonly OpDefinition MatrixSquareRootOp = Define("MatrixSquareRoot(input: T) -> (output: T)", c => [SquareMatrix(c, 0)], differentiable: false, checksFirst: true);
    static readonly OpDefinition MatrixLogarithmOp = Define("MatrixLogarithm(input: T) -> (output: T)", c => [SquareMatrix(c, 0)], differentiable: false, checksFirst: true);
}
