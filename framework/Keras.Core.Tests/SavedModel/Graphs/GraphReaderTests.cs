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

    static FunctionGraph Read(NodeDef[] nodes, string wanted) => FunctionGraph.Trace("read", [(DType.Float32, 2, "x"), (DType.Float32, 2, "y")],
        t => new GraphReader(new Dictionary<string, FunctionDef>(), _ => null).Read(nodes, new Dictionary<string, Tensor> { ["x"] = t[0], ["y"] = t[1] }, [wanted]));
}
