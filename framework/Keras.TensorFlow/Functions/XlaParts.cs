using Keras.Graphs;

namespace Keras.Engines.TensorFlow;

/// <summary>Cuts a function into what XLA compiles and what TensorFlow's own kernels run before and after it.</summary>
/// <remarks>
/// Random bits depend on little and are drawn first; optimizers' updates come last and touch each number once. A kernel is as fast as compiled
/// code there, but of the instructions that XLA would have to compile in a training step of BERT they are more than half.
/// </remarks>
sealed class XlaParts
{
    /// <summary>The most nodes that a draw's key, counter and shape may take, and the most elements of each, to be drawn before the compiled part.</summary>
    const int MaxSeedNodes = 32, MaxSeedElements = 64;

    readonly FunctionGraph _function;
    readonly Node[] _nodes;
    readonly Dictionary<Node, SymbolicTensor> _draws = [];   // Each with the bits of the first draw that is the same: a gradient draws again.
    readonly HashSet<Node> _seeds = [];
    readonly HashSet<Node> _updates = [];

    XlaParts(FunctionGraph function)
    {
        (_function, _nodes) = (function, [.. function.LiveNodes()]);
        FindDraws();
        FindUpdates();
    }

    /// <summary>The function as one that calls its compiled part; where there is nothing to cut off, all of it compiled, layer by layer if layers repeat.</summary>
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

    /// <summary>The nodes that a draw needs; null where they are many, large, or come after a change.</summary>
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

    /// <summary>Updates that nothing comes after but such updates.</summary>
    void FindUpdates()
    {
        var awaited = new HashSet<Node>();
        foreach (var node in _nodes.Reverse())
        {
            if (Tf.UpdateOps.Contains(node.Op) && !awaited.Contains(node)) _updates.Add(node);
            else awaited.UnionWith(node.ControlInputs);
        }
    }

    /// <summary>Draws, the compiled part, updates.</summary>
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
