namespace Keras.Graphs;

/// <summary>One call of an op in a graph.</summary>
sealed class Node
{
    internal Node(OpDefinition op, string name, Attributes attributes, Tensor[] inputs) =>
        (Op, Name, Attributes, Inputs) = (op, name, attributes, inputs);

    public OpDefinition Op { get; }

    /// <summary>The path of the layer that made the node, and the op; unique in its graph, except in the scratch graph.</summary>
    public string Name { get; }

    public Attributes Attributes { get; }

    /// <summary>The inputs, always <see cref="SymbolicTensor"/>s of the same graph.</summary>
    public Tensor[] Inputs { get; }

    /// <summary>Nodes that must run before this one.</summary>
    public List<Node> ControlInputs { get; } = [];

    public SymbolicTensor[] Outputs { get; internal set; } = [];

    public Graph Graph { get; internal init; } = null!;

    public override string ToString() => $"{Name} ({Op.Name})";
}

/// <summary>Nodes in program order, with the tensors from outside that they use.</summary>
sealed class Graph
{
    /// <summary>The graph of Keras' symbolic inputs: it infers shapes and never runs; nodes live only as long as something refers to them.</summary>
    public static readonly Graph Scratch = new(null) { _keepsNodes = false };

    const int MaxKnownElements = 64;

    [ThreadStatic] static Graph? _current;

    readonly List<Node> _nodes = [];
    readonly Dictionary<string, int> _names = [];
    readonly Dictionary<Tensor, SymbolicTensor> _captures = new(ReferenceEqualityComparer.Instance);
    readonly ControlDependencies _dependencies = new();
    bool _keepsNodes = true;

    public Graph(Graph? outer) => Outer = outer;

    /// <summary>The graph that this thread is tracing into; null when ops run at once.</summary>
    public static Graph? Current => _current;

    public bool IsScratch => !_keepsNodes;

    public Graph? Outer { get; }

    public IReadOnlyList<Node> Nodes => _nodes;

    public List<SymbolicTensor> Parameters { get; } = [];

    /// <summary>Outside tensors and their placeholders, in order of first use.</summary>
    public List<(Tensor Source, SymbolicTensor Placeholder)> Captures { get; } = [];

    /// <summary>Nodes that must run even though no output needs them.</summary>
    public IReadOnlyList<Node> SideEffects => _dependencies.SideEffects;

    /// <summary>Traces into this graph on this thread until disposed.</summary>
    public IDisposable Enter() => Switch(this);

    /// <summary>Runs ops at once on this thread until disposed, even while tracing.</summary>
    public static IDisposable Suspend() => Switch(null);

    static Engines.Scope Switch(Graph? graph)
    {
        var previous = _current;
        var thread = Environment.CurrentManagedThreadId;
        _current = graph;
        return new(() =>
        {
            if (Environment.CurrentManagedThreadId != thread)
                throw new InvalidOperationException("A function that is being traced continued in another thread. `await` inside call() is not supported: tracing belongs to one thread.");
            _current = previous;
        });
    }

    /// <summary>Adds an input to the graph.</summary>
    public SymbolicTensor AddParameter(DType dtype, Shape shape, string? name = null)
    {
        var tensor = AddPlaceholder(dtype, shape, name ?? "input");
        Parameters.Add(tensor);
        return tensor;
    }

    /// <summary>Adds an input for tensors like another, with everything known about it.</summary>
    public SymbolicTensor AddParameterLike(Tensor tensor, string name)
    {
        var parameter = AddParameter(tensor.dtype, tensor.shape, name);
        parameter.HandleData = tensor.HandleData;
        if (tensor is SymbolicTensor { Value: { } value }) parameter.Value = value;
        return parameter;
    }

    public SymbolicTensor AddPlaceholder(DType dtype, Shape shape, string name) =>
        Add(Tf.PlaceholderOp, Attributes.Of(("dtype", dtype), ("shape", shape)), [], name).Outputs[0];

    /// <summary>The tensor inside this graph that stands for <paramref name="tensor"/>.</summary>
    public SymbolicTensor Capture(Tensor tensor)
    {
        if (tensor is SymbolicTensor symbolic && symbolic.Node.Graph == this) return symbolic;
        if (_captures.TryGetValue(tensor, out var known)) return known;
        if (IsScratch) return tensor is SymbolicTensor ? throw Foreign(tensor) : Standing(tensor);
        if (tensor is SymbolicTensor foreign)
        {
            // A constant stays one, so that shapes and XLA see its value.
            if (foreign.Node.Op == Tf.ConstOp) return _captures[tensor] = Add(Tf.ConstOp, foreign.Node.Attributes, []).Outputs[0];
            if (Outer is null || foreign.Node.Graph.IsScratch) throw Foreign(tensor);
            tensor = Outer.Capture(tensor);
            if (_captures.TryGetValue(tensor, out known)) return known;
        }
        var placeholder = AddPlaceholder(tensor.dtype, tensor.shape, "capture");
        placeholder.HandleData = tensor.HandleData;
        if (tensor is SymbolicTensor { Value: { } value }) placeholder.Value = value;
        _captures[tensor] = placeholder;
        Captures.Add((tensor, placeholder));
        return placeholder;
    }

