using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>What exports of Python hold and models here do not.</summary>
static partial class OpCases
{
    static OpInput[] RaggedOf(OpInput values) => [Int64(0, 2, 2, 3), Int64(0, 1, 4, 5), values];

    static OpInput SomeBoxes => new(HostTensor.Of<float>([0, 0, 1, 1, 0, 0.1f, 1, 1.1f, 0, -0.1f, 1, 0.9f, 0, 10, 1, 11, 0, 10.1f, 1, 11.1f, 0, 100, 1, 101], new Shape(6, 4)));

    static OpInput SomeScores => Numbers32(0.9f, 0.75f, 0.6f, 0.95f, 0.5f, 0.3f);

    static OpInput Single(float value) => new(HostTensor.Scalar(value), IsConstant: true);

    static Tensor[] OfVariants(Tensor[] x, bool batched, int inner, int outer, DType dtype)
    {
        var variants = Dispatch.Run(Graphs.GraphFixture.Op("RaggedTensorToVariant"), x, Attributes.Of(("batched_input", batched), ("Tsplits", DType.Int64)));
        return Dispatch.RunAll(Graphs.GraphFixture.Op("RaggedTensorFromVariant"), [variants], Attributes.Of(("input_ragged_rank", (long)inner), ("output_ragged_rank", (long)outer), ("Tvalues", dtype), ("Tsplits", DType.Int64)));
    }

    static Tensor[] RealAndImaginary(Tensor complex) => [Tf.Real(complex), Tf.Imag(complex)];

