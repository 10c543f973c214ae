using Keras.SavedModelProtos;

namespace Keras.Graphs;

/// <summary>Converts the nodes of a GraphDef back into nodes of the graph being traced; calls of its functions are inlined.</summary>
/// <param name="library">The functions of the graph, by name.</param>
/// <param name="replacement">A tensor to use in place of a node (variables, tables, constants that name files); null to read the node itself.</param>
sealed class GraphReader(IReadOnlyDictionary<string, FunctionDef> library, Func<NodeDef, Tensor?> replacement)
{
    /// <summary>Ops that are read as another op with the same behaviour.</summary>
    static readonly Dictionary<string, string> SameAs = new()
    {
        ["Add"] = "AddV2", ["BatchMatMul"] = "BatchMatMulV2", ["BatchMatMulV3"] = "BatchMatMulV2", ["PlaceholderWithDefault"] = "Identity", ["Snapshot"] = "Identity",
        ["PreventGradient"] = "Identity", ["GuaranteeConst"] = "Identity", ["ShapeN"] = "Shape",
    };

    /// <summary>Ops whose outputs are their inputs; they only carry custom gradients, which are not read.</summary>
    static readonly HashSet<string> PassOn = ["IdentityN"];

    static readonly HashSet<string> Branches = ["If", "StatelessIf", "Case", "StatelessCase"];

    static readonly HashSet<string> Loops = ["While", "StatelessWhile"];

    const string Remedy = "The file is damaged; export the model again.";

    /// <summary>Adds the nodes that some tensors of a flat graph need to the graph being traced.</summary>
    /// <param name="nodes">The graph's nodes.</param>
    /// <param name="given">Tensors already known, by name ("x:0").</param>
    /// <param name="wanted">The names of the tensors, or of nodes ("init").</param>
    /// <exception cref="UnsupportedException">An op or attribute is unknown.</exception>
    /// <exception cref="FileFormatException">The graph refers to something that it lacks.</exception>
    public Tensor[] Read(IEnumerable<NodeDef> nodes, IReadOnlyDictionary<string, Tensor> given, IEnumerable<string> wanted)
    {
        var scope = new Scope(this, nodes.ToDictionary(n => n.Name), given, isFunction: false);
        return [.. wanted.Select(scope.Tensor).OfType<Tensor>()];
    }

    /// <summary>The functions being read, nested, to detect recursion, which would never end.</summary>
    readonly HashSet<string> _reading = [];

    Tensor[] Inline(FunctionDef function, Tensor[] arguments)
    {
        var name = function.Signature.Name;
        if (arguments.Length != function.Signature.InputArg.Count)
            throw new FileFormatException("A function is called with another number of arguments", name, $"{function.Signature.InputArg.Count}", $"{arguments.Length}", Remedy);
        if (!_reading.Add(name)) throw new FileFormatException("A function calls itself", name, "functions that end", string.Join(" > ", _reading), Remedy);
        try
        {
            return Body(function, arguments);
        }
        finally
        {
            _reading.Remove(name);
        }
    }

    Tensor[] Body(FunctionDef function, Tensor[] arguments)
    {
        var given = function.Signature.InputArg.Select((a, i) => (a.Name, Value: arguments[i])).ToDictionary(a => a.Name, a => a.Value);
        var scope = new Scope(this, function.NodeDef.ToDictionary(n => n.Name), given, isFunction: true);
        foreach (var effect in function.ControlRet.Values) scope.Node(effect);
        return [.. function.Signature.OutputArg.Select(o => function.Ret.TryGetValue(o.Name, out var result) && scope.Tensor(result) is { } tensor ? tensor
            : throw new FileFormatException("A function does not say what it returns", function.Signature.Name, o.Name, remedy: Remedy))];
    }

    FunctionDef Function(string name) => library.TryGetValue(name, out var function) ? function
        : throw new FileFormatException("The graph calls a function that it does not have", name, remedy: Remedy);

    /// <summary>The name of the function in a node's attribute.</summary>
    static string FunctionOf(NodeDef node, string attribute) => node.Attr.TryGetValue(attribute, out var value) && value.Func is { } function ? function.Name
        : throw new FileFormatException("A node lacks a function", $"node '{node.Name}' ({node.Op})", $"the attribute '{attribute}'", remedy: Remedy);

