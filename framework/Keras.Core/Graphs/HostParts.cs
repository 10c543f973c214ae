namespace Keras.Graphs;

/// <summary>Splits a function that is to be fully compiled: ops on strings, tables and lists run before and after the compiled part.</summary>
/// <remarks>
/// A compiler for numbers takes none of these (XLA ends the process when it is given a string). What is computed from them also runs outside until a weight is
/// used: sizes that depend on strings would be recompiled for every string.
/// </remarks>
sealed class HostParts
{
    readonly FunctionGraph _function;
    readonly Node[] _nodes;
    readonly HashSet<Node> _host = [], _fromHost = [], _fromVariables = [], _before = [], _after = [];

    HostParts(FunctionGraph function)
    {
        (_function, _nodes) = (function, [.. function.LiveNodes()]);
        _host.UnionWith(_nodes.Where(IsHost));
        if (_host.Count == 0) return;
        FindSources();
        FindBefore();
        FindAfter();
    }

    /// <summary>The function with its compiled part made by <paramref name="compile"/>.</summary>
    /// <exception cref="EngineException">The compiled part depends on a string or table node that itself depends on weights.</exception>
    public static FunctionGraph Apply(FunctionGraph function, Func<FunctionGraph, FunctionGraph> compile)
    {
        var parts = new HostParts(function);
        return parts._host.Count == 0 ? compile(function) : parts.Whole(compile);
    }

    /// <summary>Whether a node must run outside: it, or a function in it, works on strings, tables or lists. (XLA takes some lists, but fails where they grow.)</summary>
    static bool IsHost(Node node) => node.Inputs.Any(IsHost) || Array.Exists(node.Outputs, IsHost) || Tf.TableOps.Contains(node.Op)
        || node.Attributes.Functions.Any(f => f.Inputs.Any(IsHost) || f.LiveNodes().Any(IsHost));

    static bool IsHost(Tensor tensor) => tensor.dtype == DType.String || tensor.dtype == DType.Variant;

    void FindSources()
    {
        foreach (var node in _nodes)
        {
            if (_host.Contains(node) || Needed(node).Any(_fromHost.Contains)) _fromHost.Add(node);
            if (UsesVariables(node) || Needed(node).Any(_fromVariables.Contains)) _fromVariables.Add(node);
        }
    }

    void FindBefore()
    {
        var pending = new Stack<Node>(_fromHost.Where(n => !_fromVariables.Contains(n)));
        while (pending.TryPop(out var node))
        {
            if (node.Op == Tf.PlaceholderOp || !_before.Add(node)) continue;
            foreach (var needed in Needed(node)) pending.Push(needed);
        }
    }

    void FindAfter()
    {
        foreach (var node in _nodes)
        {
            if (_before.Contains(node) || (!_host.Contains(node) && !Needed(node).Any(_after.Contains))) continue;
            _after.Add(node);
            if (UsesVariables(node)) throw Uncompilable(node);
        }
    }

    EngineException Uncompilable(Node node)
    {
        var last = Needed(node).FirstOrDefault(_after.Contains) ?? node;
        var refused = _host.Contains(node) ? node : last;
        return new($"jit_compile cannot compile {refused.Op.Name} '{refused.Name}'", _function.Name, "strings, tables and lists before the first weight is used, or after the last",
            $"'{node.Name}' ({node.Op.Name}) uses a variable and depends on it", "Compile with jit_compile: false, or keep these ops out of the compiled function.");
    }

    static IEnumerable<Node> Needed(Node node) => node.Inputs.Select(i => ((SymbolicTensor)i).Node).Concat(node.ControlInputs);

    /// <summary>Whether a node reads or changes a variable; tables are resources too, but have no element type of their own.</summary>
    static bool UsesVariables(Node node) => !Tf.TableOps.Contains(node.Op) && node.Inputs.Any(i => i.dtype == DType.Resource && i.HandleData is not null);

    FunctionGraph Whole(Func<FunctionGraph, FunctionGraph> compile)
    {
        Node[] compiled = [.. _nodes.Where(n => !_before.Contains(n) && !_after.Contains(n) && n.Op != Tf.ConstOp)];
        var whole = new GraphCopy(_function.Inputs);
        foreach (var node in _nodes.Where(n => _before.Contains(n) || n.Op == Tf.ConstOp)) whole.Add(node);
        if (compiled.Length > 0) AddCompiled(whole, compiled, compile);
        foreach (var node in _nodes.Where(_after.Contains)) whole.Add(node);
        return new(_function.Name, whole.Graph, [.. _function.Outputs.Select(o => whole.Map[o])]);
    }

    /// <summary>Adds the compiled part, which recomputes everything that depends on no string, so that the compiler sees constants and shapes.</summary>
    void AddCompiled(GraphCopy whole, Node[] compiled, Func<FunctionGraph, FunctionGraph> compile)
    {
        var inside = Inside(compiled);
        SymbolicTensor[] handedIn = [.. _function.Inputs.Concat(_nodes.Where(n => _before.Contains(n) && !inside.Contains(n)).SelectMany(n => n.Outputs))
            .Where(UsedBy(inside.SelectMany(n => n.Inputs)))];
        var used = UsedBy([.. _function.Outputs, .. _after.SelectMany(n => n.Inputs)]);
        SymbolicTensor[] handedOut = [.. compiled.SelectMany(n => n.Outputs).Where(used)];
        var body = new GraphCopy(handedIn);
        foreach (var node in _nodes.Where(inside.Contains)) body.Add(node);
        var function = new FunctionGraph(_function.Name, body.Graph, [.. handedOut.Select(o => body.Map[o])]);
        whole.AddCall(compile(function), handedIn, handedOut);
    }

    HashSet<Node> Inside(Node[] compiled)
    {
        var inside = new HashSet<Node>();
        var pending = new Stack<Node>(compiled);
        while (pending.TryPop(out var node))
        {
            if (!inside.Add(node)) continue;
            foreach (var needed in node.Inputs.Select(i => ((SymbolicTensor)i).Node))
                if (needed.Op != Tf.PlaceholderOp && !(_before.Contains(needed) && (_fromHost.Contains(needed) || needed.Op.State != StateAccess.None))) pending.Push(needed);
        }
        return inside;
    }

    static Func<SymbolicTensor, bool> UsedBy(IEnumerable<Tensor> tensors)
    {
        var set = new HashSet<Tensor>(tensors, ReferenceEqualityComparer.Instance);
        return set.Contains;
    }
}
