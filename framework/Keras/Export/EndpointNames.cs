using Keras.Layers;

namespace Keras.Export;

/// <summary>Names inputs and outputs of endpoints as Keras does, in Python's order of structures: dictionaries by their sorted keys.</summary>
static class EndpointNames
{
    const string Unnamed = "args_0";

    /// <summary>Names each input by its spec, its dictionary key or its <c>keras.Input</c>, in this order; otherwise args_0, args_0_1.</summary>
    public static IEnumerable<(string Name, Tensor Tensor)> OfInputs(Tensors inputs)
    {
        var taken = new HashSet<string>();
        foreach (var (key, tensor) in Walk(inputs, null))
        {
            var history = (tensor as SymbolicTensor)?.History;
            var wanted = (history as InputSpec)?.name ?? key ?? (history is LayerCall { Layer: InputLayer layer } ? layer.name : Unnamed);
            var name = wanted;
            for (var i = 1; !taken.Add(name); i++) name = $"{wanted}_{i}";
            yield return (name, tensor);
        }
    }

    /// <summary>Names each output by its dictionary key; otherwise output_0, output_1.</summary>
    /// <exception cref="UnsupportedException">Lists or dictionaries are nested.</exception>
    public static IEnumerable<(string Name, Tensor Tensor)> OfOutputs(string endpoint, Tensors outputs)
    {
        if (!outputs.IsLeaf && (outputs.Count == 0 || outputs.Any(o => !o.IsLeaf)))
            throw new UnsupportedException("An endpoint cannot return this structure", $"endpoint '{endpoint}'", "a tensor, or a list or dictionary of tensors", outputs.Structure,
                "Return the inner tensors beside the others, or stack them.");
        return Walk(outputs, null).Select((o, i) => (o.Key ?? $"output_{i}", o.Tensor));
    }

    static IEnumerable<(string? Key, Tensor Tensor)> Walk(Tensors tensors, string? key)
    {
        if (tensors.IsLeaf) return [(key, tensors.Single)];
        return tensors.IsDictionary ? tensors.Keys.Order(StringComparer.Ordinal).SelectMany(k => Walk(tensors[k], k)) : tensors.SelectMany(t => Walk(t, null));
    }
}
