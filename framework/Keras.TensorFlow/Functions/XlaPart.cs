using System.Globalization;
using System.Text;
using Keras.Graphs;

namespace Keras.Engines.TensorFlow;

/// <summary>A range of a function's steps; ranges that compute the same from other tensors have the same <see cref="Key"/>.</summary>
sealed class XlaPart
{
    readonly XlaSteps _steps;
    readonly Dictionary<SymbolicTensor, string> _names = [];
    readonly StringBuilder _key = new();

    /// <summary>Describes the steps from <paramref name="start"/> to before <paramref name="end"/>.</summary>
    public XlaPart(XlaSteps steps, int start, int end)
    {
        (_steps, Start, End) = (steps, start, end);
        for (var i = start; i < end; i++) Add(steps.All[i]);
        Key = _key.ToString();
    }

    public int Start { get; }

    public int End { get; }

    /// <summary>Describes every node, attribute, shape and connection; equal keys mean equal functions with inputs and nodes in the same order.</summary>
    public string Key { get; }

    /// <summary>The values from outside the part, in order of first use.</summary>
    public List<SymbolicTensor> Inputs { get; } = [];

    /// <summary>The steps, with the constants and shapes that each part copies placed before their first use.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>The part as a function that returns given outputs of <see cref="Nodes"/>.</summary>
    public FunctionGraph ToFunction(string name, IEnumerable<(int Node, int Output)> outputs)
    {
        var copy = new GraphCopy(Inputs);
        foreach (var input in Inputs) copy.Map[input].Value = null;   // Another part may call the function with other values.
        foreach (var node in Nodes) copy.Add(node);
        return new(name, copy.Graph, [.. outputs.Select(o => copy.Map[Nodes[o.Node].Outputs[o.Output]])]) { MustCompile = true };
    }

    void Add(Node node)
    {
        var inputs = Array.ConvertAll(node.Inputs, i => NameOf((SymbolicTensor)i));
        _key.Append(_steps.Describe(node)).AppendJoin(',', inputs).Append('\n');
        foreach (var output in node.Outputs) _names[output] = string.Create(CultureInfo.InvariantCulture, $"n{Nodes.Count}:{output.Index}");
        Nodes.Add(node);
    }

    string NameOf(SymbolicTensor tensor)
    {
        if (_names.TryGetValue(tensor, out var name)) return name;
        if (_steps.IsFree(tensor.Node))
        {
            Add(tensor.Node);
            return _names[tensor];
        }
        _key.Append(CultureInfo.InvariantCulture, $"i{Inputs.Count} {XlaSteps.Describe(tensor)}\n");
        Inputs.Add(tensor);
        return _names[tensor] = string.Create(CultureInfo.InvariantCulture, $"i{Inputs.Count - 1}");
    }
}
