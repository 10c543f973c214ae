namespace Keras.Graphs;

/// <summary>Partitioning and stitching rows, sparse to dense conversion, slices at computed positions.</summary>
static partial class Tf
{
    static readonly OpDefinition DynamicPartitionOp = Define("DynamicPartition(data: T, partitions: int32) -> (outputs: num_partitions*T) { num_partitions: int }", c =>
    {
        if (c[0].HasRank && c[1].HasRank && (c[1].Rank > c[0].Rank || !c[0][..c[1].Rank].IsCompatibleWith(c[1])))
            throw c.Fail("data whose shape begins with that of the partitions", $"{c[0]} and {c[1]}");
        var part = c[0].HasRank && c[1].HasRank ? Shape.OfRank(1).Concat(c[0][c[1].Rank..]) : Shape.Unknown;
        return [.. Enumerable.Repeat(part, c.Int("num_partitions"))];
    });

    static readonly OpDefinition DynamicStitchOp = Stitch("DynamicStitch");
    static readonly OpDefinition ParallelDynamicStitchOp = Stitch("ParallelDynamicStitch");

    static OpDefinition Stitch(string name) => Define($"{name}(indices: N*int32, data: N*T) -> (merged: T)", c =>
    {
        var (indices, data) = (c[0], c[c.Inputs.Length / 2]);
        return [indices.HasRank && data.HasRank && data.Rank >= indices.Rank ? Shape.OfRank(1).Concat(data[indices.Rank..]) : Shape.Unknown];
    });

    static readonly OpDefinition SparseToDenseOp = Define(
        "SparseToDense(sparse_indices: Tindices, output_shape: Tindices, sparse_values: T, default_value: T) -> (dense: T) { validate_indices: bool = true }",
        c => [ShapeRules.FromValue(c, 1)]);

    /// <summary>Updates a slice; its start is moved so that the slice stays within the tensor.</summary>
    static readonly OpDefinition DynamicUpdateSliceOp = Define("XlaDynamicUpdateSlice(input: T, update: T, indices: Tindices) -> (output: T)", c =>
    {
        if (c[0].HasRank && c[2] is { IsFullyKnown: true } starts && (starts[0] != c[0].Rank || (c[1].HasRank && c[1].Rank != c[0].Rank))) throw c.Fail($"an update and starts for {c[0].Rank} axes", $"{c[1]} and {starts}");
        return [c[0]];
    }, checksFirst: true);
    static readonly OpDefinition DynamicSliceOp = Define("XlaDynamicSlice(input: T, start_indices: Tindices, size_indices: Tindices) -> (output: T)", c =>
    {
        for (var i = 1; i < 3; i++)
            if (c[0].HasRank && c[i] is { IsFullyKnown: true } places && places[0] != c[0].Rank) throw c.Fail($"starts and sizes of {c[0].Rank} axes", places.ToString());
        return [ShapeRules.FromValue(c, 2)];
    }, checksFirst: true);

    static readonly OpDefinition BroadcastArgsOp = Define("BroadcastArgs(s0: T, s1: T) -> (r0: T)",
        c => [c[0].IsFullyKnown && c[1].IsFullyKnown ? new Shape(Math.Max(c[0].ElementCount, c[1].ElementCount)) : Shape.OfRank(1)],
        value: c => c.Value(0) is { } a && c.Value(1) is { } b && ShapeRules.Broadcast(c, Shape.OfSymbolic(a.AsDimensions()), Shape.OfSymbolic(b.AsDimensions())) is { HasRank: true } both
            ? PartialValue.OfDimensions(both.Symbolic) : null, differentiable: false);

    static readonly OpDefinition CrossOp = Define("Cross(a: T, b: T) -> (product: T)", ShapeRules.Merged,
        c => [Run(CrossOp!, c.Inputs[1], c.Gradient), Run(CrossOp!, c.Gradient, c.Inputs[0])]);

    /// <summary>Counts how often each number occurs in each row.</summary>
    static readonly OpDefinition RaggedBincountOp = Define("RaggedBincount(splits: int64, values: Tidx, size: Tidx, weights: T) -> (output: T) { binary_output: bool = false }",
        c =>
        {
            if (c[3] is { IsFullyKnown: true } weights && weights.ElementCount > 0 && !weights.IsCompatibleWith(c[1])) throw c.Fail($"a weight for each of {c[1]}, or none", weights.ToString());
            return [Shape.OfSymbolic(c[0] is { HasRank: true } splits && splits[0] > 0 ? splits[0] - 1 : -1, c.Value(2)?.AsDimensions()[0] ?? -1)];
        }, differentiable: false, checksFirst: true);
}
