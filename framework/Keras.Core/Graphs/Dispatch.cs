using Keras.Engines;

namespace Keras.Graphs;

/// <summary>Sends every op call to the graph being traced, or to the engine at once; an active tape records it either way.</summary>
static class Dispatch
{
    public static Tensor Run(OpDefinition op, ReadOnlySpan<Tensor> inputs, Attributes? attributes = null) => RunAll(op, inputs, attributes)[0];

    public static Tensor[] RunAll(OpDefinition op, ReadOnlySpan<Tensor> inputs, Attributes? attributes = null)
    {
        attributes ??= Attributes.None;
        if (WideOps.Apply(op, inputs)) return WideOps.Run(op, attributes, inputs);
        var graph = Graph.Current ?? ScratchGraphOf(inputs);
        var outputs = graph is not null ? graph.Add(op, attributes, inputs).Outputs
            : op.IsComposite && !Engine.Current.RunsNatively(op) ? Decompose(op, attributes, inputs)
            : Execute(op, attributes, inputs);
        GradientTape.RecordAll(op, attributes, inputs, outputs);
        return outputs;
    }

    /// <summary>The scratch graph where an input is one of Keras' symbolic tensors, since ops on those are traced there.</summary>
    static Graph? ScratchGraphOf(ReadOnlySpan<Tensor> inputs)
    {
        foreach (var input in inputs)
            if (input is SymbolicTensor) return Graph.Scratch;
        return null;
    }

    static Tensor[] Decompose(OpDefinition op, Attributes attributes, ReadOnlySpan<Tensor> inputs)
    {
        op.Check(attributes, inputs);
        using (GradientTape.Pause()) return op.Decomposition!(new OpCall(op, attributes, inputs.ToArray()));
    }

    static Tensor[] Execute(OpDefinition op, Attributes attributes, ReadOnlySpan<Tensor> inputs)
    {
        var handles = new ITensorHandle[inputs.Length];
        for (var i = 0; i < handles.Length; i++) handles[i] = ((EagerTensor)inputs[i]).Handle;
        var engine = Engine.Current;
        if (op.ChecksFirst && !engine.ChecksCalls) op.Check(attributes, inputs);
        var results = new ITensorHandle[OutputCount(op, attributes, inputs)];
        try
        {
            engine.Execute(op, attributes, handles, results, Engine.Device);
        }
        catch (Exception e) when (e is EngineException or UnsupportedException)
        {
            // Reports mismatches as everywhere else; other errors are the engine's own.
            op.Check(attributes, inputs);
            throw;
        }
        var outputs = new Tensor[results.Length];
        for (var i = 0; i < outputs.Length; i++) outputs[i] = new EagerTensor(results[i], engine);
        return outputs;
    }

    static int OutputCount(OpDefinition op, Attributes attributes, ReadOnlySpan<Tensor> inputs)
    {
        foreach (var output in op.Outputs)
            if (output.IsList) return op.OutputDTypes(op.Resolve(attributes, inputs)).Length;
        return op.Outputs.Length;
    }
}
