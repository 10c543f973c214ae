using System.Security.Cryptography;
using Keras.Graphs;

namespace Keras.SavedModels;

/// <summary>Computes once, on the running engine, what an export's functions compute from constants alone.</summary>
/// <remarks>Not folded: ops with side effects, random draws, strings, control flow and function calls; results that would make the file larger; and casts that widen weights of 16 or 8 bits.</remarks>
sealed class ConstantFolding
{
    /// <summary>The most bytes of a result that is kept whatever the size of its inputs.</summary>
    const long SmallBytes = 4096;

    /// <summary>Results by op, attributes and inputs, shared by functions that compute the same; null where the engine cannot compute them.</summary>
    readonly Dictionary<string, EagerTensor[]?> _results = [];
    readonly Dictionary<string, EagerTensor> _constants = [];
    readonly Dictionary<Tensor, int> _numbers = new(ReferenceEqualityComparer.Instance);

    /// <summary>A function after folding.</summary>
    /// <param name="Nodes">The nodes that are still needed, in their order.</param>
    /// <param name="Values">The tensors with known values that the nodes use or the function returns.</param>
    public sealed record Rest(IReadOnlyList<Node> Nodes, IReadOnlyList<KeyValuePair<SymbolicTensor, Tensor>> Values);

    /// <summary>Folds a function.</summary>
    /// <param name="function">A function of TensorFlow's ops only.</param>
    /// <param name="sources">The values, variables and tables behind the inputs that are not parameters.</param>
    public Rest Of(FunctionGraph function, IReadOnlyList<KeyValuePair<SymbolicTensor, Tensor>> sources)
    {
        using var suspended = Graph.Suspend();
        using var paused = GradientTape.Pause();
        Node[] nodes = [.. function.LiveNodes()];
        var known = sources.Where(s => s.Value is EagerTensor && IsNumber(s.Key.dtype)).ToDictionary(s => s.Key, s => (EagerTensor)s.Value);
        var candidates = Candidates(nodes, known.Keys);
        var users = nodes.SelectMany(n => n.Inputs.Select(i => (Input: (SymbolicTensor)i, Node: n))).ToLookup(u => u.Input, u => u.Node);
        var returned = function.Outputs.ToHashSet();
        var folded = new Dictionary<SymbolicTensor, Tensor>();
        foreach (var node in nodes)
        {
            if (node.Op == Tf.ConstOp && IsNumber(node.Outputs[0].dtype)) known[node.Outputs[0]] = ConstantOf(new OpCall(node.Op, node.Attributes, []).Get<HostTensor>("value"));
            else if (candidates.Contains(node) && Array.TrueForAll(node.Inputs, i => known.ContainsKey((SymbolicTensor)i)) && Fits(node) && ResultOf(node, [.. node.Inputs.Select(i => known[(SymbolicTensor)i])]) is { } results)
                for (var i = 0; i < results.Length; i++) folded[node.Outputs[i]] = known[node.Outputs[i]] = results[i];
        }
        return Needed(function, nodes, sources, folded);

        // Inputs used nowhere else leave the file; those shared by two results would count twice.
        bool Fits(Node node) => BytesOf(node.Outputs) is var bytes && (bytes <= SmallBytes || bytes <= BytesOf(node.Inputs.Cast<SymbolicTensor>().Distinct().Where(i => !returned.Contains(i) && users[i].All(u => u == node))));
    }

    /// <summary>The nodes that could be folded, whatever their size.</summary>
    static HashSet<Node> Candidates(Node[] nodes, IEnumerable<SymbolicTensor> known)
    {
        var (constant, candidates) = (known.ToHashSet(), new HashSet<Node>());
        foreach (var node in nodes)
        {
            if (node.Op == Tf.ConstOp && IsNumber(node.Outputs[0].dtype)) constant.Add(node.Outputs[0]);
            else if (IsFoldable(node) && Array.TrueForAll(node.Inputs, i => constant.Contains((SymbolicTensor)i)))
            {
                candidates.Add(node);
                constant.UnionWith(node.Outputs);
            }
        }
        return candidates;
    }

