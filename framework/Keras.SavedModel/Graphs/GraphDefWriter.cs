using Keras.SavedModelProtos;

namespace Keras.Graphs;

/// <summary>Writes functions into one flat GraphDef: their inputs are tensors of that graph, their nodes are copied into it under a prefix.</summary>
/// <remarks>Tensors are named "node:0" here; in a node's inputs ":0" is left out, as TensorFlow does.</remarks>
sealed class GraphDefWriter
{
    /// <summary>The version of the graphs that TensorFlow 2.21 writes.</summary>
    const int Producer = 1882;

    static readonly NodeDefOptions Options = new(LowersControlFlow: true, StripsDefaults: true);

    readonly NameTable _names = new();
    readonly FunctionDefWriter _functions;
    readonly GraphDef _graph = new() { Versions = new VersionDef { Producer = Producer } };
    string _prefix = "";

    public GraphDefWriter()
    {
        var names = new NameTable();
        _functions = new(Options, function => names.Add($"{_prefix}_function".Replace('/', '_')));
    }

    /// <summary>Adds a node; returns its name.</summary>
    public string Add(string op, string name, IEnumerable<string> inputs, params ReadOnlySpan<(string Name, AttrValue Value)> attributes)
    {
        var node = new NodeDef { Name = _names.Add(name), Op = op };
        node.Input.AddRange(inputs.Select(AsInput));
        foreach (var (key, value) in attributes) node.Attr.Add(key, value);
        _graph.Node.Add(node);
        return node.Name;
    }

    /// <summary>Copies a lowered function's nodes.</summary>
    /// <param name="function">A function of TensorFlow's ops only.</param>
    /// <param name="prefix">The path under which its nodes are named.</param>
    /// <param name="inputs">The tensors that stand for <see cref="FunctionGraph.Inputs"/>.</param>
    /// <returns>The tensors that stand for its outputs, and the nodes that must run beside them.</returns>
    public (IReadOnlyList<string> Outputs, IReadOnlyList<string> Effects) Add(FunctionGraph function, string prefix, IReadOnlyList<string> inputs)
    {
        _prefix = prefix;
        var (tensors, nodes) = (new Dictionary<SymbolicTensor, string>(), new Dictionary<Node, string>());
        for (var i = 0; i < inputs.Count; i++) tensors.Add(function.Inputs[i], inputs[i]);
        var writer = new NodeDefWriter(Options, tensor => AsInput(Tensor(tensor)), node => nodes[node], _functions.Add);
        foreach (var node in function.LiveNodes())
        {
            nodes.Add(node, _names.Add($"{prefix}/{node.Name}"));
            _graph.Node.Add(writer.Write(node));
        }
        return ([.. function.Outputs.Select(Tensor)], [.. function.SideEffects.Select(e => nodes[e])]);

        string Tensor(SymbolicTensor tensor) => tensors.TryGetValue(tensor, out var input) ? input : $"{nodes[tensor.Node]}:{tensor.Index}";
    }

    /// <summary>The graph with the functions that its nodes call.</summary>
    public GraphDef Finish()
    {
        if (_functions.Functions.Count > 0) _graph.Library = new FunctionDefLibrary { Function = { _functions.Functions } };
        return _graph;
    }

    static string AsInput(string tensor) => tensor.EndsWith(":0", StringComparison.Ordinal) ? tensor[..^2] : tensor;
}
