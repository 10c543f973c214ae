using Keras.Graphs;

namespace Keras.SavedModels;

/// <summary>A function as files store it: only TensorFlow's ops, small captured tensors as constants, large ones and resources as its last parameters.</summary>
/// <param name="Function">The function; it has no captures.</param>
/// <param name="Parameters">The number of inputs that are its own parameters; the others receive <paramref name="Captured"/>.</param>
/// <param name="Captured">The variables, tables and large tensors that it uses.</param>
sealed record ExportedFunction(FunctionGraph Function, int Parameters, IReadOnlyList<Tensor> Captured)
{
    /// <summary>The bytes from which a tensor is stored only once, however many functions use it.</summary>
    const long SharedBytes = 4096;

    /// <param name="traced">The function as it was traced.</param>
    /// <param name="signature">The signature's name, for errors.</param>
    /// <param name="folding">Computes what depends on constants alone; null leaves that to loaders.</param>
    /// <exception cref="UnsupportedException">The function uses a tensor that has no value.</exception>
    public static ExportedFunction Of(FunctionGraph traced, string signature, ConstantFolding? folding = null)
    {
        var lowered = HalfBiases.Apply(CountedLoops.Of(Lowering.Lower(traced, _ => false)));
        Tensor[] sources = [.. traced.CapturedSources];
        var parameters = lowered.Inputs.Count - sources.Length;
        KeyValuePair<SymbolicTensor, Tensor>[] given = [.. sources.Select((source, i) => KeyValuePair.Create(lowered.Inputs[parameters + i], source))];
        var (nodes, values) = folding?.Of(lowered, given) ?? new([.. lowered.LiveNodes()], given);
        var copy = new GraphCopy(lowered.Inputs.Take(parameters));
        var (passed, captured) = (new Dictionary<Tensor, SymbolicTensor>(ReferenceEqualityComparer.Instance), new List<Tensor>());
        foreach (var (tensor, value) in values)
        {
            if (!IsPassed(value)) copy.Map[tensor] = Constant(copy.Graph, value, signature);
            else if (passed.TryGetValue(value, out var known)) copy.Map[tensor] = known;
            else
            {
                passed[value] = copy.Map[tensor] = copy.AddParameterLike(tensor, tensor.Node.Op == Tf.PlaceholderOp ? tensor.Node.Name : "constant");
                captured.Add(value);
            }
        }
        foreach (var node in nodes) copy.Add(node);
        var function = new FunctionGraph(signature, copy.Graph, [.. lowered.Outputs.Select(o => copy.Map[o])]) { MustCompile = traced.MustCompile, IsFinal = true };
        return new(function, parameters, captured);
    }

    /// <summary>The bytes of the constants in it.</summary>
    public long ConstantBytes => Function.LiveNodes().Where(n => n.Op == Tf.ConstOp).Sum(n => n.Attributes.TryGet("value", out var value) ? ((HostTensor)value).Data.LongLength : 0);

    /// <summary>A wrapper that calls this function with parameters and outputs sorted by name, as Python calls signatures.</summary>
    public (FunctionGraph Function, IReadOnlyList<(string Name, SymbolicTensor Tensor)> Inputs, IReadOnlyList<(string Name, SymbolicTensor Tensor)> Outputs) Sorted(
        IReadOnlyList<string> inputNames, IReadOnlyList<string> outputNames)
    {
        var copy = new GraphCopy([]);
        var inputs = inputNames.Select((name, i) => (name, Tensor: Function.Inputs[i])).OrderBy(i => i.name, StringComparer.Ordinal).ToArray();
        foreach (var (name, tensor) in inputs) copy.Map[tensor] = copy.AddParameterLike(tensor, name);
        foreach (var captured in Function.Inputs.Skip(Parameters)) copy.Map[captured] = copy.AddParameterLike(captured, captured.Node.Name);
        copy.AddCall(Function, Function.Inputs, Function.Outputs);
        var outputs = outputNames.Select((name, i) => (name, Tensor: copy.Map[Function.Outputs[i]])).OrderBy(o => o.name, StringComparer.Ordinal).ToArray();
        return (new("signature", copy.Graph, [.. outputs.Select(o => o.Tensor)]), [.. inputs.Select(i => (i.name, copy.Map[i.Tensor]))], outputs);
    }

    static bool IsPassed(Tensor tensor) => tensor.dtype == DType.Resource || (tensor is EagerTensor && tensor.dtype != DType.Variant && tensor.dtype != DType.String && tensor.shape.ElementCount * tensor.dtype.Size >= SharedBytes);

    static SymbolicTensor Constant(Graph graph, Tensor source, string signature)
    {
        if (source is not EagerTensor value || source.dtype == DType.Variant)
            throw new UnsupportedException("A signature uses a tensor that has no value", signature, "values, variables and tables", source.ToString());
        using (NameScope.Root()) return graph.Add(Tf.ConstOp, Attributes.Of(("value", value.ToHost()), ("dtype", value.dtype)), [], "constant").Outputs[0];
    }
}
