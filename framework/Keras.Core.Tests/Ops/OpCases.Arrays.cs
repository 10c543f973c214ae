using Keras.Graphs;

namespace Keras.Tests.Ops;

static partial class OpCases
{
    static IEnumerable<OpCase> Shapes =>
    [
        Op("Const", n => [], ("value", HostTensor.Vector(1.5, 2.5)), ("dtype", DType.Float64)),
        Op("Identity", n => [n.X(2, 3)]), Op("StopGradient", n => [n.X(2, 3).WithoutGradient()]), Op("CheckNumerics", n => [n.X(2, 3)], ("message", "numbers")),
        Op("Cast", n => [n.X(2, 3)], ("DstT", DType.Float32)) with { Differences = (1e-2, 1e-4), Tolerance = 1e-6 },
        Named("to integers", "Cast", n => [n.In(-5, 5, 6).WithoutGradient()], ("DstT", DType.Int32)),
        Op("Shape", n => [n.X(2, 3).WithoutGradient()]), Op("Size", n => [n.X(2, 3).WithoutGradient()], ("out_type", DType.Int64)),
        Op("Rank", n => [n.X(2, 3).WithoutGradient()]),
        Op("ZerosLike", n => [n.X(2, 3).WithoutGradient()]), Op("OnesLike", n => [n.X(2, 3).WithoutGradient()]),
        Op("Fill", n => [n.Vector(2, 3), n.X()]), Op("EnsureShape", n => [n.X(2, 3)], ("shape", new Shape(-1, 3))),
        Op("Range", n => [n.Scalar(2), n.Scalar(11), n.Scalar(3)]), Named("down", "Range", n => [n.Scalar(5), n.Scalar(-1), n.Scalar(-2)]),
        Op("LinSpace", n => [n.X(), n.X(), n.Scalar(5)]), Named("one", "LinSpace", n => [n.X(), n.X(), n.Scalar(1)]),
        Op("Bitcast", n => [n.F32(2, 3).WithoutGradient()], ("type", DType.UInt16)),
        Named("joining", "Bitcast", n => [n.Ids(9, 3, 2)], ("type", DType.Int64)) with { Relaxes = false },
        Op("XlaOptimizationBarrier", n => [n.X(2, 3), n.X(3)]),
        Op("Reshape", n => [n.X(2, 6), n.Vector(3, -1)]), Named("to a scalar", "Reshape", n => [n.X(1, 1), n.Vector()]),
        Program("Reshape by computed shape", n => [n.X(2, 6)], x => Tf.Reshape(x[0], Tf.Stack([Tf.DimOf(x[0], 0), Tf.Int32Scalar(-1), Tf.Int32Scalar(2)], 0))),
        Op("ExpandDims", n => [n.X(2, 3), n.Scalar(1)]), Named("at the end", "ExpandDims", n => [n.X(2, 3), n.Scalar(-1)]),
        Op("Squeeze", n => [n.X(1, 3, 1)], ("squeeze_dims", new[] { 0, -1 })), Named("all", "Squeeze", n => [n.X(1, 3, 1)]) with { IsDynamic = true },
        Op("Transpose", n => [n.X(2, 3, 4), n.Vector(2, 0, 1)]), Op("InvertPermutation", n => [n.Vector(2, 0, 1)]),
        Op("BroadcastTo", n => [n.X(3, 1), n.Vector(2, 3, 4)]), Op("Tile", n => [n.X(2, 3), n.Vector(2, 3)]),
        Named("a scalar", "Tile", n => [n.X(), n.Vector()]),
        Op("ReverseV2", n => [n.X(2, 3, 2), n.Vector(0, -1)]),
        Op("ReverseSequence", n => [n.X(3, 4, 2), Numbers.Data(HostTensor.Vector(1, 4, 2))], ("seq_dim", 1)),
        Op("Roll", n => [n.X(3, 4), n.Vector(1, -2), n.Vector(0, 1)]),
    ];

