using Keras.SavedModelProtos;

namespace Keras.Graphs;

/// <summary>Options for writing nodes.</summary>
/// <param name="LowersControlFlow">Whether functional control flow is marked for lowering to branches without calls; XLA does not accept that.</param>
/// <param name="StripsDefaults">Whether attributes with default values are omitted, so that older versions, which may lack them, load the graph.</param>
sealed record NodeDefOptions(bool LowersControlFlow, bool StripsDefaults = false);

/// <summary>Writes nodes as NodeDefs; flat graphs and function bodies differ only in how inputs are named.</summary>
/// <param name="options">How nodes are written.</param>
/// <param name="input">Names a tensor as an input.</param>
/// <param name="nodeName">Names a node.</param>
/// <param name="functionName">Names a nested function.</param>
sealed class NodeDefWriter(NodeDefOptions options, Func<SymbolicTensor, string> input, Func<Node, string> nodeName, Func<FunctionGraph, string> functionName)
{
    /// <summary>Marks functions, and the nodes that call them, for XLA.</summary>
    public const string MustCompile = "_XlaMustCompile";

    const string Lower = "_lower_using_switch_merge";

    /// <exception cref="UnsupportedException">The node is a composite: its function was not lowered.</exception>
    public NodeDef Write(Node node)
    {
        if (node.Op.IsComposite)
            throw new UnsupportedException("A composite op cannot be written", node.ToString(), "TensorFlow's ops only", node.Op.Name, "Lower the function first.");
        var proto = new NodeDef { Name = nodeName(node), Op = node.Op.Name };
        foreach (var tensor in node.Inputs) proto.Input.Add(input((SymbolicTensor)tensor));
        foreach (var control in node.ControlInputs.Distinct()) proto.Input.Add("^" + nodeName(control));
        var resolved = node.Op.Resolve(node.Attributes, node.Inputs);
        for (var i = 0; i < resolved.Length; i++) AddAttribute(proto, node.Op.Attributes[i], resolved[i]);
        return proto;
    }

    void AddAttribute(NodeDef proto, AttributeDefinition definition, object value)
    {
        var attribute = ToProto(definition, value);
        if (options.StripsDefaults && definition.Default is { } standard && ToProto(definition, standard).Equals(attribute)) return;
        proto.Attr.Add(definition.Name, attribute);
        if (value is FunctionGraph { MustCompile: true }) proto.Attr[MustCompile] = new AttrValue { B = true };
        if (options.LowersControlFlow && definition.Kind is "func" or "list(func)") proto.Attr[Lower] = new AttrValue { B = true };
    }

    AttrValue ToProto(AttributeDefinition definition, object value) => AttributeProtos.ToProto(definition.Kind, value, functionName);
}
