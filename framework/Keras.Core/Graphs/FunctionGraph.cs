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

    /// <summary>The name, unique in the process, of letters, digits and underscores.</summary>
    public string Name { get; }

    public Graph Graph { get; }

    /// <summary>The parameters, then the captures; each is the output of a Placeholder node of the graph.</summary>
    public IReadOnlyList<SymbolicTensor> Inputs { get; }

    public IReadOnlyList<SymbolicTensor> Outputs { get; }

    /// <summary>Whether an engine with both a compiler and kernels must compile this function, even when another function calls it.</summary>
    public bool MustCompile { get; init; }

    /// <summary>Whether it is final and shared by all its callers: no pass over a caller changes it.</summary>
    public bool IsFinal { get; init; }

    /// <summary>The outside tensors for which the last <see cref="Inputs"/> are placeholders.</summary>
    public IEnumerable<Tensor> CapturedSources => Graph.Captures.Select(c => c.Source);

    /// <summary>Writes and other side effects, which run although no output needs them.</summary>
    public IReadOnlyList<Node> SideEffects => Graph.SideEffects;

    /// <summary>Whether any node reads or changes state.</summary>
    public bool IsStateful => Graph.Nodes.Any(n => n.Op.State != StateAccess.None);

    /// <summary>The nodes that outputs and side effects need, in program order, without placeholders.</summary>
    public IEnumerable<Node> LiveNodes(bool withSideEffects = true)
    {
        var live = new HashSet<Node>();
        var pending = new Stack<Node>(Outputs.Select(o => o.Node).Concat(withSideEffects ? SideEffects : []));
        while (pending.TryPop(out var node))
        {
            if (!live.Add(node)) continue;
            foreach (var input in node.Inputs) pending.Push(((SymbolicTensor)input).Node);
            foreach (var control in node.ControlInputs) pending.Push(control);
        }
        return Graph.Nodes.Where(n => n.Op != Tf.PlaceholderOp && live.Contains(n));
    }

    /// <summary>The bytes of a numeric tensor; unknown dimensions count as 1.</summary>
    public static long Bytes(SymbolicTensor tensor) => !tensor.dtype.IsNumeric || !tensor.shape.HasRank ? 0
        : tensor.shape.Symbolic.ToArray().Aggregate((long)tensor.dtype.Size, (bytes, d) => bytes * Math.Max(d, 1));

    /// <summary>The peak memory of intermediate results when run in program order; unknown dimensions count as 1, and variables that are read nothing.</summary>
    public long PeakBytes()
    {
        static long Computed(Node node) => node.Op == Tf.ReadVariableOp ? 0 : node.Outputs.Sum(Bytes);
        var nodes = LiveNodes().ToArray();
        var uses = new Dictionary<Node, int>();
        foreach (var input in nodes.SelectMany(n => n.Inputs).Concat(Outputs)) uses[((SymbolicTensor)input).Node] = uses.GetValueOrDefault(((SymbolicTensor)input).Node) + 1;
        var (now, peak) = (0L, 0L);
        foreach (var node in nodes)
        {
            now += Computed(node);
            peak = Math.Max(peak, now);
            foreach (var input in node.Inputs.Cast<SymbolicTensor>())
                if (--uses[input.Node] == 0 && input.Node.Op != Tf.PlaceholderOp) now -= Computed(input.Node);
        }
        return peak;
    }

    /// <summary>Repeats the ops on other inputs: traced into the current graph or run at once, and recorded by tapes.</summary>
    /// <param name="inputs">The tensors in place of <see cref="Inputs"/>.</param>
    /// <param name="withSideEffects">Whether writes and other effects that no output needs are repeated too.</param>
    public Tensor[] Replay(ReadOnlySpan<Tensor> inputs, bool withSideEffects = true)
    {
        var map = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < Inputs.Count; i++) map[Inputs[i]] = inputs[i];
        foreach (var node in LiveNodes(withSideEffects))
        {
            using var scope = NameScope.Of(node);
            var outputs = Dispatch.RunAll(node.Op, Array.ConvertAll(node.Inputs, i => map[i]), node.Attributes);
            for (var i = 0; i < outputs.Length; i++) map[node.Outputs[i]] = outputs[i];
        }
        return [.. Outputs.Select(o => map[o])];
    }

    /// <summary>The function with the given captures added as parameters, in their order, so that two functions take the same arguments.</summary>
    public FunctionGraph Closed(Tensor[] captures, bool returnsCaptures = false)
    {
        var copy = new GraphCopy(Graph.Parameters);
        var added = Array.ConvertAll(captures, c => copy.AddParameterLike(c, "capture"));
        foreach (var (source, placeholder) in Graph.Captures) copy.Map[placeholder] = added[Array.IndexOf(captures, source)];
        foreach (var node in LiveNodes()) copy.Add(node);
        return new(Name, copy.Graph, [.. Outputs.Select(o => copy.Map[o]), .. returnsCaptures ? added : []]);
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
