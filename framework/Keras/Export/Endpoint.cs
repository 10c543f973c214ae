using Keras.Graphs;
using Keras.SavedModels;

namespace Keras.Export;

/// <summary>Traces functions for exports.</summary>
static class Endpoint
{
    /// <summary>Traces a function of one structured argument.</summary>
    /// <param name="name">The endpoint's name.</param>
    /// <param name="input">The structure of the argument: of each tensor the dtype and the shape, -1 for free dimensions.</param>
    /// <param name="function">From the argument to a tensor, a list or a dictionary of tensors.</param>
    /// <param name="jitCompile">Whether XLA must compile it; null leaves it to the caller.</param>
    /// <exception cref="UnsupportedException">It returns a nested structure.</exception>
    public static SavedModelSignature Trace(string name, Tensors input, Func<Tensors, Tensors> function, bool? jitCompile = null)
    {
        (string Name, Tensor Tensor)[] leaves = [.. EndpointNames.OfInputs(input)];
        string[] outputs = [];
        Tensors? returned = null;
        using (Graph.Suspend())
        {
            var traced = FunctionGraph.Trace(name, Parameters(leaves), parameters =>
            {
                var given = leaves.Zip(parameters).ToDictionary(p => p.First.Tensor, p => p.Second, (IEqualityComparer<Tensor>)ReferenceEqualityComparer.Instance);
                returned = function(input.Map(t => given[t]));
                var results = EndpointNames.OfOutputs(name, returned).ToArray();
                outputs = [.. results.Select(r => r.Name)];
                return results.Select(r => r.Tensor);
            });
            if (jitCompile == true) traced = new(name, traced.Graph, traced.Outputs) { MustCompile = true };
            return new(traced, [.. leaves.Select(l => l.Name)], outputs) { Form = new(input, returned!, jitCompile) };
        }
    }

    /// <summary>The function's parameters: free first dimensions share one symbol, as all inputs have the same batch; other free ones each get their own, unless they have one already.</summary>
    static IEnumerable<(DType, Shape, string)> Parameters((string Name, Tensor Tensor)[] leaves)
    {
        var batch = Symbol.New();
        foreach (var (name, tensor) in leaves)
        {
            var shape = tensor.shape;
            if (shape.HasRank) shape = Shape.OfSymbolic([.. shape.Symbolic.ToArray().Select((d, axis) => d != -1 ? d : axis == 0 ? batch : Symbol.New())]);
            yield return (tensor.dtype, shape, name);
        }
    }
}
