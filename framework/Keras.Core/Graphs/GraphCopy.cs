namespace Keras.Graphs;

/// <summary>A graph into which nodes of another are copied unchanged.</summary>
sealed class GraphCopy
{
    public GraphCopy(IEnumerable<SymbolicTensor> parameters)
    {
        foreach (var parameter in parameters) Map[parameter] = AddParameterLike(parameter, parameter.Node.Name);
    }

    public Graph Graph { get; } = new(null);

    /// <summary>Maps the other graph's tensors to this graph's.</summary>
    public Dictionary<SymbolicTensor, SymbolicTensor> Map { get; } = [];

    /// <summary>Adds a parameter for tensors like another.</summary>
    public SymbolicTensor AddParameterLike(Tensor tensor, string name)
    {
        using var root = NameScope.Root();
        return Graph.AddParameterLike(tensor, name);
    }

    public void Add(Node node)
    {
        using var root = NameScope.Root();
        var copy = Graph.Add(node.Op, node.Attributes, Array.ConvertAll(node.Inputs, i => (Tensor)Map[(SymbolicTensor)i]), node.Name);
        for (var i = 0; i < copy.Outputs.Length; i++) Map[node.Outputs[i]] = copy.Outputs[i];
    }

    /// <summary>Adds a call of a function, whose results replace the given tensors.</summary>
    public void AddCall(FunctionGraph function, IEnumerable<SymbolicTensor> arguments, IReadOnlyList<SymbolicTensor> results)
    {
        using var root = NameScope.Root();
        var call = Graph.Add(function.IsStateful ? Tf.StatefulPartitionedCallOp : Tf.PartitionedCallOp,
            Attributes.Of(("f", function), ("Tout", results.Select(r => r.dtype).ToArray())), [.. arguments.Select(a => Map[a])], "compiled");
        for (var i = 0; i < results.Count; i++) Map[results[i]] = call.Outputs[i];
    }
}