    static IEnumerable<OpCase> Joining =>
    [
        Op("Pack", n => [n.X(2, 3), n.X(2, 3)], ("axis", 1)), Named("at the end", "Pack", n => [n.X(2), n.X(2), n.X(2)], ("axis", -1)),
        Op("Unpack", n => [n.X(2, 3).Knowing(1)], ("num", 3), ("axis", 1)),
        Program("Unpack of which one is used", n => [n.X(2, 3).Knowing(1)], x => Tf.Unstack(x[0], 1, 3)[1]),
        Op("ConcatV2", n => [n.X(2, 3), n.X(2, 1), n.X(2, 2), n.Scalar(-1)]), Named("first axis", "ConcatV2", n => [n.X(2, 3), n.X(4, 3), n.Scalar(0)]),
        Op("Split", n => [n.Scalar(1), n.X(2, 6).Knowing(1)], ("num_split", 3)),
        Op("SplitV", n => [n.X(2, 6), n.Vector(1, 3, 2), n.Scalar(-1)], ("num_split", 3)),
        Program("Split of which one is used", n => [n.X(6, 2).Knowing(0)], x => Tf.Split(x[0], 3, 0)[1]),
    ];

    static OpCase Slice(string name, long[] dims, int[] begin, int[] end, int[] strides, params (string, object)[] masks) =>
        Named(name, "StridedSlice", n => [n.X(dims), n.Vector(begin), n.Vector(end), n.Vector(strides)], masks);

    static IEnumerable<OpCase> Slicing =>
    [
        Op("Slice", n => [n.X(3, 4), n.Vector(1, 0), n.Vector(2, -1)]),
        Named("from a place known at run time", "Slice", n => [n.X(5, 4), Numbers.Data(HostTensor.Vector(1, 2)).Knowing(0),
            n.Vector(2, 2)]) with { Relaxes = false },
        Slice("plain", [4, 5], [1, 0], [3, 4], [1, 2]), Slice("negative", [4, 5], [-3, -1], [-1, -6], [1, -2]),
        Slice("open", [4, 5], [9, 1], [9, 9], [1, 1], ("begin_mask", 1), ("end_mask", 3)),
        Slice("index", [4, 5], [-1, 2], [0, 3], [1, 1], ("shrink_axis_mask", 3)), Slice("ellipsis", [2, 3, 4, 5], [0, 1], [0, 3], [1, 1], ("ellipsis_mask", 1)),
        Slice("new axes around an ellipsis", [2, 3, 4], [0, 0, 0, 1], [0, 0, 0, 2], [1, 1, 1, 1], ("new_axis_mask", 5), ("ellipsis_mask", 2),
            ("shrink_axis_mask", 8)),
        Slice("fewer axes", [4, 3], [2], [4], [1]), Slice("nothing", [4, 3], [3], [1], [1]),
        Slice("backwards", [5], [4], [-9], [-2], ("begin_mask", 1), ("end_mask", 1)),
        Op("StridedSliceGrad", n => [n.Vector(4, 3), n.Vector(1, 0), n.Vector(3, 3), n.Vector(1, 2), n.X(2, 2)]),
    ];

    static IEnumerable<OpCase> Padding =>
    [
        Op("Pad", n => [n.X(2, 3), n.Matrix(2, 1, 0, 2, 1)]), Op("PadV2", n => [n.X(2, 3), n.Matrix(2, 1, 0, 2, 1), n.X()]),
        Op("MirrorPad", n => [n.X(3, 4), n.Matrix(2, 1, 2, 2, 1)], ("mode", "REFLECT")),
        Named("symmetric", "MirrorPad", n => [n.X(3, 4), n.Matrix(2, 1, 2, 2, 1)], ("mode", "SYMMETRIC")),
        Op("MirrorPadGrad", n => [n.X(6, 7), n.Matrix(2, 1, 2, 2, 1)], ("mode", "REFLECT")),
        Op("SpaceToDepth", n => [n.X(1, 4, 6, 2)], ("block_size", 2)), Op("DepthToSpace", n => [n.X(1, 2, 3, 8)], ("block_size", 2)),
        Op("SpaceToBatchND", n => [n.X(2, 3, 5, 1), n.Vector(2, 3), n.Matrix(2, 1, 0, 0, 1)]),
        Op("BatchToSpaceND", n => [n.X(12, 2, 2, 1), n.Vector(2, 3), n.Matrix(2, 1, 0, 0, 1)]),
    ];

