using Keras.Backend;
using Keras.Graphs;

namespace Keras;

/// <content>Products of matrices and tensors.</content>
public sealed partial class OpsApi
{
    /// <summary>Casts the operands to the dtype of their product; two int8 give int32.</summary>
    static (Tensor A, Tensor B, DType Result) Factors(TensorLike x1, TensorLike x2)
    {
        var dtype = x1.DType == DType.Int8 && x2.DType == DType.Int8 ? DType.Int32 : DTypePromotion.Result(x1.Type, x2.Type);
        var computed = ProductDType(dtype);
        return (x1.As(computed), x2.As(computed), dtype);
    }

    /// <summary>The dtype to multiply matrices in: the engines have no kernels for bool and some integers.</summary>
    static DType ProductDType(DType dtype) => dtype == DType.UInt32 || dtype == DType.UInt64 ? DType.Int64
        : dtype == DType.Bool || dtype.IsUnsignedInteger || dtype == DType.Int8 || dtype == DType.Int16 ? DType.Int32 : dtype;

    /// <summary>Matrix product of the last two axes; leading axes are broadcast, a vector counts as a row on the left and a column on the right.</summary>
    /// <param name="x1">(..., M, K), or (K).</param>
    /// <param name="x2">(..., K, N), or (K).</param>
    /// <returns>(..., M, N), without the axis of a vector.</returns>
    public Tensor matmul(TensorLike x1, TensorLike x2)
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2);
        var (a, b, dtype) = Factors(x1, x2);
        if (a.ndim == 0 || b.ndim == 0) throw new ShapeMismatchException("A scalar cannot be multiplied as a matrix", "ops.matmul", "tensors of rank 1 or more", $"{a.shape} and {b.shape}", "Use ops.multiply.");
        return Tf.Cast(MatrixProduct(a, b), dtype);
    }

    static Tensor MatrixProduct(Tensor a, Tensor b) => (a.ndim, b.ndim) switch
    {
        (1, 1) => Tf.Sum(a * b, [0]),
        (1, _) => Tf.Squeeze(MatrixProduct(Tf.ExpandDims(a, 0), b), -2),
        (_, 1) => Tf.Squeeze(MatrixProduct(a, Tf.ExpandDims(b, 1)), -1),
        (2, 2) => Tf.MatMul(a, b),
        (_, 2) => RowsProduct(a, b),
        _ => Tf.BatchMatMul(a, b),
    };

    /// <summary>(..., K) · (K, N) computed as one product of two matrices.</summary>
    static Tensor RowsProduct(Tensor a, Tensor b)
    {
        if (a.shape[-1] >= 0 && b.shape[0] >= 0 && a.shape[-1] != b.shape[0]) throw new ShapeMismatchException("Matrices do not fit", "ops.matmul", $"{a.shape[-1]} rows on the right", $"{a.shape} and {b.shape}");
        return Einsum.Contract(a, b, [a.ndim - 1], [0]);
    }

    /// <summary>NumPy's dot: a product of numbers, of vectors, of matrices, or the sum over the last axis of x1 and the last but one of x2.</summary>
    public Tensor dot(TensorLike x1, TensorLike x2)
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2);
        var dtype = DTypePromotion.Result(x1.Type, x2.Type);
        var (a, b) = (x1.As(ProductDType(dtype)), x2.As(ProductDType(dtype)));
        var product = a.ndim == 0 || b.ndim == 0 ? a * b
            : a.ndim <= 2 && b.ndim <= 2 || b.ndim == 1 ? MatrixProduct(a, b)
            : Einsum.Contract(a, b, [a.ndim - 1], [b.ndim - 2]);
        return Tf.Cast(product, dtype);
    }

    /// <summary>The sum of products of all elements.</summary>
    public Tensor vdot(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? dot(ravel(x1), ravel(x2));

    /// <summary>The sum of products over the last axes of both.</summary>
    public Tensor inner(TensorLike x1, TensorLike x2)
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2);
        var (a, b, dtype) = Factors(x1, x2);
        return Tf.Cast(a.ndim == 0 || b.ndim == 0 ? a * b : Einsum.Contract(a, b, [a.ndim - 1], [b.ndim - 1]), dtype);
    }

    /// <summary>The products of each element of one with each of the other: (M, N).</summary>
    public Tensor outer(TensorLike x1, TensorLike x2) => Kept(x1, x2)?.Run<Tensor>(x1, x2) ?? multiply(expand_dims(ravel(x1), 1), expand_dims(ravel(x2), 0));

    /// <summary>The sum of products over the last axes of x1 and the first of x2.</summary>
    /// <param name="x1">A tensor.</param>
    /// <param name="x2">A tensor.</param>
    /// <param name="axes">How many axes; default 2.</param>
    public Tensor tensordot(TensorLike x1, TensorLike x2, int axes = 2) =>
        Kept(x1, x2)?.Run<Tensor>(x1, x2, axes)
        ?? tensordot(x1, x2, [Enumerable.Range(x1.Rank - axes, Require.Count(0, axes)).ToArray(), Enumerable.Range(0, axes).ToArray()]);

    /// <summary>The sum of products over pairs of axes.</summary>
    /// <param name="x1">A tensor.</param>
    /// <param name="x2">A tensor.</param>
    /// <param name="axes">The axes of x1, and those of x2 that they meet.</param>
    public Tensor tensordot(TensorLike x1, TensorLike x2, int[][] axes)
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2, axes);
        ArgumentNullException.ThrowIfNull(axes);
        var (a, b, dtype) = Factors(x1, x2);
        if (axes.Length != 2 || axes[0].Length != axes[1].Length) throw new ArgumentException("The two lists of axes differ in length.", nameof(axes));
        return Tf.Cast(Einsum.Contract(a, b, Axes.Of(axes[0], a.ndim, "ops.tensordot"), Axes.Of(axes[1], b.ndim, "ops.tensordot")), dtype);
    }

    /// <summary>Einstein's summation.</summary>
    /// <param name="subscripts">A term of letters for each operand, and "->" with that of the output ("bij,bjk->bik"); "..." stands for any axes.</param>
    /// <param name="operands">Tensors; they are taken to their common dtype, two int8 to int32.</param>
    /// <exception cref="ShapeMismatchException">The equation does not fit the operands.</exception>
    public Tensor einsum(string subscripts, params Tensor[] operands)
    {
        if (Kept(operands) is { } kept) return kept.Run<Tensor>(subscripts, operands);
        ArgumentNullException.ThrowIfNull(subscripts);
        ArgumentNullException.ThrowIfNull(operands);
        var dtype = operands.Length > 1 && Array.TrueForAll(operands, o => o.dtype == DType.Int8) ? DType.Int32
            : DTypePromotion.Result([.. operands.Select(o => (PromotionType)o.dtype)]);
        var computed = ProductDType(dtype);
        return Tf.Cast(Einsum.Compute(subscripts, Array.ConvertAll(operands, o => Tf.Cast(o, computed))), dtype);
    }

    /// <summary>The vector product of vectors of 2 or 3 components.</summary>
    /// <param name="x1">Vectors along an axis.</param>
    /// <param name="x2">Vectors along an axis.</param>
    /// <param name="axisa">The axis of x1; default the last.</param>
    /// <param name="axisb">The axis of x2; default the last.</param>
    /// <param name="axisc">The axis of the result; default the last. Two vectors of 2 components give a number.</param>
    /// <param name="axis">Sets all three; default none.</param>
    public Tensor cross(TensorLike x1, TensorLike x2, int axisa = -1, int axisb = -1, int axisc = -1, int? axis = null)
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2, axisa, axisb, axisc, axis);
        if (axis is { } all) (axisa, axisb, axisc) = (all, all, all);
        var (a, b) = Promote(x1, x2);
        var (u, v) = (Components(a, axisa), Components(b, axisb));
        var last = u[0] * v[1] - (u[1] * v[0]);
        if (u.Length == 2 && v.Length == 2) return last;
        Tensor Third(Tensor[] c) => c.Length == 3 ? c[2] : Tf.ZerosLike(c[0]);
        var (u2, v2) = (Third(u), Third(v));
        var vectors = Tf.Stack([u[1] * v2 - (u2 * v[1]), u2 * v[0] - (u[0] * v2), last], last.ndim);
        return axisc == -1 ? vectors : moveaxis(vectors, -1, axisc);
    }

    Tensor[] Components(Tensor x, int axis)
    {
        var at = Axes.Normalize(axis, x.ndim, "ops.cross");
        return x.shape[at] is 2 or 3 ? unstack(x, axis: at)
            : throw new ShapeMismatchException("The vectors have the wrong number of components", "ops.cross", $"2 or 3 at axis {axis}", x.shape.ToString());
    }

    /// <summary>The Kronecker product: each element of x1 replaced by it times x2.</summary>
    public Tensor kron(TensorLike x1, TensorLike x2)
    {
        if (Kept(x1, x2) is { } kept) return kept.Run<Tensor>(x1, x2);
        var (a, b) = Promote(x1, x2);
        while (a.ndim < b.ndim) a = Tf.ExpandDims(a, 0);
        while (b.ndim < a.ndim) b = Tf.ExpandDims(b, 0);
        var (da, db) = (Dims.Of(a), Dims.Of(b));
        for (var i = 0; i < da.Count; i++) (a, b) = (Tf.ExpandDims(a, (2 * i) + 1), Tf.ExpandDims(b, 2 * i));
        Dims joined = [.. da.Select((d, i) => d * db[i])];
        return Tf.Reshape(a * b, joined.ToTensor());
    }
}
