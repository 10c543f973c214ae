namespace Keras.Graphs;

/// <summary>The one pass between tracing and an engine: prunes what nothing needs and expands the composites that the target does not run itself.</summary>
static class Lowering
{
    public static FunctionGraph Lower(FunctionGraph function, Func<OpDefinition, bool> keeps)
    {
        var lowered = CopyExpanding(function, keeps);
        while (lowered.Graph.Nodes.Any(n => n.Op.IsComposite && !keeps(n.Op))) lowered = CopyExpanding(lowered, keeps);
        return lowered;
    }

    static FunctionGraph CopyExpanding(FunctionGraph function, Func<OpDefinition, bool> keeps)
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
            foreach (var node in function.LiveNodes()) CopyNode(node, map, graph, keeps);
            return new(function.Name, graph, [.. function.Outputs.Select(o => graph.Capture(map[o]))]);
        }
    }

    static void CopyNode(Node node, Dictionary<SymbolicTensor, Tensor> map, Graph graph, Func<OpDefinition, bool> keeps)
    {
        var inputs = Array.ConvertAll(node.Inputs, i => map[(SymbolicTensor)i]);
        Tensor[] outputs;
        if (node.Op.IsComposite && !keeps(node.Op))
        {
            using (NameScope.Enter(node.Name)) outputs = node.Op.Decomposition!(new OpCall(node.Op, node.Attributes, inputs));
        }
        else
        {
            outputs = graph.Add(node.Op, LowerNested(node.Attributes, keeps), inputs, node.Name).Outputs;
        }
        for (var i = 0; i < outputs.Length; i++) map[node.Outputs[i]] = outputs[i];
    }

    static Attributes LowerNested(Attributes attributes, Func<OpDefinition, bool> keeps)
    {
        foreach (var (_, value) in attributes.Items)
            if (value is FunctionGraph)
                return Attributes.Of([.. attributes.Items.ToArray().Select(a => a.Value is FunctionGraph f ? (a.Name, Lower(f, keeps)) : a)]);
        return attributes;
    }
}
