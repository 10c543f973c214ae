using Keras.Graphs;

namespace Keras.Engines.TensorFlow;

/// <summary>Splits a function into a part that XLA compiles, and parts that TensorFlow's own kernels run before and after it.</summary>
/// <remarks>
/// Random bits depend on few nodes and are drawn first; optimizers' updates come last and touch each number once. There a kernel is as fast as compiled
/// code, and they are more than half of the instructions that XLA would have to compile in a training step of BERT.
/// </remarks>
sealed class XlaParts
{
    /// <summary>The most nodes, and the most elements of each, that may compute a draw's key, counter and shape for it to run before the compiled part.</summary>
    const int MaxSeedNodes = 32, MaxSeedElements = 64;

    readonly FunctionGraph _function;
    readonly Node[] _nodes;
    readonly Dictionary<Node, SymbolicTensor> _draws = [];   // Maps each draw to the bits of the first equal draw, since a gradient repeats draws.
    readonly HashSet<Node> _seeds = [];
    readonly HashSet<Node> _updates = [];

    XlaParts(FunctionGraph function)
    {
        (_function, _nodes) = (function, [.. function.LiveNodes()]);
        FindDraws();
        FindUpdates();
    }

    /// <summary>Rewrites the function to call its compiled part; with nothing to split off, all of it is compiled, layer by layer if layers repeat.</summary>
    public static FunctionGraph Apply(FunctionGraph function)
    {
        var parts = new XlaParts(function);
        return parts._draws.Count + parts._updates.Count > 0 ? parts.Whole()
            : XlaRepeats.Apply(function) ?? new(function.Name, function.Graph, function.Outputs) { MustCompile = true };
    }

    void FindDraws()
    {
        var first = new Dictionary<(Tensor, Tensor, DType, Shape), SymbolicTensor>();
        foreach (var node in _nodes)
        {
            if (node.Op != Tf.RandomBitsOp || SeedsOf(node) is not { } seeds) continue;
            var bits = node.Outputs[0];
            var same = (node.Inputs[1], node.Inputs[2], bits.dtype, bits.shape);
            first.TryAdd(same, bits);
            _draws[node] = first[same];
            _seeds.UnionWith(seeds);
        }
    }

    /// <summary>The nodes that a draw needs; null where they are many, large, or follow a variable's change.</summary>
    static HashSet<Node>? SeedsOf(Node draw)
    {
        var found = new HashSet<Node>();
        var pending = new Stack<Node>(Needed(draw));
        while (pending.TryPop(out var node))
        {
            if (node.Op == Tf.PlaceholderOp || !found.Add(node)) continue;
            if (found.Count > MaxSeedNodes || node.Op.State > StateAccess.Read || !node.Outputs.All(o => o.shape.ElementCount is >= 0 and <= MaxSeedElements)) return null;
            foreach (var needed in Needed(node)) pending.Push(needed);
        }
        return found;
    }

    static IEnumerable<Node> Needed(Node node) => node.Inputs.Select(i => ((SymbolicTensor)i).Node).Concat(node.ControlInputs);

    /// <summary>Finds the updates that only other updates follow.</summary>
    void FindUpdates()
    {
        var awaited = new HashSet<Node>();
        foreach (var node in _nodes.Reverse())
        {
            if (Tf.UpdateOps.Contains(node.Op) && !awaited.Contains(node)) _updates.Add(node);
            else awaited.UnionWith(node.ControlInputs);
        }
    }

    /// <summary>Assembles the function: draws, the compiled part, updates.</summary>
    FunctionGraph Whole()
    {
        SymbolicTensor[] drawn = [.. _draws.Values.Distinct()];
        HashSet<Node> before = [.. _seeds, .. drawn.Select(d => d.Node)];
        SymbolicTensor[] handed = [.. _function.Outputs, .. InOrder(_updates.Contains).SelectMany(n => n.Inputs).Cast<SymbolicTensor>().Where(IsComputed).Distinct()];
        var whole = new GraphCopy(_function.Inputs);
        foreach (var node in InOrder(n => n.Op == Tf.ConstOp || before.Contains(n))) whole.Add(node);
        whole.AddCall(Compiled(drawn, handed), [.. _function.Inputs, .. drawn], handed);
        foreach (var update in InOrder(_updates.Contains)) whole.Add(update);
        return new(_function.Name, whole.Graph, [.. _function.Outputs.Select(o => whole.Map[o])]);
    }

    FunctionGraph Compiled(SymbolicTensor[] drawn, SymbolicTensor[] handed)
    {
        var body = new GraphCopy([.. _function.Inputs, .. drawn]);
        foreach (var (draw, bits) in _draws) body.Map[draw.Outputs[0]] = body.Map[bits];
        foreach (var node in InOrder(n => !_draws.ContainsKey(n) && !_updates.Contains(n))) body.Add(node);
        return new(_function.Name, body.Graph, [.. handed.Select(h => body.Map[h])]) { MustCompile = true };
    }

    IEnumerable<Node> InOrder(Func<Node, bool> which) => _nodes.Where(which);

    static bool IsComputed(SymbolicTensor tensor) => tensor.Node.Op != Tf.PlaceholderOp && tensor.Node.Op != Tf.ConstOp;
}
