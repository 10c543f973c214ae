using Keras.Graphs;

namespace Keras.Tests.Torch.Kernels;

/// <summary>Inputs that would lead kernels outside of memory, or to more of it than there is, are typed errors.</summary>
sealed class HostileInputTests : TorchFixture
{
    static Tensor On(string op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) => Dispatch.Run(Keras.Tests.Graphs.GraphFixture.Op(op), inputs, Attributes.Of(attributes));

    static Tensor Longs(params long[] values) => Tf.Constant(HostTensor.Vector<long>(values));

    static Tensor Long(long value) => Tf.Constant(HostTensor.Scalar(value));

    static Tensor Zero => Tf.Constant(0, DType.Float32);

    static Tensor Dense(Tensor values, Tensor padding, string types, params Tensor[] partitions) =>
        On("RaggedTensorToTensor", [Longs(-1, -1), values, padding, .. partitions], ("row_partition_types", types.Split(' ')));

    const string Splits = "ROW_SPLITS", RowIds = "FIRST_DIM_SIZE VALUE_ROWIDS";

    static Tensor Counts(Tensor splits, int size, params float[] weights) => On("RaggedBincount", [splits, Tf.Int32(1, 2), Tf.Int32Scalar(size), Vector(weights)]);

    static Tensor List => On("TensorListReserve", [Tf.Int32(-1), Tf.Int32Scalar(2)], ("element_dtype", DType.Float32));

    static Tensor Inserted(Tensor keys, Tensor values)
    {
        var table = Tf.MutableHashTable(DType.String, DType.Float64);
        Tf.InsertIntoTable(table, keys, values);
        return table;
    }

    /// <summary>A row with as many numbers in each of two columns, and one in two more.</summary>
    static Tensor Crossed(int count) => On("RaggedCross",
        [Longs(new long[count]), Longs(new long[count]), Longs(0, count), Longs(0, count), Tf.Constant(HostTensor.Of<long>([0, 0], new Shape(1, 2))), Longs(1), Longs(1, 1), Tf.Constant(HostTensor.Of<long>([1], new Shape(1, 1)))],
        ("Nsparse", 1L), ("input_order", "RRSD"), ("hashed_output", true), ("num_buckets", 100L), ("hash_key", 1L), ("ragged_values_types", new[] { DType.Int64, DType.Int64 }),
        ("ragged_splits_types", new[] { DType.Int64, DType.Int64 }), ("sparse_values_types", new[] { DType.Int64 }), ("dense_types", new[] { DType.Int64 }), ("out_values_type", DType.Int64), ("out_row_splits_type", DType.Int64));

    static IEnumerable<TestCaseData> Refused => new (string Name, Func<Tensor> Run)[]
    {
        ("fewer weights than values", () => Counts(Longs(0, 2), 3, 1)),
        ("splits past the values in between", () => Counts(Longs(0, 5, 2), 3)),
        ("splits past the values", () => Counts(Longs(0, 5), 3)),
        ("a negative number of bins", () => Counts(Longs(0, 2), -1)),
        ("rows of fewer values than ids", () => Dense(Vector(1), Zero, RowIds, Long(4), Longs(0, 1, 2))),
        ("more rows than memory", () => Dense(Vector(1), Zero, RowIds, Long(long.MaxValue), Longs(0))),
        ("more rows than memory that are all empty but for the last two", () => Dense(Vector(1, 2), Zero, RowIds, Long(long.MaxValue), Longs(5, 5))),
        ("a negative number of rows", () => Dense(Vector(1), Zero, RowIds, Long(-1), Longs(0))),
        ("ids of rows that fall", () => Dense(Vector(1, 2), Zero, RowIds, Long(4), Longs(1, 0))),
        ("row splits past the values", () => Dense(Vector(1, 2, 3), Zero, Splits, Longs(0, 100))),
        ("row splits that fall", () => Dense(Vector(1, 2, 3), Zero, Splits, Longs(0, 100, 3))),
        ("row splits that begin late", () => Dense(Vector(1, 2, 3), Zero, Splits, Longs(1, 3))),
        ("row splits that do not fit the next ones", () => Dense(Vector(1, 2, 3), Zero, "ROW_SPLITS ROW_SPLITS", Longs(0, 3), Longs(0, 3))),
        ("padding of another shape", () => Dense(Vector(1, 2, 3), Vector(1, 2), Splits, Longs(0, 3))),
        ("a scalar of values", () => Dense(Zero, Zero, Splits, Longs(0, 1))),
        ("a range of one number", () => On("HistogramFixedWidth", [Vector(1, 2), Vector(0), Tf.Int32Scalar(2)])),
        ("lengths whose sum overflows", () => On("TensorListSplit", [Vector(1, 2), Tf.Int32(-1), Longs(long.MaxValue, long.MaxValue, 4)])),
        ("leading dimensions whose sum overflows", () => On("TensorListConcatV2", [List, Tf.Int32(-1), Longs(1L << 62, 1L << 62)], ("element_dtype", DType.Float32))),
        ("a segment beyond all memory", () => On("SegmentSum", [Vector(1), Longs(long.MaxValue)])),
        ("numbers in a table of texts", () => Inserted(Tf.Constant(HostTensor.Vector<byte>(1, 2)), Tf.Constant(HostTensor.Vector(1.0, 2.0)))),
        ("bytes in a table of numbers", () => Inserted(Tf.Constant(HostTensor.From(new[] { "a", "b" })), Tf.Constant(HostTensor.Vector<byte>(1, 2)))),
        ("more keys than values", () => Inserted(Tf.Constant(HostTensor.From(new[] { "a", "b" })), Tf.Constant(HostTensor.Vector(1.0)))),
        ("combinations without end", () => Crossed(9000)),
        ("a glimpse beyond all measure", () => On("ExtractGlimpseV2", [Tf.Constant(HostTensor.Of<float>([1], new Shape(1, 1, 1, 1))), Tf.Int32(1 << 15, 1 << 15), Tf.Constant(HostTensor.Of<float>([0, 0], new Shape(1, 2)))])),
        ("base64 with white space", () => On("DecodeBase64", [Tf.Constant(HostTensor.From("YW I"))])),
    }.Select(r => new TestCaseData(r.Run).SetArgDisplayNames(r.Name));

