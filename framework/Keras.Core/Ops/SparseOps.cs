namespace Keras.Graphs;

/// <summary>Sparse tensors as three tensors: indices (N, rank), values (N) and a dense shape (rank).</summary>
/// <remarks>Source: tensorflow/core/ops/sparse_ops.cc. The indices of results are in row-major order.</remarks>
static partial class Tf
{
    const string SparseOutputs = "output_indices: int64, output_values: T, output_shape: int64";

    static OpDefinition Sparse(string signature, ShapeFunction shapes, params int[] sparse) => Define(signature, c =>
    {
        foreach (var first in sparse) RequireSparse(c, first, first + 1, first + 2);
        return shapes(c);
    }, differentiable: false, checksFirst: true);

    /// <summary>Fails unless three inputs are the indices, values and shape of one sparse tensor; returns the number of values and the rank, -1 where unknown.</summary>
    static (long Count, long Rank) RequireSparse(ShapeContext c, int indices, int values, int shape)
    {
        if (c[indices] is { HasRank: true } places && places.Rank != 2) throw c.Fail("places of values as a matrix", places.ToString());
        if (c[values] is { HasRank: true } given && given.Rank != 1) throw c.Fail("values as a vector", given.ToString());
        if (c[shape] is { HasRank: true } dense && dense.Rank != 1) throw c.Fail("a dense shape as a vector", dense.ToString());
        var (n, m) = (Dimension(c[indices], 0), Dimension(c[values], 0));
        if (n >= 0 && m >= 0 && n != m) throw c.Fail($"as many places as values, {m}", $"{n}");
        var (rank, other) = (Dimension(c[indices], 1), Dimension(c[shape], 0));
        if (rank >= 0 && other >= 0 && rank != other) throw c.Fail($"places of {other} numbers, the rank of the dense shape", $"{rank}");
        RequireInside(c, indices, shape);
        return (Math.Max(n, m), Math.Max(rank, other));
    }

    /// <summary>Fails if indices are known to lie outside the dense shape: TensorFlow's kernels end the process on such input.</summary>
    static void RequireInside(ShapeContext c, int indices, int shape)
    {
        if (c.Known(shape) is not { } dims) return;
        if (Array.Exists(dims, d => d < 0)) throw c.Fail("dimensions from 0", string.Join(", ", dims));
        if (c.Known(indices) is not { } places || dims.Length == 0) return;
        for (var i = 0; i < places.Length; i++)
            if (places[i] < 0 || places[i] >= dims[i % dims.Length]) throw c.Fail($"places from 0 to {dims[i % dims.Length] - 1} on axis {i % dims.Length}", $"{places[i]}");
    }

    static long Dimension(Shape shape, int axis) => shape.HasRank && shape.Rank > axis ? shape[axis] : -1;

    /// <summary>The shapes of a sparse tensor with any number of values.</summary>
    static Shape[] SparseOfRank(long rank) => [Shape.OfSymbolic(-1, rank), Shape.OfRank(1), rank < 0 ? Shape.OfRank(1) : new Shape(rank)];

    static long RankOf(ShapeContext c, int shape, int indices) => Math.Max(Dimension(c[shape], 0), Dimension(c[indices], 1));

    static void RequireSameRank(ShapeContext c, int a, int b)
    {
        if (Dimension(c[a], 0) is >= 0 and var rank && Dimension(c[b], 0) is >= 0 and var other && rank != other) throw c.Fail($"{rank} numbers, the rank of the dense shape", $"{other}");
    }

    static readonly OpDefinition SparseReorderOp = Sparse("SparseReorder(input_indices: int64, input_values: T, input_shape: int64) -> (output_indices: int64, output_values: T)", c => [c[0], c[1]], 0);