    /// <summary>Reads a branch, or a loop's condition or body, as a function with parameters like the call's inputs.</summary>
    FunctionGraph Nested(string name, IEnumerable<Tensor> inputs)
    {
        var function = Function(name);
        var graph = new Graph(null);
        using (graph.Enter())
        {
            Tensor[] parameters = [.. inputs.Select((t, i) => graph.AddParameterLike(t, i < function.Signature.InputArg.Count ? function.Signature.InputArg[i].Name : "input"))];
            return new(name, graph, [.. Inline(function, parameters).Select(graph.Capture)]);
        }
    }

    /// <summary>Reads the functions of a node: branches take the inputs after the selector, a loop's functions take all of them.</summary>
    Func<string, FunctionGraph> NestedOf(NodeDef node, Tensor[] inputs)
    {
        if (Branches.Contains(node.Op)) return BranchesOf(node, inputs);
        if (!Loops.Contains(node.Op)) return name => Nested(name, inputs);
        FunctionOf(node, "cond");
        var body = LoopBody(node, inputs);
        return name => name == FunctionOf(node, "body") ? body : Nested(name, body.Inputs);
    }

    /// <summary>Reads branches, which must exist and return the same number of tensors.</summary>
    Func<string, FunctionGraph> BranchesOf(NodeDef node, Tensor[] inputs)
    {
        FileFormatException Wrong(string what, string expected, string received) => new(what, $"node '{node.Name}' ({node.Op})", expected, received, Remedy);
        if (inputs.Length == 0) throw Wrong("A branch is chosen by nothing", "an input that chooses", "none");
        var isCase = node.Op.EndsWith("Case", StringComparison.Ordinal);
        string[] names = !isCase ? [FunctionOf(node, "then_branch"), FunctionOf(node, "else_branch")]
            : node.Attr.TryGetValue("branches", out var given) && given.List is { } list ? [.. list.Func.Select(f => f.Name)] : [];
        if (names.Length == 0) throw Wrong("A choice has no branches", "at least one branch", "none");
        int[] counts = [.. names.Select(name => Function(name).Signature.OutputArg.Count)];
        if (counts.Distinct().Count() > 1) throw Wrong("Branches return unequal numbers of tensors", $"{counts[0]}", string.Join(", ", counts));
        return name => Nested(name, inputs[1..]);
    }

    /// <summary>Reads a loop's body, with only those parameter shapes and values that hold in every iteration.</summary>
    FunctionGraph LoopBody(NodeDef node, Tensor[] inputs)
    {
        var declared = node.Attr.TryGetValue("output_shapes", out var given) ? given.List.Shape.Select(ShapeProtos.FromProto).ToArray() : [];
        Shape Declared(int i, Shape shape) => i < declared.Length && shape.IsCompatibleWith(declared[i]) ? shape.MergeWith(declared[i]) : shape;
        Shape[] shapes = [.. inputs.Select(i => i.shape)];
        var staying = new HashSet<int>();
        while (true)
        {
            var graph = new Graph(null);
            var body = Nested(FunctionOf(node, "body"), inputs.Select((input, i) =>
            {
                var variable = graph.AddParameter(input.dtype, shapes[i], "variable");
                variable.HandleData = input.HandleData;
                variable.Value = staying.Contains(i) ? (input as SymbolicTensor)?.Value : null;
                return (Tensor)variable;
            }));
            if (body.Outputs.Count != inputs.Length)
                throw new FileFormatException("The body of a loop returns another number of variables", node.Name, $"{inputs.Length}", $"{body.Outputs.Count}", Remedy);
            Shape[] common = [.. shapes.Select((s, i) => Declared(i, ShapeRules.Common(s, body.Outputs[i].shape)))];
            var known = staying.Count;
            staying.UnionWith(Enumerable.Range(0, inputs.Length).Where(i => Source(body.Outputs[i]) == body.Inputs[i] && inputs[i] is SymbolicTensor { Value: not null }));
            if (common.SequenceEqual(shapes) && staying.Count == known) return body;
            shapes = common;
        }
    }

