using System.Collections.Frozen;

namespace Keras.Graphs;

/// <summary>Finds the inputs of a function whose values XLA must know at compile time, since they are sizes: it recompiles for each value.</summary>
/// <remarks>The table follows XLA's own, for those ops whose sizes traced code computes. Branches and loop bodies are not searched.</remarks>
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

    /// <summary>Ops whose results do not depend on the values of their inputs: XLA knows the sizes of arrays before it compiles.</summary>
    static readonly FrozenSet<string> Sizes = FrozenSet.Create("Shape", "ShapeN", "Size", "Rank", "ReadVariableOp");

    /// <summary>The ops, each with the index of an input that is a size.</summary>
    public static IEnumerable<(string Op, int Input)> Rows => Table.SelectMany(row => row.Value.Select(input => (row.Key, input)));

    /// <summary>The most elements of an input that may be a size; larger inputs are data. Sizes that follow from strings are computed before the compiled part.</summary>
    const int MostElements = 16;

    static bool IsSize(SymbolicTensor input) => (input.dtype == DType.Int32 || input.dtype == DType.Int64) && input.shape is { IsFullyKnown: true, ElementCount: <= MostElements };

    /// <summary>The inputs of a function that are sizes, each with a node that uses it.</summary>
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
