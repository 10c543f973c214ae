using System.Text.RegularExpressions;
using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Indices out of range are the same on every engine: an error of one type, or the value that TensorFlow defines; no op with indices is left out.</summary>
sealed class IndexTests(string engine) : EngineFixture(engine)
{
    static Tensor On(string op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) => Dispatch.Run(Graphs.GraphFixture.Op(op), inputs, Attributes.Of(attributes));

    /// <summary>A call with one index, which is in range if it is 0.</summary>
    /// <param name="Op">The op.</param>
    /// <param name="Run">Runs it with indices; resources are made anew.</param>
    /// <param name="Bad">Indices out of range.</param>
    /// <param name="Value">What they give; null where they are refused.</param>
    /// <param name="Name">What is special.</param>
    sealed record Case(string Op, Func<Tensor, Tensor[]> Run, int[] Bad, double[]? Value = null, string Name = "")
    {
        public override string ToString() => Name.Length == 0 ? Op : $"{Op}, {Name}";
    }

    static Tensor M => Matrix(2, 1, 2, 3, 4, 5, 6);

    static Tensor Rows(Tensor i) => Tf.Reshape(i, Tf.Int32(1));

    static Tensor Vector(Tensor i) => Tf.Reshape(i, Tf.Int32(1, 1));

    /// <summary>A variable of M, made at once also while tracing.</summary>
    static Variable Var()
    {
        using var suspended = Graph.Suspend();
        var variable = new Variable(M);
        return variable.Handle.dtype == DType.Resource ? variable : throw new InvalidOperationException();
    }

    static Tensor[] Changed(string op, Tensor index, bool nd)
    {
        var variable = Var();
        Dispatch.RunAll(Graphs.GraphFixture.Op(op), [variable.Handle, nd ? Vector(index) : Rows(index), Matrix(2, 7, 8)]);
        return [variable.value * 1];
    }

    static Tensor[] Of(string op, params ReadOnlySpan<Tensor> inputs) => Dispatch.RunAll(Graphs.GraphFixture.Op(op), inputs);

