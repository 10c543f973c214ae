using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>What lists of tensors refuse, on every engine; their values are cases of <see cref="OpCases"/>.</summary>
sealed class ListOpTests(string engine) : EngineFixture(engine)
{
    static Tensor On(string op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) => Dispatch.Run(Graphs.GraphFixture.Op(op), inputs, Attributes.Of(attributes));

    static readonly (string, object) Floating = ("element_dtype", DType.Float32);

    static Tensor List(params int[] shape) => On("TensorListReserve", [Tf.Int32(shape), Tf.Int32Scalar(2)], Floating);

    static IEnumerable<TestCaseData> Refused => new (string Name, Func<Tensor> Run)[]
    {
        ("an element of another dtype", () => On("TensorListSetItem", [List(2), Tf.Int32Scalar(0), Doubles(1, 2)])),
        ("an element of another shape", () => On("TensorListSetItem", [List(2), Tf.Int32Scalar(0), Floats(1, 2, 3)])),
        ("an index past the end", () => On("TensorListSetItem", [List(2), Tf.Int32Scalar(2), Floats(1, 2)])),
        ("reading past the end", () => On("TensorListGetItem", [List(2), Tf.Int32Scalar(2), Tf.Int32(2)], Floating)),
        ("reading as another dtype", () => On("TensorListGetItem", [List(2), Tf.Int32Scalar(0), Tf.Int32(2)], ("element_dtype", DType.Int32))),
        ("reading what was never set and has no known shape", () => On("TensorListGetItem", [List(-1), Tf.Int32Scalar(0), Tf.Int32(-1)], Floating)),
        ("stacking what has no known shape", () => On("TensorListStack", [List(-1), Tf.Int32(-1)], Floating)),
        ("stacking another number", () => On("TensorListStack", [List(2), Tf.Int32(2)], Floating, ("num_elements", 3L))),
        ("stacking elements of unequal shape", () => On("TensorListStack", [On("TensorListSetItem", [On("TensorListSetItem", [List(-1), Tf.Int32Scalar(0), Floats(1)]),
            Tf.Int32Scalar(1), Floats(1, 2)]), Tf.Int32(-1)], Floating)),
        ("a negative size", () => On("TensorListResize", [List(2), Tf.Int32Scalar(-1)])),
        ("popping from an empty list", () => On("TensorListPopBack", [On("EmptyTensorList", [Tf.Int32(2), Tf.Int32Scalar(-1)], Floating), Tf.Int32(2)], Floating)),
        ("pushing into a full list", () => On("TensorListPushBack", [On("EmptyTensorList", [Tf.Int32(2), Tf.Int32Scalar(0)], Floating), Floats(1, 2)])),
        ("rows of another shape", () => On("TensorListFromTensor", [Matrix(2, 1, 2, 3, 4), Tf.Int32(3)])),
        ("a scalar as rows", () => On("TensorListFromTensor", [Tf.Constant(1, DType.Float32), Tf.Int32()])),
        ("a negative place", () => On("TensorListScatterV2", [Matrix(1, 1, 2), Tf.Int32(0, -1), Tf.Int32(1), Tf.Int32Scalar(-1)])),
        ("fewer places than rows", () => On("TensorListScatterV2", [Matrix(1, 1, 2), Tf.Int32(0), Tf.Int32(1), Tf.Int32Scalar(-1)])),
        ("lengths of another sum", () => On("TensorListSplit", [Doubles(1, 2), Tf.Int32(-1), Longs(1, 2)])),
        ("two lists of other element shapes", () => On("TensorListConcatLists", [List(2), List(-1)], Floating)),
        ("two lists joined as another dtype", () => On("TensorListConcatLists", [List(2), List(2)], ("element_dtype", DType.Float64))),
        ("ids of segments that fall", () => On("SegmentSum", [Doubles(1, 2), Tf.Int32(1, 0)])),
    }.Select(r => new TestCaseData(r.Run).SetArgDisplayNames(r.Name));

    [TestCaseSource(nameof(Refused))]
    public void ItIsATypedError(Func<Tensor> run) => Assert.That(() => run() is { dtype: var dtype } result && dtype != DType.Variant ? Values(result) : [], Throws.InstanceOf<KerasException>());

    [Test]
    public void AnIndexBelowZeroOfAListThatGrowsIsATypedError()
    {
        Assert.That(() => On("TensorListSetItem", [List(2), Tf.Int32Scalar(-1), Floats(1, 2)], ("resize_if_index_out_of_bounds", true)), Throws.TypeOf<EngineException>());
    }

    [Test]
    public void WhatIsScatteredWithGapsHasZerosInThem()
    {
        var rows = Matrix(1, 1, 2);
        foreach (var (list, expected) in new (Tensor, double[])[]
        {
            (On("TensorListScatter", [rows, Tf.Int32(3, 0), Tf.Int32(1)]), [2, 0, 0, 1]),
            (On("TensorListScatterV2", [rows, Tf.Int32(3, 0), Tf.Int32(1), Tf.Int32Scalar(5)]), [2, 0, 0, 1, 0]),
            (On("TensorListScatterIntoExistingList", [On("TensorListFromTensor", [Matrix(1, 7, 8), Tf.Int32(1)]), rows, Tf.Int32(3, 0)]), [2, 8, 0, 1]),
        }) AssertClose(On("TensorListStack", [list, Tf.Int32(1)], ("element_dtype", DType.Float64)), expected);
    }

    [Test]
    public void AGradientThroughAListIsATypedErrorAndNotNothing()
    {
        using var tape = new GradientTape();
        var x = Matrix(2, 1, 2, 3, 4);
        tape.watch(x);
        var y = On("TensorListStack", [On("TensorListFromTensor", [x, Tf.Int32(2)]), Tf.Int32(2)], ("element_dtype", DType.Float64));
        Assert.That(() => tape.Gradients([y], [null], [x]), Throws.TypeOf<UnsupportedException>().With.Message.Contains("TensorListStack").Or.Message.Contains("gradient rule"));
    }

    [Test]
    public void ABranchIsChosenByItsNumber([Values(Mode.Eager, Mode.Graph)] Mode mode, [Values(-1, 0, 1, 2, 9)] int index)
    {
        FunctionGraph Branch(string name, Func<Tensor, Tensor> body) => FunctionGraph.Trace(name, [(DType.Float64, new Shape(2), "x")], x => [body(x[0])]);
        FunctionGraph[] branches = [Branch("first", x => x + 1), Branch("second", x => x * 2), Branch("last", x => Tf.Neg(x))];
        foreach (var op in (string[])["StatelessCase", "Case"])
        {
            var y = Run(mode, x => On(op, [x[0], x[1]], ("Tout", (DType[])[DType.Float64]), ("branches", branches)), Tf.Int32Scalar(index), Doubles(3, 4));
            AssertClose(y, index switch { 0 => [4, 5], 1 => [6, 8], _ => [-3, -4] });
        }
    }
}
