using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The base of layers that merge several tensors into one, element by element; inputs of lower rank get axes of size 1 after the batch.</summary>
/// <remarks>Source: keras/src/layers/merging/base_merge.py.</remarks>
public abstract class Merge : Layer
{
    /// <summary>The base of layers that merge several tensors into one, element by element; inputs of lower rank get axes of size 1 after the batch.</summary>
    private protected Merge(string? name, DTypePolicy? dtype) : base(name, dtype: dtype) => supports_masking = true;

    /// <summary>Merges all inputs into one tensor.</summary>
    private protected abstract Tensor MergeAll(Tensor[] inputs);

    /// <summary>Checks the inputs' shapes.</summary>
    /// <exception cref="ShapeMismatchException">The shapes do not match.</exception>
    private protected virtual void CheckShapes(Shape[] shapes)
    {
        var ranked = Array.ConvertAll(shapes, s => s.HasRank && s.Rank > 0 ? s[1..] : Shape.Unknown);
        foreach (var shape in ranked[1..])
            for (var axis = 1; shape.HasRank && ranked[0].HasRank && axis <= Math.Min(shape.Rank, ranked[0].Rank); axis++)
                if (shape[^axis] is > 1 and var a && ranked[0][^axis] is > 1 and var b && a != b) throw Unfitting("shapes that broadcast", shapes);
    }

    private protected ShapeMismatchException Unfitting(string expected, IEnumerable<Shape> shapes) =>
        new("Inputs cannot be merged", $"layer '{name}' ({GetType().Name})", expected, string.Join(", ", shapes));

    /// <inheritdoc/>
    protected override void build(CallArguments args)
    {
        ArgumentNullException.ThrowIfNull(args);
        CheckShapes([.. ListOf(args.Inputs).Select(t => t.shape)]);
        built = true;
    }

    Tensor[] ListOf(Tensors inputs) => inputs.IsLeaf
        ? throw new ShapeMismatchException("A layer that merges inputs was given a single one", $"layer '{name}' ({GetType().Name})", "a list of tensors", inputs.Single.shape.ToString(), "Give a list: Apply([a, b]).")
        : [.. inputs.Flatten()];

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var list = ListOf(inputs);
        var rank = list.Max(t => t.ndim);
        return MergeAll(Array.ConvertAll(list, t => WithRank(t, rank)));
    }

    static Tensor WithRank(Tensor tensor, int rank)
    {
        while (tensor.ndim < rank) tensor = Tf.ExpandDims(tensor, 1);
        return tensor;
    }

    /// <summary>The steps that are unmasked in at least one input; no mask if any input has none.</summary>
    internal override Tensor?[] ComputeMasks(CallArguments args)
    {
        var masks = args.Masks;
        return [masks.Any(m => m is null) ? null : masks.OfType<Tensor>().Aggregate(Tf.LogicalOr)];
    }
}