    static readonly OpDefinition SparseReshapeOp = Define("SparseReshape(input_indices: int64, input_shape: int64, new_shape: int64) -> (output_indices: int64, output_shape: int64)", c =>
    {
        if (c[0] is { HasRank: true } places && places.Rank != 2) throw c.Fail("places of values as a matrix", places.ToString());
        for (var i = 1; i < 3; i++)
            if (c[i] is { HasRank: true } given && given.Rank != 1) throw c.Fail("a dense shape as a vector", given.ToString());
        if (Dimension(c[0], 1) is >= 0 and var rank && Dimension(c[1], 0) is >= 0 and var other && rank != other) throw c.Fail($"places of {other} numbers, the rank of the dense shape", $"{rank}");
        return [Shape.OfSymbolic(Dimension(c[0], 0), Dimension(c[2], 0)), c[2].HasRank ? c[2] : Shape.OfRank(1)];
    }, differentiable: false, checksFirst: true);

    static readonly OpDefinition SparseMatMulOp = Sparse("SparseTensorDenseMatMul(a_indices: Tindices, a_values: T, a_shape: int64, b: T) -> (product: T) { adjoint_a: bool = false, adjoint_b: bool = false }", c =>
    {
        if (!c[2].IsCompatibleWith(new Shape(2)) || Dimension(c[0], 1) is not (-1 or 2)) throw c.Fail("a sparse matrix", $"rank {RankOf(c, 2, 0)}");
        if (c[3] is { HasRank: true } b && b.Rank != 2) throw c.Fail("a matrix on the right", b.ToString());
        var (first, second) = c.Get<bool>("adjoint_a") ? (1, 0) : (0, 1);
        var (inner, columns) = c.Get<bool>("adjoint_b") ? (1, 0) : (0, 1);
        if (c.Known(2) is { } dims && Dimension(c[3], inner) is >= 0 and var given && dims[second] != given) throw c.Fail($"{dims[second]} rows on the right", $"{given}");
        return [Shape.OfSymbolic(c.Known(2)?[first] is >= 0 and var rows ? rows : -1, Dimension(c[3], columns))];
    }, 0);

    static OpDefinition SparseReduce(string name) => Sparse(
        $"{name}(input_indices: int64, input_values: T, input_shape: int64, reduction_axes: int32) -> (output: T) {{ keep_dims: bool = false }}", _ => [Shape.Unknown], 0);

    static OpDefinition SparseReduceToSparse(string name) => Sparse(
        $"{name}(input_indices: int64, input_values: T, input_shape: int64, reduction_axes: int32) -> ({SparseOutputs}) {{ keep_dims: bool = false }}", _ => SparseOfRank(-1), 0);

    static readonly OpDefinition SparseReduceSumOp = SparseReduce("SparseReduceSum"), SparseReduceMaxOp = SparseReduce("SparseReduceMax"),
        SparseReduceSumSparseOp = SparseReduceToSparse("SparseReduceSumSparse"), SparseReduceMaxSparseOp = SparseReduceToSparse("SparseReduceMaxSparse");

    static readonly OpDefinition SparseConcatOp = Define($"SparseConcat(indices: N*int64, values: N*T, shapes: N*int64) -> ({SparseOutputs}) {{ concat_dim: int }}", c =>
    {
        var (count, rank) = (c.Inputs.Length / 3, -1L);
        for (var i = 0; i < count; i++)
        {
            var (_, one) = RequireSparse(c, i, count + i, (2 * count) + i);
            if (rank >= 0 && one >= 0 && one != rank) throw c.Fail($"sparse tensors of rank {rank}", $"rank {one}");
            rank = Math.Max(rank, one);
        }
        if (rank >= 0) ShapeRules.Axis(c, c.Get<long>("concat_dim"), (int)rank);
        return SparseOfRank(rank);
    }, differentiable: false, checksFirst: true);

    static readonly OpDefinition SparseSliceOp = Sparse($"SparseSlice(indices: int64, values: T, shape: int64, start: int64, size: int64) -> ({SparseOutputs})", c =>
    {
        for (var i = 3; i < 5; i++)
        {
            if (c[i] is { HasRank: true } given && given.Rank != 1) throw c.Fail("starts and sizes as vectors", given.ToString());
            RequireSameRank(c, 2, i);
        }
        return SparseOfRank(RankOf(c, 2, 0));
    }, 0);