    static IEnumerable<Case> Cases =>
    [
        new("GatherV2", i => [Tf.Gather(M, i, 0)], [-1, 3, int.MaxValue]), new("GatherV2", i => [Tf.Gather(M, Rows(i), 1)], [-1, 2], Name: "inner axis"),
        new("GatherNd", i => [Tf.GatherNd(M, Rows(i))], [-1, 3]),
        new("ResourceGather", i => Var() is var v ? [Tf.ResourceGather(v.Handle, i, DType.Float64)] : [], [-1, 3]),
        new("ResourceGatherNd", i => Var() is var v ? [On("ResourceGatherNd", [v.Handle, Rows(i)], ("dtype", DType.Float64))] : [], [-1, 3]),
        new("ScatterNd", i => [Tf.ScatterNd(Vector(i), Matrix(2, 7, 8), Tf.Int32(3, 2))], [-1, 3]),
        .. new[] { "TensorScatterUpdate", "TensorScatterAdd", "TensorScatterSub", "TensorScatterMax", "TensorScatterMin" }.Select(op =>
            new Case(op, i => Of(op, M, Vector(i), Matrix(2, 7, 8)), [-1, 3])),
        .. new[] { "ResourceScatterUpdate", "ResourceScatterAdd", "ResourceScatterSub", "ResourceScatterMax", "ResourceScatterMin" }.Select(op => new Case(op, i => Changed(op, i, nd: false), [-1, 3])),
        .. new[] { "ResourceScatterNdUpdate", "ResourceScatterNdAdd", "ResourceScatterNdSub" }.Select(op => new Case(op, i => Changed(op, i, nd: true), [-1, 3])),
        .. new[] { ("Sum", 0.0), ("Prod", 1.0), ("Max", double.MinValue), ("Min", double.MaxValue) }.SelectMany(o => new[]
        {
            new Case($"UnsortedSegment{o.Item1}", i => Of($"UnsortedSegment{o.Item1}", Doubles(5), Rows(i), Tf.Int32Scalar(2)), [2, 100]),
            new Case($"UnsortedSegment{o.Item1}", i => Of($"UnsortedSegment{o.Item1}", Doubles(5), Rows(i), Tf.Int32Scalar(2)), [-1], [o.Item2, o.Item2], "negative"),
        }),
        .. new[] { "Sum", "Mean", "Max", "Min", "Prod" }.Select(op => new Case($"Segment{op}", i => Of($"Segment{op}", Doubles(5), Rows(i)), [-1])),
        .. new[] { "Sum", "Mean", "SqrtN" }.SelectMany(op => new[]
        {
            new Case($"SparseSegment{op}", i => Of($"SparseSegment{op}", Doubles(5, 6), Rows(i), Tf.Int32(0)), [-1, 2]),
            new Case($"SparseSegment{op}", i => Of($"SparseSegment{op}", Doubles(5, 6), Tf.Int32(0), Rows(i)), [-1], Name: "segments"),
        }),
        new("UnsortedSegmentJoin", i => [Tf.StringLength(Tf.UnsortedSegmentJoin(Strings("a"), Rows(i), Tf.Int32Scalar(2)), "BYTE")], [2]),
        new("OneHot", i => [Tf.OneHot(i, 3, Tf.Constant(2.0, DType.Float64), Tf.Constant(-1.0, DType.Float64))], [-1, 3], [-1, -1, -1]),
        new("SparseSoftmaxCrossEntropyWithLogits", i => Of("SparseSoftmaxCrossEntropyWithLogits", Matrix(3, 1, 2, 3), Rows(i)), [-1, 3]),
        new("softmax_cross_entropy", i => Of("softmax_cross_entropy", Matrix(3, 1, 2, 3), Rows(i)), [-1, 3]),
        new("DynamicPartition", i => Dispatch.RunAll(Graphs.GraphFixture.Op("DynamicPartition"), [Doubles(5), Rows(i)], Attributes.Of(("num_partitions", 2))), [-1, 2]),
        new("DynamicStitch", i => [On("DynamicStitch", [Rows(i), Doubles(5)])], [-1]), new("ParallelDynamicStitch", i => [On("ParallelDynamicStitch", [Rows(i), Doubles(5)])], [-1]),
        new("SparseToDense", i => [On("SparseToDense", [Rows(i), Tf.Int32(2), Doubles(5), Tf.Constant(0.0, DType.Float64)])], [-1, 2]),
        new("InTopKV2", i => [Tf.Cast(Tf.InTopK(Tf.Cast(Matrix(3, 1, 2, 3), DType.Float32), Rows(i), Tf.Int32Scalar(3)), DType.Float64)], [-1, 3], [0]),
        new("InvertPermutation", i => [On("InvertPermutation", [Rows(i)])], [-1, 1]),
        new("ReverseSequence", i => [On("ReverseSequence", [M, Tf.Concat([Rows(i), Tf.Int32(0, 0)], 0)], ("seq_dim", 1))], [3]),
        new("StridedSlice", i => [On("StridedSlice", [M, Rows(i), Rows(i) + 1, Tf.Int32(1)], ("shrink_axis_mask", 1))], [-4, 3]), new("Slice", i => [Tf.Slice(M, Tf.Concat([Rows(i), Tf.Int32(0)], 0), Tf.Int32(1, 2))], [-1, 3]),
        new("XlaDynamicSlice", i => [On("XlaDynamicSlice", [Doubles(1, 2, 3), Rows(i), Tf.Int32(1)])], [-1], [1]), new("XlaDynamicSlice", i => [On("XlaDynamicSlice", [Doubles(1, 2, 3), Rows(i), Tf.Int32(1)])], [9], [3], "beyond"),
        new("XlaDynamicUpdateSlice", i => [On("XlaDynamicUpdateSlice", [Doubles(1, 2, 3), Doubles(7), Rows(i)])], [9], [1, 2, 7]),
        new("CropAndResize", i => [On("CropAndResize", [Tf.Constant(HostTensor.Of<float>([1, 2, 3, 4], new Shape(1, 2, 2, 1))), Tf.Constant(HostTensor.Of<float>([0, 0, 1, 1], new Shape(1, 4))), Rows(i), Tf.Int32(1, 1)])], [-1, 1]),
        new("TensorListGetItem", i => [On("TensorListGetItem", [On("TensorListFromTensor", [M, Tf.Int32(2)]), i, Tf.Int32(2)], ("element_dtype", DType.Float64))], [-1, 3]),
        new("TensorListSetItem", i => [On("TensorListLength", [On("TensorListSetItem", [On("TensorListFromTensor", [M, Tf.Int32(2)]), i, Doubles(7, 8)])])], [-1, 3]),
        new("TensorListSetItem", i => [On("TensorListLength", [On("TensorListSetItem", [On("TensorListFromTensor", [M, Tf.Int32(2)]), i, Doubles(7, 8)], ("resize_if_index_out_of_bounds", true))])], [-1], Name: "a list that grows"),
        new("TensorListGather", i => [On("TensorListGather", [On("TensorListFromTensor", [M, Tf.Int32(2)]), Rows(i), Tf.Int32(2)], ("element_dtype", DType.Float64))], [-1, 3]),
        .. new[] { "TensorListScatter", "TensorListScatterV2" }.Select(op => new Case(op, i => [On("TensorListLength", [On(op, [Matrix(2, 7, 8), Rows(i), Tf.Int32(2), .. op.EndsWith('2') ? new[] { Tf.Int32Scalar(2) } : []])])], [-1])),
        new("TensorListScatterIntoExistingList", i => [On("TensorListLength", [On("TensorListScatterIntoExistingList", [On("TensorListFromTensor", [M, Tf.Int32(2)]), Matrix(2, 7, 8), Rows(i)])])], [-1]),
    ];

