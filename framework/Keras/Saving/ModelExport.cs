using Keras.Graphs;
using Keras.SavedModels;

namespace Keras.Saving;

/// <summary>A signature of an export: a name and its inputs.</summary>
/// <param name="Name">The name that callers use: "serving_default".</param>
/// <param name="Inputs">Each input by name: dtype and shape; -1 for an unknown dimension.</param>
/// <param name="Function">From the inputs by name to the outputs by name.</param>
sealed record ExportSignature(string Name, IReadOnlyList<(string Name, DType DType, Shape Shape)> Inputs, Func<Tensors, Tensors> Function);

/// <summary>Writes a model as a SavedModel: graph, weights and signatures, for TensorFlow Serving and every other loader.</summary>
static class ModelExport
{
    public static void Write(Model model, string folder, IEnumerable<ExportSignature> signatures)
    {
        var traced = signatures.ToDictionary(s => s.Name, Trace);
        var captured = traced.Values.SelectMany(s => s.Function.CapturedSources).ToHashSet(ReferenceEqualityComparer.Instance);
        SavedModelWriter.Write(folder, new()
        {
            Signatures = traced,
            Variables = [.. LayerPaths.Of(model).Where(v => captured.Contains(v.Variable.Handle)).Select(v => SavedModelVariable.Of(v.Variable, $"{model.name}/{v.Path}"))],
        });
    }

    static SavedModelSignature Trace(ExportSignature signature)
    {
        string[] outputs = [];
        var parameters = Named(signature.Inputs);
        using (Graph.Suspend())
        {
            var function = FunctionGraph.Trace(signature.Name, parameters, inputs =>
            {
                var results = Flatten(signature.Function(new Tensors(signature.Inputs.Zip(inputs, (i, t) => KeyValuePair.Create(i.Name, new Tensors(t))))));
                outputs = [.. results.Select(r => r.Name)];
                return results.Select(r => r.Tensor);
            });
            return new(function, [.. signature.Inputs.Select(i => i.Name)], outputs);
        }
    }

    /// <summary>Unknown dimensions of one axis are one symbol: every input has the same batch, and the same length.</summary>
    static IEnumerable<(DType, Shape, string)> Named(IReadOnlyList<(string Name, DType DType, Shape Shape)> inputs)
    {
        var symbols = new Dictionary<int, long>();
        long SymbolOf(int axis) => symbols.TryGetValue(axis, out var known) ? known : symbols[axis] = Symbol.New();
        foreach (var (name, dtype, shape) in inputs)
            yield return (dtype, Shape.OfSymbolic([.. shape.ToArray().Select((d, i) => d < 0 ? SymbolOf(i) : d)]), name);
    }

    /// <summary>Each output under one name; a list of tensors of one shape is stacked, as Hugging Face's signatures have hidden states.</summary>
    static List<(string Name, Tensor Tensor)> Flatten(Tensors outputs)
    {
        if (outputs.IsLeaf) return [("output", outputs.Single)];
        if (!outputs.IsDictionary) return [.. outputs.Select((o, i) => ($"output_{i}", o.Single))];
        return [.. outputs.Named().Select(o => (o.Key, o.Value.IsLeaf ? o.Value.Single : Tf.Stack([.. o.Value.Flatten()], 0)))];
    }
}
