using System.Collections.Frozen;

namespace Keras.Graphs;

/// <summary>Finds the inputs of a function whose values XLA has to know when it compiles, since they are sizes: it compiles anew for each value.</summary>
/// <remarks>The rows are XLA's own, of those ops whose values traced code computes. Branches and bodies of loops are not looked into.</remarks>
static class CompileTimeValues
{
    static readonly FrozenDictionary<string, int[]> Table = new Dictionary<string, int[]>
    {
        ["Range"] = [0, 1, 2],
        ["Reshape"] = [1],
        ["Fill"] = [0],
        ["BroadcastTo"] = [1],
        ["Tile"] = [1],
        ["Slice"] = [1, 2],
        ["StridedSlice"] = [1, 2, 3],
        ["Pad"] = [1],
        ["PadV2"] = [1],
        ["OneHot"] = [1],
        ["TopKV2"] = [1],
        ["ScatterNd"] = [2],
        ["UnsortedSegmentSum"] = [2],
        ["StatelessRandomUniformFullIntV2"] = [0],
    }.ToFrozenDictionary();

    /// <summary>What has no value of its inputs in it: sizes of arrays are known to XLA before it compiles.</summary>
    static readonly FrozenSet<string> Sizes = FrozenSet.Create("Shape", "ShapeN", "Size", "Rank", "ReadVariableOp");

    /// <summary>The ops and the numbers of their inputs.</summary>
    public static IEnumerable<(string Op, int Input)> Rows => Table.SelectMany(row => row.Value.Select(input => (row.Key, input)));

    /// <summary>An input of many elements is data, of which sizes are computed; what texts decide is computed before the compiled part.</summary>
    const int MostElements = 16;

    static bool IsSize(SymbolicTensor input) => (input.dtype == DType.Int32 || input.dtype == DType.Int64) && input.shape is { IsFullyKnown: true, ElementCount: <= MostElements };

    /// <summary>Such inputs of a function, each with a node that takes it for a size.</summary>
    public static IReadOnlyList<(int Input, Node Node)> Of(FunctionGraph function)
    {
        var places = function.Inputs.Index().ToDictionary(i => i.Item.Node, i => i.Index);
        var found = new Dictionary<int, Node>();
        var seen = new HashSet<Node>();
        foreach (var node in function.LiveNodes())
        {
            if (!Table.TryGetValue(node.Op.Name, out var inputs)) continue;
            var pending = new Stack<Node>(inputs.Where(i => i < node.Inputs.Length).Select(i => ((SymbolicTensor)node.Inputs[i]).Node));
            while (pending.TryPop(out var source))
            {
                if (!seen.Add(source) || Sizes.Contains(source.Op.Name)) continue;
                if (places.TryGetValue(source, out var place) && IsSize(function.Inputs[place])) found.TryAdd(place, node);
                foreach (var input in source.Inputs) pending.Push(((SymbolicTensor)input).Node);
            }
        }
        return [.. found.OrderBy(f => f.Key).Select(f => (f.Key, f.Value))];
    }
}
