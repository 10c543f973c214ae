using Keras.Graphs;

namespace Keras.Tests.Ops;

/// <summary>Branches and loops in every mode, and gradients through them.</summary>
sealed class ControlFlowTests(string engine) : EngineFixture(engine)
{
    static Tensor Bool(bool value) => Tf.Constant(value ? 1 : 0, DType.Bool);

    static Tensor Int(int value) => Tf.Int32Scalar(value);

    [Test]
    public void ABranchIsChosen([Values] Mode mode, [Values] bool condition) =>
        AssertClose(Run(mode, x => ControlFlow.If(x[0], () => [x[1] * 2], () => [x[1] + 10])[0], Bool(condition), Doubles(1, 2)), condition
            ? [2, 4] : [11, 12]);

    [Test]
    public void OnlyTheChosenBranchWrites([Values] Mode mode, [Values] bool condition)
    {
        var v = new Variable(Doubles(1, 2));
        var after = Run(mode, x =>
        {
            ControlFlow.If(x[0], () =>
            {
                v.assign_add(x[1]);
                return [];
            }, () => []);
            return v.value;
        }, Bool(condition), Doubles(5, 5));
        AssertClose(after, condition ? [6, 7] : [1, 2]);
        AssertClose(v.value, condition ? [6, 7] : [1, 2]);
    }

    [Test]
    public void GradientsGoThroughTheChosenBranch([Values] Mode mode, [Values] bool condition)
    {
        var v = new Variable(Doubles(3, 4));
        var captured = Doubles(5, 6);
        var gradients = Run(mode, x =>
        {
            using var tape = new GradientTape();
            tape.watch(x[1]);
            tape.watch(captured);
            var y = ControlFlow.If(x[0], () => [Tf.Square(x[1]) * v.value], () => [x[1] * captured])[0];
            return tape.Gradients([y * 2], [null], [x[1], v.Handle, captured]).Select((g, i) => g ?? Tf.ZerosLike(x[1])).ToArray();
        }, Bool(condition), Doubles(1, 2));
        AssertClose(gradients[0], condition ? [12, 32] : [10, 12]);
        AssertClose(gradients[1], condition ? [2, 8] : [0, 0]);
        AssertClose(gradients[2], condition ? [0, 0] : [2, 4]);
    }

    [Test]
    public void BranchesHaveSecondDerivatives([Values] Mode mode)
    {
        var second = Run(mode, x =>
        {
            using var outer = new GradientTape();
            outer.watch(x[1]);
            using var inner = new GradientTape();
            inner.watch(x[1]);
            var y = ControlFlow.If(x[0], () => [x[1] * x[1] * x[1]], () => [x[1]])[0];
            return outer.gradient(inner.gradient(y, x[1])!, x[1])!;
        }, Bool(true), Doubles(1, 2));
        AssertClose(second, [6, 12]);
    }

    [Test]
    public void BranchesNest([Values] Mode mode, [Values] bool inner) => AssertClose(Run(mode, x => ControlFlow.If(x[0],
        () => ControlFlow.If(x[1], () => [Tf.Gelu(x[2])], () => [x[2] * 3]), () => [x[2]])[0], Bool(true), Bool(inner), Doubles(0, 2)), inner
            ? [0, 1.9544997361036416] : [0, 6]);

    [Test]
    public void ALoopRunsUntilItsConditionFails([Values] Mode mode)
    {
        var step = Doubles(1, 2);
        var ends = Run(mode, x => ControlFlow.While(v => Tf.Less(v[0], x[0]), v => [v[0] + Int(1), v[1] + step], [Int(0), x[1]]), Int(5), Doubles(0, 10));
        Assert.That(ends[0].ToScalar<int>(), Is.EqualTo(5));
        AssertClose(ends[1], [5, 20]);
    }

    [Test]
    public void ALoopMayNotRunAtAll([Values] Mode mode) =>
        AssertClose(Run(mode, x => ControlFlow.While(v => Tf.Less(v[0], Int(0)), v => [v[0] + Int(1), v[1] * 2], [Int(0), x[0]])[1], Doubles(7)), [7]);

