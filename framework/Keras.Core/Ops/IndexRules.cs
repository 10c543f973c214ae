using System.Collections.Frozen;

namespace Keras.Graphs;

/// <summary>The indices an op takes and their range.</summary>
/// <param name="Input">The input that holds them.</param>
/// <param name="Min">The least index: one for all, or one per element of the last axis.</param>
/// <param name="Max">The greatest, likewise.</param>
readonly record struct IndexRange(int Input, long[] Min, long[] Max)
{
    /// <summary>Indices from 0 to below a count; one count for all, or one per element of the last axis.</summary>
    public static IndexRange Of(int input, params long[] counts) => new(input, new long[counts.Length], Array.ConvertAll(counts, c => c - 1));
}

/// <summary>The valid indices of every op that rejects some: engines' kernels check them, XLA does not, so indices from the host are checked first.</summary>
static class IndexRules
{
    static readonly FrozenDictionary<string, Func<ShapeContext, IndexRange?>> Table = new Dictionary<string, Func<ShapeContext, IndexRange?>>
    {
        ["GatherV2"] = c => c[0].HasRank && c.Known(2) is [var axis] ? Along(c, 1, c[0], axis) : null,
        ["ResourceGather"] = c => c[1].HasRank && VariableShape(c) is var shape && c.Int("batch_dims") is var batch ? Along(c, 1, shape, batch < 0 ? batch + c[1].Rank : batch) : null,
        ["GatherNd"] = c => Vectors(c, 1, c[0]),
        ["ResourceGatherNd"] = c => Vectors(c, 1, VariableShape(c)),
        ["ScatterNd"] = c => c.Known(2) is { } shape ? Vectors(c, 0, new Shape(shape)) : null,
        ["SparseSoftmaxCrossEntropyWithLogits"] = c => c[0].HasRank ? Along(c, 1, c[0], -1) : null,
        ["InvertPermutation"] = c => c[0].HasRank ? Along(c, 0, c[0], 0) : null,
        ["ReverseSequence"] = c => c[0].HasRank && c[0][c.Int("seq_dim")] is >= 0 and var length ? IndexRange.Of(1, length + 1) : null,
        ["StridedSlice"] = Rows,
        ["Slice"] = Parts,
    }
    .Concat(((string[])["TensorScatterUpdate", "TensorScatterAdd", "TensorScatterSub", "TensorScatterMax", "TensorScatterMin"])
        .Select(op => KeyValuePair.Create<string, Func<ShapeContext, IndexRange?>>(op, c => Vectors(c, 1, c[0]))))
    .Concat(((string[])["ResourceScatterUpdate", "ResourceScatterAdd", "ResourceScatterSub", "ResourceScatterMax", "ResourceScatterMin"])
        .Select(op => KeyValuePair.Create<string, Func<ShapeContext, IndexRange?>>(op, c => Along(c, 1, VariableShape(c), 0))))
    .Concat(((string[])["ResourceScatterNdUpdate", "ResourceScatterNdAdd", "ResourceScatterNdSub"])
        .Select(op => KeyValuePair.Create<string, Func<ShapeContext, IndexRange?>>(op, c => Vectors(c, 1, VariableShape(c)))))
    .Concat(((string[])["UnsortedSegmentSum", "UnsortedSegmentMax", "UnsortedSegmentMin", "UnsortedSegmentProd"])
        // A negative id drops its element.
        .Select(op => KeyValuePair.Create<string, Func<ShapeContext, IndexRange?>>(op, c => c.Known(2) is [var count] ? new IndexRange(1, [long.MinValue], [count - 1]) : null)))
    .ToFrozenDictionary();

    /// <summary>The names of the ops that have a rule.</summary>
    public static IEnumerable<string> Ops => Table.Keys;

    /// <summary>The valid indices of a call; null where it has none, or their range is unknown before run time.</summary>
    public static IndexRange? Of(Node node) => Table.TryGetValue(node.Op.Name, out var rule) ? rule(new ShapeContext(node.Op, node.Attributes, node.Inputs)) : null;

    static Shape VariableShape(ShapeContext c) => c.Inputs[0].HandleData?.Shape ?? Shape.Unknown;

    static IndexRange? Along(ShapeContext c, int input, Shape shape, long axis) => shape.HasRank && shape[(int)axis] is >= 0 and var count ? IndexRange.Of(input, count) : null;

    static IndexRange? Vectors(ShapeContext c, int input, Shape shape) =>
        shape.HasRank && c[input] is { HasRank: true, Rank: > 0 } vectors && vectors[-1] is > 0 and var depth && depth <= shape.Rank && shape[..(int)depth] is { IsFullyKnown: true } outer
            ? IndexRange.Of(input, outer.ToArray()) : null;

    /// <summary>The range of the positions at which a strided slice takes one element.</summary>
    static IndexRange? Rows(ShapeContext c)
    {
        var (shrink, others) = (c.Get<long>("shrink_axis_mask"), c.Get<long>("ellipsis_mask") | c.Get<long>("new_axis_mask"));
        if (shrink == 0 || others != 0 || !c[0].HasRank || c[1] is not { IsFullyKnown: true, Rank: 1 } begin || begin[0] > c[0].Rank) return null;
        var (min, max) = (new long[begin[0]], new long[begin[0]]);
        for (var i = 0; i < min.Length; i++) (min[i], max[i]) = (shrink >> i & 1) != 0 && c[0][i] is >= 0 and var count ? (-count, count - 1) : (long.MinValue, long.MaxValue);
        return new(1, min, max);
    }

    /// <summary>The range of the positions at which a slice of known size may begin.</summary>
    static IndexRange? Parts(ShapeContext c)
    {
        if (c[0] is not { IsFullyKnown: true } shape || c.Known(2) is not { } size || size.Length != shape.Rank) return null;
        return new(1, new long[size.Length], [.. size.Select((s, i) => shape[i] - Math.Max(s, 0))]);
    }
}
