using Keras.Graphs;

namespace Keras.Tests.Graphs;

/// <summary>Shapes of nodes: known dimensions, symbols that stay themselves, unknown ones, unknown ranks.</summary>
sealed class ShapeInferenceTests : GraphFixture
{
    // Symbols of the cases below; any numbers under -1 do.
    const long B = -101, S = -102, H = -103;

    static TestCaseData Case(string name, Func<ShapeInferenceTests, Tensor> make, params long[] expected) =>
        new(make, expected) { TestName = $"{{m}}({name})" };

    static IEnumerable<TestCaseData> Cases() =>
    [
        Case("add broadcasts", t => t.Input(4, 1, 3) + t.Input(2, 3), 4, 2, 3),
        Case("add keeps an equal symbol", t => t.Input(B, S) + t.Input(B, S), B, S),
        Case("add of two symbols is unknown", t => t.Input(B) + t.Input(S), -1),
        Case("add of a symbol and 1 is the symbol", t => t.Input(B, 1) + t.Input(1, S), B, S),
        Case("add of a symbol and a number above 1 is the number", t => t.Input(B) + t.Input(7), 7),
        Case("unnamed unknown dimensions are not equal", t => t.Input(-1) + t.Input(-1), -1),
        Case("select broadcasts three", t => Tf.SelectV2(t.Input(DType.Bool, 2, 1), t.Input(1, 3), t.Input()), 2, 3),
        Case("matmul", t => Tf.MatMul(t.Input(B, 3), t.Input(3, 5)), B, 5),
        Case("matmul transposed", t => Tf.MatMul(t.Input(3, B), t.Input(5, 3), transpose_a: true, transpose_b: true), B, 5),
        Case("batch matmul broadcasts", t => Tf.BatchMatMul(t.Input(B, 1, S, H), t.Input(8, S, H), adj_y: true), B, 8, S, S),
        Case("rows times matrix", t => Tf.MatMulRows(t.Input(B, S, 4), t.Input(4, 6)), B, S, 6),
        Case("transpose", t => Tf.Transpose(t.Input(B, S, 12, 64), 0, 2, 1, 3), B, 12, S, 64),
        Case("gather of a transpose", t => Tf.Gather(Tf.Transpose(t.Input(B, S), 1, 0), t.Input(DType.Int32, 4), 0), 4, B),
        Case("concat adds", t => Tf.Concat([t.Input(B, 3), t.Input(B, 4)], -1), B, 7),
        Case("concat merges what it can", t => Tf.Concat([t.Input(-1, 3), t.Input(5, S)], 1), 5, -1),
        Case("stack", t => Tf.Stack([t.Input(B, 2), t.Input(B, 2), t.Input(B, 2)], 1), B, 3, 2),
        Case("unstack", t => Tf.Unstack(t.Input(B, 3, S), 1, 3)[2], B, S),
        Case("split", t => Tf.Split(t.Input(B, 12), 3, 1)[0], B, 4),
        Case("split by sizes", t => Tf.SplitV(t.Input(B, 12), Ints(5, 7), 1, 2)[1], B, 7),
        Case("expand dims", t => Tf.ExpandDims(t.Input(B, S), -1), B, S, 1),
        Case("squeeze", t => Tf.Squeeze(t.Input(B, 1, S), 1), B, S),
        Case("sum", t => Tf.Sum(t.Input(B, S, 3), [-1]), B, S),
        Case("sum keeps", t => Tf.Sum(t.Input(B, S, 3), [0, 2], keep_dims: true), 1, S, 1),
        Case("argmax", t => Tf.ArgMax(t.Input(B, 5, S), 1, DType.Int64), B, S),
        Case("gather", t => Tf.Gather(t.Input(100, 8), t.Input(DType.Int32, B, S), 0), B, S, 8),
        Case("batch gather", t => Tf.Gather(t.Input(B, S, 8), t.Input(DType.Int32, B, 5), 1, batch_dims: 1), B, 5, 8),
        Case("gather nd", t => Tf.GatherNd(t.Input(B, S, 8), t.Input(DType.Int32, 6, 2)), 6, 8),
        Case("one hot", t => Tf.OneHot(t.Input(DType.Int32, B, S), 9, t.Input(), t.Input()), B, S, 9),
        Case("pad", t => Tf.PadV2(t.Input(B, S, 4), Tf.Constant(HostTensor.Of<int>([0, 0, 1, 0, 2, 3], new Shape(3, 2))), t.Input()), B, -1, 9),
        Case("slice to the end", t => Tf.Slice(t.Input(B, S, 4), [0, 0, 1], [-1, -1, -1]), B, S, 3),
        Case("strided slice", t => Tf.StridedSlice(t.Input(B, 10, S), [0, 1, 0], [0, 9, 0], [1, 3, 1], begin_mask: 5, end_mask: 5), B, 3, S),
        Case("strided slice backwards", t => Tf.StridedSlice(t.Input(10), [0], [0], [-1], begin_mask: 1, end_mask: 1), 10),
        Case("strided slice with negative bounds", t => Tf.StridedSlice(t.Input(10, 4), [-3], [-1], [1]), 2, 4),
        Case("strided slice with ellipsis, new axis and index",
            t => Tf.StridedSlice(t.Input(B, S, 5, 6), [0, 0, 0, 2], [0, 0, 0, 3], [1, 1, 1, 1], ellipsis_mask: 2, new_axis_mask: 5, shrink_axis_mask: 8),
            1, B, S, 5, 1),
        Case("index", t => Tf.StridedSlice(t.Input(B, S), [0, 0], [0, 1], [1, 1], begin_mask: 1, end_mask: 1, shrink_axis_mask: 2), B),
        Case("tile", t => Tf.Tile(t.Input(B, 3), Ints(1, 4)), B, 12),
        Case("range to a dimension", t => Tf.Range(Tf.Int32Scalar(0), Tf.DimOf(t.Input(B, S), 1), Tf.Int32Scalar(1)), S),
        Case("range of numbers", t => Tf.Range(Tf.Int32Scalar(2), Tf.Int32Scalar(9), Tf.Int32Scalar(3)), 3),
        Case("cumsum", t => Tf.Cumsum(t.Input(B, S), 1), B, S),
        Case("segments", t => Tf.UnsortedSegmentSum(t.Input(B, S, 3), t.Input(DType.Int32, B, S), Tf.Int32Scalar(11)), 11, 3),
        Case("top k", t => Tf.TopK(t.Input(B, S), Tf.Int32Scalar(2)).Values, B, 2),
        Case("where", t => Tf.Where(t.Input(DType.Bool, B, S, 2)), -1, 3),
        Case("einsum", t => Tf.Einsum("abc,cde->abde", t.Input(B, S, 4), t.Input(4, 5, 6)), B, S, 5, 6),
        Case("einsum with ellipsis", t => Tf.Einsum("...x,xy->...y", t.Input(B, S, 4), t.Input(4, 7)), B, S, 7),
        Case("einsum of three", t => Tf.Einsum("ab,bc,cd->ad", t.Input(B, 3), t.Input(3, 4), t.Input(4, S)), B, S),
        Case("convolution, same", t => Tf.Convolve2D(t.Input(B, 224, 224, 3), t.Input(16, 16, 3, 768), [1, 16, 16, 1], "SAME"), B, 14, 14, 768),
        Case("convolution, valid", t => Tf.Convolve2D(t.Input(B, 10, S, 3), t.Input(3, 3, 3, 8), [1, 2, 1, 1], "VALID"), B, 4, -1, 8),
        Case("convolution, channels first, dilated", t => Tf.Convolve2D(t.Input(B, 3, 11, 11), t.Input(3, 3, 3, 8), [1, 1, 1, 1], "VALID",
            dilations: [1, 1, 2, 2], data_format: "NCHW"), B, 8, 7, 7),
        Case("convolution, explicit", t => Tf.Convolve2D(t.Input(B, 10, 10, 3), t.Input(3, 3, 3, 8), [1, 1, 1, 1], "EXPLICIT",
            explicit_paddings: [0, 0, 1, 0, 2, 0, 0, 0]), B, 9, 10, 8),
        Case("depthwise convolution", t => Tf.ConvolveDepthwise(t.Input(B, 8, 8, 3), t.Input(3, 3, 3, 2), [1, 1, 1, 1], "SAME"), B, 8, 8, 6),
        Case("pooling", t => Tf.MaxPool(t.Input(B, 9, 9, S), [1, 2, 2, 1], [1, 2, 2, 1], "VALID"), B, 4, 4, S),
        Case("resize", t => Tf.ResizeBilinear(t.Input(B, 9, 9, 3), Ints(20, 30)), B, 20, 30, 3),
        Case("svd", t => Tf.Svd(t.Input(B, 5, 3)).V, B, 3, 3),
        Case("diagonal matrix", t => Tf.MatrixDiag(t.Input(B, 4), 1), B, 5, 5),
        Case("softmax cross entropy", t => Tf.SoftmaxCrossEntropy(t.Input(B, S, 100), t.Input(DType.Int64, B, S)), B, S),
        Case("layer norm", t => Tf.LayerNorm(t.Input(B, S, 8), t.Input(8), t.Input(8), 1e-6f), B, S, 8),
        Case("ragged to dense", t => Tf.RaggedToTensor(Ints(-1, 16), t.Input(-1), t.Input(), t.Input(DType.Int32, -1)), -1, 16),
        Case("table lookup", t => Tf.Lookup(Tf.HashTable(DType.String, DType.Int64), t.Input(DType.String, B, S), t.Input(DType.Int64)), B, S),
        // Shapes that go through tensors.
        Case("reshape to heads and back keeps symbols", t =>
        {
            var x = t.Input(B, S, 12);
            var heads = Tf.Reshape(x, Tf.Stack([Tf.DimOf(x, 0), Tf.DimOf(x, 1), Tf.Int32Scalar(3), Tf.Int32Scalar(4)], 0));
            return Tf.Reshape(heads, Tf.ShapeOf(x));
        }, B, S, 12),
        Case("reshape finds the open symbol", t => Tf.Reshape(t.Input(B, 3, 4), Ints(-1, 12)), B, 12),
        Case("reshape of the open dimension by a symbol", t =>
        {
            var x = t.Input(B, S, 12);
            return Tf.Reshape(x, Tf.Stack([Tf.DimOf(x, 0), Tf.Int32Scalar(-1), Tf.Int32Scalar(12)], 0));
        }, B, S, 12),
        Case("reshape computes the open number", t => Tf.Reshape(t.Input(6, 4), Ints(2, -1)), 2, 12),
        Case("reshape merges two symbols to unknown", t => Tf.Reshape(t.Input(B, S, 4), Ints(-1, 4)), -1, 4),
        Case("broadcast to a shape", t => Tf.BroadcastTo(t.Input(1, 4), Tf.ShapeOf(t.Input(B, 4))), B, 4),
        Case("fill", t => Tf.Fill(Tf.Concat([Tf.Slice(Tf.ShapeOf(t.Input(B, S, 3)), [0], [2]), Ints(7)], 0), t.Input()), B, S, 7),
        Case("fill with an unknown part", t => Tf.Fill(Tf.Concat([t.Input(DType.Int32, 1), Ints(7)], 0), t.Input()), -1, 7),
        Case("random bits", t => Tf.RandomBits(Tf.ShapeOf(t.Input(B, 5)), t.Input(DType.UInt64, 1), t.Input(DType.UInt64, 2), DType.UInt32), B, 5),
        Case("dropout", t => Tf.Dropout(t.Input(B, S), 0.1f, t.Input(DType.UInt64, 1), t.Input(DType.UInt64, 2)), B, S),
        Case("values through arithmetic and casts", t => Tf.Fill(Tf.ExpandDims(Tf.Cast(Tf.Cast(Tf.DimOf(t.Input(5, S), 0), DType.Int64) * Tf.Constant(3,
            DType.Int64) + Tf.Constant(1, DType.Int64), DType.Int32), 0), t.Input()), 16),
        Case("a symbol plus nothing is itself", t => Tf.Fill(Tf.ExpandDims((Tf.DimOf(t.Input(5, S), 1) + Tf.Int32Scalar(0)) * Tf.Int32Scalar(1), 0),
            t.Input()), S),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Infers(Func<ShapeInferenceTests, Tensor> make, long[] expected) => Assert.That(Dims(make(this)), Is.EqualTo(expected));

    [Test]
    public void UnknownRankGoesThroughElementwiseOps() => Assert.That(Tf.Relu(InputOfUnknownRank() + Input(3)).shape.HasRank, Is.False);

    [Test]
    public void AnOpThatNeedsARankNamesItself()
    {
        using var scope = NameScope.Enter("encoder/dense");
        var error = Assert.Throws<ShapeMismatchException>(() => Tf.MatMul(InputOfUnknownRank(), Input(3, 4)))!;
        Assert.That((error.Where, error.Received), Is.EqualTo(("encoder/dense/MatMul", "unknown rank")));
    }

    static TestCaseData Error(string name, Action<ShapeInferenceTests> make, string where) => new(make, where) { TestName = $"{{m}}({name})" };

    static IEnumerable<TestCaseData> Errors() =>
    [
        Error("add", t => _ = t.Input(2, 3) + t.Input(2, 4), "AddV2"),
        Error("matmul", t => Tf.MatMul(t.Input(2, 3), t.Input(4, 5)), "MatMul"),
        Error("matmul of vectors", t => Tf.MatMul(t.Input(3), t.Input(3, 5)), "MatMul"),
        Error("concat", t => Tf.Concat([t.Input(2, 3), t.Input(3, 3)], 1), "ConcatV2"),
        Error("concat axis", t => Tf.Concat([t.Input(2, 3), t.Input(2, 3)], 2), "ConcatV2"),
        Error("stack", t => Tf.Stack([t.Input(2), t.Input(3)], 0), "Pack"),
        Error("reshape", t => Tf.Reshape(t.Input(2, 3), Ints(4, 2)), "Reshape"),
        Error("reshape with an open dimension", t => Tf.Reshape(t.Input(2, 3), Ints(4, -1)), "Reshape"),
        Error("transpose", t => Tf.Transpose(t.Input(2, 3), 0, 0), "Transpose"),
        Error("axis", t => Tf.Sum(t.Input(2, 3), [2]), "Sum"),
        Error("split", t => Tf.Split(t.Input(7), 2, 0), "Split"),
        Error("split by sizes", t => Tf.SplitV(t.Input(7), Ints(3, 3), 0, 2), "SplitV"),
        Error("squeeze", t => Tf.Squeeze(t.Input(2, 3), 1), "Squeeze"),
        Error("index", t => Tf.StridedSlice(t.Input(3), [3], [4], [1], shrink_axis_mask: 1), "StridedSlice"),
        Error("too many slices", t => Tf.StridedSlice(t.Input(3), [0, 0], [1, 1], [1, 1]), "StridedSlice"),
        Error("slice", t => Tf.Slice(t.Input(3), [1], [3]), "Slice"),
        Error("broadcast", t => Tf.BroadcastTo(t.Input(2, 3), Ints(2, 4)), "BroadcastTo"),
        Error("bias", t => Tf.BiasAdd(t.Input(2, 3), t.Input(4)), "BiasAdd"),
        Error("layer norm", t => Tf.LayerNorm(t.Input(2, 3), t.Input(4), t.Input(4), 1e-6f), "layer_norm"),
        Error("labels", t => Tf.SoftmaxCrossEntropy(t.Input(2, 3), t.Input(DType.Int32, 3)), "softmax_cross_entropy"),
        Error("convolution channels", t => Tf.Convolve2D(t.Input(1, 8, 8, 3), t.Input(3, 3, 4, 8), [1, 1, 1, 1], "SAME"), "Conv2D"),
        Error("convolution window", t => Tf.Convolve2D(t.Input(1, 2, 8, 3), t.Input(3, 3, 3, 8), [1, 1, 1, 1], "VALID"), "Conv2D"),
        Error("einsum sizes", t => Tf.Einsum("ab,bc->ac", t.Input(2, 3), t.Input(4, 5)), "Einsum"),
        Error("einsum ranks", t => Tf.Einsum("ab,bc->ac", t.Input(2, 3, 1), t.Input(3, 5)), "Einsum"),
        Error("einsum terms", t => Tf.Einsum("ab->ba", t.Input(2, 3), t.Input(3, 5)), "Einsum"),
        Error("segments", t => Tf.UnsortedSegmentSum(t.Input(2, 3), t.Input(DType.Int32, 3), Tf.Int32Scalar(1)), "UnsortedSegmentSum"),
        Error("index vectors", t => Tf.GatherNd(t.Input(2, 3), t.Input(DType.Int32, 4, 3)), "GatherNd"),
        Error("square matrices", t => Tf.Cholesky(t.Input(2, 3)), "Cholesky"),
        Error("top k", t => Tf.TopK(t.Input(3), Tf.Int32Scalar(4)), "TopKV2"),
        Error("ensured shape", t => Tf.EnsureShape(t.Input(2, 3), new Shape(2, 4)), "EnsureShape"),
    ];

    [TestCaseSource(nameof(Errors))]
    public void ShapesThatDoNotFitAreNamed(Action<ShapeInferenceTests> make, string op)
    {
        using var scope = NameScope.Enter("bert/layer_0");
        var error = Assert.Throws<ShapeMismatchException>(() => make(this))!;
        Assert.That(error.Where, Is.EqualTo($"bert/layer_0/{op}"));
        Assert.That(error.Expected, Is.Not.Null.And.Not.Empty);
        Assert.That(error.Received, Is.Not.Null.And.Not.Empty);
    }

    [Test]
    public void DtypesThatDoNotFitAreNamed()
    {
        using var scope = NameScope.Enter("bert");
        var error = Assert.Throws<DTypeMismatchException>(() => _ = Input(2) + Input(DType.Int32, 2))!;
        Assert.That((error.Where, error.Expected, error.Received), Is.EqualTo(("bert/AddV2, input 'y'", "float32", "int32")));
    }

    [Test]
    public void WrongAttributesAreErrors()
    {
        Assert.That(() => Dispatch.Run(Op("Relu"), [Input(2)], Attributes.Of(("alpha", 1f))),
            Throws.ArgumentException.With.Message.Contains("no attribute 'alpha'"));
        Assert.That(() => Dispatch.Run(Op("LeakyRelu"), [Input(2)], Attributes.Of(("alpha", "much"))),
            Throws.ArgumentException.With.Message.Contains("Expected: float"));
        Assert.That(() => Dispatch.Run(Op("Einsum"), [Input(2)]), Throws.ArgumentException.With.Message.Contains("'equation'"));
        Assert.That(() => Dispatch.Run(Op("Relu"), [Input(2), Input(2)]), Throws.ArgumentException.With.Message.Contains("takes the inputs (features)"));
    }
}
