using Keras.Graphs;

namespace Keras.Tests.Graphs;

/// <summary>What is known of small integer tensors before run time.</summary>
sealed class PartialValueTests : GraphFixture
{
    const long B = -201, S = -202;

    static TestCaseData Case(string name, Func<PartialValueTests, Tensor> make, params long?[] expected) => new(make, expected) { TestName = $"{{m}}({name})" };

    static IEnumerable<TestCaseData> Cases() =>
    [
        Case("shape", t => Tf.ShapeOf(t.Input(B, 3, -1)), B, 3, null),
        Case("shape as int64", t => Tf.Cast(Tf.ShapeOf(t.Input(B, 3)), DType.Int64), B, 3),
        Case("size", t => Tf.SizeOf(t.Input(4, 3)), 12),
        Case("rank", t => Tf.Rank(t.Input(B, S)), 2),
        Case("pack", t => Tf.Stack([Tf.DimOf(t.Input(B, S), 1), Tf.Int32Scalar(4), t.Input(DType.Int32)], 0), S, 4, null),
        Case("concat with an unknown part", t => Tf.Concat([Tf.ShapeOf(t.Input(B, 2)), t.Input(DType.Int32, 2), Ints(9)], 0), B, 2, null, null, 9),
        Case("slice", t => Tf.Slice(Tf.ShapeOf(t.Input(B, S, 3)), [1], [2]), S, 3),
        Case("slice to the end", t => Tf.Slice(Tf.ShapeOf(t.Input(B, S, 3)), [1], [-1]), S, 3),
        Case("strided slice", t => Tf.StridedSlice(Tf.ShapeOf(t.Input(B, S, 3)), [0], [2], [1]), B, S),
        Case("strided slice backwards", t => Tf.StridedSlice(Tf.ShapeOf(t.Input(B, S, 3)), [0], [0], [-1], begin_mask: 1, end_mask: 1), 3, S, B),
        Case("negative index", t => Tf.StridedSlice(Tf.ShapeOf(t.Input(B, S)), [-1], [0], [1], end_mask: 1, shrink_axis_mask: 1), S),
        Case("gather", t => Tf.Gather(Tf.ShapeOf(t.Input(B, S, 3)), Ints(2, 0), 0), 3, B),
        Case("expand and squeeze", t => Tf.Squeeze(Tf.ExpandDims(Tf.DimOf(t.Input(B, S), 0), 0), 0), B),
        Case("reshape", t => Tf.Reshape(Tf.DimOf(t.Input(B, S), 0), Ints(1)), B),
        Case("identity", t => Tf.StopGradient(Tf.Identity(Tf.ShapeOf(t.Input(B, 2)))), B, 2),
        Case("arithmetic", t => Tf.ShapeOf(t.Input(8, 3)) * Tf.Int32Scalar(2) - Ints(1, 2), 15, 4),
        Case("arithmetic with an unknown", t => Tf.ShapeOf(t.Input(B, 3)) + Ints(1, 1), null, 4),
        Case("neutral arithmetic keeps a symbol", t => Tf.Maximum(Tf.FloorDiv((Tf.ShapeOf(t.Input(B, 3)) + Ints(0, 1)) * Ints(1, 2), Ints(1, 2)),
            Ints(0, 0)), B, 4),
        Case("floor division and remainder of negatives",
            t => Tf.Stack([Tf.FloorDiv(Tf.Int32Scalar(-7), Tf.Int32Scalar(2)), Tf.FloorMod(Tf.Int32Scalar(-7), Tf.Int32Scalar(3)),
            Tf.FloorMod(Tf.Int32Scalar(7), Tf.Int32Scalar(-3))], 0), -4, 2, -2),
        Case("maximum", t => Tf.Maximum(Tf.DimOf(t.Input(2, 5), 1), Tf.Int32Scalar(3)), 5),
        Case("product", t => Tf.Prod(Tf.ShapeOf(t.Input(2, 5)), [0]), 10),
        Case("fill", t => Tf.Fill(Ints(3), Tf.Int32Scalar(7)), 7, 7, 7),
        Case("range", t => Tf.Range(Tf.Int32Scalar(5), Tf.Int32Scalar(-1), Tf.Int32Scalar(-2)), 5, 3, 1),
        Case("permutation", t => Tf.Gather(Tf.ShapeOf(t.Input(B, S, 3)), Ints(1, 2, 0), 0), S, 3, B),
        Case("bool", t => Tf.Cast(Tf.Constant(1, DType.Bool), DType.Int32), 1),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Knows(Func<PartialValueTests, Tensor> make, long?[] expected) => Assert.That(Value(make(this)), Is.EqualTo(expected));

    static TestCaseData Nothing(string name, Func<PartialValueTests, Tensor> make) => new(make) { TestName = $"{{m}}({name})" };

    static IEnumerable<TestCaseData> Unknowns() =>
    [
        Nothing("an input", t => t.Input(DType.Int32, 2)),
        Nothing("a division by zero", t => Tf.FloorDiv(t.Input(DType.Int32), Tf.Int32Scalar(0))),
        Nothing("an index out of range", t => Tf.Gather(Tf.ShapeOf(t.Input(2, 3)), Ints(5), 0)),
        Nothing("a matrix", t => Tf.ExpandDims(Tf.ShapeOf(t.Input(2, 3)), 0)),
        Nothing("floats", t => Tf.Constant(3, DType.Float32)),
        Nothing("a shape of unknown rank", t => Tf.ShapeOf(t.InputOfUnknownRank())),
        Nothing("a slice from an unknown place", t => Tf.Gather(Tf.ShapeOf(t.Input(2, 3)), t.Input(DType.Int32, 1), 0)),
    ];

    [TestCaseSource(nameof(Unknowns))]
    public void KnowsNothingOf(Func<PartialValueTests, Tensor> make) => Assert.That(Value(make(this)), Is.Null);

    [Test]
    public void ADimensionIsAConstantWhereItIsKnown() => Assert.That(NodeOf(Tf.DimOf(Input(B, 3), -1)).Op.Name, Is.EqualTo("Const"));

    [Test]
    public void SymbolsAreEqualToThemselvesOnly()
    {
        var (a, b) = (Symbol.New(), Symbol.New());
        Assert.That((Symbol.AreEqual(a, a), Symbol.AreEqual(a, b), Symbol.AreEqual(-1, -1)), Is.EqualTo((true, false, false)));
    }

    [Test]
    public void KnownValuesGoIntoNestedGraphs()
    {
        var shape = Tf.ShapeOf(Input(B, 3));
        var nested = FunctionGraph.Trace("inner", [], _ => [Tf.Fill(shape, Tf.Constant(0, DType.Float32)), Tf.Identity(Ints(4))]);
        Assert.That(Dims(nested.Outputs[0]), Is.EqualTo(new[] { B, 3 }));
        Assert.That(nested.Graph.Captures, Has.Count.EqualTo(1), "a constant is copied, not captured");
    }
}
