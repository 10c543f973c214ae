namespace Keras;

/// <summary>What an input of a layer must be like.</summary>
/// <remarks>Source: keras/src/layers/input_spec.py.</remarks>
/// <param name="ndim">The exact number of dimensions; default any.</param>
/// <param name="min_ndim">The least number of dimensions; default any.</param>
/// <param name="max_ndim">The greatest number of dimensions; default any.</param>
/// <param name="axes">The sizes of some axes; negative ones count from the end; default any.</param>
public sealed class InputSpec(int? ndim = null, int? min_ndim = null, int? max_ndim = null, IReadOnlyDictionary<int, long>? axes = null)
{
    /// <summary>The exact number of dimensions; null for any.</summary>
    public int? ndim { get; } = ndim;

    /// <summary>The least number of dimensions; null for any.</summary>
    public int? min_ndim { get; } = min_ndim;

    /// <summary>The greatest number of dimensions; null for any.</summary>
    public int? max_ndim { get; } = max_ndim;

    /// <summary>The sizes of some axes; null for any.</summary>
    public IReadOnlyDictionary<int, long>? axes { get; } = axes;

    /// <summary>Checks the first of the inputs.</summary>
    /// <exception cref="ShapeMismatchException">It is otherwise.</exception>
    internal void Check(Tensors inputs, string layer)
    {
        if (inputs.Flatten() is not [var first, ..] || !first.shape.HasRank) return;
        var shape = first.shape;
        if (ndim is { } exact && shape.Rank != exact) throw Mismatch($"{exact} dimensions");
        if (min_ndim is { } least && shape.Rank < least) throw Mismatch($"at least {least} dimensions");
        if (max_ndim is { } most && shape.Rank > most) throw Mismatch($"at most {most} dimensions");
        foreach (var (axis, size) in axes ?? new Dictionary<int, long>())
            if (axis >= shape.Rank || axis < -shape.Rank || (shape[axis] >= 0 && shape[axis] != size)) throw Mismatch($"axis {axis} of size {size}");

        ShapeMismatchException Mismatch(string expected) => new("The inputs do not fit a layer", $"layer '{layer}'", expected, shape.ToString());
    }
}