    static InvalidOperationException Foreign(Tensor tensor) =>
        new($"A symbolic tensor is used outside of the function that made it: {tensor}. Pass it as an input, or return it from its function.");

    /// <summary>A node of the scratch graph that remembers the value it stands for; shape functions see the elements of small integer tensors.</summary>
    SymbolicTensor Standing(Tensor value)
    {
        var node = value is EagerTensor eager && value.dtype.IsInteger && value.shape.ElementCount <= MaxKnownElements
            ? Add(Tf.ConstOp, Attributes.Of(("value", eager.ToHost()), ("dtype", value.dtype)), []).Outputs[0]
            : AddPlaceholder(value.dtype, value.shape, "value");
        node.History = value;
        return node;
    }

    /// <summary>Adds a call, and infers and checks its dtypes and shapes.</summary>
    public Node Add(OpDefinition op, Attributes attributes, ReadOnlySpan<Tensor> inputs, string? name = null)
    {
        var captured = new Tensor[inputs.Length];
        for (var i = 0; i < captured.Length; i++) captured[i] = Capture(inputs[i]);
        var dtypes = op.OutputDTypes(op.Resolve(attributes, captured));
        var shapes = op.Shapes(new ShapeContext(op, attributes, captured));
        var path = NameScope.Path(name ?? op.Name);
        var node = new Node(op, _keepsNodes ? UniqueName(path) : path, attributes, captured) { Graph = this };
        node.Outputs = new SymbolicTensor[dtypes.Length];
        for (var i = 0; i < dtypes.Length; i++) node.Outputs[i] = new(node, i, dtypes[i], shapes[i]);
        if (!_keepsNodes) return node;
        _dependencies.Add(node);
        _nodes.Add(node);
        return node;
    }

    string UniqueName(string name)
    {
        ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_names, name, out var exists);
        return exists ? UniqueName($"{name}_{++count}") : name;
    }
}

/// <summary>The path for names of this thread's new nodes: the names of nested layers.</summary>
static class NameScope
{
    [ThreadStatic] static string? _path;

    public static string Current => _path ?? "";

    public static string Path(string name) => string.IsNullOrEmpty(_path) ? name : $"{_path}/{name}";

    public static IDisposable Enter(string name) => Switch(Path(name));

    /// <summary>Enters a name unless it is the innermost already.</summary>
    public static IDisposable EnterOnce(string name) => Switch(Current == name || Current.EndsWith('/' + name, StringComparison.Ordinal) ? _path : Path(name));

    public static IDisposable Root() => Switch(null);

    /// <summary>The path at which a node was made.</summary>
    public static IDisposable Of(Node node) => Switch(node.Name.LastIndexOf('/') is >= 0 and var end ? node.Name[..end] : null);

    static Engines.Scope Switch(string? path)
    {
        var previous = _path;
        _path = path;
        return new(() => _path = previous);
    }
}

/// <summary>Keeps side effects, and reads and writes of a resource, in program order.</summary>
sealed class ControlDependencies
{
    readonly Dictionary<Tensor, (Node? LastWrite, List<Node> ReadsSince)> _resources = new(ReferenceEqualityComparer.Instance);
    Node? _lastSideEffect;

    public List<Node> SideEffects { get; } = [];

    public void Add(Node node)
    {
        var access = node.Op.State;
        if (access == StateAccess.None) return;
        if (access == StateAccess.SideEffect)
        {
            if (_lastSideEffect is not null) node.ControlInputs.Add(_lastSideEffect);
            _lastSideEffect = node;
        }
        if (access != StateAccess.Read) SideEffects.Add(node);
        foreach (var resource in node.Inputs.Where(i => i.dtype == DType.Resource).Distinct()) Use(resource, node, access != StateAccess.Read);
    }

    void Use(Tensor resource, Node node, bool writes)
    {
        var (lastWrite, readsSince) = _resources.GetValueOrDefault(resource, (null, []));
        if (lastWrite is not null && !node.ControlInputs.Contains(lastWrite)) node.ControlInputs.Add(lastWrite);
        if (writes)
        {
            node.ControlInputs.AddRange(readsSince.Except(node.ControlInputs));
            _resources[resource] = (node, []);
        }
        else
        {
            readsSince.Add(node);
            _resources[resource] = (lastWrite, readsSince);
        }
    }
}
