using Keras.Graphs;
using Keras.SavedModelProtos;

namespace Keras.Events;

/// <summary>A traced function as a graph for display: a placeholder for each input, and a call of the function, whose operations are in the library.</summary>
static class FunctionGraphDef
{
    public static GraphDef Of(FunctionGraph function, string name)
    {
        var writer = new GraphDefWriter();
        var lowered = Lowering.Lower(function, _ => false);
        var inputs = lowered.Inputs.Select((input, i) => writer.Add("Placeholder", $"inputs/{input.Node.Name}", [], ("dtype", TypeOf(input)))).ToArray();
        var called = writer.AddFunction(lowered, name);
        writer.Add("StatefulPartitionedCall", name, inputs, ("f", new AttrValue { Func = new NameAttrList { Name = called } }), ("Tin", Types(lowered.Inputs)), ("Tout", Types(lowered.Outputs)));
        return writer.Finish();
    }

    static AttrValue TypeOf(Tensor tensor) => new() { Type = (DataType)tensor.dtype.Number };

    static AttrValue Types(IEnumerable<Tensor> tensors) => new() { List = new() { Type = { tensors.Select(t => (DataType)t.dtype.Number) } } };
}