    /// <summary>The tensor that another one is a plain copy of.</summary>
    static SymbolicTensor Source(SymbolicTensor tensor)
    {
        while (tensor.Node.Op.Name == "Identity") tensor = (SymbolicTensor)tensor.Node.Inputs[0];
        return tensor;
    }

    /// <summary>The nodes of one graph or function body, read when they are needed.</summary>
    sealed class Scope(GraphReader reader, Dictionary<string, NodeDef> nodes, IReadOnlyDictionary<string, Tensor> given, bool isFunction)
    {
        readonly Dictionary<string, (OpDefinition? Op, Tensor[] Outputs)> _made = [];

        /// <summary>A tensor by its name in this scope; null for a node without outputs.</summary>
        public Tensor? Tensor(string name)
        {
            if (given.TryGetValue(name, out var known)) return known;
            Node(NodeOf(name));
            var (op, outputs) = _made[NodeOf(name)];
            if (outputs.Length == 0) return null;
            var position = PositionOf(name, op);
            return position < outputs.Length ? outputs[position] : throw new FileFormatException("The graph uses an output that a node does not have", name);
        }

        /// <summary>Reads a node after everything it needs; without recursion, since graphs are deep.</summary>
        public void Node(string name)
        {
            var pending = new Stack<string>([name]);
            var begun = new HashSet<string>();
            while (pending.TryPeek(out var next))
            {
                if (_made.ContainsKey(next))
                {
                    pending.Pop();
                    continue;
                }
                var node = nodes.TryGetValue(next, out var found) ? found
                    : throw new FileFormatException("The graph refers to a node that it does not have", next, remedy: Remedy);
                var missing = reader.ReplacementOf(node) is null
                    ? node.Input.Select(i => i.TrimStart('^')).Where(i => !given.ContainsKey(i)).Select(NodeOf).Where(n => !_made.ContainsKey(n)).ToArray() : [];
                if (missing.Length > 0)
                {
                    if (!begun.Add(next)) throw new FileFormatException("The graph goes in a circle", next, remedy: Remedy);
                    foreach (var other in missing) pending.Push(other);
                    continue;
                }
                pending.Pop();
                _made[next] = Make(node);
            }
        }

        (OpDefinition? Op, Tensor[] Outputs) Make(NodeDef node)
        {
            if (reader.ReplacementOf(node) is { } instead) return (null, [instead]);
            Tensor[] inputs = [.. node.Input.Where(i => !i.StartsWith('^')).Select(i => Tensor(i)!)];
            if (PassOn.Contains(node.Op)) return (null, inputs);
            if (node.Op is "PartitionedCall" or "StatefulPartitionedCall") return (Definition(node, node.Op), reader.Inline(reader.Function(FunctionOf(node, "f")), inputs));
            if (reader.IsFunction(node.Op)) return (null, reader.Inline(reader.Function(node.Op), inputs));
            var op = Definition(node, SameAs.GetValueOrDefault(node.Op, node.Op));
            if (node.Op == "ShapeN") return (null, [.. inputs.Select(i => Graph.Current!.Add(op, AttributeReader.Read(op, node, _ => throw new InvalidOperationException()), [i], node.Name).Outputs[0])]);
            var attributes = AttributeReader.Read(op, node, reader.NestedOf(node, inputs));
            using (NameScope.Root()) return (op, Graph.Current!.Add(op, attributes, inputs, node.Name).Outputs);
        }

        static OpDefinition Definition(NodeDef node, string op) => OpTable.TryGet(op, out var definition) ? definition
            : throw new UnsupportedException($"The graph has an op that is not known here, {op}", $"node '{node.Name}'", remedy: "Run it on TensorFlow: KERAS_BACKEND=tensorflow.");

        /// <summary>The index of a named output, where a node calls a function by the function's name; 0 for other nodes.</summary>
        int OutputOf(string node, string output)
        {
            if (!nodes.TryGetValue(node, out var call) || !reader.IsFunction(call.Op)) return 0;
            string[] names = [.. reader.Function(call.Op).Signature.OutputArg.Select(a => a.Name)];
            return Array.IndexOf(names, output) is >= 0 and var place ? place
                : throw new FileFormatException("The graph uses a result that a function does not have", $"node '{node}' ({call.Op})", string.Join(", ", names), output, Remedy);
        }