    static bool IsFoldable(Node node) => node.Op.State == StateAccess.None && node.Inputs.Length > 0 && node.ControlInputs.Count == 0 && !node.Attributes.Functions.Any() && !node.Op.Name.StartsWith("Stateless", StringComparison.Ordinal)
        && Array.TrueForAll(node.Outputs, o => IsNumber(o.dtype) && o.shape.IsFullyKnown) && !Widens(node);

    /// <summary>Whether a cast widens narrow weights; dequantization also begins with one.</summary>
    static bool Widens(Node node) => node.Op.Name == "Cast" && node.Outputs[0].shape.Rank >= 2 && node.Outputs[0].dtype.Size > node.Inputs[0].dtype.Size;

    static bool IsNumber(DType dtype) => dtype.IsNumeric && !dtype.IsQuantized || dtype == DType.Bool;

    static long BytesOf(IEnumerable<SymbolicTensor> tensors) => tensors.Sum(t => t.shape.ElementCount * t.dtype.Size);

    EagerTensor[]? ResultOf(Node node, EagerTensor[] inputs)
    {
        var resolved = node.Op.Resolve(node.Attributes, node.Inputs);
        var attributes = resolved.Select((value, i) => AttributeProtos.ToProto(node.Op.Attributes[i].Kind, value, _ => "").ToString());
        var key = $"{node.Op.Name}({string.Join(',', inputs.Select(NumberOf))}) {string.Join(' ', attributes)}";
        if (!_results.TryGetValue(key, out var results)) _results[key] = results = Computed(node, [.. inputs]);
        return results;
    }

    static EagerTensor[]? Computed(Node node, Tensor[] inputs)
    {
        try
        {
            EagerTensor[] results = [.. Dispatch.RunAll(node.Op, inputs, node.Attributes).Select(r => r.RequireEager())];
            return results.Zip(node.Outputs, (r, o) => r.dtype == o.dtype && r.shape.IsCompatibleWith(o.shape)).All(fits => fits) ? results : null;
        }
        catch (KerasException)
        {
            // The engine has no kernel, or the op fails: it is left to fail at run time.
            return null;
        }
    }

    EagerTensor ConstantOf(HostTensor value)
    {
        var key = $"{value.DType.Name} {value.Shape} {Convert.ToHexString(SHA256.HashData(value.Data))}";
        return _constants.TryGetValue(key, out var known) ? known : _constants[key] = Tf.Constant(value).RequireEager();
    }

    int NumberOf(EagerTensor tensor) => _numbers.TryGetValue(tensor, out var number) ? number : _numbers[tensor] = _numbers.Count;

    static Rest Needed(FunctionGraph function, Node[] nodes, IReadOnlyList<KeyValuePair<SymbolicTensor, Tensor>> sources, Dictionary<SymbolicTensor, Tensor> folded)
    {
        var (tensors, needed) = (new HashSet<SymbolicTensor>(), new HashSet<Node>());
        var pending = new Stack<Node>(function.SideEffects);
        foreach (var output in function.Outputs) Use(output);
        while (pending.TryPop(out var node))
        {
            if (!needed.Add(node)) continue;
            foreach (var input in node.Inputs.Cast<SymbolicTensor>()) Use(input);
            foreach (var control in node.ControlInputs) pending.Push(control);
        }
        return new([.. nodes.Where(needed.Contains)], [.. sources.Where(s => tensors.Contains(s.Key)), .. folded.Where(f => tensors.Contains(f.Key))]);

        void Use(SymbolicTensor tensor)
        {
            tensors.Add(tensor);
            if (!folded.ContainsKey(tensor)) pending.Push(tensor.Node);
        }
    }
}
