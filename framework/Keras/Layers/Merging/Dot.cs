using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The dot product of two inputs over one axis of each, sample by sample: (B, N, K) and (B, M, K) over axes 2 give (B, N, M).</summary>
/// <remarks>Source: keras/src/layers/merging/dot.py.</remarks>
public sealed class Dot : Merge
{
    readonly Axes _axes;
    readonly bool _normalize;

    /// <summary>The dot product of two inputs over one axis of each, sample by sample: (B, N, K) and (B, M, K) over axes 2 give (B, N, M).</summary>
    /// <param name="axes">The axis of both inputs, or of each.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1 first, which gives their cosine; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentException">There are more than two axes.</exception>
    public Dot(Axes axes, bool normalize = false, string? name = null, DTypePolicy? dtype = null) : base(name, dtype)
    {
        ArgumentNullException.ThrowIfNull(axes);
        if (axes.Count is < 1 or > 2) throw new ArgumentException($"The number of axes is out of range. Expected: one axis or two. Received: {axes}.", nameof(axes));
        (_axes, _normalize) = (axes, normalize);
    }

    (int A, int B) AxesOf(Shape a, Shape b) => (Axes.Normalize(_axes[0], a.Rank, name), Axes.Normalize(_axes.Count == 1 ? _axes[0] : _axes[1], b.Rank, name));

    private protected override void CheckShapes(Shape[] shapes)
    {
        if (shapes.Length != 2 || !shapes[0].HasRank || !shapes[1].HasRank) throw Unfitting("exactly 2 inputs of known rank", shapes);
        var (a, b) = AxesOf(shapes[0], shapes[1]);
        if (a == 0 || b == 0) throw Unfitting("axes behind the batch", shapes);
        if (shapes[0][a] >= 0 && shapes[1][b] >= 0 && shapes[0][a] != shapes[1][b]) throw Unfitting($"axes {a} and {b} of one size", shapes);
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var (x, y) = (inputs[0].Single, inputs[1].Single);
        var (a, b) = AxesOf(x.shape, y.shape);
        if (_normalize) (x, y) = (Api.ops.normalize(x, a), Api.ops.normalize(y, b));
        const string letters = "bcdefghijklmnopqrstuvwxyz";
        var (left, right) = (("a" + letters[..(x.ndim - 1)]).ToCharArray(), ("a" + letters[(x.ndim - 1)..(x.ndim + y.ndim - 2)]).ToCharArray());
        right[b] = left[a];
        var kept = string.Concat(left.Where((_, i) => i != a)) + string.Concat(right.Where((_, i) => i != b && i != 0));
        var product = Api.ops.einsum($"{new string(left)},{new string(right)}->{kept}", x, y);
        return product.ndim == 1 ? Tf.ExpandDims(product, -1) : product;
    }

    private protected override Tensor MergeAll(Tensor[] inputs) => call(inputs);

    internal override Tensor?[] ComputeMasks(CallArguments args) => [null];

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["axes"] = _axes.Count == 1 ? _axes[0] : _axes.ToArray(), ["normalize"] = _normalize };
}