    static IEnumerable<OpCase> Gathering =>
    [
        Op("GatherV2", n => [n.X(5, 3), n.Ids(5, 2, 4), n.Scalar(0)]), Named("inner axis", "GatherV2", n => [n.X(2, 5, 3), n.Ids(5, 4), n.Scalar(1)]),
        Named("last axis by a scalar", "GatherV2", n => [n.X(2, 5), n.Ids(5), n.Scalar(-1)]),
        Named("batch", "GatherV2", n => [n.X(2, 5, 3), n.Ids(5, 2, 4), n.Scalar(1)], ("batch_dims", 1)),
        Named("batch, later axis", "GatherV2", n => [n.X(2, 3, 5, 2), n.Ids(5, 2, 4), n.Scalar(2)], ("batch_dims", 1)),
        Named("two batch axes, negative", "GatherV2", n => [n.X(2, 3, 5), n.Ids(5, 2, 3, 4), n.Scalar(-1)], ("batch_dims", -1)),
        Op("GatherNd", n => [n.X(3, 4, 2), n.Ids(3, 5, 2).Knowing(1)]), Named("elements", "GatherNd", n => [n.X(3, 4), n.Ids(3, 2, 5, 2).Knowing(2)]),
        Op("ScatterNd", n => [n.Ids(4, 3, 1).Knowing(1), n.X(3, 2), n.Vector(4, 2)]),
        .. new[] { "TensorScatterAdd", "TensorScatterSub" }.Select(op => Op(op, n => [n.X(4, 2), n.Ids(4, 3, 1).Knowing(1), n.X(3, 2)])),
        .. new[] { "TensorScatterUpdate", "TensorScatterMax", "TensorScatterMin" }.Select(op => Op(op,
            n => [n.X(4, 2), Numbers.Data(HostTensor.Of([2, 0, 3], new Shape(3, 1))).Knowing(1), n.X(3, 2)]) with { HasSecond = op == "TensorScatterUpdate" }),
        Op("OneHot", n => [n.Ids(4, 2, 3), n.Scalar(4), ConstantScalar(2.0), ConstantScalar(-1.0)]),
        Named("first axis", "OneHot", n => [n.Ids(4, 2, 3), n.Scalar(4), ConstantScalar(2.0), ConstantScalar(-1.0)], ("axis", 0)),
    ];

    static IEnumerable<OpCase> Segments =>
    [
        .. new[] { "Sum", "Max", "Min", "Prod" }.SelectMany(op => new[]
        {
            Op($"UnsortedSegment{op}", n => [n.Apart(6, 2), Numbers.Data(HostTensor.Vector(0, 2, 0, 1, 2, 2)), n.Scalar(3)]) with { HasSecond = op is "Sum" },
            Named("dropped", $"UnsortedSegment{op}", n => [n.Apart(2, 3), Numbers.Data(HostTensor.Of([0, 1, -1, 0, -1, 1], new Shape(2, 3))),
                n.Scalar(2)]) with { HasSecond = op is "Sum" },
        }),
        .. new[] { "Sum", "Mean", "Max", "Min", "Prod" }.SelectMany(op => new OpCase[]
        {
            Op($"Segment{op}", n => [op == "Sum" ? n.Apart(6, 2) : n.Apart(6, 2).WithoutGradient(), Numbers.Data(HostTensor.Vector(0, 0, 1, 3, 3, 3))]) with { Xla = false, IsDynamic = true },
            Named("none", $"Segment{op}", n => [Numbers.Data(HostTensor.Of<double>([], new Shape(0, 3))), Numbers.Data(HostTensor.Vector<long>())]) with { Xla = false, IsDynamic = true, Relaxes = false },
            Named("integers", $"Segment{op}", n => [n.Ints(-9, 9, 5, 2), Numbers.Data(HostTensor.Vector(0, 2, 2, 2, 3))]) with { Xla = false, IsDynamic = true },
        }),
        .. new[] { "Sum", "Mean", "SqrtN" }.Select(op => Op($"SparseSegment{op}", n => [n.Apart(4, 2).WithoutGradient(), Numbers.Data(HostTensor.Vector(3, 0, 0, 1)),
            Numbers.Data(HostTensor.Vector(0, 0, 2, 2))]) with { Xla = false, IsDynamic = true, Relaxes = false }),
        Named("empty", "UnsortedSegmentSum", n => [n.Apart(3), Numbers.Data(HostTensor.Vector(0, 3, 0)), n.Scalar(5)]),
        Named("zeros", "UnsortedSegmentProd", n => [new(HostTensor.Vector(0.0, 2.0, 3.0, 0.0, 0.0, 5.0), HasGradient: true),
            Numbers.Data(HostTensor.Vector(0, 0, 0, 1, 1, 1)), n.Scalar(2)]) with { HasSecond = false },
    ];

