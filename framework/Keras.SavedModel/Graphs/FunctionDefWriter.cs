using Keras.SavedModelProtos;

namespace Keras.Graphs;

/// <summary>Writes functions, and those nested in them, as FunctionDefs.</summary>
/// <param name="options">How nodes are written.</param>
/// <param name="nameOf">Names a function; null for <see cref="FunctionGraph.Name"/>.</param>
sealed class FunctionDefWriter(NodeDefOptions options, Func<FunctionGraph, string>? nameOf = null)
{
    readonly Dictionary<FunctionGraph, string> _names = new(ReferenceEqualityComparer.Instance);
    readonly List<FunctionDef> _functions = [];

    /// <summary>The functions written, callees before their callers.</summary>
    public IReadOnlyList<FunctionDef> Functions => _functions;

    /// <summary>Writes a lowered function for the TensorFlow engine to compile: its nested functions, then itself under its own name.</summary>
    /// <param name="function">A function of TensorFlow's ops only.</param>
    /// <param name="jit">Whether XLA must compile it or a function in it; otherwise Grappler and the executor run it.</param>
    public static IReadOnlyList<FunctionDef> Write(FunctionGraph function, bool jit)
    {
        var writer = new FunctionDefWriter(new(LowersControlFlow: !jit));
        writer.Add(function);
        return writer.Functions;
    }

    /// <summary>Writes a function once, after those nested in it; returns its name.</summary>
    public string Add(FunctionGraph function)
    {
        if (_names.TryGetValue(function, out var known)) return known;
        var name = nameOf?.Invoke(function) ?? function.Name;
        _names.Add(function, name);
        _functions.Add(Body(function, name));
        return name;
    }

    FunctionDef Body(FunctionGraph function, string name)
    {
        var proto = new FunctionDef { Signature = new OpDef { Name = name } };
        var (names, tensors, nodes) = (new NameTable(), new Dictionary<SymbolicTensor, string>(), new Dictionary<Node, string>());
        foreach (var input in function.Inputs) tensors.Add(input, AddInput(proto, input, names.AddArgument(input.Node.Name)));

        var writer = new NodeDefWriter(options, Reference, node => nodes[node], Add);
        foreach (var node in function.LiveNodes())
        {
            nodes.Add(node, names.Add(node.Name));
            proto.NodeDef.Add(writer.Write(node));
            proto.Signature.IsStateful |= node.Op.State != StateAccess.None;
        }

        for (var i = 0; i < function.Outputs.Count; i++)
        {
            var output = new OpDef.Types.ArgDef { Name = $"output_{i}", Type = ShapeProtos.ToProto(function.Outputs[i].dtype) };
            proto.Signature.OutputArg.Add(output);
            proto.Ret.Add(output.Name, Reference(function.Outputs[i]));
        }
        if (function.MustCompile)
            foreach (var attribute in (ReadOnlySpan<string>)[NodeDefWriter.MustCompile, "_noinline"]) proto.Attr.Add(attribute, new AttrValue { B = true });
        foreach (var effect in function.SideEffects)
        {
            var output = $"effect_{proto.ControlRet.Count}";
            proto.Signature.ControlOutput.Add(output);
            proto.ControlRet.Add(output, nodes[effect]);
        }
        return proto;

        string Reference(SymbolicTensor tensor) => tensors.TryGetValue(tensor, out var argument) ? argument : $"{nodes[tensor.Node]}:{OutputArgument(tensor)}";
    }

    static string AddInput(FunctionDef proto, SymbolicTensor input, string name)
    {
        var attributes = new FunctionDef.Types.ArgAttrs();
        AddList(attributes, "_output_shapes", l => l.Shape.Add(ShapeProtos.ToProto(input.shape)));
        if (input.HandleData is { DType: var dtype, Shape: var shape })
        {
            AddList(attributes, "_handle_dtypes", l => l.Type.Add(ShapeProtos.ToProto(dtype)));
            AddList(attributes, "_handle_shapes", l => l.Shape.Add(ShapeProtos.ToProto(shape)));
        }
        proto.ArgAttr.Add((uint)proto.Signature.InputArg.Count, attributes);
        proto.Signature.InputArg.Add(new OpDef.Types.ArgDef { Name = name, Type = ShapeProtos.ToProto(input.dtype) });
        return name;
    }

    static void AddList(FunctionDef.Types.ArgAttrs attributes, string name, Action<AttrValue.Types.ListValue> fill)
    {
        var list = new AttrValue.Types.ListValue();
        fill(list);
        attributes.Attr.Add(name, new AttrValue { List = list });
    }

    /// <summary>The name of an output inside a function body: the output argument and the position in it.</summary>
    static string OutputArgument(SymbolicTensor tensor)
    {
        var op = tensor.Node.Op;
        var position = tensor.Index;
        var resolved = op.Outputs.Any(o => o.IsList) ? op.Resolve(tensor.Node.Attributes, tensor.Node.Inputs) : [];
        foreach (var output in op.Outputs)
        {
            var count = output.IsList ? output.CountIn(op, resolved) : 1;
            if (position < count) return $"{output.Name}:{position}";
            position -= count;
        }
        throw new InvalidOperationException($"{op.Name} has no output {tensor.Index}.");
    }
}