    static IEnumerable<TestCaseData> Tried => from c in Cases from bad in c.Bad from mode in (Mode[])[Mode.Eager, Mode.Graph] select new TestCaseData(c.ToString(), bad, mode);

    static Case Find(string name) => Cases.First(c => c.ToString() == name);

    [TestCaseSource(nameof(Tried))]
    public void OutOfRange(string name, int index, Mode mode)
    {
        var c = Find(name);
        Tensor[] Results(int i) => mode == Mode.Eager ? c.Run(Tf.Int32Scalar(i)) : Run(mode, x => [.. c.Run(x[0]).Where(t => t.dtype != DType.Variant)], Tf.Int32Scalar(i));
        Assert.That(() => Results(0)[0].RequireEager().ToHost(), Throws.Nothing, "in range");
        if (c.Value is { } value) AssertClose(Results(index)[0], value);
        else Assert.That(() => Results(index)[0].RequireEager().ToHost(), mode == Mode.Eager ? Throws.InstanceOf<EngineException>().Or.InstanceOf<ShapeMismatchException>() : Throws.TypeOf<EngineException>());
    }

    // XLA has no kernel for ResourceGatherNd.
    static IEnumerable<TestCaseData> UnderXla => from c in Cases where IndexRules.Ops.Contains(c.Op) && c.Op != "ResourceGatherNd" && c.Value is null from bad in c.Bad select new TestCaseData(c.ToString(), bad);

    /// <summary>Compiled code does not check: what comes from the host is checked before it.</summary>
    [TestCaseSource(nameof(UnderXla))]
    public void OutOfRangeFromTheHostInCompiledCode(string name, int index)
    {
        var c = Find(name);
        Assert.That(() => Run(Mode.Xla, x => c.Run(x[0]), Tf.Int32Scalar(0)), Throws.Nothing, "in range");
        Assert.That(() => Run(Mode.Xla, x => c.Run(x[0]), Tf.Int32Scalar(index)), Throws.TypeOf<EngineException>());
    }

    /// <summary>Inputs of these names hold indices.</summary>
    static readonly Regex Indices = new("^(indices|sparse_indices|segment_ids|labels|targets|partitions|index|box_ind|seq_lengths|start_indices)$");

    static readonly string[] OtherThanIndices =
    [
        // Probabilities; counted or clamped, with cases of OpCases; gradients of what is checked before.
        "SoftmaxCrossEntropyWithLogits",
        // Places of sparse tensors and rows of ragged ones, which XLA does not compile; MutatedOpTests moves them out of range.
        "RaggedCross", "RaggedGather", "SparseConcat", "SparseCross", "SparseCrossV2", "SparseFillEmptyRows", "SparseSlice", "SparseSplit",
    ];

    [Test]
    public void EveryOpWithIndicesHasACase()
    {
        var ops = OpTable.All.Where(o => o.Inputs.Any(i => Indices.IsMatch(i.Name))).Select(o => o.Name).Union(IndexRules.Ops);
        Assert.That(ops.Except(Cases.Select(c => c.Op)).Except(OtherThanIndices).Order(), Is.Empty);
    }
}
