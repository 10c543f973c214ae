using Keras.SavedModelProtos;

namespace Keras.Graphs;

/// <summary>Writes one flat GraphDef whose nodes call functions of its library.</summary>
/// <remarks>Tensors are named "node:0" here; a node's inputs omit ":0", as in TensorFlow.</remarks>
sealed class GraphDefWriter
{
    /// <summary>The version of the graphs that TensorFlow 2.21 writes.</summary>
    const int Producer = 1882;

    readonly NameTable _names = new();
    readonly FunctionDefWriter _functions;
    readonly GraphDef _graph = new() { Versions = new VersionDef { Producer = Producer } };
    FunctionGraph? _outermost;
    string _name = "";

    public GraphDefWriter()
    {
        var names = new NameTable();
        _functions = new(new(LowersControlFlow: true, StripsDefaults: true), function => names.Add(function == _outermost ? _name : $"{_name}_{Kind(function)}"));
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

    /// <summary>Adds a lowered function and those nested in it to the library, each once; returns its name there, which is the same in every process.</summary>
    /// <param name="function">A function of TensorFlow's ops only.</param>
    /// <param name="name">The wanted name, which also begins the names of nested functions.</param>
    public string AddFunction(FunctionGraph function, string name)
    {
        (_outermost, _name) = (function, string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')));
        return _functions.Add(function);
    }

    /// <summary>Finishes the graph, with the functions that its nodes call.</summary>
    public GraphDef Finish()
    {
        if (_functions.Functions.Count > 0) _graph.Library = new FunctionDefLibrary { Function = { _functions.Functions } };
        return _graph;
    }

    /// <summary>A function's name without the numbers that make it unique in the process.</summary>
    static string Kind(FunctionGraph function) => function.Name.TrimEnd('_', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

    static string AsInput(string tensor) => tensor.EndsWith(":0", StringComparison.Ordinal) ? tensor[..^2] : tensor;
}
