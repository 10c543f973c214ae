using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Joins its inputs along an axis, the last by default; their other dimensions must be equal.</summary>
/// <remarks>Source: keras/src/layers/merging/concatenate.py.</remarks>
public sealed class Concatenate : Merge
{
    readonly int _axis;

    /// <summary>Joins its inputs along an axis, the last by default; their other dimensions must be equal.</summary>
    /// <param name="axis">The axis; default the last.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Concatenate(int axis = -1, string? name = null, DTypePolicy? dtype = null) : base(name, dtype) => _axis = axis;

    private protected override void CheckShapes(Shape[] shapes)
    {
        if (Array.Exists(shapes, s => !s.HasRank)) return;
        var (rank, first) = (shapes[0].Rank, shapes[0]);
        if (Array.Exists(shapes, s => s.Rank != rank) || _axis >= rank || _axis < -rank) throw Unfitting($"inputs of one rank that have axis {_axis}", shapes);
        var own = _axis < 0 ? _axis + rank : _axis;
        foreach (var shape in shapes)
            for (var axis = 0; axis < rank; axis++)
                if (axis != own && shape[axis] >= 0 && first[axis] >= 0 && shape[axis] != first[axis]) throw Unfitting($"shapes that differ on axis {own} only", shapes);
    }

    private protected override Tensor MergeAll(Tensor[] inputs) => Tf.Concat(inputs, _axis < 0 ? _axis + inputs[0].ndim : _axis);

    internal override Tensor?[] ComputeMasks(CallArguments args)
    {
        if (args.Masks.All(m => m is null)) return [null];
        var inputs = args.Inputs.Flatten();
        Tensor[] masks = [.. inputs.Select((input, i) => args.Masks[i] is { } mask ? Widened(mask, input) : Tf.Cast(Api.ops.ones_like(input), DType.Bool))];
        return [Api.ops.any(Tf.Concat(masks, _axis < 0 ? _axis + inputs[0].ndim : _axis), -1)];
    }

    static Tensor Widened(Tensor mask, Tensor input)
    {
        while (mask.ndim < input.ndim) mask = Tf.ExpandDims(mask, -1);
        return Tf.LogicalOr(mask, Tf.Cast(Tf.ZerosLike(input), DType.Bool));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["axis"] = _axis };
}
