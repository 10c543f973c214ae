using System.Collections.Frozen;
using System.Globalization;
using Keras.Graphs;

namespace Keras.Engines.TensorFlow;

/// <summary>A function's nodes as a sequence that can be split anywhere, without the nodes that each part copies.</summary>
sealed class XlaSteps
{
    /// <summary>The most elements of a constant that each part copies; larger ones become inputs.</summary>
    const int MaxElements = 64;

    /// <summary>Ops that read shapes.</summary>
    static readonly FrozenSet<string> ShapeOps = FrozenSet.ToFrozenSet(["Shape", "ShapeN", "Size", "Rank"]);

    static readonly FrozenSet<string> ShapeArithmetic = FrozenSet.ToFrozenSet(
    [
        "Pack", "Slice", "StridedSlice", "ConcatV2", "Mul", "AddV2", "Sub", "FloorDiv", "Prod", "Cast", "Range", "ExpandDims", "Squeeze", "Reshape", "GatherV2",
        "Maximum", "Minimum", "BroadcastGradientArgs", "BroadcastArgs",
    ]);

    readonly HashSet<Node> _free = [];
    readonly Dictionary<Node, string> _descriptions = [];

    public XlaSteps(FunctionGraph function)
    {
        Node[] nodes = [.. function.LiveNodes()];
        var returned = function.Outputs.Select(o => o.Node).ToHashSet();
        foreach (var node in nodes)
            if (!returned.Contains(node) && (IsSmallConstant(node) || IsShape(node))) _free.Add(node);
        Before = [.. nodes.Where(n => IsBefore(n) && !_free.Contains(n))];
        All = [.. nodes.Where(n => !IsBefore(n) && !_free.Contains(n))];
    }

    /// <summary>Nodes that stay with the caller: large constants, and reads of variables before any change to them.</summary>
    public Node[] Before { get; }

    /// <summary>The nodes that are cut into parts, in program order.</summary>
    public Node[] All { get; }

    /// <summary>Whether each part copies the node: small constants and shapes, whose values XLA must know.</summary>
    public bool IsFree(Node node) => _free.Contains(node);

    /// <summary>Describes a node without its inputs: op, attributes, results.</summary>
    public string Describe(Node node)
    {
        if (_descriptions.TryGetValue(node, out var known)) return known;
        var attributes = string.Join(' ', node.Attributes.Items.ToArray().Select(a => $"{a.Name}={Text(a.Value)}"));
        return _descriptions[node] = $"{node.Op.Name} {attributes} {string.Join(' ', node.Outputs.Select(Describe))} ";
    }

    /// <summary>Describes a tensor's dtype and shape.</summary>
    public static string Describe(SymbolicTensor tensor) => $"{tensor.dtype.Name}{Text(tensor.shape)}";

    static bool IsBefore(Node node) => (node.Op == Tf.ReadVariableOp && node.ControlInputs.Count == 0) || node.Op == Tf.ConstOp;

    static bool IsSmallConstant(Node node) => node.Op == Tf.ConstOp && IsSmall(node);

    bool IsShape(Node node) => IsSmall(node) && (ShapeOps.Contains(node.Op.Name)
        || (ShapeArithmetic.Contains(node.Op.Name) && node.Outputs.All(o => o.dtype.IsInteger) && node.Inputs.All(i => _free.Contains(((SymbolicTensor)i).Node))));

    static bool IsSmall(Node node) => node.Outputs.All(o => o.shape.ElementCount is >= 0 and <= MaxElements);

    static string Text(object value) => value switch
    {
        Shape shape => shape.HasRank ? $"[{string.Join(',', shape.ToArray())}]" : "[?]",
        HostTensor tensor => $"{tensor.DType.Name}{Text(tensor.Shape)}{Convert.ToHexString(tensor.Data)}{string.Join(',', tensor.Strings?.Select(Convert.ToHexString) ?? [])}",
        FunctionGraph function => function.Name,
        string text => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text)),
        Array array => $"({string.Join(',', array.Cast<object>().Select(Text))})",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}
