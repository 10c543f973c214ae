namespace Keras.Tests.Ops;

static partial class OpCases
{
    /// <summary>A sparse matrix (3, 4) of five values, as three inputs.</summary>
    static OpInput[] Sparse3x4(OpInput values) => [Longs(5, 2, 0, 1, 0, 3, 1, 0, 1, 2, 2, 3), values, new(HostTensor.Vector(3L, 4L))];

    static OpInput Longs(long rows, long columns, params long[] values) => new(HostTensor.Of<long>(values, new Shape(rows, columns)));

    static OpInput[] Unsorted => [Longs(3, 2, 2, 0, 0, 3, 0, 1), new(HostTensor.Vector(1f, 2f, 3f)), new(HostTensor.Vector(3L, 4L))];

    static OpInput[] SparseTexts => [Longs(4, 2, 0, 0, 0, 1, 2, 0, 2, 2), new(HostTensor.OfStrings(new Shape(4), [.. new[] { "a", "b", "c", "d" }.Select(System.Text.Encoding.UTF8.GetBytes)])), new(HostTensor.Vector(3L, 3L))];

    static OpInput Five(Numbers n) => n.X(5).WithoutGradient();

    static (string, object)[] CrossTypes(DType[] sparse, DType[] dense, params (string, object)[] more) => [("N", (long)sparse.Length), ("sparse_types", sparse), ("dense_types", dense), .. more];

    static IEnumerable<OpCase> SparseTensors => ((OpCase[])
    [
        Op("SparseReorder", n => Unsorted), Named("texts", "SparseReorder", n => SparseTexts),
        Op("SparseReshape", n => [Longs(2, 2, 0, 1, 2, 3), new(HostTensor.Vector(3L, 4L)), new(HostTensor.Vector(-1L, 2L, 3L))]),
        Op("SparseTensorDenseMatMul", n => [.. Sparse3x4(Five(n)), n.X(4, 2).WithoutGradient()]),
        Named("adjoint", "SparseTensorDenseMatMul", n => [.. Sparse3x4(Five(n)), n.X(2, 3).WithoutGradient()], ("adjoint_a", true), ("adjoint_b", true)),
        .. new[] { "SparseReduceSum", "SparseReduceMax", "SparseReduceSumSparse", "SparseReduceMaxSparse" }.SelectMany(op => new[]
        {
            Op(op, n => [.. Sparse3x4(Five(n)), n.Vector(1)]), Named("keeps", op, n => [.. Sparse3x4(n.Ints(-5, 5, 5)), n.Vector(-2)], ("keep_dims", true)),
        }),
        Op("SparseConcat", n => [Unsorted[0], SparseTexts[0], Unsorted[1], new(HostTensor.Vector(5f, 6f, 7f, 8f)), Unsorted[2], SparseTexts[2]], ("concat_dim", 1L)),
        Op("SparseSlice", n => [.. Sparse3x4(Five(n)), new(HostTensor.Vector(0L, 1L)), new(HostTensor.Vector(2L, 9L))]),
        Op("SparseSplit", n => [new(HostTensor.Scalar(1L)), .. Sparse3x4(Five(n))], ("num_split", 3L)),
        Op("SparseFillEmptyRows", n => [.. SparseTexts, Text("none")]),
        Op("SparseAdd", n => [.. Sparse3x4(Five(n)), Longs(2, 2, 0, 1, 0, 2), n.X(2).WithoutGradient(), new(HostTensor.Vector(3L, 4L)), new(HostTensor.Scalar(0.5))]),
        Op("SparseTensorDenseAdd", n => [.. Sparse3x4(Five(n)), n.X(3, 4).WithoutGradient()]),
        .. new[] { "SparseSparseMaximum", "SparseSparseMinimum" }.Select(op => Op(op, n => [.. Sparse3x4(Five(n)), Longs(2, 2, 0, 1, 0, 2), n.X(2).WithoutGradient(), new(HostTensor.Vector(3L, 4L))])),
        Op("SparseSoftmax", n => Sparse3x4(Five(n))),
        .. new[] { "SparseDenseCwiseMul", "SparseDenseCwiseDiv", "SparseDenseCwiseAdd" }.SelectMany(op => new[]
        {
            Op(op, n => [.. Sparse3x4(Five(n)), n.NonZero(3, 4).WithoutGradient()]), Named("stretched", op, n => [.. Sparse3x4(Five(n)), n.NonZero(4).WithoutGradient()]),
        }),
        Op("DenseCountSparseOutput", n => [n.Ids(5, 2, 6), Numbers32()], ("binary_output", false), ("minlength", 3L)),
        Named("weights", "DenseCountSparseOutput", n => [n.Ids(5, 6), n.X(6).WithoutGradient()], ("binary_output", false), ("maxlength", 4L)),
        Op("SparseCross", n => [SparseTexts[0], SparseTexts[0], SparseTexts[1], Int64(7, 8, 9, 10), SparseTexts[2], SparseTexts[2], Longs(3, 1, 4, 5, 6)],
            CrossTypes([DType.String, DType.Int64], [DType.Int64], ("hashed_output", true), ("num_buckets", 1L << 40), ("hash_key", 956888297470L), ("out_type", DType.Int64), ("internal_type", DType.Int64))),
        Named("hashed texts", "SparseCross", n => [SparseTexts[0], SparseTexts[1], SparseTexts[2], new(HostTensor.OfStrings(new Shape(3, 1), [.. "xyz".Select(l => new[] { (byte)l })]))],
            CrossTypes([DType.String], [DType.String], ("hashed_output", true), ("num_buckets", 1000L), ("hash_key", 7L), ("out_type", DType.Int64), ("internal_type", DType.String))),
        Named("texts", "SparseCross", n => [SparseTexts[0], SparseTexts[1], SparseTexts[2], new(HostTensor.OfStrings(new Shape(3, 2), [.. "uvwxyz".Select(l => new[] { (byte)l })]))],
            CrossTypes([DType.String], [DType.String], ("hashed_output", false), ("num_buckets", 0L), ("hash_key", 1L), ("out_type", DType.String), ("internal_type", DType.String))),
        Op("SparseCrossV2", n => [SparseTexts[0], SparseTexts[0], SparseTexts[1], Int64(7, 8, 9, 10), SparseTexts[2], SparseTexts[2], Text("-")], CrossTypes([DType.String, DType.Int64], [])),
        .. new[] { "union", "intersection", "a-b", "b-a" }.Select(operation => Named(operation, "DenseToDenseSetOperation", n => [Longs(2, 3, 5, 1, 5, 2, 9, 3), Longs(2, 2, 1, 7, 2, 3)], ("set_operation", operation))),
        Named("texts", "DenseToDenseSetOperation", n => [new(HostTensor.OfStrings(new Shape(1, 2), [[98], [97]])), new(HostTensor.OfStrings(new Shape(1, 2), [[99], [97]]))], ("set_operation", "union")),
        Op("SetSize", n => [Longs(4, 2, 0, 0, 0, 1, 0, 2, 2, 0), Int64(5, 5, 6, 7), new(HostTensor.Vector(3L, 4L))]),
    ]).Select(c => c with { Xla = false, IsDynamic = true, Relaxes = false });
}
