using Keras.Graphs;

namespace Keras.Tests.Ops;

static partial class OpCases
{
    static (string, object) Elements(DType dtype) => ("element_dtype", dtype);

    /// <summary>One output of an op on lists.</summary>
    static Tensor On(string op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) => Dispatch.Run(Graphs.GraphFixture.Op(op), inputs, Attributes.Of(attributes));

    static Tensor Index(int value) => Tf.Int32Scalar(value);

    static Tensor Reserve(DType dtype, int count, params int[] shape) => On("TensorListReserve", [Tf.Int32(shape), Index(count)], Elements(dtype));

    static Tensor OfRows(Tensor rows, params int[] shape) => On("TensorListFromTensor", [rows, Tf.Int32(shape)]);

    static Tensor SetItem(Tensor list, int index, Tensor item, bool resizes = false) => On("TensorListSetItem", [list, Index(index), item], ("resize_if_index_out_of_bounds", resizes));

    static Tensor GetItem(Tensor list, int index, DType dtype, params int[] shape) => On("TensorListGetItem", [list, Index(index), Tf.Int32(shape)], Elements(dtype));

    static Tensor Stacked(Tensor list, DType dtype, params int[] shape) => On("TensorListStack", [list, Tf.Int32(shape)], Elements(dtype));

    static Tensor Length(Tensor list) => On("TensorListLength", [list]);

    static OpCase List(string name, Func<Numbers, OpInput[]> inputs, Func<Tensor[], Tensor[]> run) => new(name, inputs, run) { Xla = false, IsDynamic = true };

    static OpInput Rows(Numbers n, params long[] dims) => n.X(dims).WithoutGradient();

    static OpInput Places(params int[] values) => new(HostTensor.Vector<int>(values), IsConstant: true);

    static IEnumerable<OpCase> Parts =>
    [
        Op("DynamicPartition", n => [Rows(n, 5, 2), Places(1, 0, 2, 1, 1)], ("num_partitions", 4)) with { Xla = false, IsDynamic = true },
        Named("elements of strings", "DynamicPartition", n => [n.Strings("a", "b", "c"), Places(1, 0, 1)], ("num_partitions", 2)) with { Xla = false, IsDynamic = true, Relaxes = false },
        .. new[] { "DynamicStitch", "ParallelDynamicStitch" }.SelectMany(op => new[]
        {
            Op(op, n => [Places(4, 0), Places(1, 2, 3), Rows(n, 2, 2), Rows(n, 3, 2)]) with { Xla = false, IsDynamic = true },
            Named("scalars", op, n => [n.Scalar(1), Places(0, 2), Rows(n), Rows(n, 2)]) with { Xla = false, IsDynamic = true },
        }),
        Op("SparseToDense", n => [n.Matrix(2, 0, 1, 2, 0), n.Vector(3, 2), Rows(n, 2), Rows(n)]) with { Xla = false },
        Named("one value", "SparseToDense", n => [n.Vector(1, 3), n.Vector(5), Rows(n), Rows(n)]) with { Xla = false },
        Named("strings", "SparseToDense", n => [n.Scalar(1), n.Vector(3), Text("a"), Text("")]) with { Xla = false },
        Op("BroadcastArgs", n => [n.Vector(3, 1, 4), n.Vector(2, 1)]) with { Xla = false },
        Op("Cross", n => [n.X(4, 3), n.X(4, 3)]),
        Op("RaggedBincount", n => [Int64(0, 2, 2, 5), n.Ids(4, 5), n.Scalar(3), Rows(n, 5)]) with { Xla = false, Relaxes = false },
        Named("without weights", "RaggedBincount", n => [Int64(0, 2, 5), n.Ids(4, 5), n.Scalar(6), Numbers.Data(HostTensor.Vector<float>())], ("binary_output", true)) with { Xla = false, Relaxes = false },
        Op("XlaDynamicSlice", n => [Rows(n, 4, 5), n.Vector(1, 9), n.Vector(2, 3)]) with { Relaxes = false },
        Op("XlaDynamicUpdateSlice", n => [Rows(n, 4, 5), Rows(n, 2, 3), n.Vector(-1, 1)]) with { Relaxes = false },
    ];

    static OpInput Text(string value) => new(HostTensor.From(value));

    static IEnumerable<OpCase> Draws =>
    [
        Op("StatelessRandomGetKeyCounter", n => [n.Vector(1, 2)]) with { Xla = false }, Op("StatelessRandomGetAlg", n => []) with { Xla = false },
        .. new[] { DType.Float32, DType.Float64, DType.Float16 }.Select(d => Named($"{d}", "StatelessRandomUniformV2", n => [n.Vector(3, 5), Key, Counter, n.Scalar(1)], ("dtype", d)) with { Xla = false }),
        .. new[] { DType.Float32, DType.Float64 }.Select(d => Named($"{d}", "StatelessRandomNormalV2", n => [n.Vector(3, 5), Key, Counter, n.Scalar(1)], ("dtype", d)) with { Xla = false, Tolerance = 1e-6 }),
        Op("StatelessRandomUniformIntV2", n => [n.Vector(3, 5), Key, Counter, n.Scalar(1), n.Scalar(-3), n.Scalar(9)]) with { Xla = false },
        Named("long", "StatelessRandomUniformIntV2", n => [n.Vector(3, 5), Key, Counter, n.Scalar(1), ConstantScalar(-3L), ConstantScalar(1L << 40)]) with { Xla = false },
        Op("StatelessMultinomial", n => [Rows(n, 2, 6), n.Scalar(9), n.Vector(3, 4)]) with { Xla = false },
    ];

