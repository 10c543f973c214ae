namespace Keras.Graphs;

/// <summary>A traced function: a graph with its inputs and outputs.</summary>
sealed class FunctionGraph
{
    static long _count;

    public FunctionGraph(string name, Graph graph, IReadOnlyList<SymbolicTensor> outputs)
    {
        Name = $"{Sanitize(name)}_{Interlocked.Increment(ref _count)}";
        (Graph, Outputs) = (graph, outputs);
        Inputs = [.. graph.Parameters, .. graph.Captures.Select(c => c.Placeholder)];
    }

    /// <summary>Unique in the process; letters, digits and underscores.</summary>
    public string Name { get; }

    public Graph Graph { get; }

    /// <summary>Parameters, then captures: outputs of Placeholder nodes of the graph.</summary>
    public IReadOnlyList<SymbolicTensor> Inputs { get; }

    public IReadOnlyList<SymbolicTensor> Outputs { get; }

    /// <summary>The outside tensors that the last <see cref="Inputs"/> stand for.</summary>
    public IEnumerable<Tensor> CapturedSources => Graph.Captures.Select(c => c.Source);

    /// <summary>Writes and side effects: they run although no output needs them.</summary>
    public IReadOnlyList<Node> SideEffects => Graph.SideEffects;

    /// <summary>The nodes that outputs and side effects need, in program order, without placeholders.</summary>
    public IEnumerable<Node> LiveNodes()
    {
        var live = new HashSet<Node>();
        var pending = new Stack<Node>(Outputs.Select(o => o.Node).Concat(SideEffects));
        while (pending.TryPop(out var node))
        {
            if (!live.Add(node)) continue;
            foreach (var input in node.Inputs) pending.Push(((SymbolicTensor)input).Node);
            foreach (var control in node.ControlInputs) pending.Push(control);
        }
        return Graph.Nodes.Where(n => n.Op != Tf.PlaceholderOp && live.Contains(n));
    }

    /// <summary>Traces <paramref name="body"/> into a new graph.</summary>
    public static FunctionGraph Trace(string name, IEnumerable<(DType DType, Shape Shape, string Name)> parameters, Func<Tensor[], IEnumerable<Tensor>> body)
    {
        var graph = new Graph(Graph.Current);
        using (graph.Enter())
        {
            Tensor[] inputs = [.. parameters.Select(p => graph.AddParameter(p.DType, p.Shape, p.Name))];
            SymbolicTensor[] outputs = [.. body(inputs).Select(graph.Capture)];
            return new(name, graph, outputs);
        }
    }

    static string Sanitize(string name)
    {
        var clean = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_'));
        return clean.Length > 0 && char.IsAsciiLetter(clean[0]) ? clean : "f" + clean;
    }
}
