using Keras.SavedModelProtos;

namespace Keras.Graphs;

/// <summary>Writes nodes as NodeDefs; what differs between a flat graph and a function's body is how inputs are named.</summary>
/// <param name="input">The name of a tensor as an input.</param>
/// <param name="nodeName">The name under which a node was written.</param>
/// <param name="functionName">The name under which a nested function is written.</param>
/// <param name="lowersControlFlow">Whether functional control flow is marked for lowering to branches that run without a call, which compiled functions must not be.</param>
sealed class NodeDefWriter(Func<SymbolicTensor, string> input, Func<Node, string> nodeName, Func<FunctionGraph, string> functionName, bool lowersControlFlow)
{
    const string Lower = "_lower_using_switch_merge";

    public NodeDef Write(Node node)
    {
        if (node.Op.IsComposite)
            throw new UnsupportedException("A composite op cannot be written", node.ToString(), "TensorFlow's ops only", node.Op.Name, "Lower the function first.");
        var proto = new NodeDef { Name = nodeName(node), Op = node.Op.Name };
        foreach (var tensor in node.Inputs) proto.Input.Add(input((SymbolicTensor)tensor));
        foreach (var control in node.ControlInputs.Distinct()) proto.Input.Add("^" + nodeName(control));
        var resolved = node.Op.Resolve(node.Attributes, node.Inputs);
        for (var i = 0; i < resolved.Length; i++)
        {
            var definition = node.Op.Attributes[i];
            proto.Attr.Add(definition.Name, AttributeProtos.ToProto(definition.Kind, resolved[i], functionName));
            if (lowersControlFlow && definition.Kind == "func") proto.Attr[Lower] = new AttrValue { B = true };
        }
        return proto;
    }
}

/// <summary>Gives things names that are valid in TensorFlow and unique in their graph.</summary>
sealed class NameTable
{
    readonly HashSet<string> _taken = [];

    /// <summary>The wanted name, with characters that TensorFlow refuses replaced, and a number where it is taken.</summary>
    public string Add(string wanted)
    {
        var clean = Clean(wanted);
        var name = clean;
        for (var i = 1; !_taken.Add(name); i++) name = $"{clean}_{i}";
        return name;
    }

    /// <summary>The same for an argument, whose letters are lower-case and which holds no path.</summary>
    public string AddArgument(string wanted)
    {
        var clean = string.Concat(wanted.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_')).Trim('_');
        return Add(clean.Length > 0 && char.IsAsciiLetter(clean[0]) ? clean : "arg" + clean);
    }

    static string Clean(string name)
    {
        var clean = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '/' or '-' ? c : '_'));
        return clean.Length > 0 && (char.IsAsciiLetterOrDigit(clean[0]) || clean[0] == '.') ? clean : "n" + clean;
    }
}