    static IEnumerable<OpCase> Lists =>
    [
        List("a list from rows, read and stacked", n => [Rows(n, 3, 2)], x => OfRows(x[0], 2) is var list
            ? [GetItem(list, 2, x[0].dtype, 2), Stacked(list, x[0].dtype, 2), Length(list), On("TensorListElementShape", [list], ("shape_type", DType.Int64))] : []),
        List("a list whose elements were never set is zeros", n => [Rows(n, 2)], x => Reserve(x[0].dtype, 3, -1) is var list
            ? [Stacked(SetItem(list, 1, x[0]), x[0].dtype, -1), GetItem(SetItem(list, 1, x[0]), 0, x[0].dtype, -1), Stacked(list, x[0].dtype, 4)] : []),
        List("a changed list leaves the old one", n => [Rows(n, 3, 2), Rows(n, 2)], x => OfRows(x[0], 2) is var list && SetItem(list, 0, x[1]) is var changed
            ? [Stacked(list, x[0].dtype, 2), Stacked(changed, x[0].dtype, 2), Stacked(SetItem(changed, 2, x[1]), x[0].dtype, 2)] : []),
        List("a list that grows where it is set", n => [Rows(n, 2)], x => SetItem(Reserve(x[0].dtype, 1, 2), 3, x[0], resizes: true) is var list ? [Length(list), Stacked(list, x[0].dtype, 2)] : []),
        List("a list of strings", n => [n.Strings("a", "größe", "")], x => OfRows(x[0], []) is var list
            ? [Stacked(On("TensorListResize", [list, Index(5)]), DType.String), GetItem(list, 1, DType.String)] : []),
        List("a list that is pushed to and popped from", n => [Rows(n, 2), Rows(n, 2)], x =>
        {
            var list = On("EmptyTensorList", [Tf.Int32(2), Index(-1)], Elements(x[0].dtype));
            list = On("TensorListPushBack", [On("TensorListPushBack", [list, x[0]]), x[1]]);
            var popped = Dispatch.RunAll(Graphs.GraphFixture.Op("TensorListPopBack"), [list, Tf.Int32(2)], Attributes.Of(Elements(x[0].dtype)));
            return [Stacked(list, x[0].dtype, 2), Stacked(popped[0], x[0].dtype, 2), popped[1]];
        }),
        List("a list of another length", n => [Rows(n, 3, 2)], x => OfRows(x[0], 2) is var list
            ? [Stacked(On("TensorListResize", [list, Index(2)]), x[0].dtype, 2), Stacked(On("TensorListResize", [list, Index(5)]), x[0].dtype, 2), Stacked(list, x[0].dtype, 2)] : []),
        List("gathered and scattered", n => [Rows(n, 3, 2)], x =>
        [
            On("TensorListGather", [OfRows(x[0], 2), Tf.Int32(2, 0, 2), Tf.Int32(2)], Elements(x[0].dtype)),
            Stacked(On("TensorListScatter", [x[0], Tf.Int32(4, 0, 1), Tf.Int32(2)]), x[0].dtype, 2),
            Stacked(On("TensorListScatterV2", [x[0], Tf.Int32(4, 0, 1), Tf.Int32(2), Index(7)]), x[0].dtype, 2),
            Stacked(On("TensorListScatterV2", [x[0], Tf.Int32(2, 0, 1), Tf.Int32(2), Index(-1)]), x[0].dtype, 2),
            Stacked(On("TensorListScatterIntoExistingList", [OfRows(x[0], 2), x[0], Tf.Int32(1, 5, 2)]), x[0].dtype, 2),
        ]),
        List("split and joined", n => [Rows(n, 6, 2)], x =>
        {
            var list = On("TensorListSplit", [x[0], Tf.Int32(-1, 2), Tf.Constant(HostTensor.Vector(1L, 0L, 5L))]);
            var joined = Dispatch.RunAll(Graphs.GraphFixture.Op("TensorListConcatV2"), [list, Tf.Int32(-1, 2), Tf.Constant(HostTensor.Vector<long>())], Attributes.Of(Elements(x[0].dtype)));
            return [.. joined, GetItem(list, 0, x[0].dtype, -1, 2)];
        }),
        List("joined with an element that was never set", n => [Rows(n, 2, 2)], x => Dispatch.RunAll(Graphs.GraphFixture.Op("TensorListConcatV2"),
            [SetItem(Reserve(x[0].dtype, 2, -1, 2), 1, x[0]), Tf.Int32(-1, 2), Tf.Constant(HostTensor.Vector(3L, 2L))], Attributes.Of(Elements(x[0].dtype)))),
        List("two lists as one", n => [Rows(n, 3, 2)], x => [Stacked(On("TensorListConcatLists", [OfRows(x[0], 2), OfRows(x[0], -1)], Elements(x[0].dtype)), x[0].dtype, 2)]),
        List("a loop that fills a list", n => [Rows(n, 5, 2)], x =>
        {
            var end = ControlFlow.While(v => Tf.Less(v[0], Index(5)),
                v => [v[0] + Index(1), On("TensorListSetItem", [v[1], v[0], Tf.Gather(x[0], v[0], 0) * 2]), On("TensorListPushBack", [v[2], v[0]])],
                [Index(0), Reserve(x[0].dtype, 5, 2), On("EmptyTensorList", [Tf.Int32(), Index(-1)], Elements(DType.Int32))]);
            return [Stacked(end[1], x[0].dtype, 2), Stacked(end[2], DType.Int32)];
        }),
        List("a branch that changes a list", n => [Rows(n, 3, 2), n.Bools()], x => OfRows(x[0], 2) is var list
            ? [Stacked(ControlFlow.If(x[1], () => [SetItem(list, 0, x[0][1])], () => [SetItem(list, 2, x[0][0])])[0], x[0].dtype, 2), Stacked(list, x[0].dtype, 2)] : []),
    ];
}
