using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Tests.SavedModels;

sealed class GraphReaderTests
{
    static readonly AttrValue Float = new() { Type = DataType.DtFloat };

    [Test]
    public void AnOpThatPassesItsInputsOnDisappears()
    {
        NodeDef[] nodes =
        [
            new() { Name = "both", Op = "IdentityN", Input = { "x", "y" } },
            new() { Name = "z", Op = "Sub", Input = { "both:1", "both" }, Attr = { ["T"] = Float } },
        ];

        var function = Read(nodes, "z:0");

        Assert.That(function.Outputs[0].Node.Op.Name, Is.EqualTo("Sub"));
        Assert.That(function.Outputs[0].Node.Inputs, Is.EqualTo(new[] { function.Inputs[1], function.Inputs[0] }));
    }

    [Test]
    public void WhatIsNotKnownIsRefusedByName()
    {
        NodeDef[] nodes = [new() { Name = "strange", Op = "CudnnRNNV3", Input = { "x" } }];

        Assert.That(() => Read(nodes, "strange:0"), Throws.TypeOf<UnsupportedException>().With.Message.Contains("CudnnRNNV3").And.Message.Contains("strange"));
    }

    [Test]
    public void DamagedGraphsAreRefused()
    {
        NodeDef[] circle = [new() { Name = "a", Op = "Neg", Input = { "b" } }, new() { Name = "b", Op = "Neg", Input = { "a" } }];
        NodeDef[] gap = [new() { Name = "a", Op = "Neg", Input = { "nowhere" } }];

        Assert.That(() => Read(circle, "a:0"), Throws.TypeOf<FileFormatException>().With.Message.Contains("circle"));
        Assert.That(() => Read(gap, "a:0"), Throws.TypeOf<FileFormatException>().With.Message.Contains("nowhere"));
    }

    /// <summary>Loops that carry captured inputs call their body by its own name, and take its results by theirs.</summary>
    [Test]
    public void ResultsOfAFunctionThatIsCalledByItsNameAreKnownByTheirs()
    {
        var swap = Function("swap", 2, 2);
        swap.Ret["r0"] = "a1";
        var outer = Function("outer", 2, 2, new() { Name = "inner", Op = "swap", Input = { "a0", "a1" } });
        (outer.Ret["r0"], outer.Ret["r1"]) = ("inner:r1:0", "inner:r0:0");
        var function = FunctionGraph.Trace("read", [(DType.Float32, Shape.Scalar, "x"), (DType.Float32, Shape.Scalar, "y")], x => new GraphReader(new[] { swap, outer }.ToDictionary(f => f.Signature.Name), _ => null)
            .Read([new() { Name = "call", Op = "PartitionedCall", Input = { "x", "y" }, Attr = { ["f"] = Named("outer") } }], new Dictionary<string, Tensor> { ["x"] = x[0], ["y"] = x[1] }, ["call:0", "call:1"]));

        Assert.That(function.Outputs, Is.EqualTo(function.Inputs));
    }

    static AttrValue Named(string function) => new() { Func = new() { Name = function } };

    static AttrValue All(params string[] functions) => new() { List = new() { Func = { functions.Select(f => new NameAttrList { Name = f }) } } };

    static NodeDef Call(string op, string[] inputs, params (string Name, AttrValue Value)[] attributes)
    {
        var node = new NodeDef { Name = "call", Op = op, Input = { inputs } };
        foreach (var (name, value) in attributes) node.Attr[name] = value;
        return node;
    }

    static FunctionDef Function(string name, int arguments, int results, NodeDef? node = null)
    {
        var function = new FunctionDef { Signature = new() { Name = name } };
        for (var i = 0; i < arguments; i++) function.Signature.InputArg.Add(new OpDef.Types.ArgDef { Name = $"a{i}", Type = DataType.DtFloat });
        for (var i = 0; i < results; i++)
        {
            function.Signature.OutputArg.Add(new OpDef.Types.ArgDef { Name = $"r{i}", Type = DataType.DtFloat });
            function.Ret[$"r{i}"] = node is null ? "a0" : "call:output:0";
        }
        if (node is not null) function.NodeDef.Add(node);
        return function;
    }

    static readonly FunctionDef[] Library =
    [
        Function("one", 1, 1), Function("two", 1, 2), Function("none", 0, 0),
        Function("asks for another result", 1, 1, Call("one", ["a0"])),
        Function("calls itself", 1, 1, Call("PartitionedCall", ["a0"], ("f", Named("calls itself")))),
        Function("loops over itself", 1, 1, Call("While", ["a0"], ("cond", Named("one")), ("body", Named("loops over itself")))),
        Function("calls the other", 1, 1, Call("PartitionedCall", ["a0"], ("f", Named("is the other")))),
        Function("is the other", 1, 1, Call("PartitionedCall", ["a0"], ("f", Named("calls the other")))),
    ];

    static IEnumerable<TestCaseData> Damaged => new (string Name, NodeDef Node)[]
    {
        ("a loop without a body", Call("While", ["x"], ("cond", Named("one")))),
        ("a loop without a condition", Call("While", ["x"], ("body", Named("one")))),
        ("a call of nothing", Call("PartitionedCall", ["x"])),
        ("a call with too few arguments", Call("PartitionedCall", [], ("f", Named("one")))),
        ("a call with too many arguments", Call("PartitionedCall", ["x"], ("f", Named("none")))),
        ("a branch without inputs", Call("If", [], ("then_branch", Named("one")), ("else_branch", Named("one")))),
        ("a branch with fewer arguments", Call("If", ["x", "y"], ("then_branch", Named("one")), ("else_branch", Named("none")))),
        ("a branch that is missing", Call("If", ["x", "y"], ("then_branch", Named("one")))),
        ("a choice of nothing", Call("Case", ["x", "y"], ("branches", All()))),
        ("a choice without branches", Call("Case", ["x", "y"])),
        ("branches of unequal outputs", Call("If", ["x", "y"], ("then_branch", Named("two")), ("else_branch", Named("one")))),
        ("choices of unequal outputs", Call("StatelessCase", ["x", "y"], ("branches", All("one", "two")))),
        ("a result that a function does not have", Call("PartitionedCall", ["x"], ("f", Named("asks for another result")))),
        ("a function that calls itself", Call("PartitionedCall", ["x"], ("f", Named("calls itself")))),
        ("a loop whose body is the loop", Call("While", ["x"], ("cond", Named("one")), ("body", Named("loops over itself")))),
        ("two functions that call each other", Call("PartitionedCall", ["x"], ("f", Named("calls the other")))),
    }.Select(d => new TestCaseData(d.Node).SetArgDisplayNames(d.Name));

    [TestCaseSource(nameof(Damaged))]
    public void DamagedFunctionsAreRefused(NodeDef node) => Assert.That(() => Read([node], "call:0"), Throws.TypeOf<FileFormatException>());

    static FunctionGraph Read(NodeDef[] nodes, string wanted) => FunctionGraph.Trace("read", [(DType.Float32, 2, "x"), (DType.Float32, 2, "y")],
        t => new GraphReader(Library.ToDictionary(f => f.Signature.Name), _ => null).Read(nodes, new Dictionary<string, Tensor> { ["x"] = t[0], ["y"] = t[1] }, [wanted]));
}