        static string NodeOf(string tensor) => tensor.IndexOf(':', StringComparison.Ordinal) is >= 0 and var end ? tensor[..end] : tensor;

        /// <summary>The output index in a tensor's name: "node:1" in a flat graph, "node:argument:0" in a function.</summary>
        int PositionOf(string tensor, OpDefinition? op)
        {
            var parts = tensor.Split(':');
            if (parts.Length < 2) return 0;
            var last = int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture);
            if (!isFunction || parts.Length < 3) return last;
            if (op is null) return last + OutputOf(parts[0], parts[1]);
            var argument = Array.FindIndex(op.Outputs, o => o.Name == parts[1]);
            if (argument <= 0) return last;
            if (!op.Outputs[..argument].Any(o => o.IsList)) return argument + last;
            var node = ((SymbolicTensor)_made[parts[0]].Outputs[0]).Node;
            var resolved = op.Resolve(node.Attributes, node.Inputs);
            return last + op.Outputs[..argument].Sum(o => o.CountIn(op, resolved));
        }
    }

    bool IsFunction(string op) => library.ContainsKey(op) && !OpTable.TryGet(op, out _);

    Tensor? ReplacementOf(NodeDef node) => replacement(node);
}

/// <summary>Reads the attributes of a NodeDef that an op's definition has.</summary>
static class AttributeReader
{
    /// <param name="op">The definition.</param>
    /// <param name="node">The node.</param>
    /// <param name="function">A nested function by its name.</param>
    /// <exception cref="UnsupportedException">The node sets an attribute that the definition lacks.</exception>
    public static Attributes Read(OpDefinition op, NodeDef node, Func<string, FunctionGraph> function)
    {
        var items = new List<(string, object)>();
        foreach (var (name, value) in node.Attr)
        {
            if (name.StartsWith('_')) continue;
            if (op.Attribute(name) is { } definition) items.Add((name, Value(definition, value, function, $"node '{node.Name}', attribute '{name}'")));
            else if (IsSet(value) && op.Name == node.Op)
                throw new UnsupportedException("A node has an attribute that is not known here", $"node '{node.Name}' ({node.Op})", string.Join(", ", op.Attributes.Select(a => a.Name)), $"{name} = {value}",
                    "Run it on TensorFlow: KERAS_BACKEND=tensorflow.");
        }
        return Attributes.Of([.. items]);
    }

    static bool IsSet(AttrValue value) => value.ValueCase switch
    {
        AttrValue.ValueOneofCase.B => value.B,
        AttrValue.ValueOneofCase.I => value.I != 0,
        AttrValue.ValueOneofCase.F => value.F != 0,
        AttrValue.ValueOneofCase.S => !value.S.IsEmpty,
        AttrValue.ValueOneofCase.Type => false,
        AttrValue.ValueOneofCase.List => value.List.CalculateSize() > 0,
        _ => true,
    };

    static object Value(AttributeDefinition definition, AttrValue value, Func<string, FunctionGraph> function, string where) => definition.Kind switch
    {
        "int" => value.I,
        "float" => value.F,
        "bool" => value.B,
        "string" => value.S.ToStringUtf8(),
        "type" => ShapeProtos.DTypeOf(value.Type, where, isStored: definition.Allowed?.Any(d => d.IsQuantized) != true),
        "shape" => ShapeProtos.FromProto(value.Shape ?? new()),
        "tensor" => TensorProtos.FromProto(value.Tensor, where),
        "func" => function(value.Func?.Name ?? ""),
        "list(func)" => value.List.Func.Select(f => function(f.Name)).ToArray(),
        "list(int)" => value.List.I.ToArray(),
        "list(float)" => value.List.F.ToArray(),
        "list(string)" => value.List.S.Select(s => s.ToStringUtf8()).ToArray(),
        "list(type)" => value.List.Type.Select(t => ShapeProtos.DTypeOf(t, where)).ToArray(),
        "list(shape)" => value.List.Shape.Select(ShapeProtos.FromProto).ToArray(),
        _ => throw new UnsupportedException("An attribute's kind is not known here", where, received: definition.Kind),
    };
}
