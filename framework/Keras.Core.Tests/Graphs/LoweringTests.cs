using Keras.Graphs;

namespace Keras.Tests.Graphs;

/// <summary>What becomes of a traced function before an engine compiles it.</summary>
sealed class LoweringTests
{
    static FunctionGraph Trace(Func<Tensor[], IEnumerable<Tensor>> body, params Shape[] shapes) =>
        FunctionGraph.Trace("test", shapes.Select((s, i) => (DType.Float32, s, $"x{i}")), body);

    static FunctionGraph Lower(FunctionGraph function, params string[] kept) => Lowering.Lower(function, op => kept.Contains(op.Name));

    static string[] OpsOf(FunctionGraph function) => [.. function.LiveNodes().Select(n => n.Op.Name)];

    [Test]
    public void CompositesBecomePrimitiveOps()
    {
        var lowered = Lower(Trace(x => [Tf.Gelu(x[0])], (2, 3)));
        Assert.That(OpsOf(lowered), Does.Contain("Erf"));
        Assert.That(lowered.Graph.Nodes.Any(n => n.Op.IsComposite), Is.False);
    }

    [Test]
    public void CompositesThatTheEngineRunsStay() => Assert.That(OpsOf(Lower(Trace(x => [Tf.Gelu(x[0])], (2, 3)), "gelu")), Is.EqualTo(new[] { "gelu" }));

    [Test]
    public void NodesOfACompositeAreNamedUnderIt()
    {
        var traced = Trace(x =>
        {
            using var scope = NameScope.Enter("intermediate");
            return [Tf.Gelu(x[0])];
        }, (2, 3));
        Assert.That(Lower(traced).LiveNodes().Select(n => n.Name), Is.All.StartsWith("intermediate/gelu/"));
    }

    [Test]
    public void EveryOutputOfACompositeIsReplaced()
    {
        var traced = Trace(x => Dispatch.RunAll(GraphFixture.Op("layer_norm"), [x[0], x[1], x[1]], Attributes.Of(("epsilon", 1e-5f))), (2, 3), 3);
        Assert.That(Lower(traced).Outputs.Select(o => o.shape), Is.EqualTo(new Shape[] { (2, 3), (2, 1), (2, 1) }));
    }

    [Test]
    public void WhatNothingNeedsIsDropped()
    {
        var lowered = Lower(Trace(x =>
        {
            _ = Tf.Exp(x[0]);
            return [Tf.Relu(x[0])];
        }, 2));
        Assert.That(lowered.Graph.Nodes.Select(n => n.Op.Name), Is.EqualTo(new[] { "Placeholder", "Relu" }));
    }

    [Test]
    public void InputsStayEvenWhereTheyAreNotUsed() =>
        Assert.That(Lower(Trace(x => [x[1]], 2, 3)).Inputs.Select(i => i.shape), Is.EqualTo(new Shape[] { 2, 3 }));

    [Test]
    public void CapturesFollowTheParameters()
    {
        var outer = new Graph(null);
        using var scope = outer.Enter();
        var captured = outer.AddParameter(DType.Float64, new Shape(5));
        captured.HandleData = (DType.Float32, new Shape(7));
        var lowered = Lower(Trace(x => [x[0], captured], 2));
        Assert.That(lowered.Inputs.Select(i => i.dtype), Is.EqualTo(new[] { DType.Float32, DType.Float64 }));
        Assert.That(lowered.Inputs[1].HandleData, Is.EqualTo(captured.HandleData));
    }

    [Test]
    public void WritesStayInOrderAlthoughNoOutputNeedsThem()
    {
        var lowered = Lower(FunctionGraph.Trace("step", [(DType.Resource, Shape.Scalar, "v"), (DType.Float32, new Shape(2), "x")], inputs =>
        {
            inputs[0].HandleData = (DType.Float32, new Shape(2));
            Tf.AssignVariable(inputs[0], Tf.Gelu(inputs[1]));
            var value = Tf.ReadVariable(inputs[0], DType.Float32);
            Tf.AssignAddVariable(inputs[0], value);
            return [];
        }));
        Assert.That(lowered.SideEffects.Select(n => n.Op.Name), Is.EqualTo(new[] { "AssignVariableOp", "AssignAddVariableOp" }));
        var read = lowered.LiveNodes().Single(n => n.Op.Name == "ReadVariableOp");
        Assert.That(read.ControlInputs, Is.EqualTo(new[] { lowered.SideEffects[0] }));
        Assert.That(lowered.SideEffects[1].ControlInputs, Is.EquivalentTo(new[] { lowered.SideEffects[0], read }));
    }

    [Test]
    public void AReadThatNothingNeedsIsDropped()
    {
        var lowered = Lower(FunctionGraph.Trace("step", [(DType.Resource, Shape.Scalar, "v")], inputs =>
        {
            _ = Tf.ReadVariable(inputs[0], DType.Float32);
            return [];
        }));
        Assert.That(lowered.LiveNodes(), Is.Empty);
    }

    [Test]
    public void NestedFunctionsAreLoweredToo()
    {
        var traced = FunctionGraph.Trace("test", [(DType.Bool, Shape.Scalar, "p"), (DType.Float32, new Shape(2), "x")],
            x => ControlFlow.If(x[0], () => [Tf.Gelu(x[1])], () => [Tf.Relu(x[1])]));
        var lowered = Lower(traced);
        var branch = (FunctionGraph)lowered.LiveNodes().Single().Attributes.Items.ToArray().Single(a => a.Name == "then_branch").Value;
        Assert.That(OpsOf(branch), Does.Contain("Erf").And.Not.Contain("gelu"));
        Assert.That(branch.Inputs, Has.Count.EqualTo(1));
    }

    [Test]
    public void LoweringRecordsNothingOnATape()
    {
        using var tape = new GradientTape(persistent: true);
        var traced = Trace(x =>
        {
            tape.watch(x[0]);
            return [Tf.Gelu(x[0])];
        }, 2);
        Lower(traced);
        using (new Graph(null).Enter()) Assert.That(() => tape.gradient(Tf.Constant(1, DType.Float32), [traced.Inputs[0]]), Is.EqualTo(new Tensor?[] { null }));
    }

    [Test]
    public void PeakMemoryCountsWhatLivesAtOneTime()
    {
        const int Bytes = 1000 * sizeof(float);
        Assert.Multiple(() =>
        {
            Assert.That(Trace(x => [Tf.Exp(Tf.Exp(Tf.Exp(x[0])))], 1000).PeakBytes(), Is.EqualTo(2 * Bytes), "a result and what it is made of");
            Assert.That(Trace(x => [Tf.Exp(x[0]), Tf.Relu(x[0]), Tf.Tanh(x[0])], 1000).PeakBytes(), Is.EqualTo(3 * Bytes), "outputs stay");
            Assert.That(Trace(x => [x[0]], 1000).PeakBytes(), Is.Zero, "inputs are the caller's");
        });
    }
}
