namespace Keras;

/// <content>NumPy's short names: transposes, splits along axes, cumulative sums and percentiles without NaN.</content>
public sealed partial class OpsApi
{
    /// <summary>Reverses axis 1: each row, from its end.</summary>
    /// <param name="x">A tensor of at least two axes.</param>
    public Tensor fliplr(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? flip(WithAxes(x, 2, "ops.fliplr"), 1);

    /// <summary>Reverses axis 0: the last row comes first.</summary>
    /// <param name="x">A tensor of at least one axis.</param>
    public Tensor flipud(TensorLike x) => Kept(x)?.Run<Tensor>(x) ?? flip(WithAxes(x, 1, "ops.flipud"), 0);

    /// <summary>Cuts axis 1 (of a vector axis 0) into equal parts.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="indices_or_sections">The number of parts, which divides the axis.</param>
    public Tensor[] hsplit(TensorLike x, int indices_or_sections) => Kept(x)?.Run<Tensor[]>(x, indices_or_sections) ?? split(WithAxes(x, 1, "ops.hsplit"), indices_or_sections, x.Rank == 1 ? 0 : 1);

    /// <summary>Cuts axis 1 (of a vector axis 0) at the given positions.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="indices_or_sections">The start of each part except the first, ascending.</param>
    public Tensor[] hsplit(TensorLike x, int[] indices_or_sections) => Kept(x)?.Run<Tensor[]>(x, indices_or_sections) ?? split(WithAxes(x, 1, "ops.hsplit"), indices_or_sections, x.Rank == 1 ? 0 : 1);

    /// <summary>Cuts axis 0 into equal parts.</summary>
    /// <param name="x">A tensor of at least two axes.</param>
    /// <param name="indices_or_sections">The number of parts, which divides the axis.</param>
    public Tensor[] vsplit(TensorLike x, int indices_or_sections) => Kept(x)?.Run<Tensor[]>(x, indices_or_sections) ?? split(WithAxes(x, 2, "ops.vsplit"), indices_or_sections, 0);

    /// <summary>Cuts axis 0 at the given positions.</summary>
    /// <param name="x">A tensor of at least two axes.</param>
    /// <param name="indices_or_sections">The start of each part except the first, ascending.</param>
    public Tensor[] vsplit(TensorLike x, int[] indices_or_sections) => Kept(x)?.Run<Tensor[]>(x, indices_or_sections) ?? split(WithAxes(x, 2, "ops.vsplit"), indices_or_sections, 0);

    /// <summary>Cuts axis 2 into equal parts.</summary>
    /// <param name="x">A tensor of at least three axes.</param>
    /// <param name="indices_or_sections">The number of parts, which divides the axis.</param>
    public Tensor[] dsplit(TensorLike x, int indices_or_sections) => Kept(x)?.Run<Tensor[]>(x, indices_or_sections) ?? split(WithAxes(x, 3, "ops.dsplit"), indices_or_sections, 2);

    /// <summary>Cuts axis 2 at the given positions.</summary>
    /// <param name="x">A tensor of at least three axes.</param>
    /// <param name="indices_or_sections">The start of each part except the first, ascending.</param>
    public Tensor[] dsplit(TensorLike x, int[] indices_or_sections) => Kept(x)?.Run<Tensor[]>(x, indices_or_sections) ?? split(WithAxes(x, 3, "ops.dsplit"), indices_or_sections, 2);

    static TensorLike WithAxes(TensorLike x, int least, string where) => x.Rank >= least ? x
        : throw new ShapeMismatchException("A tensor has too few axes", where, $"at least {least}", $"{x.Rank}");

    /// <summary>The running sum along an axis, or of the flattened tensor; NaN counts as 0.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="axis">The axis; default the flattened tensor.</param>
    /// <param name="dtype">The dtype of the sums; default that of the tensor.</param>
    public Tensor nancumsum(TensorLike x, int? axis = null, DType? dtype = null) => Kept(x)?.Run<Tensor>(x, axis, dtype) ?? cumsum(WithoutNan(x, 0), axis, dtype);

    /// <summary>The running product along an axis, or of the flattened tensor; NaN counts as 1.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="axis">The axis; default the flattened tensor.</param>
    /// <param name="dtype">The dtype of the products; default that of the tensor.</param>
    public Tensor nancumprod(TensorLike x, int? axis = null, DType? dtype = null) => Kept(x)?.Run<Tensor>(x, axis, dtype) ?? cumprod(WithoutNan(x, 1), axis, dtype);

    /// <summary>As <see cref="percentile"/> without NaN.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="q">Percentages, 0 to 100.</param>
    /// <param name="axis">The axes; default all.</param>
    /// <param name="method">"linear" (default), "lower", "higher", "midpoint" or "nearest".</param>
    /// <param name="keepdims">Whether reduced axes stay with size 1; default false.</param>
    public Tensor nanpercentile(TensorLike x, TensorLike q, Axes? axis = null, string method = "linear", bool keepdims = false)
    {
        if (Kept(x, q) is { } kept) return kept.Run<Tensor>(x, q, axis, method, keepdims);
        var tensor = Float(x);
        return Quantile(tensor, q.As(tensor.dtype) / 100, axis, method, keepdims, ignoresNan: true);
    }
}
