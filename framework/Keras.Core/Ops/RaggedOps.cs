namespace Keras.Graphs;

/// <summary>Ragged tensors: row splits, outermost first, and flat values; or opaque variants, which loops read row by row.</summary>
/// <remarks>Source: tensorflow/core/ops/ragged_array_ops.cc and ragged_conversion_ops.cc.</remarks>
static partial class Tf
{
    static void RequireSplits(ShapeContext c, int count, int values)
    {
        for (var i = 0; i < count; i++)
            if (c[i] is { HasRank: true } splits && (splits.Rank != 1 || splits[0] == 0)) throw c.Fail("row splits as vectors of at least one element", splits.ToString());
        if (count > 0 && c[values] is { HasRank: true, Rank: 0 }) throw c.Fail("values with an axis of rows", "a scalar");
    }

    static readonly OpDefinition RaggedGatherOp = Define("RaggedGather(params_nested_splits: PARAMS_RAGGED_RANK*Tsplits, params_dense_values: Tvalues, indices: Tindices) -> " +
        "(output_nested_splits: OUTPUT_RAGGED_RANK*Tsplits, output_dense_values: Tvalues) { OUTPUT_RAGGED_RANK: int }", c =>
        {
            var (rank, wanted) = (c.Inputs.Length - 2, c.Int("OUTPUT_RAGGED_RANK"));
            RequireSplits(c, rank, rank);
            if (c[c.Inputs.Length - 1] is { HasRank: true } indices && rank + indices.Rank - 1 != wanted) throw c.Fail($"{wanted} ragged axes after taking rows", $"{rank + indices.Rank - 1}");
            return [.. Enumerable.Repeat(Shape.OfRank(1), wanted), c[rank].HasRank ? Shape.OfRank(1).Concat(c[rank][1..]) : Shape.Unknown];
        }, differentiable: false, checksFirst: true);

    static readonly OpDefinition RaggedToSparseOp = Define(
        "RaggedTensorToSparse(rt_nested_splits: RAGGED_RANK*Tsplits, rt_dense_values: T) -> (sparse_indices: int64, sparse_values: T, sparse_dense_shape: int64)", c =>
        {
            var rank = c.Inputs.Length - 1;
            RequireSplits(c, rank, rank);
            return SparseOfRank(c[rank].HasRank ? rank + c[rank].Rank : -1);
        }, differentiable: false, checksFirst: true);

    /// <summary>Crosses features: every combination of a row's features, one per column; letters give the order of ragged, sparse and dense columns.</summary>
    static readonly OpDefinition RaggedCrossOp = Define("RaggedCross(ragged_values: [ragged_values_types], ragged_row_splits: [ragged_splits_types], sparse_indices: Nsparse*int64, " +
        "sparse_values: [sparse_values_types], sparse_shape: Nsparse*int64, dense_inputs: [dense_types]) -> (output_values: out_values_type, output_row_splits: out_row_splits_type) " +
        "{ input_order: string, hashed_output: bool, num_buckets: int, hash_key: int, out_values_type: type, out_row_splits_type: type }", c =>
        {
            var (ragged, splits, sparse, values, dense) = (c.Get<DType[]>("ragged_values_types").Length, c.Get<DType[]>("ragged_splits_types").Length, c.Int("Nsparse"),
                c.Get<DType[]>("sparse_values_types").Length, c.Get<DType[]>("dense_types").Length);
            if (ragged != splits) throw c.Fail($"{ragged} lists of row splits", $"{splits}");
            if (values != sparse) throw c.Fail($"{sparse} lists of values", $"{values}");
            var order = c.Get<string>("input_order");
            if (order.Count(l => l == 'R') != ragged || order.Count(l => l == 'S') != sparse || order.Count(l => l == 'D') != dense || order.Length != ragged + sparse + dense || order.Length == 0)
                throw c.Fail($"an order of {ragged} ragged, {sparse} sparse and {dense} dense columns, at least one", $"\"{order}\"");
            for (var i = 0; i < 2 * ragged; i++)
                if (c[i] is { HasRank: true } given && (given.Rank != 1 || (i >= ragged && given[0] == 0))) throw c.Fail("ragged columns of rank 2", given.ToString());
            for (var i = 2 * ragged; i < (2 * ragged) + sparse; i++)
                if (RequireSparse(c, i, sparse + i, (2 * sparse) + i) is (_, >= 0 and not 2) and var (_, rank)) throw c.Fail("sparse matrices", $"rank {rank}");
            for (var i = c.Inputs.Length - dense; i < c.Inputs.Length; i++)
                if (c[i] is { HasRank: true } given && given.Rank != 2) throw c.Fail("dense columns as matrices", given.ToString());
            return [Shape.OfRank(1), Shape.OfRank(1)];
        }, differentiable: false, checksFirst: true);

    static readonly OpDefinition RaggedToVariantOp = Define("RaggedTensorToVariant(rt_nested_splits: RAGGED_RANK*Tsplits, rt_dense_values: Tvalues) -> (encoded_ragged: variant) { Tsplits: type = int64, batched_input: bool }", c =>
    {
        var rank = c.Inputs.Length - 1;
        RequireSplits(c, rank, rank);
        if (!c.Get<bool>("batched_input")) return [Shape.Scalar];
        if (c[rank] is { HasRank: true, Rank: 0 }) throw c.Fail("values with an axis of rows", "a scalar");
        return [Shape.OfSymbolic(rank == 0 ? (c[0].HasRank ? c[0][0] : -1) : c[0].HasRank && c[0][0] > 0 ? c[0][0] - 1 : -1)];
    }, differentiable: false, checksFirst: true);

    static readonly OpDefinition RaggedFromVariantOp = Define("RaggedTensorFromVariant(encoded_ragged: variant) -> (output_nested_splits: output_ragged_rank*Tsplits, output_dense_values: Tvalues) " +
        "{ input_ragged_rank: int, output_ragged_rank: int, Tvalues: type, Tsplits: type = int64 }", c =>
        {
            var (inner, rank) = (c.Get<long>("input_ragged_rank"), c.Int("output_ragged_rank"));
            if (c[0].HasRank && inner >= 0 && rank != inner + c[0].Rank) throw c.Fail($"{inner + c[0].Rank} ragged axes", $"{rank}");
            return [.. Enumerable.Repeat(Shape.OfRank(1), rank), Shape.Unknown];
        }, differentiable: false);
}
