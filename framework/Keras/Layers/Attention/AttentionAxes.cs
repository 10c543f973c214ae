using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The axes of projected tensors (batch..., attended..., heads, size) that attend to each other; batch and attended axes may be in any order.</summary>
/// <param name="rank">The rank of the projected tensors.</param>
/// <param name="attended">The axes; null for all between the first and the heads.</param>
sealed class AttentionAxes(int rank, int[]? attended)
{
    const string Letters = "abcdefghijklmnopqrstuvwxyz";

    readonly int[] _attended = attended is null ? [.. Enumerable.Range(1, rank - 3)] : Array.ConvertAll(attended, a => a < 0 ? rank - 1 + a : a);

    /// <summary>Whether the tensors are (B, T, heads, size).</summary>
    public bool AreSteps => rank == 4;

    /// <summary>The batch axes, then the axis of the heads.</summary>
    int[] Batch => [.. Enumerable.Range(0, rank - 1).Except(_attended)];

    int[] Order => [.. Batch, .. _attended, rank - 1];

    /// <summary>Transposes to (batch..., heads, steps, size), with the attended axes joined into one.</summary>
    public Tensor Together(Tensor x)
    {
        var ordered = Tf.Transpose(x, Order);
        return _attended.Length == 1 ? ordered : Api.ops.reshape(ordered, Dims.Create([.. Of(x, Batch), Product(x), Dim.Of(x, rank - 1)]));
    }

    /// <summary>Restores the query's axes in a result.</summary>
    public Tensor Apart(Tensor x, Tensor query)
    {
        if (_attended.Length > 1) x = Api.ops.reshape(x, Dims.Create([.. Of(query, Batch), .. Of(query, _attended), Dim.Of(x, -1)]));
        return Tf.Transpose(x, [.. Enumerable.Range(0, rank).Select(axis => Array.IndexOf(Order, axis))]);
    }

    /// <summary>Splits the steps of scores into the attended axes of query and key.</summary>
    public Tensor ScoresApart(Tensor scores, Tensor query, Tensor key) => _attended.Length == 1 ? scores
        : Api.ops.reshape(scores, Dims.Create([.. Of(query, Batch), .. Of(query, _attended), .. Of(key, _attended)]));

    /// <summary>Adds axes for the heads and the unattended axes to a mask that ends in the attended axes of query and key.</summary>
    public Tensor Spread(Tensor mask)
    {
        while (mask.ndim < rank - 1 + _attended.Length) mask = Tf.ExpandDims(mask, mask.ndim - (2 * _attended.Length));
        return mask;
    }

    /// <summary>Joins a mask's attended axes into one for the query and one for the key.</summary>
    public Tensor MaskTogether(Tensor mask, Tensor query, Tensor key)
    {
        var count = _attended.Length;
        if (count == 1) return mask;
        Dim[] lead = [.. Enumerable.Range(0, mask.ndim - (2 * count)).Select(axis => Dim.Of(mask, axis))];
        var full = Api.ops.broadcast_to(mask, Dims.Create([.. lead, .. Of(query, _attended), .. Of(key, _attended)]));
        return Api.ops.reshape(full, Dims.Create([.. lead, Product(query), Product(key)]));
    }

    static IEnumerable<Dim> Of(Tensor x, int[] axes) => axes.Select(axis => Dim.Of(x, axis));

    Dim Product(Tensor x) => Of(x, _attended).Aggregate((a, b) => a * b);

    /// <summary>The einsum equation of a projection that keeps the first axes, sums over the next and ends in new ones; and the axes of its bias.</summary>
    public static (string Equation, string BiasAxes) Projection(int free, int bound, int output)
    {
        var (kept, summed, made) = (Letters[..free], Letters[free..(free + bound)], Letters[(free + bound)..(free + bound + output)]);
        return ($"{kept}{summed},{summed}{made}->{kept}{made}", made);
    }

    /// <summary>A shape of some unknown dimensions followed by the given sizes.</summary>
    public static Shape Last(int unknown, params long[] sizes) => new([.. Enumerable.Repeat(-1L, unknown), .. sizes]);
}