    [Test]
    public void ALoopEndsAtItsLimit([Values] Mode mode) =>
        Assert.That(Run(mode, x => ControlFlow.While(_ => Bool(true), v => [v[0] + x[0]], [Int(0)], maximumIterations: 6)[0], Int(2)).ToScalar<int>(),
        Is.EqualTo(12));

    [Test]
    public void ALoopWritesVariables([Values] Mode mode)
    {
        var v = new Variable(Doubles(1));
        Run(mode, x => ControlFlow.While(i => Tf.Less(i[0], Int(4)), i =>
        {
            v.assign(v.value * x[0]);
            return [i[0] + Int(1)];
        }, [Int(0)]), Doubles(3));
        AssertClose(v.value, [81]);
    }

    [Test]
    public void ALoopMayGrowItsVariables([Values(Mode.Eager, Mode.Graph)] Mode mode) =>
        AssertClose(Run(mode, x => ControlFlow.While(v => Tf.Less(Tf.DimOf(v[0], 0), Int(3)), v => [Tf.Concat([v[0], v[0]], 0)], [x[0]])[0], Doubles(1)),
            [1, 1, 1, 1]);

    [Test]
    public void GradientsGoBackThroughALoop([Values] Mode mode)
    {
        // y = x · w^n with n known at run time only.
        var w = new Variable(Doubles(2, 3));
        var results = Run(mode, x =>
        {
            using var tape = new GradientTape();
            tape.watch(x[0]);
            var y = ControlFlow.While(v => Tf.Less(v[0], x[1]), v => [v[0] + Int(1), v[1] * w.value], [Int(0), x[0]], maximumIterations: 10)[1];
            return [y, .. tape.Gradients([y], [null], [x[0], w.Handle]).Select(g => g!)];
        }, Doubles(5, 7), Int(3));
        AssertClose(results[0], [40, 189]);
        AssertClose(results[1], [8, 27]);
        AssertClose(results[2], [5 * 3 * 4, 7 * 3 * 9]);
    }

    [Test]
    public void LoopsHaveSecondDerivatives([Values] Mode mode)
    {
        // y = x^4 by a loop: the second derivative is 12 x².
        var second = Run(mode, x =>
        {
            using var outer = new GradientTape();
            outer.watch(x[0]);
            using var inner = new GradientTape();
            inner.watch(x[0]);
            var y = ControlFlow.While(v => Tf.Less(v[0], Int(3)), v => [v[0] + Int(1), v[1] * x[0]], [Int(0), x[0]], maximumIterations: 3)[1];
            return outer.gradient(inner.gradient(y, x[0])!, x[0])!;
        }, Doubles(1, 2));
        AssertClose(second, [12, 48]);
    }

    [Test]
    public void ALoopOfUnknownLengthHasNoGradient()
    {
        var error = Assert.Throws<UnsupportedException>(() => Run(Mode.Graph, x =>
        {
            using var tape = new GradientTape();
            tape.watch(x[0]);
            return tape.gradient(ControlFlow.While(v => Tf.Less(Tf.Sum(v[0]), Tf.Constant(9, DType.Float64)), v => [v[0] * 2], [x[0]])[0], x[0])!;
        }, Doubles(1)))!;
        Assert.That(error.Remedy, Does.Contain("maximum_iterations"));
    }

    [Test]
    public void CalledFunctionsRun([Values("PartitionedCall", "StatefulPartitionedCall")] string op, [Values] Mode mode)
    {
        var function = Lowering.Lower(FunctionGraph.Trace("callee", [(DType.Float64, new Shape(2), "x")], x => [Tf.Square(x[0]), x[0]]), _ => false);
        var results = Run(mode, x => Dispatch.RunAll(Graphs.GraphFixture.Op(op), [x[0]],
            Attributes.Of(("f", function), ("Tout", new[] { DType.Float64, DType.Float64 }))), Doubles(3, 4));
        AssertClose(results[0], [9, 16]);
    }
}
