using System.Runtime.CompilerServices;
using Keras.Graphs;
using Keras.SavedModels;

namespace Keras.Export;

/// <summary>A function that several endpoints of an export call: it is traced and stored only once.</summary>
/// <param name="name">The function's name.</param>
/// <param name="input">Its input, as for an endpoint: an input spec, or a dictionary of them.</param>
/// <param name="body">From its inputs to a tensor, a list or a dictionary of tensors.</param>
sealed class SharedFunction(string name, Tensors input, Func<Tensors, Tensors> body)
{
    /// <summary>One trace per export, because exports may store variables in different forms.</summary>
    readonly ConditionalWeakTable<object, Trace> _traces = [];

    sealed record Trace(ExportedFunction Exported, SavedModelSignature Signature);

    /// <summary>Calls the function in the graph that is being traced.</summary>
    /// <param name="inputs">A tensor for each spec.</param>
    public Tensors Call(Tensors inputs)
    {
        var (exported, signature) = _traces.GetValue(StoredVariables.Export ?? this, _ =>
        {
            var traced = Endpoint.Trace(name, input, body);
            return new(ExportedFunction.Of(traced.Function, name, (StoredVariables.Export as StoredWeights)?.Folding), traced);
        });
        var function = exported.Function;
        Tensor[] arguments = [.. inputs.IsLeaf ? [inputs.Single] : signature.InputNames.Select(n => inputs[n].Single), .. exported.Captured];
        var outputs = Dispatch.RunAll(function.IsStateful ? Tf.StatefulPartitionedCallOp : Tf.PartitionedCallOp, arguments,
            Attributes.Of(("f", function), ("Tout", function.Outputs.Select(o => o.dtype).ToArray())));
        return new(signature.OutputNames.Zip(outputs, (n, o) => KeyValuePair.Create(n, (Tensors)o)));
    }
}