    static IEnumerable<OpCase> OfExports => ((OpCase[])
    [
        Op("RaggedGather", n => [.. RaggedOf(Rows(n, 5, 2)), n.Vector(2, 0, 2)], ("OUTPUT_RAGGED_RANK", 2L)),
        Named("rows of rows", "RaggedGather", n => [.. RaggedOf(n.Strings("a", "b", "c", "d", "e")), n.Matrix(2, 2, 0, 1, 1)], ("OUTPUT_RAGGED_RANK", 3L)),
        Named("one row", "RaggedGather", n => [.. RaggedOf(Rows(n, 5)), n.Scalar(0)], ("OUTPUT_RAGGED_RANK", 1L)),
        Op("RaggedTensorToSparse", n => RaggedOf(Rows(n, 5, 2))), Named("texts", "RaggedTensorToSparse", n => [Int64(0, 0, 3), n.Strings("a", "b", "c")]),
        new("ragged tensors as values and back", n => RaggedOf(Rows(n, 5, 2)), x => OfVariants(x, batched: false, 2, 2, x[2].dtype)),
        new("rows of ragged tensors as values and back", n => RaggedOf(n.Strings("a", "b", "c", "d", "e")), x => OfVariants(x, batched: true, 1, 2, x[2].dtype)),
        new("a loop over rows of a ragged tensor", n => [Int64(0, 2, 2, 5), Rows(n, 5)], x =>
        {
            var rows = Dispatch.Run(Graphs.GraphFixture.Op("RaggedTensorToVariant"), x, Attributes.Of(("batched_input", true), ("Tsplits", DType.Int64)));
            var list = On("TensorListFromTensor", [rows, Tf.Int32()]);
            Tensor[] Row(Tensor variant) => Dispatch.RunAll(Graphs.GraphFixture.Op("RaggedTensorFromVariant"), [variant],
                Attributes.Of(("input_ragged_rank", 0L), ("output_ragged_rank", 0L), ("Tvalues", x[1].dtype), ("Tsplits", DType.Int64)));
            var end = ControlFlow.While(v => Tf.Less(v[0], Index(3)),
                v => [v[0] + Index(1), On("TensorListSetItem", [v[1], v[0], Tf.Sum(Row(On("TensorListGetItem", [list, v[0], Tf.Int32()], Elements(DType.Variant)))[0], [0])])], [Index(0), Reserve(x[1].dtype, 3)]);
            return [Stacked(end[1], x[1].dtype)];
        }),
        .. new[] { true, false }.Select(pads => Named(pads ? "padded" : "short", "NonMaxSuppressionV4", n => [SomeBoxes, SomeScores, n.Scalar(2), Single(0.5f), Single(0.4f)], ("pad_to_max_output_size", pads))),
        .. new[] { 0f, 0.5f }.Select(sigma => Named($"sigma {sigma}", "NonMaxSuppressionV5", n => [SomeBoxes, SomeScores, n.Scalar(5), Single(0.5f), Single(0.1f), Single(sigma)], ("pad_to_max_output_size", sigma > 0)) with { Tolerance = 1e-6 }),
        Op("NonMaxSuppressionWithOverlaps", n => [new(HostTensor.Of<float>([1, 0.7f, 0, 0.7f, 1, 0.2f, 0, 0.2f, 1], new Shape(3, 3))), Numbers32(0.3f, 0.9f, 0.5f), n.Scalar(3), Single(0.5f), Single(0.1f)]),
        .. new[] { true, false }.Select(pads => Named(pads ? "padded" : "of all classes", "CombinedNonMaxSuppression", n =>
        [
            new(HostTensor.Of<float>([.. SomeBoxes.Value.As<float>().ToArray(), .. SomeBoxes.Value.As<float>().ToArray().Select(b => b / 2)], new Shape(2, 6, 1, 4))),
            new(HostTensor.Of<float>([.. Enumerable.Range(0, 36).Select(i => (i * 7 % 36) / 36f)], new Shape(2, 6, 3))), n.Scalar(2), n.Scalar(7), Single(0.3f), Single(0.2f),
        ], ("pad_per_class", pads), ("clip_boxes", pads))),
        .. new[] { "SAME", "VALID" }.Select(padding => Named(padding, "MaxPoolWithArgmax", n => [n.X(2, 5, 4, 3).WithoutGradient()],
            ("ksize", new long[] { 1, 2, 3, 1 }), ("strides", new long[] { 1, 2, 1, 1 }), ("padding", padding), ("include_batch_in_index", padding == "SAME"))),
        new("RFFT2D", n => [Rows(n, 2, 5, 7), n.Vector(4, 6)], x => RealAndImaginary(On("RFFT2D", x, ("Tcomplex", DType.Complex128)))),
        new("RFFT3D", n => [Rows(n, 3, 4, 5), n.Vector(2, 4, 5)], x => RealAndImaginary(On("RFFT3D", x, ("Tcomplex", DType.Complex128)))),
        Op("IRFFT2D", n => [new(HostTensor.OfBytes(DType.Complex128, new Shape(4, 5), Rows(n, 40).Value.Data)), n.Vector(3, 8)], ("Treal", DType.Float64)),
        Op("IRFFT3D", n => [new(HostTensor.OfBytes(DType.Complex128, new Shape(2, 3, 3), Rows(n, 36).Value.Data)), n.Vector(2, 3, 5)], ("Treal", DType.Float64)),
        Op("FakeQuantWithMinMaxArgs", n => [n.F32(4, 5).WithoutGradient()], ("min", -0.7f), ("max", 1.5f), ("num_bits", 4L)),
        Named("a narrow range", "FakeQuantWithMinMaxArgs", n => [n.F32(20).WithoutGradient()], ("min", -3f), ("max", -1f), ("narrow_range", true)),
        Op("FakeQuantWithMinMaxVars", n => [n.F32(4, 5).WithoutGradient(), Single(-0.73f), Single(1.1f)]),
        Op("FakeQuantWithMinMaxVarsPerChannel", n => [n.F32(4, 3).WithoutGradient(), Numbers32(-1, -0.2f, -0.5f), Numbers32(1, 0.4f, 2)], ("num_bits", 5L)),
        .. new[] { DType.Float32, DType.Float64 }.Select(d => Named($"{d}", "StatelessTruncatedNormalV2", n => [n.Vector(7, 9), Key, Counter, n.Scalar(1)], ("dtype", d)) with { Tolerance = 1e-6 }),
    ]).Select(c => c with { Xla = false, IsDynamic = true, Relaxes = false });
}
