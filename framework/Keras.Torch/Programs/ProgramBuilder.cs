using Keras.Graphs;

namespace Keras.Engines.Torch;

/// <summary>Orders the nodes of a function, folds constants, and finds the last use of each value.</summary>
sealed class ProgramBuilder
{
    /// <summary>The most bytes of a folded constant; larger ones are computed in each run, so that they take no memory between runs.</summary>
    const long MaxFoldedBytes = 1 << 16;

    readonly Dictionary<Tensor, int> _slots = new(ReferenceEqualityComparer.Instance);
    readonly List<Item> _items = [];

    public sealed record Item(Node Node, Kernel Kernel, int[] Inputs, int[] Outputs)
    {
        /// <summary>The ops of the chain that the kernel runs, ending with <see cref="Node"/>; null if it runs the node alone.</summary>
        public string? Chain { get; init; }

        /// <summary>The values last used here if the caller keeps the function's inputs.</summary>
        public LastUses Own { get; set; } = LastUses.None;

        /// <summary>The values last used here if the function takes over the inputs.</summary>
        public LastUses All { get; set; } = LastUses.None;
    }

    /// <param name="function">The function.</param>
    /// <param name="fuses">Whether chains of nodes run as one kernel where possible.</param>
    public ProgramBuilder(FunctionGraph function, bool fuses)
    {
        var fusions = fuses ? new Fusions(function) : null;
        foreach (var input in function.Inputs) NewSlot(input);
        InputCount = function.Inputs.Count;
        foreach (var node in function.LiveNodes())
        {
            if (fusions?.Absorbs(node) == true) continue;
            if (fusions?.EndingWith(node) is { } chain)
                _items.Add(new(node, chain.Kernel, Array.ConvertAll(chain.Inputs, i => _slots[i]), Array.ConvertAll(node.Outputs, NewSlot)) { Chain = chain.Ops });
            else Add(node, function.Name);
        }
        Outputs = [.. function.Outputs.Select(o => _slots[o])];
        FindLastUses();
    }

    public int InputCount { get; }

    /// <summary>The slots, filled with the constants; all others are empty.</summary>
    public List<TorchValue?> Constants { get; } = [];

    public IReadOnlyList<Item> Items => _items;

    /// <summary>The slot of each output.</summary>
    public int[] Outputs { get; }

    int NewSlot(Tensor tensor)
    {
        _slots[tensor] = Constants.Count;
        Constants.Add(null);
        return Constants.Count - 1;
    }

    void Add(Node node, string function)
    {
        if (!KernelTable.TryGet(node.Op.Name, out var kernel)) throw KernelTable.Missing(node.Op, $"{function}, node '{node.Name}'");
        var inputs = Array.ConvertAll(node.Inputs, i => _slots[i]);
        var outputs = Array.ConvertAll(node.Outputs, NewSlot);
        if (!Fold(node, kernel, inputs, outputs)) _items.Add(new(node, kernel, inputs, outputs));
    }

    /// <summary>Computes a small value that depends only on constants.</summary>
    bool Fold(Node node, Kernel kernel, int[] inputs, int[] outputs)
    {
        if (node.Op.State != StateAccess.None || outputs.Length == 0 || Array.Exists(node.Outputs, o => o.dtype == DType.Resource)) return false;
        if (Array.Exists(inputs, i => Constants[i] is null)) return false;
        if (node.Op != Tf.ConstOp && Array.Exists(node.Outputs, o => !o.shape.IsFullyKnown || o.shape.ElementCount * o.dtype.Size > MaxFoldedBytes)) return false;
        var results = new TorchValue?[outputs.Length];
        kernel(new KernelCall().Set(node.Op, node.Name, node.Attributes, Array.ConvertAll(inputs, i => Constants[i]!), Array.ConvertAll(node.Outputs, o => o.dtype),
            Array.ConvertAll(node.Outputs, o => o.shape), results));
        for (var i = 0; i < outputs.Length; i++) Constants[outputs[i]] = results[i];
        return true;
    }

    void FindLastUses()
    {
        var last = new Dictionary<int, int>();
        for (var i = 0; i < _items.Count; i++)
        {
            // An unused value is freed where it is made.
            foreach (var slot in _items[i].Outputs) last[slot] = i;
            foreach (var slot in _items[i].Inputs) last[slot] = i;
        }
        HashSet<int> kept = [.. Outputs];
        for (var i = 0; i < _items.Count; i++)
        {
            var at = i;
            bool Dies(int slot) => last[slot] == at && Constants[slot] is null && !kept.Contains(slot);
            _items[i].All = LastUses.Of(_items[i], Dies);
            _items[i].Own = LastUses.Of(_items[i], s => s >= InputCount && Dies(s));
        }
    }
}

/// <summary>The values whose last use is in a call.</summary>
/// <param name="Dying">A bit mask of inputs whose memory may be reused.</param>
/// <param name="Freed">The slots to free afterwards.</param>
sealed record LastUses(int Dying, int[] Freed)
{
    /// <summary>The number of inputs that have a bit.</summary>
    public const int Bits = 31;

    public static readonly LastUses None = new(0, []);

    public static LastUses Of(ProgramBuilder.Item item, Func<int, bool> dies)
    {
        var dying = 0;
        for (var k = 0; k < Math.Min(item.Inputs.Length, Bits); k++)
            if (dies(item.Inputs[k]) && item.Inputs.Count(s => s == item.Inputs[k]) == 1) dying |= 1 << k;
        return new(dying, [.. item.Inputs.Concat(item.Outputs).Distinct().Where(dies)]);
    }
}
