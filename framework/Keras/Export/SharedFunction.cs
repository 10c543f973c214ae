using Keras.Graphs;
using Keras.SavedModels;

namespace Keras.Export;

/// <summary>A function that several endpoints call: it is traced once and stands in the file once.</summary>
/// <param name="name">Its name.</param>
/// <param name="input">What it takes, as of an endpoint: a dictionary of input specs.</param>
/// <param name="body">From its inputs to a dictionary of tensors.</param>
sealed class SharedFunction(string name, Tensors input, Func<Tensors, Tensors> body)
{
    readonly Lazy<(ExportedFunction Exported, SavedModelSignature Signature)> _traced = new(() =>
    {
        var signature = Endpoint.Trace(name, input, body);
        return (ExportedFunction.Of(signature.Function, name), signature);
    });

    /// <summary>Calls it in the graph that is being traced.</summary>
    /// <param name="inputs">A tensor for each spec.</param>
    public Tensors Call(Tensors inputs)
    {
        var (exported, signature) = _traced.Value;
        var function = exported.Function;
        Tensor[] arguments = [.. signature.InputNames.Select(n => inputs[n].Single), .. exported.Resources];
        var outputs = Dispatch.RunAll(function.IsStateful ? Tf.StatefulPartitionedCallOp : Tf.PartitionedCallOp, arguments,
            Attributes.Of(("f", function), ("Tout", function.Outputs.Select(o => o.dtype).ToArray())));
        return new(signature.OutputNames.Zip(outputs, (n, o) => KeyValuePair.Create(n, (Tensors)o)));
    }
}
