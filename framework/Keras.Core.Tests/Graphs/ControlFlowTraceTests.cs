using Keras.Graphs;

namespace Keras.Tests.Graphs;

/// <summary>Branches and loops as nodes with nested functions.</summary>
sealed class ControlFlowTraceTests : GraphFixture
{
    const long B = -301;

    static FunctionGraph Nested(Node node, string attribute) => new OpCall(node.Op, node.Attributes, node.Inputs).Get<FunctionGraph>(attribute);

    [Test]
    public void BranchesTakeTheirCapturesAsInputsInOneOrder()
    {
        var (p, x, y) = (Input(DType.Bool), Input(B, 2), Input(B, 2));
        var node = NodeOf(ControlFlow.If(p, () => [x + 1.0], () => [y - x])[0]);
        Assert.That(node.Op.Name, Is.EqualTo("StatelessIf"));
        Assert.That(node.Inputs, Is.EqualTo(new[] { p, x, y }));
        foreach (var branch in new[] { "then_branch", "else_branch" })
        {
            Assert.That(Nested(node, branch).Inputs, Has.Count.EqualTo(2));
            Assert.That(Nested(node, branch).Graph.Captures, Is.Empty);
        }
    }

    [Test]
    public void ABranchedShapeIsWhatBothHave()
    {
        var (p, x) = (Input(DType.Bool), Input(B, 2));
        Assert.That(Dims(ControlFlow.If(p, () => [x], () => [Tf.Relu(x)])[0]), Is.EqualTo(new[] { B, 2 }));
        Assert.That(Dims(ControlFlow.If(p, () => [x], () => [Tf.Concat([x, x], 1)])[0]), Is.EqualTo(new[] { B, -1 }));
        Assert.That(ControlFlow.If(p, () => [x], () => [Tf.Sum(x)])[0].shape.HasRank, Is.False);
    }

    [Test]
    public void BranchesOfDifferentDtypesAreAnError()
    {
        var (p, x) = (Input(DType.Bool), Input(2));
        var error = Assert.Throws<DTypeMismatchException>(() => ControlFlow.If(p, () => [x], () => [Tf.Cast(x, DType.Int32)]))!;
        Assert.That((error.Where, error.Expected, error.Received), Is.EqualTo(("cond", "(float32)", "(int32)")));
        Assert.That(() => ControlFlow.If(x, () => [x], () => [x]), Throws.TypeOf<DTypeMismatchException>());
    }

    [Test]
    public void ABranchThatWritesIsKept()
    {
        var (p, v, x) = (Input(DType.Bool), Resource(DType.Float32, 2), Input(2));
        var before = NodeOf(Tf.ReadVariable(v, DType.Float32));
        ControlFlow.If(p, () =>
        {
            Tf.AssignVariable(v, x);
            return [];
        }, () => []);
        var node = Graph.SideEffects.Single();
        Assert.That(node.Op.Name, Is.EqualTo("If"));
        Assert.That(node.ControlInputs, Is.EqualTo(new[] { before }));
        Assert.That(NodeOf(Tf.ReadVariable(v, DType.Float32)).ControlInputs, Is.EqualTo(new[] { node }));
    }

    [Test]
    public void ALoopPassesItsCapturesAlong()
    {
        var (x, step) = (Input(B, 2), Input(2));
        var ends = ControlFlow.While(v => Tf.Less(v[0], Tf.Int32Scalar(5)), v => [v[0] + Tf.Int32Scalar(1), v[1] + step], [Tf.Int32Scalar(0), x]);
        var node = NodeOf(ends[1]);
        Assert.That((node.Op.Name, node.Inputs.Length, node.Outputs.Length), Is.EqualTo(("StatelessWhile", 3, 3)));
        Assert.That(Dims(ends[1]), Is.EqualTo(new[] { B, 2 }));
        Assert.That(Nested(node, "cond").Inputs, Has.Count.EqualTo(3));
        Assert.That(Nested(node, "body").Outputs[2], Is.SameAs(Nested(node, "body").Inputs[2]));
    }

    [Test]
    public void ADimensionThatALoopChangesIsUnknown()
    {
        var ends = ControlFlow.While(v => Tf.Less(Tf.DimOf(v[0], 0), Tf.Int32Scalar(9)), v => [Tf.Concat([v[0], v[0]], 0)], [Input(1, 2)]);
        Assert.That(Dims(ends[0]), Is.EqualTo(new[] { -1, 2 }));
    }

    [Test]
    public void ALoopThatChangesADtypeIsAnError() => Assert.That(
        () => ControlFlow.While(v => Tf.Less(Tf.Sum(v[0]), Tf.Constant(1, DType.Float32)), v => [Tf.Cast(v[0], DType.Float64)], [Input(2)]),
            Throws.TypeOf<DTypeMismatchException>());

    [Test]
    public void NodesInsideKeepThePathOfTheirLayer()
    {
        var (p, x) = (Input(DType.Bool), Input(2));
        using var scope = NameScope.Enter("decoder");
        var node = NodeOf(ControlFlow.If(p, () => [Tf.Relu(x)], () => [x])[0]);
        Assert.That(Nested(node, "then_branch").LiveNodes().Single().Name, Is.EqualTo("decoder/Relu"));
    }

    [Test]
    public void SymbolicKerasInputsGetShapes()
    {
        using var outside = Graph.Suspend();
        var x = Graph.Scratch.AddPlaceholder(DType.Float32, new Shape(-1, 4), "x");
        var p = Graph.Scratch.AddPlaceholder(DType.Bool, Shape.Scalar, "p");
        Assert.That(ControlFlow.If(p, () => [x], () => [Tf.Relu(x)])[0].shape.ToString(), Is.EqualTo("(None, 4)"));
        Assert.That(ControlFlow.While(_ => p, v => [Tf.Relu(v[0])], [x])[0].shape.ToString(), Is.EqualTo("(None, 4)"));
    }
}
