using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Tests.SavedModels;

sealed class GraphDefTests
{
    static readonly OpDefinition StatelessIf = Define("StatelessIf(cond: Tcond, input: [Tin]) -> (output: [Tout]) "
        + "{ Tout: list(type), then_branch: func, else_branch: func, output_shapes: list(shape) = [] }");

    [Test]
    public void BodiesNameInputsByOutputArgumentAndPosition()
    {
        var function = Trace("parts", [(DType.Float32, new Shape(-1, 4), "x")], t =>
        {
            var parts = Tf.Split(t[0], 2, 1);
            return [Tf.Concat([parts[1], parts[0]], 1) * t[0]];
        });

        var proto = FunctionDefWriter.Write(function, jit: false)[^1];

        Assert.That(proto.Signature.Name, Is.EqualTo(function.Name));
        var concat = proto.NodeDef.Single(n => n.Op == "ConcatV2");
        Assert.That(concat.Input.Take(2), Is.EqualTo(new[] { "Split:output:1", "Split:output:0" }));
        Assert.That((concat.Attr["N"].I, concat.Attr["T"].Type, concat.Attr["Tidx"].Type), Is.EqualTo((2L, DataType.DtFloat, DataType.DtInt32)));
        Assert.That(proto.NodeDef.Single(n => n.Op == "Mul").Input, Is.EqualTo(new[] { "ConcatV2:output:0", "x" }));
        Assert.That(proto.Ret["output_0"], Is.EqualTo("Mul:z:0"));
        Assert.That(proto.ArgAttr[0].Attr["_output_shapes"].List.Shape[0].Dim.Select(d => d.Size), Is.EqualTo(new[] { -1L, 4 }));
    }

    [Test]
    public void ArgumentsGetLowerCaseNamesOfTheirOwn()
    {
        (DType, Shape, string)[] parameters = [.. new[] { "Layer/Kernel", "layer_kernel", "1st", "é", "Mul" }.Select(n => (DType.Float32, (Shape)2, n))];
        var proto = FunctionDefWriter.Write(Trace("names", parameters, t => [t[0] * t[1], t[2]]), jit: false)[^1];

        Assert.That(proto.Signature.InputArg.Select(a => a.Name), Is.EqualTo(new[] { "layer_kernel", "layer_kernel_1", "arg1st", "arg", "mul" }));
        Assert.That(proto.Ret["output_1"], Is.EqualTo("arg1st"));
    }