    static IEnumerable<OpCase> Searching =>
    [
        Op("TopKV2", n => [n.Apart(2, 3, 5), n.Scalar(2)]) with { HasSecond = false },
        Named("vector", "TopKV2", n => [n.Apart(6), n.Scalar(6)]) with { HasSecond = false },
        Op("Where", n => [n.Bools(3, 4)]) with { IsDynamic = true, Xla = false }, Op("Unique", n => [n.Ids(4, 9)]) with { IsDynamic = true, Xla = false },
        Op("UniqueV2", n => [n.Ids(2, 6, 2), n.Vector(0)]) with { IsDynamic = true, Xla = false },
        Op("UniqueWithCountsV2", n => [n.Ids(4, 9), n.Vector(0)]) with { IsDynamic = true, Xla = false },
        Op("LowerBound", n => [Numbers.Data(HostTensor.Of([1.0, 2, 2, 4, 0, 1, 1, 5], new Shape(2, 4))),
            Numbers.Data(HostTensor.Of([2.0, 3, 9, 1, -1, 5], new Shape(2, 3)))]),
        Op("UpperBound", n => [Numbers.Data(HostTensor.Of([1.0, 2, 2, 4, 0, 1, 1, 5], new Shape(2, 4))),
            Numbers.Data(HostTensor.Of([2.0, 3, 9, 1, -1, 5], new Shape(2, 3)))], ("out_type", DType.Int64)),
        Op("Bucketize", n => [n.X(3, 4).WithoutGradient()], ("boundaries", new[] { -1f, 0f, 1f })),
        Op("HistogramFixedWidth", n => [n.In(-3, 3, 20).WithoutGradient(), Numbers.Data(HostTensor.Vector(-2.0, 2.0)), n.Scalar(5)]) with { Xla = false },
        Op("NonMaxSuppressionV3", n => [Numbers.Data(HostTensor.Of<float>([0, 0, 1, 1, 0, 0.1f, 1, 1.1f, 1, 1, 0, 0.05f, 0, 10, 1, 11, 0, 10.1f, 1, 11.1f, 3, 3, 4, 4], new Shape(6, 4))),
            Numbers.Data(HostTensor.Vector(0.9f, 0.75f, 0.6f, 0.95f, 0.95f, 0.1f)), n.Scalar(3), Numbers.Data(HostTensor.Scalar(0.5f)), Numbers.Data(HostTensor.Scalar(0.2f))])
            with { Xla = false, IsDynamic = true, Relaxes = false },
        Op("InTopKV2", n => [n.F32(4, 5).WithoutGradient(), n.Ids(5, 4), n.Scalar(2)]) with { Tolerance = 0 },
        Op("DenseBincount", n => [n.Ids(5, 9), n.Scalar(5), new(HostTensor.Of<double>([], new Shape(0)), IsConstant: true)]),
        Named("weighted rows", "DenseBincount", n => [n.Ids(5, 2, 9), n.Scalar(5), n.X(2, 9).WithoutGradient()]),
    ];
}
