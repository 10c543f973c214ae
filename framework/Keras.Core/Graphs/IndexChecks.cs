using System.Numerics;
using System.Numerics.Tensors;
using Keras.Engines;

namespace Keras.Graphs;

/// <summary>Checks the indices a function gets from the host before code runs that does not: XLA clamps or drops indices out of range, or gives NaN.</summary>
/// <remarks>Checked are inputs, and what a few integer ops make of them (reshaped labels, ignored classes). Indices computed from
/// anything else are not checked.</remarks>
sealed class IndexChecks
{
    const int MaxNodes = 32;

    /// <summary>Ops that leave values unchanged, so that labels may pass through them as floats.</summary>
    static readonly HashSet<string> Carriers = ["Cast", "Reshape", "Squeeze", "ExpandDims", "Identity", "StopGradient"];

    readonly FunctionGraph _indices;
    readonly int[] _inputs;
    readonly (Node Node, IndexRange Range)[] _ranges;

    /// <summary>Inputs that are indices themselves, for which nothing needs to be computed.</summary>
    readonly (int Input, Node Node, IndexRange Range)[] _given;

    IndexChecks(FunctionGraph function, List<(Node Node, IndexRange Range)> all)
    {
        var places = function.Inputs.Index().ToDictionary(i => i.Item.Node, i => i.Index);
        var sources = all.ConvertAll(f => Source(Index(f).Node));
        _given = [.. all.Zip(sources).Where(f => f.Second is not null).Select(f => (places[f.Second!], f.First.Node, f.First.Range))];
        var found = all.Zip(sources).Where(f => f.Second is null).Select(f => f.First).ToList();
        _ranges = [.. found];
        var needed = found.SelectMany(f => Ancestors(Index(f))!).ToHashSet();
        var inputs = function.Inputs.Index().Where(i => needed.Contains(i.Item.Node)).ToList();
        var used = inputs.ConvertAll(i => i.Item);
        _inputs = [.. inputs.Select(i => i.Index)];
        var copy = new GraphCopy(used);
        foreach (var node in function.LiveNodes().Where(needed.Contains)) copy.Add(node);
        _indices = new("indices", copy.Graph, [.. found.Select(f => copy.Map[Index(f)])]);
    }

    /// <summary>The checks of a function; null where it takes no indices.</summary>
    public static IndexChecks? Of(FunctionGraph function)
    {
        var found = new List<(Node, IndexRange)>();
        foreach (var node in function.LiveNodes())
            if (IndexRules.Of(node) is { } range && Ancestors((SymbolicTensor)node.Inputs[range.Input]) is { } needed && needed.Any(n => n.Op == Tf.PlaceholderOp)) found.Add((node, range));
        return found.Count == 0 ? null : new(function, found);
    }

    /// <summary>Checks the indices in a call's inputs.</summary>
    /// <exception cref="EngineException">One is out of range.</exception>
    public void Check(ReadOnlySpan<ITensorHandle> inputs, IEngine engine)
    {
        foreach (var (input, node, range) in _given) Check(node, range, new EagerTensor(inputs[input], engine).ToHost());
        if (_ranges.Length == 0) return;
        var given = new Tensor[_inputs.Length];
        for (var i = 0; i < given.Length; i++) given[i] = new EagerTensor(inputs[_inputs[i]], engine);
        Tensor[] indices;
        using (Engine.Use(engine))
        using (Graph.Suspend())
        using (GradientTape.Pause()) indices = _indices.Replay(given);
        for (var i = 0; i < indices.Length; i++)
        {
            var (node, range) = _ranges[i];
            Check(node, range, indices[i].RequireEager().ToHost());
        }
    }

    static void Check(Node node, IndexRange range, HostTensor indices)
    {
        if (!(indices.DType == DType.Int32 ? AllWithin(indices.As<int>(), range) : indices.DType == DType.Int64 && AllWithin(indices.As<long>(), range))) Check(node, range, indices.ToInt64());
    }

    /// <summary>A fast check: whether all indices share one range and lie in it.</summary>
    static bool AllWithin<T>(ReadOnlySpan<T> indices, IndexRange range) where T : unmanaged, INumber<T> => indices.Length == 0
        || (range.Max.Length == 1 && long.CreateChecked(TensorPrimitives.Min(indices)) >= range.Min[0] && long.CreateChecked(TensorPrimitives.Max(indices)) <= range.Max[0]);

    static void Check(Node node, IndexRange range, long[] indices)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            var k = i % range.Max.Length;
            if (indices[i] >= range.Min[k] && indices[i] <= range.Max[k]) continue;
            throw new EngineException("An index is out of range", $"{node.Name} ({node.Op.Name})",
                $"indices {(range.Min[k] == long.MinValue ? "up" : $"from {range.Min[k]}")} to {range.Max[k]}{(range.Max.Length == 1 ? "" : $" for axis {k}")}", $"{indices[i]} at place {i / range.Max.Length}")
            { IsOfInput = true };
        }
    }

    static SymbolicTensor Index((Node Node, IndexRange Range) found) => (SymbolicTensor)found.Node.Inputs[found.Range.Input];

    /// <summary>The integer input that an index equals apart from shape and width; null for a computed index.</summary>
    static Node? Source(Node node)
    {
        while (Carriers.Contains(node.Op.Name) && ((SymbolicTensor)node.Inputs[0]).dtype is { IsInteger: true } from && from.Size <= node.Outputs[0].dtype.Size) node = ((SymbolicTensor)node.Inputs[0]).Node;
        return node.Op == Tf.PlaceholderOp && (node.Outputs[0].dtype == DType.Int32 || node.Outputs[0].dtype == DType.Int64) ? node : null;
    }

    /// <summary>The nodes that an index is computed from, if they are few and cheap; otherwise null.</summary>
    static HashSet<Node>? Ancestors(SymbolicTensor index)
    {
        var found = new HashSet<Node>();
        var pending = new Stack<Node>([index.Node]);
        while (pending.TryPop(out var node))
        {
            if (!found.Add(node)) continue;
            if (found.Count > MaxNodes || !IsCheap(node)) return null;
            foreach (var input in node.Inputs) pending.Push(((SymbolicTensor)input).Node);
        }
        return found;
    }

    static bool IsCheap(Node node) => Carriers.Contains(node.Op.Name) || node.Op == Tf.PlaceholderOp
        ? node.Outputs[0].dtype.IsNumeric
        : node.Op.State == StateAccess.None && !node.Attributes.Functions.Any() && node.Inputs.Concat(node.Outputs).All(t => t.dtype.IsInteger || t.dtype == DType.Bool);
}