    [Test]
    public void WritesToVariablesAreControlOutputsInProgramOrder()
    {
        var graph = new Graph(null);
        FunctionGraph function;
        using (graph.Enter())
        {
            var handle = graph.AddParameter(DType.Resource, Shape.Scalar, "v");
            handle.HandleData = (DType.Float32, 2);
            var before = Tf.ReadVariable(handle, DType.Float32);
            Tf.AssignAddVariable(handle, before);
            var after = Tf.ReadVariable(handle, DType.Float32);
            function = new("update", graph, [(SymbolicTensor)after]) { MustCompile = true };
        }

        var proto = FunctionDefWriter.Write(function, jit: true)[^1];

        Assert.That(proto.NodeDef.Single(n => n.Op == "AssignAddVariableOp").Input, Is.EqualTo(new[] { "v", "ReadVariableOp:value:0", "^ReadVariableOp" }));
        Assert.That(proto.NodeDef.Single(n => n.Name == "ReadVariableOp_1").Input, Is.EqualTo(new[] { "v", "^AssignAddVariableOp" }));
        Assert.That(proto.Signature.ControlOutput, Is.EqualTo(proto.ControlRet.Keys));
        Assert.That(proto.ControlRet.Values, Is.EqualTo(new[] { "AssignAddVariableOp" }));
        Assert.That(proto.Signature.IsStateful);
        Assert.That(proto.ArgAttr[0].Attr["_handle_dtypes"].List.Type, Is.EqualTo(new[] { DataType.DtFloat }));
        Assert.That(proto.ArgAttr[0].Attr["_handle_shapes"].List.Shape[0].Dim[0].Size, Is.EqualTo(2));
        Assert.That(proto.Attr.Keys, Is.EquivalentTo(new[] { "_XlaMustCompile", "_noinline" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void BranchesComeBeforeTheirCallerEachOnce(bool jit)
    {
        var branch = Trace("branch", [(DType.Float32, (Shape)2, "x")], t => [-t[0]]);
        var choice = Choice(branch, Choice(branch, branch));
        var function = new FunctionGraph(choice.Name, choice.Graph, choice.Outputs) { MustCompile = jit };

        var protos = FunctionDefWriter.Write(function, jit);

        Assert.That(protos, Has.Count.EqualTo(3));
        Assert.That(protos.Select(p => p.Signature.Name), Is.Unique);
        Assert.That(protos[0].Signature.Name, Is.EqualTo(branch.Name));
        Assert.That(protos[^1].Signature.Name, Is.EqualTo(function.Name));
        var call = protos[^1].NodeDef.Single(n => n.Op == "StatelessIf");
        Assert.That((call.Attr["then_branch"].Func.Name, call.Attr["else_branch"].Func.Name), Is.EqualTo((branch.Name, protos[1].Signature.Name)));
        Assert.That(call.Attr.ContainsKey("_lower_using_switch_merge"), Is.EqualTo(!jit), "XLA takes functional control flow only");
        Assert.That(protos.Select(p => p.Attr.Count > 0), Is.EqualTo(new[] { false, false, jit }));
    }

    [Test]
    public void FlatGraphsNameNodesOnceAndLeaveTheFirstPositionOut()
    {
        var writer = new GraphDefWriter();

        var input = writer.Add("Placeholder", "a/in", []);
        var second = writer.Add("Placeholder", "a/in", []);
        writer.Add("Pack", "a/both", [input + ":0", second + ":1", "^" + input]);

        var graph = writer.Finish();
        Assert.That(graph.Node.Select(n => n.Name), Is.EqualTo(new[] { "a/in", "a/in_1", "a/both" }));
        Assert.That(graph.Node[^1].Input, Is.EqualTo(new[] { "a/in", "a/in_1:1", "^a/in" }));
        Assert.That(graph.Library, Is.Null);
    }

    [Test]
    public void FlatGraphsCarryEachFunctionOnceWithoutDefaults()
    {
        var branch = Trace("branch", [(DType.Float32, (Shape)2, "x")], t => [Tf.MatMul(Tf.ExpandDims(t[0], 0), Tf.ExpandDims(t[0], 1), transpose_b: false)]);
        var choice = Choice(branch, branch);
        var writer = new GraphDefWriter();

        string[] names = [writer.AddFunction(choice, "serve/it"), writer.AddFunction(choice, "again"), writer.AddFunction(branch, "alone")];

        var functions = writer.Finish().Library.Function;
        Assert.That(names, Is.EqualTo(new[] { "serve_it", "serve_it", "serve_it_branch" }), "the same in every process");
        Assert.That(functions.Select(f => f.Signature.Name), Is.EqualTo(new[] { "serve_it_branch", "serve_it" }));
        var call = functions[1].NodeDef.Single(n => n.Op == "StatelessIf");
        Assert.That(call.Attr.Keys, Does.Not.Contain("output_shapes").And.Contain("Tin"));
        Assert.That(call.Attr["then_branch"].Func.Name, Is.EqualTo("serve_it_branch"));
        Assert.That(functions[0].NodeDef.Single(n => n.Op == "MatMul").Attr.Keys, Is.EqualTo(new[] { "T" }));
    }

    [Test]
    public void CompositesMustBeLoweredFirst()
    {
        var function = Trace("composite", [(DType.Float32, (Shape)2, "x")], t => [Tf.Gelu(t[0])]);

        Assert.That(Assert.Throws<UnsupportedException>(() => FunctionDefWriter.Write(function, jit: false))!.Message, Does.Contain("gelu"));
        Assert.That(FunctionDefWriter.Write(Lowering.Lower(function, _ => false), jit: false)[^1].NodeDef.Select(n => n.Op), Does.Contain("Erf"));
    }

    static FunctionGraph Choice(FunctionGraph then, FunctionGraph otherwise)
    {
        var graph = new Graph(null);
        using (graph.Enter())
        {
            SymbolicTensor[] inputs = [graph.AddParameter(DType.Bool, Shape.Scalar, "p"), graph.AddParameter(DType.Float32, 2, "x")];
            // A branch of the outer choice takes both inputs, one of the inner choice x alone.
            var taken = then.Inputs.Count == otherwise.Inputs.Count ? inputs[1..] : inputs;
            var attributes = Attributes.Of(("Tout", new[] { DType.Float32 }), ("then_branch", then), ("else_branch", otherwise));
            return new("choice", graph, [graph.Add(StatelessIf, attributes, [inputs[0], .. taken]).Outputs[0]]);
        }
    }

    static FunctionGraph Trace(string name, (DType, Shape, string)[] parameters, Func<Tensor[], IEnumerable<Tensor>> body) =>
        FunctionGraph.Trace(name, parameters, body);

    static OpDefinition Define(string signature)
    {
        var (name, inputs, outputs, attributes) = OpSignature.Parse(signature);
        ShapeFunction shapes = c => [.. c.Get<DType[]>("Tout").Select(_ => Shape.Unknown)];
        return new() { Name = name, Inputs = inputs, Outputs = outputs, Attributes = attributes, Shapes = shapes };
    }
}
