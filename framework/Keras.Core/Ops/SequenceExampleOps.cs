namespace Keras.Graphs;

/// <summary>Parses tf.train.SequenceExample records: features of the whole record, like those of tf.train.Example, and lists with one feature per step.</summary>
/// <remarks>Source: tensorflow/core/ops/parsing_ops.cc.</remarks>
static partial class Tf
{
    static readonly OpDefinition ParseSequenceExampleOp = Define(
        "ParseSequenceExampleV2(serialized: string, debug_name: string, context_sparse_keys: string, context_dense_keys: string, context_ragged_keys: string, " +
        "feature_list_sparse_keys: string, feature_list_dense_keys: string, feature_list_ragged_keys: string, feature_list_dense_missing_assumed_empty: bool, context_dense_defaults: [Tcontext_dense]) -> " +
        "(context_sparse_indices: Ncontext_sparse*int64, context_sparse_values: [context_sparse_types], context_sparse_shapes: Ncontext_sparse*int64, context_dense_values: [Tcontext_dense], " +
        "context_ragged_values: [context_ragged_value_types], context_ragged_row_splits: [context_ragged_split_types], feature_list_sparse_indices: Nfeature_list_sparse*int64, " +
        "feature_list_sparse_values: [feature_list_sparse_types], feature_list_sparse_shapes: Nfeature_list_sparse*int64, feature_list_dense_values: [feature_list_dense_types], " +
        "feature_list_dense_lengths: Nfeature_list_dense*int64, feature_list_ragged_values: [feature_list_ragged_value_types], feature_list_ragged_outer_splits: [feature_list_ragged_split_types], " +
        "feature_list_ragged_inner_splits: [feature_list_ragged_split_types]) " +
        "{ Ncontext_sparse: int = 0, context_sparse_types: list(type) = [], context_ragged_value_types: list(type) = [], context_ragged_split_types: list(type) = [], context_dense_shapes: list(shape) = [], " +
        "Nfeature_list_sparse: int = 0, Nfeature_list_dense: int = 0, feature_list_dense_types: list(type) = [], feature_list_sparse_types: list(type) = [], " +
        "feature_list_ragged_value_types: list(type) = [], feature_list_ragged_split_types: list(type) = [], feature_list_dense_shapes: list(shape) = [] }", c =>
        {
            int Types(string name) => c.Get<DType[]>(name).Length;
            int Same(int count, int other, string what) => count == other ? count : throw c.Fail($"{count} {what}", $"{other}");
            const int FirstDefault = 9;
            var sparse = Same(Types("context_sparse_types"), c.Int("Ncontext_sparse"), "sparse features");
            var ragged = Same(Types("context_ragged_value_types"), Types("context_ragged_split_types"), "types of row splits");
            var listSparse = Same(Types("feature_list_sparse_types"), c.Int("Nfeature_list_sparse"), "sparse lists");
            var listDense = Same(Types("feature_list_dense_types"), c.Int("Nfeature_list_dense"), "dense lists");
            var listRagged = Same(Types("feature_list_ragged_value_types"), Types("feature_list_ragged_split_types"), "types of row splits");
            var listShapes = c.Get<Shape[]>("feature_list_dense_shapes");
            Same(listDense, listShapes.Length, "shapes of dense lists");
            var dense = c.Inputs.Length - FirstDefault;
            int[] counts = [sparse, dense, ragged, listSparse, listDense, listRagged, listDense];
            for (var i = 0; i < counts.Length; i++) RequireKeys(c, 2 + i, counts[i]);
            foreach (var shape in c.Get<Shape[]>("context_dense_shapes").Concat(listShapes))
                if (!shape.IsFullyKnown) throw c.Fail("dense shapes that are known", shape.ToString());
            var records = RequireRecords(c, 1);
            var rank = records.HasRank ? records.Rank : -1;
            Shape Rows(int axes) => rank < 0 ? Shape.OfRank(1) : new Shape(rank + axes);
            // For a single record TensorFlow leaves the row splits unspecified.
            var rows = rank < 0 ? Shape.Unknown : rank == 0 ? Shape.Scalar : Shape.OfRank(1);
            Shape Places(int axes) => Shape.OfSymbolic(-1, rank < 0 ? -1 : rank + axes);
            return
            [
                .. ExampleShapes(c, records, sparse, FirstDefault, "context_dense_shapes"), .. Enumerable.Repeat(Shape.OfRank(1), ragged), .. Enumerable.Repeat(rows, ragged),
                .. Enumerable.Repeat(Places(2), listSparse), .. Enumerable.Repeat(Shape.OfRank(1), listSparse), .. Enumerable.Repeat(Rows(2), listSparse),
                .. listShapes.Select(s => records.HasRank ? records.Concat(Shape.OfSymbolic(-1)).Concat(s) : Shape.Unknown), .. Enumerable.Repeat(records, listDense),
                .. Enumerable.Repeat(Shape.OfRank(1), listRagged), .. Enumerable.Repeat(rows, listRagged), .. Enumerable.Repeat(Shape.OfRank(1), listRagged),
            ];
        }, differentiable: false, checksFirst: true);
}
