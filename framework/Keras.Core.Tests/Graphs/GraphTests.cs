using Keras.Graphs;

namespace Keras.Tests.Graphs;

/// <summary>Names, captures, order of effects.</summary>
sealed class GraphTests : GraphFixture
{
    [Test]
    public void NodesAreNamedByTheirPathAndUnique()
    {
        using (NameScope.Enter("encoder"))
        using (NameScope.Enter("layer_0"))
        {
            var x = Input(2);
            Assert.That(NodeOf(Tf.Relu(x)).Name, Is.EqualTo("encoder/layer_0/Relu"));
            Assert.That(NodeOf(Tf.Relu(x)).Name, Is.EqualTo("encoder/layer_0/Relu_1"));
            Assert.That(NodeOf(Tf.Relu(x)).Name, Is.EqualTo("encoder/layer_0/Relu_2"));
        }
    }

    [Test]
    public void ANameThatLooksNumberedDoesNotCollide()
    {
        var names = new HashSet<string>();
        foreach (var name in new[] { "a", "a_1", "a", "a", "a_1" })
            Assert.That(names.Add(Graph.AddPlaceholder(DType.Int32, Shape.Scalar, name).Node.Name), name);
    }

    [Test]
    public void ATensorFromOutsideIsCapturedOnce()
    {
        var outside = Input(3);
        var function = FunctionGraph.Trace("inner", [(DType.Float32, new Shape(3), "x")], x => [x[0] + outside, x[0] * outside, outside]);
        Assert.That(function.CapturedSources, Is.EqualTo(new[] { outside }));
        Assert.That(function.Inputs, Has.Count.EqualTo(2));
        Assert.That(function.Outputs[2], Is.SameAs(function.Inputs[1]));
    }

    [Test]
    public void ACaptureGoesThroughEveryGraphBetween()
    {
        var outside = Input(3);
        FunctionGraph? inner = null;
        var middle = FunctionGraph.Trace("middle", [], _ =>
        {
            inner = FunctionGraph.Trace("inner", [], _ => [outside + outside]);
            return [];
        });
        Assert.That(middle.CapturedSources, Is.EqualTo(new[] { outside }));
        Assert.That(inner!.CapturedSources, Is.EqualTo(new[] { middle.Inputs[0] }));
    }

    [Test]
    public void ASymbolicTensorOfAForeignGraphIsAnError()
    {
        SymbolicTensor foreign;
        var other = new Graph(null);
        using (other.Enter()) foreign = other.AddParameter(DType.Float32, new Shape(2));
        Assert.That(() => Tf.Relu(foreign), Throws.InvalidOperationException.With.Message.Contains("outside of the function that made it"));
    }

    [Test]
    public void AVariablesShapeIsKnownInsideAFunctionThatCapturesIt()
    {
        var handle = Resource(DType.Float32, 4, 5);
        var function = FunctionGraph.Trace("inner", [], _ => [Tf.ReadVariable(handle, DType.Float32)]);
        Assert.That(Dims(function.Outputs[0]), Is.EqualTo(new[] { 4, 5 }));
    }

    [Test]
    public void ReadsAndWritesOfAVariableKeepTheirOrder()
    {
        var (v, w, x) = (Resource(DType.Float32, 2), Resource(DType.Float32, 2), Input(2));
        var firstRead = NodeOf(Tf.ReadVariable(v, DType.Float32));
        Tf.AssignVariable(v, x);
        var write = Graph.SideEffects[^1];
        var secondRead = NodeOf(Tf.ReadVariable(v, DType.Float32));
        var thirdRead = NodeOf(Tf.ReadVariable(v, DType.Float32));
        Tf.AssignAddVariable(v, x);
        var add = Graph.SideEffects[^1];
        var other = NodeOf(Tf.ReadVariable(w, DType.Float32));

        Assert.That(firstRead.ControlInputs, Is.Empty);
        Assert.That(write.ControlInputs, Is.EqualTo(new[] { firstRead }));
        Assert.That(secondRead.ControlInputs, Is.EqualTo(new[] { write }));
        Assert.That(thirdRead.ControlInputs, Is.EqualTo(new[] { write }));
        Assert.That(add.ControlInputs, Is.EquivalentTo(new[] { write, secondRead, thirdRead }));
        Assert.That(other.ControlInputs, Is.Empty, "another variable does not wait");
    }

    [Test]
    public void AnUpdateOfSeveralVariablesWaitsForEach()
    {
        var (v, m, x) = (Resource(DType.Float32, 2), Resource(DType.Float32, 2), Input(2));
        var (readV, readM) = (NodeOf(Tf.ReadVariable(v, DType.Float32)), NodeOf(Tf.ReadVariable(m, DType.Float32)));
        var scalar = Tf.Constant(1, DType.Float32);
        Tf.ApplyMomentum(v, m, scalar, x, scalar);
        var update = Graph.SideEffects[^1];
        Assert.That(update.ControlInputs, Is.EquivalentTo(new[] { readV, readM }));
        Assert.That(NodeOf(Tf.ReadVariable(m, DType.Float32)).ControlInputs, Is.EqualTo(new[] { update }));
    }

    [Test]
    public void EffectsOutsideKeepTheirOrder()
    {
        var line = Input(DType.String);
        Tf.Print(line);
        Tf.Assert(Input(DType.Bool), line);
        Tf.Print(line);
        Assert.That(Graph.SideEffects.Select(n => n.Op.Name), Is.EqualTo(new[] { "PrintV2", "Assert", "PrintV2" }));
        Assert.That(Graph.SideEffects[1].ControlInputs, Is.EqualTo(new[] { Graph.SideEffects[0] }));
        Assert.That(Graph.SideEffects[2].ControlInputs, Is.EqualTo(new[] { Graph.SideEffects[1] }));
    }

    [Test]
    public void ATableIsFilledBeforeItIsAsked()
    {
        var (table, keys, values) = (Resource(DType.Int64), Input(DType.String, 2), Input(DType.Int64, 2));
        Tf.InitializeTable(table, keys, values);
        var found = NodeOf(Tf.Lookup(table, keys, Input(DType.Int64)));
        Assert.That(found.ControlInputs, Is.EqualTo(new[] { Graph.SideEffects[0] }));
    }

    [Test]
    public void TracingIsLeftWhenTheBodyThrows()
    {
        Assert.That(() => FunctionGraph.Trace("broken", [], _ => throw new FormatException()), Throws.TypeOf<FormatException>());
        Assert.That(Graph.Current, Is.SameAs(Graph));
    }

    [Test]
    public void GoingOnInAnotherThreadIsRefused()
    {
        var scope = new Graph(null).Enter();
        InvalidOperationException? error = null;
        var other = new Thread(() => error = Assert.Throws<InvalidOperationException>(scope.Dispose));
        other.Start();
        other.Join();
        scope.Dispose();
        Assert.That(error!.Message, Does.Contain("await"));
    }
}
