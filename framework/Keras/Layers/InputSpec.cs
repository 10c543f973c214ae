using Keras.Graphs;

namespace Keras;

/// <summary>What a layer expects of an input: dtype, shape, number of dimensions. In an <c>input_signature</c>, the dtype and shape of an input.</summary>
/// <remarks>Source: keras/src/layers/input_spec.py.</remarks>
/// <param name="dtype">The dtype; default any.</param>
/// <param name="shape">The whole shape, -1 for free dimensions; default any.</param>
/// <param name="ndim">The exact number of dimensions; default any.</param>
/// <param name="max_ndim">The largest number of dimensions; default any.</param>
/// <param name="min_ndim">The smallest number of dimensions; default any.</param>
/// <param name="axes">The sizes of some axes; negative ones count from the end; default any.</param>
/// <param name="name">The name of the input in a signature; default none.</param>
public sealed class InputSpec(DType? dtype = null, Shape? shape = null, int? ndim = null, int? max_ndim = null, int? min_ndim = null,
    IReadOnlyDictionary<int, long>? axes = null, string? name = null)
{
    /// <summary>The dtype of the input; null for any.</summary>
    public DType? dtype { get; } = dtype;

    /// <summary>The whole shape; null for any.</summary>
    public Shape? shape { get; } = shape;

    /// <summary>The exact number of dimensions; null for any.</summary>
    public int? ndim { get; } = ndim ?? (shape is { HasRank: true } ? shape.Rank : null);

    /// <summary>The minimum number of dimensions; null for any.</summary>
    public int? min_ndim { get; } = min_ndim;

    /// <summary>The maximum number of dimensions; null for any.</summary>
    public int? max_ndim { get; } = max_ndim;

    /// <summary>The sizes of some axes; null for any.</summary>
    public IReadOnlyDictionary<int, long>? axes { get; } = axes;

    /// <summary>The name of the input in a signature; null for none.</summary>
    public string? name { get; } = name;

    /// <summary>An input of an <c>input_signature</c>.</summary>
    /// <exception cref="ArgumentException">It has no dtype or no shape.</exception>
    public static implicit operator Tensors(InputSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.dtype is null || spec.shape is null)
            throw new ArgumentException($"An input of a signature lacks its dtype or its shape. Received: dtype {spec.dtype?.Name ?? "none"}, shape {spec.shape?.ToString() ?? "none"}.", nameof(spec));
        var input = Graph.Scratch.AddPlaceholder(spec.dtype, spec.shape, spec.name ?? "input");
        input.History = spec;
        return input;
    }

    /// <summary>Checks the first of the inputs.</summary>
    /// <exception cref="ShapeMismatchException">Its shape differs from the spec.</exception>
    /// <exception cref="DTypeMismatchException">Its dtype differs from the spec.</exception>
    internal void Check(Tensors inputs, string layer)
    {
        if (inputs.Flatten() is not [var first, ..]) return;
        if (dtype is not null && first.dtype != dtype) throw new DTypeMismatchException("The inputs do not fit a layer", $"layer '{layer}'", dtype.Name, first.dtype.Name);
        if (!first.shape.HasRank) return;
        var given = first.shape;
        if (ndim is { } exact && given.Rank != exact) throw Mismatch($"{exact} dimensions");
        if (min_ndim is { } least && given.Rank < least) throw Mismatch($"at least {least} dimensions");
        if (max_ndim is { } most && given.Rank > most) throw Mismatch($"at most {most} dimensions");
        foreach (var (axis, size) in axes ?? new Dictionary<int, long>())
            if (axis >= given.Rank || axis < -given.Rank || (given[axis] >= 0 && given[axis] != size)) throw Mismatch($"axis {axis} of size {size}");
        if (shape is not null && !given.IsCompatibleWith(shape)) throw Mismatch(shape.ToString());

        ShapeMismatchException Mismatch(string expected) => new("The inputs do not fit a layer", $"layer '{layer}'", expected, given.ToString());
    }
}