    static readonly OpDefinition SparseSplitOp = Sparse(
        "SparseSplit(split_dim: int64, indices: int64, values: T, shape: int64) -> (output_indices: num_split*int64, output_values: num_split*T, output_shape: num_split*int64) { num_split: int }", c =>
        {
            var (count, shapes) = (c.Int("num_split"), SparseOfRank(RankOf(c, 3, 1)));
            return [.. shapes.SelectMany(s => Enumerable.Repeat(s, count))];
        }, 1);

    static readonly OpDefinition SparseFillEmptyRowsOp = Sparse("SparseFillEmptyRows(indices: int64, values: T, dense_shape: int64, default_value: T) -> " +
        "(output_indices: int64, output_values: T, empty_row_indicator: bool, reverse_index_map: int64)", c =>
        {
            if (!c[3].IsCompatibleWith(Shape.Scalar)) throw c.Fail("a default as a scalar", c[3].ToString());
            if (RankOf(c, 2, 0) == 0) throw c.Fail("a dense shape with rows", "rank 0");
            return [Shape.OfSymbolic(-1, RankOf(c, 2, 0)), Shape.OfRank(1), Shape.OfSymbolic(c.Known(2)?[0] is >= 0 and var rows ? rows : -1), c[1].HasRank ? c[1] : Shape.OfRank(1)];
        }, 0);

    static readonly OpDefinition SparseAddOp = Sparse("SparseAdd(a_indices: int64, a_values: T, a_shape: int64, b_indices: int64, b_values: T, b_shape: int64, thresh: Treal) -> (sum_indices: int64, sum_values: T, sum_shape: int64)", c =>
    {
        RequireSameRank(c, 2, 5);
        if (!c[6].IsCompatibleWith(Shape.Scalar)) throw c.Fail("a threshold as a scalar", c[6].ToString());
        return SparseOfRank(RankOf(c, 2, 0));
    }, 0, 3);

    static readonly OpDefinition SparseDenseAddOp = Sparse("SparseTensorDenseAdd(a_indices: Tindices, a_values: T, a_shape: Tindices, b: T) -> (output: T)", c =>
    {
        if (c[3].HasRank && RankOf(c, 2, 0) is >= 0 and var rank && rank != c[3].Rank) throw c.Fail($"a dense tensor of rank {rank}", c[3].ToString());
        return [c[3]];
    }, 0);

    static OpDefinition SparsePairs(string name) => Sparse(
        $"{name}(a_indices: int64, a_values: T, a_shape: int64, b_indices: int64, b_values: T, b_shape: int64) -> (output_indices: int64, output_values: T)", c =>
        {
            RequireSameRank(c, 2, 5);
            return SparseOfRank(RankOf(c, 2, 0))[..2];
        }, 0, 3);

    static readonly OpDefinition SparseMaximumOp = SparsePairs("SparseSparseMaximum"), SparseMinimumOp = SparsePairs("SparseSparseMinimum");

    static readonly OpDefinition SoftmaxOfSparseOp = Sparse("SparseSoftmax(sp_indices: int64, sp_values: T, sp_shape: int64) -> (output: T)",
        c => RankOf(c, 2, 0) is 0 or 1 ? throw c.Fail("a sparse tensor of rank 2 or more", $"rank {RankOf(c, 2, 0)}") : [c[1]], 0);

    static OpDefinition SparseWithDense(string name) => Sparse($"{name}(sp_indices: int64, sp_values: T, sp_shape: int64, dense: T) -> (output: T)", c => [c[1]], 0);

    static readonly OpDefinition SparseDenseMulOp = SparseWithDense("SparseDenseCwiseMul"), SparseDenseDivOp = SparseWithDense("SparseDenseCwiseDiv"), SparseDenseCwiseAddOp = SparseWithDense("SparseDenseCwiseAdd");

    static readonly OpDefinition DenseCountOp = Define("DenseCountSparseOutput(values: T, weights: output_type) -> (output_indices: int64, output_values: output_type, output_dense_shape: int64) " +
        "{ minlength: int = -1, maxlength: int = -1, binary_output: bool }", c =>
        {
            if (c[0] is { HasRank: true } values && values.Rank is 0 or > 2) throw c.Fail("values as a vector or a matrix", values.ToString());
            if (Dimension(c[0], 0) == 0) throw c.Fail("at least one row of values", c[0].ToString());
            if (c[1] is { IsFullyKnown: true, ElementCount: > 0 } weights && !weights.IsCompatibleWith(c[0])) throw c.Fail($"weights of shape {c[0]}, or none", weights.ToString());
            return SparseOfRank(c[0].HasRank ? c[0].Rank : -1);
        }, differentiable: false, checksFirst: true);

