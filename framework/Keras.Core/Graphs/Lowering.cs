namespace Keras.Graphs;

/// <summary>The pass between tracing and an engine: removes dead nodes and expands the composites that the engine has no kernel for.</summary>
static class Lowering
{
    public static FunctionGraph Lower(FunctionGraph function, Func<OpDefinition, bool> keeps)
    {
        Func<OpCall, Tensor[]>? Expansion(OpDefinition op) => op.IsComposite && !keeps(op) ? op.Decomposition : null;
        var lowered = Rewrite(function, Expansion);
        while (Holds(lowered, Expansion)) lowered = Rewrite(lowered, Expansion);
        return lowered;
    }

    /// <summary>A copy without dead nodes, in which ops are replaced by their expansions, in nested functions too.</summary>
    public static FunctionGraph Rewrite(FunctionGraph function, Func<OpDefinition, Func<OpCall, Tensor[]>?> expansion)
    {
        var graph = new Graph(null);
        var map = new Dictionary<SymbolicTensor, Tensor>();
        using (GradientTape.Pause())
        using (NameScope.Root())
        using (graph.Enter())
        {
            foreach (var input in function.Inputs)
            {
                map[input] = graph.AddParameterLike(input, input.Node.Name);
            }
            foreach (var node in function.LiveNodes()) CopyNode(node, map, graph, expansion);
            return new(function.Name, graph, [.. function.Outputs.Select(o => graph.Capture(map[o]))]);
        }
    }

    static bool Holds(FunctionGraph function, Func<OpDefinition, Func<OpCall, Tensor[]>?> expansion) => function.Graph.Nodes.Any(n =>
        expansion(n.Op) is not null || n.Attributes.Functions.Any(f => !f.IsFinal && Holds(f, expansion)));

    static void CopyNode(Node node, Dictionary<SymbolicTensor, Tensor> map, Graph graph, Func<OpDefinition, Func<OpCall, Tensor[]>?> expansion)
    {
        var inputs = Array.ConvertAll(node.Inputs, i => map[(SymbolicTensor)i]);
        Tensor[] outputs;
        if (expansion(node.Op) is { } expand)
        {
            using (NameScope.Enter(node.Name)) outputs = expand(new OpCall(node.Op, node.Attributes, inputs));
        }
        else
        {
            outputs = graph.Add(node.Op, node.Attributes.WithFunctions(f => f.IsFinal ? f : Rewrite(f, expansion)), inputs, node.Name).Outputs;
        }
        for (var i = 0; i < outputs.Length; i++) map[node.Outputs[i]] = outputs[i];
    }
}
