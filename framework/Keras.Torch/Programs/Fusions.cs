using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>Several nodes that one kernel runs in the position of the last one.</summary>
/// <param name="Ops">The name in the profile.</param>
/// <param name="Kernel">Runs them; it determines shapes itself if they are unknown.</param>
/// <param name="Inputs">The kernel's inputs.</param>
/// <param name="Absorbed">The nodes that no longer run separately, without the last.</param>
sealed record Fused(string Ops, Kernel Kernel, Tensor[] Inputs, Node[] Absorbed);

/// <summary>Finds nodes that one kernel can run together: values between them are used only by them.</summary>
sealed class Fusions
{
    /// <summary>The patterns that fuse a node with those before it.</summary>
    static readonly Func<Node, Fusions, Fused?>[] Table =
    [
        Chain(["MatMul", "BiasAdd", "gelu"], Products.WithBias),
        Chain(["MatMul", "BiasAdd", "gelu_tanh"], Products.WithBias),
        Chain(["MatMul", "BiasAdd"], Products.WithBias),
        Chain(["AddV2", "layer_norm"], LayerNorms.AfterSum),
        FusedAttention.Find,
    ];

    readonly Dictionary<Node, Fused> _byLast = [];
    readonly HashSet<Node> _absorbed = [];
    readonly Dictionary<Tensor, int> _uses = new(ReferenceEqualityComparer.Instance);

    /// <summary>Finds the fusions of a function.</summary>
    public Fusions(FunctionGraph function)
    {
        Node[] nodes = [.. function.LiveNodes()];
        foreach (var tensor in nodes.SelectMany(n => n.Inputs).Concat(function.Outputs)) _uses[tensor] = _uses.GetValueOrDefault(tensor) + 1;
        // From the end, so that the longest chain is found first.
        for (var i = nodes.Length - 1; i >= 0; i--)
            if (!_absorbed.Contains(nodes[i]) && Find(nodes[i]) is { } fused)
            {
                _absorbed.UnionWith(fused.Absorbed);
                _byLast[nodes[i]] = fused;
            }
    }

    Fused? Find(Node node)
    {
        foreach (var find in Table)
            if (find(node, this) is { } fused) return fused;
        return null;
    }

    /// <summary>Whether a node runs as part of a later one.</summary>
    public bool Absorbs(Node node) => _absorbed.Contains(node);

    /// <summary>The fusion that ends with a node; null if it runs alone.</summary>
    public Fused? EndingWith(Node node) => _byLast.GetValueOrDefault(node);

    /// <summary>The node that makes a tensor, if it has the given op and the tensor a single user; otherwise null.</summary>
    public Node? Only(Tensor tensor, string op) =>
        _uses[tensor] == 1 && ((SymbolicTensor)tensor).Node is { Outputs.Length: 1 } node && node.Op.Name == op && !_absorbed.Contains(node) ? node : null;

    /// <summary>Makes a pattern for a chain of first inputs; its kernel takes the first node's inputs and the further inputs of each later one.</summary>
    /// <param name="ops">The ops in order.</param>
    /// <param name="kernelOf">Makes the kernel; null if the nodes' attributes or dtypes do not fit.</param>
    static Func<Node, Fusions, Fused?> Chain(string[] ops, Func<Node[], Kernel?> kernelOf) => (last, fusions) =>
    {
        var chain = new Node[ops.Length];
        for (var i = ops.Length - 1; i >= 0; i--)
        {
            var node = i == ops.Length - 1 ? (last.Op.Name == ops[i] ? last : null) : fusions.Only(chain[i + 1].Inputs[0], ops[i]);
            if (node is null) return null;
            chain[i] = node;
        }
        return kernelOf(chain) is { } kernel
            ? new(string.Join('+', ops), kernel, [.. chain[0].Inputs, .. chain.Skip(1).SelectMany(n => n.Inputs.Skip(1))], chain[..^1])
            : null;
    };
}