    [TestCaseSource(nameof(Refused))]
    public void ItIsATypedError(Func<Tensor> run) => Assert.That(() => run(), Throws.InstanceOf<KerasException>());

    [Test]
    public void RowsWithoutValuesAndCutOffRowsAreAllowed()
    {
        Assert.That(Floats(Dense(Vector(1, 2, 3), Tf.Constant(9, DType.Float32), RowIds, Long(4), Longs(1, 1, 2))), Is.EqualTo(new float[] { 9, 9, 1, 2, 3, 9, 9, 9 }));
        Assert.That(Floats(Dense(Vector(1, 2, 3), Zero, Splits, Longs(0, 2))), Is.EqualTo(new float[] { 1, 2 }), "more values than rows have");
        var cut = On("RaggedTensorToTensor", [Longs(2, 1), Vector(1, 2, 3), Zero, Long(1L << 40), Longs(1, 1, 1L << 39)], ("row_partition_types", RowIds.Split(' ')));
        Assert.That(Floats(cut), Is.EqualTo(new float[] { 0, 1 }));
    }

    [Test]
    public void FewCombinationsAreMade() => Assert.That(Crossed(3).shape, Is.EqualTo(new Shape(9)));

    [Test]
    public void NumbersAreEqualByTheirValues()
    {
        var left = On("ListDiff", [Tf.Constant(HostTensor.Vector(0.0, -0.0, double.NaN, 2.0)), Tf.Constant(HostTensor.Vector(-0.0, double.NaN))]);
        Assert.That(left.RequireEager().ToHost().ToDouble(), Is.EqualTo(new[] { double.NaN, 2 }));
    }

    [Test]
    public void ARealMatrixWithoutARealRootHasNone()
    {
        var root = On("MatrixSquareRoot", [Tf.Constant(HostTensor.Of<double>([-1, 0.5, 0, 4], new Shape(2, 2)))]);
        Assert.That(root.RequireEager().ToHost().ToDouble(), Is.All.NaN);
    }

    [Test]
    public void BetaIntegralsOfHugeNumbersEnd()
    {
        Tensor Numbers(params double[] values) => Tf.Constant(HostTensor.Vector<double>(values));
        const double without = double.PositiveInfinity;
        var values = On("Betainc", [Numbers(without, 2, without, 2), Numbers(2, without, without, 3), Numbers(0.5, 0.5, 0.5, 1)]).RequireEager().ToHost().ToDouble();
        Assert.That(values, Is.EqualTo(new[] { 0, 1, double.NaN, 1 }));
    }

    [Test]
    public void ADeterministicPoolHasTheSameRegionsEachTime()
    {
        var picture = Tf.Constant(HostTensor.Of<float>(new float[1600], new Shape(1, 40, 40, 1)));
        long[] Rows() => Dispatch.RunAll(Keras.Tests.Graphs.GraphFixture.Op("FractionalMaxPool"), [picture], Attributes.Of(("pooling_ratio", new[] { 1, 1.4f, 1.7f, 1 }), ("deterministic", true)))[1].RequireEager().ToHost().ToInt64();
        var first = Rows();
        Assert.That(Rows(), Is.EqualTo(first));
    }

    [Test]
    public void AxesMayBeGivenInBothWays()
    {
        var dense = On("RaggedTensorToTensor", [Longs(-1, -1, -1), Vector(1, 2, 3), Zero, Longs(0, 1, 3), Longs(0, 2, 2)], ("row_partition_types", new[] { "ROW_SPLITS", "VALUE_ROWIDS" }));
        Assert.That(Floats(dense), Is.EqualTo(new float[] { 1, 0, 0, 0, 0, 0, 2, 3 }));
    }
}
