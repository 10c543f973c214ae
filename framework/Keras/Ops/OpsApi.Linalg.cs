using Keras.Graphs;

namespace Keras;

/// <content>Linear algebra: matrices in the last two axes, floating.</content>
public sealed partial class OpsApi
{
    /// <summary>The triangular factor L of positive definite matrices A = L · Lᵀ.</summary>
    /// <param name="x">Symmetric positive definite matrices (..., M, M).</param>
    /// <param name="upper">Whether to return Lᵀ instead; default false.</param>
    public Tensor cholesky(TensorLike x, bool upper = false)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, upper);
        var lower = Tf.Cholesky(Float(x));
        return upper ? swapaxes(lower, -1, -2) : lower;
    }

    /// <summary>The inverse of positive definite matrices from their triangular factor.</summary>
    /// <param name="x">Factors (..., M, M).</param>
    /// <param name="upper">Whether they are upper ones; default false.</param>
    public Tensor cholesky_inverse(TensorLike x, bool upper = false)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, upper);
        var factor = Float(x);
        var inverse = Tf.TriangularSolve(factor, Identities(factor), lower: !upper);
        return upper ? Tf.BatchMatMul(inverse, inverse, adj_y: true) : Tf.BatchMatMul(inverse, inverse, adj_x: true);
    }

    static Tensor Identities(Tensor matrices)
    {
        var eye = Tf.Cast(Tf.Equal(Columns(Dim.Of(matrices, -1)), Rows(Dim.Of(matrices, -1))), matrices.dtype);
        return matrices.ndim == 2 ? eye : Tf.BroadcastTo(eye, Tf.ShapeOf(matrices));
    }

    /// <summary>The determinants of square matrices: (...).</summary>
    public Tensor det(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.MatrixDeterminant(Float(x));

    /// <summary>The sign of each determinant, and the logarithm of its absolute value.</summary>
    public (Tensor Sign, Tensor LogAbsDet) slogdet(TensorLike x) =>
        Kept(x) is { } kept ? kept.Run<(Tensor Sign, Tensor LogAbsDet)>(x)
        : Tf.LogMatrixDeterminant(Float(x));

    /// <summary>The logarithms of the determinants of positive definite matrices.</summary>
    public Tensor logdet(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.Log(det(x));

    /// <summary>The inverse of square matrices.</summary>
    public Tensor inv(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? Tf.MatrixInverse(Float(x));

    /// <summary>Solves a · x = b for x.</summary>
    /// <param name="a">Square matrices (..., M, M).</param>
    /// <param name="b">(..., M, N), or vectors (..., M).</param>
    public Tensor solve(TensorLike a, TensorLike b)
    {
        if (Kept(a, b) is { } kept) return kept.Run<Tensor>(a, b);
        var (matrix, rhs) = PromoteFloat(a, b);
        return rhs.ndim == matrix.ndim - 1 ? Tf.Squeeze(Tf.MatrixSolve(matrix, Tf.ExpandDims(rhs, -1)), -1) : Tf.MatrixSolve(matrix, rhs);
    }

    /// <summary>Solves a · x = b for x, where a is triangular.</summary>
    /// <param name="a">Triangular matrices (..., M, M).</param>
    /// <param name="b">(..., M, N), or vectors (..., M).</param>
    /// <param name="lower">Whether a is a lower triangle; default false.</param>
    public Tensor solve_triangular(TensorLike a, TensorLike b, bool lower = false)
    {
        if (Kept(a, b) is { } kept) return kept.Run<Tensor>(a, b, lower);
        var (matrix, rhs) = PromoteFloat(a, b);
        return rhs.ndim == matrix.ndim - 1 ? Tf.Squeeze(Tf.TriangularSolve(matrix, Tf.ExpandDims(rhs, -1), lower), -1) : Tf.TriangularSolve(matrix, rhs, lower);
    }

    /// <summary>Eigenvalues in ascending order and eigenvectors, as columns, of symmetric matrices.</summary>
    public (Tensor Values, Tensor Vectors) eigh(TensorLike x) => Kept(x) is { } kept ? kept.Run<(Tensor Values, Tensor Vectors)>(x) : Tf.SelfAdjointEig(Float(x));

    /// <summary>Eigenvalues and eigenvectors, as columns, of square matrices: complex64 or complex128. Not under XLA, and without a gradient.</summary>
    public (Tensor Values, Tensor Vectors) eig(TensorLike x) => Kept(x) is { } kept ? kept.Run<(Tensor Values, Tensor Vectors)>(x) : Tf.Eig(Float(x));

    /// <summary>Orthonormal columns Q and an upper triangle R of x = Q · R.</summary>
    /// <param name="x">Matrices (..., M, N).</param>
    /// <param name="mode">"reduced" or "complete"; default "reduced".</param>
    public (Tensor Q, Tensor R) qr(TensorLike x, string mode = "reduced") =>
        Kept(x) is { } kept ? kept.Run<(Tensor Q, Tensor R)>(x, mode)
        : mode is "reduced" or "complete"
        ? Tf.Qr(Float(x), full_matrices: mode == "complete")
        : throw Known.NoneOf(mode, nameof(mode), "reduced", "complete");

    /// <summary>Singular values and vectors of x = U · diag(S) · Vᵀ.</summary>
    /// <param name="x">Matrices (..., M, N).</param>
    /// <param name="full_matrices">Whether U and V are square; default true.</param>
    /// <returns>U, S in descending order, Vᵀ.</returns>
    public (Tensor U, Tensor S, Tensor Vh) svd(TensorLike x, bool full_matrices = true)
    {
        if (Kept(x) is { } kept) return kept.Run<(Tensor U, Tensor S, Tensor Vh)>(x, full_matrices);
        var (s, u, v) = Tf.Svd(Float(x), full_matrices: full_matrices);
        return (u, s, swapaxes(v, -1, -2));
    }

    /// <summary>Only singular values, in descending order: Keras' <c>svd(x, compute_uv: false)</c>.</summary>
    /// <param name="x">Matrices (..., M, N).</param>
    /// <param name="compute_uv">Must be false; the overload without it gives the vectors too.</param>
    /// <param name="full_matrices">Concerns vectors only.</param>
    public Tensor svd(TensorLike x, bool compute_uv, bool full_matrices = true) => Kept(x)?.Run<Tensor>(x, compute_uv, full_matrices) ?? (!compute_uv
        ? Tf.Svd(Float(x), full_matrices, compute_uv: false).S
        : throw new ArgumentException("compute_uv: true was given to the overload that computes no vectors. Leave compute_uv out to have them.", nameof(compute_uv)));

    /// <summary>The pseudo-inverse (Moore and Penrose).</summary>
    /// <param name="x">Matrices (..., M, N).</param>
    /// <param name="rcond">Singular values below this share of the largest count as 0; default max(M, N) · epsilon of the dtype.</param>
    public Tensor pinv(TensorLike x, double? rcond = null)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, rcond);
        var (u, s, vh) = svd(x, full_matrices: false);
        var inverse = Tf.SelectV2(Tf.Greater(s, Cutoff(x.Tensor, s, rcond)), Tf.Reciprocal(s), Tf.ZerosLike(s));
        return Tf.BatchMatMul(vh, Tf.ExpandDims(inverse, -1) * swapaxes(u, -1, -2), adj_x: true);
    }

    /// <summary>The number of singular values that are not 0: int32 (...).</summary>
    /// <param name="x">Matrices (..., M, N).</param>
    /// <param name="tol">Singular values up to this count as 0; default the largest · max(M, N) · epsilon of the dtype.</param>
    public Tensor matrix_rank(TensorLike x, double? tol = null)
    {
        if (Kept(x) is { } kept) return kept.Run<Tensor>(x, tol);
        var s = Tf.Svd(Float(x), compute_uv: false).S;
        var cutoff = tol is { } given ? Like(s, given) : Cutoff(x.Tensor, s, null);
        return Tf.Sum(Tf.Cast(Tf.Greater(s, cutoff), DType.Int32), [-1]);
    }

    static Tensor Cutoff(Tensor matrices, Tensor s, double? share)
    {
        var epsilon = s.dtype == DType.Float64 ? Math.BitIncrement(1.0) - 1 : MathF.BitIncrement(1) - 1;
        var relative = share is { } given ? Like(s, given) : Tf.Cast(Tf.Maximum(Tf.DimOf(matrices, -1), Tf.DimOf(matrices, -2)), s.dtype) * epsilon;
        return Tf.Max(s, [-1], keep_dims: true) * relative;
    }

    /// <summary>Solves least squares: the shortest x that brings a · x nearest to b.</summary>
    /// <param name="a">(M, N).</param>
    /// <param name="b">(M) or (M, K).</param>
    /// <param name="rcond">Singular values below this share of the largest count as 0; default max(M, N) · epsilon of the dtype.</param>
    public Tensor lstsq(TensorLike a, TensorLike b, double? rcond = null)
    {
        if (Kept(a, b) is { } kept) return kept.Run<Tensor>(a, b, rcond);
        var (matrix, rhs) = PromoteFloat(a, b);
        return MatrixProduct(pinv(matrix, rcond), rhs);
    }

    /// <summary>L (its unit diagonal left out) and U of a row permutation of square matrices, in one matrix, and where each row came from (int32).</summary>
    public (Tensor LU, Tensor Pivots) lu_factor(TensorLike x) => Kept(x) is { } kept ? kept.Run<(Tensor LU, Tensor Pivots)>(x) : Tf.Lu(Float(x));

    /// <summary>Norms of vectors or matrices.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="ord">null for the root of the sum of squares; "fro" or "nuc" for matrices; a number, or ±infinity.</param>
    /// <param name="axis">One axis for vectors, two for matrices; default all axes.</param>
    /// <param name="keepdims">Whether reduced axes stay as 1; default false.</param>
    public Tensor norm(TensorLike x, NormOrder? ord = null, Axes? axis = null, bool keepdims = false) =>
        Kept(x)?.Run<Tensor>(x, ord, axis, keepdims) ?? Precise(x, t => Norm(t, ord, axis, keepdims));

    Tensor Norm(Tensor tensor, NormOrder? ord, Axes? axis, bool keepdims)
    {
        var axes = Axes.Of(axis, tensor.ndim, "ops.norm");
        if (ord is null || (ord.Value.Number is 2 && axes.Length == 1) || (ord.Value.Name == "fro" && axes.Length == 2))
            return Tf.Sqrt(Tf.Sum(Tf.Square(tensor), axes, keepdims));
        return axes.Length switch
        {
            1 => VectorNorm(tensor, ord.Value, axes, keepdims),
            2 => MatrixNorm(tensor, ord.Value, axes, keepdims),
            _ => throw new ShapeMismatchException("A norm cannot be taken over so many axes", "ops.norm", "one axis or two", $"{axes.Length} axes"),
        };
    }

    static Tensor VectorNorm(Tensor x, NormOrder ord, int[] axes, bool keepdims)
    {
        var sizes = Tf.Abs(x);
        return ord.Number switch
        {
            double.PositiveInfinity => Tf.Max(sizes, axes, keepdims),
            double.NegativeInfinity => Tf.Min(sizes, axes, keepdims),
            0 => Tf.Sum(Tf.Cast(Tf.NotEqual(x, Tf.ZerosLike(x)), x.dtype), axes, keepdims),
            1 => Tf.Sum(sizes, axes, keepdims),
            { } order => Tf.Pow(Tf.Sum(Tf.Pow(sizes, Like(x, order)), axes, keepdims), Like(x, 1 / order)),
            null => throw new ArgumentException($"This norm is not one of vectors. Expected: a number. Received: \"{ord.Name}\"."),
        };
    }

    Tensor MatrixNorm(Tensor x, NormOrder ord, int[] axes, bool keepdims)
    {
        var matrices = moveaxis(x, axes, new[] { -2, -1 });
        Tensor Singular() => Tf.Svd(matrices, compute_uv: false).S;
        Tensor Sums(int over) => Tf.Sum(Tf.Abs(matrices), [over]);
        var norms = (ord.Name, ord.Number) switch
        {
            ("nuc", _) => Tf.Sum(Singular(), [-1]),
            (_, 1) => Tf.Max(Sums(-2), [-1]),
            (_, -1) => Tf.Min(Sums(-2), [-1]),
            (_, 2) => Tf.Max(Singular(), [-1]),
            (_, -2) => Tf.Min(Singular(), [-1]),
            (_, double.PositiveInfinity) => Tf.Max(Sums(-1), [-1]),
            (_, double.NegativeInfinity) => Tf.Min(Sums(-1), [-1]),
            _ => throw new ArgumentException($"This norm is not one of matrices. Expected: \"fro\", \"nuc\", 1, -1, 2, -2 or an infinity for matrices. Received: {ord}.", nameof(ord)),
        };
        if (!keepdims) return norms;
        foreach (var axis in axes.Order()) norms = Tf.ExpandDims(norms, axis);
        return norms;
    }

    /// <summary>Scales vectors along an axis to length 1; those shorter than epsilon by 1 / epsilon.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="axis">The axes over which a vector extends; default the last.</param>
    /// <param name="order">The order of the norm; default 2.</param>
    /// <param name="epsilon">The smallest length; default <c>keras.config.epsilon()</c>.</param>
    public Tensor normalize(TensorLike x, Axes? axis = null, double order = 2, double? epsilon = null) =>
        Kept(x)?.Run<Tensor>(x, axis, order, epsilon) ?? Precise(x, t => Normalized(t, axis, order, epsilon));

    Tensor Normalized(Tensor tensor, Axes? axis, double order, double? epsilon)
    {
        var (along, smallest) = (axis ?? -1, Epsilon(epsilon));
        if (!(order >= 1)) throw new ArgumentOutOfRangeException(nameof(order), order, "The order is out of range. Expected: a number of at least 1.");
        if (order == 2) return tensor * Tf.Rsqrt(Tf.Maximum(sum(Tf.Square(tensor), along, keepdims: true), Like(tensor, smallest * smallest)));
        return tensor / Tf.Maximum(norm(tensor, order, along, keepdims: true), Like(tensor, smallest));
    }

    /// <summary>The distances between the rows of two matrices.</summary>
    /// <param name="x">(..., M, D).</param>
    /// <param name="y">(..., N, D).</param>
    /// <param name="p">The order of the norm; default 2.</param>
    /// <returns>(..., M, N).</returns>
    public Tensor cdist(TensorLike x, TensorLike y, double p = 2)
    {
        if (Kept(x, y) is { } kept) return kept.Run<Tensor>(x, y, p);
        var (a, b) = PromoteFloat(x, y);
        return norm(Tf.ExpandDims(a, -2) - Tf.ExpandDims(b, -3), p >= 0 ? p : throw new ArgumentOutOfRangeException(nameof(p), p, "The order of the distance is out of range. Expected: a number of at least 0."), -1);
    }
}

/// <summary>The order of a norm: a number, "fro" or "nuc".</summary>
public readonly record struct NormOrder
{
    NormOrder(double? number, string? name) => (Number, Name) = (number, name);

    /// <summary>The number; null for a named norm.</summary>
    public double? Number { get; }

    /// <summary>"fro" or "nuc"; null for a number.</summary>
    public string? Name { get; }

    /// <summary>A number, or an infinity.</summary>
    public static implicit operator NormOrder(double number) => new(number, null);

    /// <summary>"fro" or "nuc".</summary>
    public static implicit operator NormOrder(string name) => name is "fro" or "nuc" ? new(null, name) : throw Known.NoneOf(name, "ord", "fro", "nuc");

    /// <inheritdoc/>
    public override string ToString() => Name ?? $"{Number}";
}