    /// <summary>The edit distance of each pair of sequences, which run along the last axis.</summary>
    static readonly OpDefinition EditDistanceOp = Define("EditDistance(hypothesis_indices: int64, hypothesis_values: T, hypothesis_shape: int64, truth_indices: int64, truth_values: T, truth_shape: int64) -> (output: float32) { normalize: bool = true }", c =>
    {
        RequireSparse(c, 0, 1, 2);
        RequireSparse(c, 3, 4, 5);
        RequireSameRank(c, 2, 5);
        var rank = Math.Max(RankOf(c, 2, 0), RankOf(c, 5, 3));
        if (rank is 0 or 1) throw c.Fail("sparse tensors of rank 2 or more", $"rank {rank}");
        return [c.Known(2) is { } first && c.Known(5) is { } second && first.Length == second.Length ? new Shape([.. first.Zip(second, Math.Max).SkipLast(1)]) : Shape.Unknown];
    }, differentiable: false, checksFirst: true);

    const string Crossed = "indices: N*int64, values: [sparse_types], shapes: N*int64, dense_inputs: [dense_types]";

    static OpDefinition SparseCross(string signature) => Define(signature, c =>
    {
        var (count, values, dense) = (c.Int("N"), c.Get<DType[]>("sparse_types").Length, c.Get<DType[]>("dense_types").Length);
        if (values != count) throw c.Fail($"{count} lists of values", $"{values}");
        if (count + dense == 0) throw c.Fail("at least one column", "none");
        for (var i = 0; i < count; i++)
            if (RequireSparse(c, i, count + i, (2 * count) + i) is (_, >= 0 and not 2) and var (_, rank)) throw c.Fail("sparse matrices", $"rank {rank}");
        for (var i = 3 * count; i < (3 * count) + dense; i++)
            if (c[i] is { HasRank: true } given && given.Rank != 2) throw c.Fail("dense columns as matrices", given.ToString());
        return SparseOfRank(2);
    }, differentiable: false, checksFirst: true);

    static readonly OpDefinition SparseCrossOp = SparseCross($"SparseCross({Crossed}) -> (output_indices: int64, output_values: out_type, output_shape: int64) " +
        "{ hashed_output: bool, num_buckets: int, hash_key: int, out_type: type, internal_type: type }");
    static readonly OpDefinition SparseCrossV2Op = SparseCross($"SparseCrossV2({Crossed}, sep: string) -> (output_indices: int64, output_values: string, output_shape: int64)");

    static readonly OpDefinition SetOperationOp = Define("DenseToDenseSetOperation(set1: T, set2: T) -> (result_indices: int64, result_values: T, result_shape: int64) { set_operation: string, validate_indices: bool = true }", c =>
    {
        for (var i = 0; i < 2; i++)
            if (c[i] is { HasRank: true } set && set.Rank < 2) throw c.Fail("sets as rows of a matrix", set.ToString());
        if (c[0].HasRank && c[1].HasRank && (c[0].Rank != c[1].Rank || !c[0][..^1].IsCompatibleWith(c[1][..^1]))) throw c.Fail($"as many sets as in {c[0]}", c[1].ToString());
        return SparseOfRank(c[0].HasRank ? c[0].Rank : c[1].HasRank ? c[1].Rank : -1);
    }, differentiable: false, checksFirst: true);

    static readonly OpDefinition SetSizeOp = Sparse("SetSize(set_indices: int64, set_values: T, set_shape: int64) -> (size: int32) { validate_indices: bool = true }",
        c => [c.Known(2) is { Length: > 0 } dims && Array.TrueForAll(dims, d => d >= 0) ? new Shape(dims.AsSpan(0, dims.Length - 1)) : Shape.Unknown], 0);
}
