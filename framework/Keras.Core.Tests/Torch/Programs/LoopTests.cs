using Keras.Engines.Torch;
using Keras.Graphs;

namespace Keras.Tests.Torch.Programs;

/// <summary>A loop's variables are given up to each round: lists are changed in place, and nothing is freed that is still a result.</summary>
[NonParallelizable]
sealed class LoopTests : TorchFixture
{
    static Tensor On(string op, ReadOnlySpan<Tensor> inputs, params ReadOnlySpan<(string, object)> attributes) => Dispatch.Run(Keras.Tests.Graphs.GraphFixture.Op(op), inputs, Attributes.Of(attributes));

    static Tensor Reserve(Tensor count) => On("TensorListReserve", [Tf.Int32(), count], ("element_dtype", DType.Int32));

    static Tensor Stack(Tensor list) => On("TensorListStack", [list, Tf.Int32()], ("element_dtype", DType.Int32));

    /// <summary>Fills a list with 0, 1, 2, ...</summary>
    static Tensor Filled(Tensor count) => ControlFlow.While(v => Tf.Less(v[0], count),
        v => [v[0] + Tf.Int32Scalar(1), On("TensorListSetItem", [v[1], v[0], v[0]])], [Tf.Int32Scalar(0), Reserve(count)])[1];

    [Test]
    public void FourTimesAsManyElementsTakeFourTimesAsMuchMemoryAndNotSixteenTimes()
    {
        using var function = Compile(x => [Stack(Filled(x[0]))], out _, parameters: (DType.Int32, Shape.Scalar));
        long Allocated(int count)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            using var result = Run(function, 1, Tf.Int32Scalar(count))[0];
            Assert.That(result.ToArray<int>(), Is.EqualTo(Enumerable.Range(0, count)));
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
        Allocated(10);
        var (few, many) = (Allocated(500), Allocated(2000));
        Assert.That(many, Is.LessThan(6 * few), $"{few} bytes for 500 elements");
    }

    [Test]
    public void AListThatOthersHoldStaysAsItWas()
    {
        using var function = Compile(x =>
        {
            var list = Filled(Tf.Int32Scalar(3));
            var changed = ControlFlow.While(v => Tf.Less(v[0], x[0]), v => [v[0] + Tf.Int32Scalar(1), On("TensorListSetItem", [v[1], v[0], Tf.Int32Scalar(9)])], [Tf.Int32Scalar(0), list])[1];
            return [Stack(list), Stack(changed)];
        }, out _, parameters: (DType.Int32, Shape.Scalar));
        foreach (var (rounds, expected) in new (int, int[])[] { (0, [0, 1, 2]), (2, [9, 9, 2]) })
        {
            var results = Run(function, 2, Tf.Int32Scalar(rounds));
            Assert.That(results[0].ToArray<int>(), Is.EqualTo(new[] { 0, 1, 2 }));
            Assert.That(results[1].ToArray<int>(), Is.EqualTo(expected));
        }
    }

    [Test]
    public void ALoopWithoutARoundGivesWhatItWasGiven()
    {
        using var function = Compile(x => ControlFlow.While(v => Tf.Less(v[0], x[1]), v => [v[0] + Tf.Int32Scalar(1), v[1] * 2, v[2]], [Tf.Int32Scalar(0), x[0] + 1, x[0] * 3]), out _,
            parameters: [(DType.Float32, new Shape(3)), (DType.Int32, Shape.Scalar)]);
        foreach (var (rounds, factor) in new[] { (0, 1), (1, 2), (3, 8) })
        {
            var results = Run(function, 3, Vector(1, 2, 3), Tf.Int32Scalar(rounds));
            Assert.That(Floats(results[1]), Is.EqualTo(new float[] { 2 * factor, 3 * factor, 4 * factor }));
            Assert.That(Floats(results[2]), Is.EqualTo(new float[] { 3, 6, 9 }), "a variable that stays");
        }
    }

    [Test]
    public void InputsOfBranchesAreLeftToTheirOwners()
    {
        using var function = Compile(x =>
        {
            var doubled = x[0] * 2;
            var chosen = ControlFlow.If(x[1], () => [doubled + 1, doubled], () => [doubled, x[0]]);
            return [.. chosen, x[0] + 0];
        }, out _, parameters: [(DType.Float32, new Shape(2)), (DType.Bool, Shape.Scalar)]);
        var input = Vector(1, 2);
        foreach (var condition in (bool[])[true, false, true])
        {
            var results = Run(function, 3, input, Tf.Constant(condition ? 1 : 0, DType.Bool));
            Assert.That(Floats(results[0]), Is.EqualTo(condition ? new float[] { 3, 5 } : [2, 4]));
            Assert.That(Floats(results[1]), Is.EqualTo(condition ? new float[] { 2, 4 } : [1, 2]));
            Assert.That(Floats(results[2]), Is.EqualTo(new float[] { 1, 2 }));
        }
        Assert.That(Floats(input), Is.EqualTo(new float[] { 1, 2 }));
    }

    [Test]
    public void LoopsOverListsLeaveNothingBehind()
    {
        using var function = Compile(x => [Stack(Filled(x[0])), On("TensorListGetItem", [Filled(x[0]), Tf.Int32Scalar(7), Tf.Int32()], ("element_dtype", DType.Int32))], out _, parameters: (DType.Int32, Shape.Scalar));
        void Once(int count)
        {
            foreach (var result in Run(function, 2, Tf.Int32Scalar(count))) result.Dispose();
        }
        Once(20);
        var before = LiveAfterCollection();
        for (var i = 0; i < 5; i++) Once(20);
        Assert.That(LiveAfterCollection(), Is.LessThanOrEqualTo(before));
        // A failure in the middle frees what was there too, and at once.
        var index = Tf.Int32Scalar(5);
        before = LiveBlocks.Count;
        Assert.That(() => Run(function, 2, index), Throws.TypeOf<EngineException>());
        Assert.That(LiveBlocks.Count, Is.LessThanOrEqualTo(before));
    }

    [Test]
    public void WhatAFailingKernelHasMadeIsFreedAtOnce()
    {
        using var function = Compile(x => [On("RaggedBincount", [x[0], x[1], Tf.Int32Scalar(3), x[2]])], out _,
            parameters: [(DType.Int64, new Shape(2)), (DType.Int32, new Shape(2)), (DType.Float32, new Shape(2))]);
        Tensor[] inputs = [Tf.Constant(HostTensor.Vector<long>(0, 2)), Tf.Int32(1, -1), Vector(1, 2)];
        LiveAfterCollection();
        var before = LiveBlocks.Count;
        Assert.That(() => Run(function, 1, inputs), Throws.TypeOf<EngineException>().With.Message.Contains("non-negative"));
        Assert.That(LiveBlocks.Count, Is.LessThanOrEqualTo(before));
    }
}
