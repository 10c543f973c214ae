using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>Chains of nodes that one kernel runs: each node but the last is used by the next only, as its first input.</summary>
/// <remarks>The kernel's inputs are those of the first node, then what each later node takes beside the chain; its outputs are the last node's,
/// whose shapes it finds itself where they are not known.</remarks>
sealed class Fusions
{
    /// <summary>Ops of a chain, and its kernel; null where the nodes' attributes or types do not suit. Longer chains stand before their beginnings.</summary>
    static readonly (string[] Ops, Func<Node[], Kernel?> KernelOf)[] Table =
    [
        (["MatMul", "BiasAdd", "gelu"], Products.WithBias),
        (["MatMul", "BiasAdd"], Products.WithBias),
    ];

    /// <summary>A chain as one step.</summary>
    public sealed record Fused(string Ops, Kernel Kernel, Tensor[] Inputs);

    readonly Dictionary<Node, Fused> _byLast = [];
    readonly HashSet<Node> _absorbed = [];

    /// <summary>Finds the chains of a function.</summary>
    public Fusions(FunctionGraph function)
    {
        var users = new Dictionary<Node, List<Node>>();
        Node[] nodes = [.. function.LiveNodes()];
        foreach (var node in nodes)
            foreach (var input in node.Inputs.Cast<SymbolicTensor>())
            {
                if (!users.TryGetValue(input.Node, out var list)) users[input.Node] = list = [];
                list.Add(node);
            }
        HashSet<Node> kept = [.. function.Outputs.Select(o => o.Node)];
        Node? Next(Node node) => !kept.Contains(node) && users.TryGetValue(node, out var list) && list is [var next] && ((SymbolicTensor)next.Inputs[0]).Node == node ? next : null;
        foreach (var node in nodes)
            if (!_absorbed.Contains(node)) Find(node, Next);
    }

    /// <summary>Whether a node runs as part of a later one.</summary>
    public bool Absorbs(Node node) => _absorbed.Contains(node);

    /// <summary>The chain that a node ends; null where it runs alone.</summary>
    public Fused? EndingWith(Node node) => _byLast.GetValueOrDefault(node);

    void Find(Node first, Func<Node, Node?> next)
    {
        foreach (var (ops, kernelOf) in Table)
        {
            if (ops[0] != first.Op.Name || Chain(first, ops, next) is not { } chain || kernelOf(chain) is not { } kernel) continue;
            _absorbed.UnionWith(chain[..^1]);
            _byLast[chain[^1]] = new(string.Join('+', ops), kernel, [.. first.Inputs, .. chain.Skip(1).SelectMany(n => n.Inputs.Skip(1))]);
            return;
        }
    }

    static Node[]? Chain(Node first, string[] ops, Func<Node, Node?> next)
    {
        var chain = new Node[ops.Length];
        chain[0] = first;
        for (var i = 1; i < ops.Length; i++)
        {
            if (next(chain[i - 1]) is not { } node || node.Op.Name != ops[i]) return null;
            chain[i] = node;
        }
        return chain;
    }
}
