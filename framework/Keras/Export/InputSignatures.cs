using Keras.Graphs;
using Keras.Utils;

namespace Keras.Export;

/// <summary>What layers and models take, as far as they know.</summary>
static class InputSignatures
{
    /// <summary>The signature that was given, or the model's own.</summary>
    /// <exception cref="InvalidOperationException">The layer has no weights yet, or what it takes is not known.</exception>
    public static Tensors Of(Layer layer, Tensors? given)
    {
        if (!layer.built) throw new InvalidOperationException($"The layer '{layer.name}' has no weights yet. Apply it to data, or build it, before it is exported.");
        return given is null ? OfInputs(layer) : Argument(given);
    }

    /// <summary>The one argument that a signature describes: as in Keras a list of one item stands for that item.</summary>
    public static Tensors Argument(Tensors signature)
    {
        var argument = signature is { IsLeaf: false, IsDictionary: false, Count: 1 } ? signature[0] : signature;
        if (argument.Flatten().Count == 0) throw new ArgumentException("The input_signature is empty. Expected: at least one input.", nameof(signature));
        return argument.Map(FreeBatch);
    }

    static Tensors OfInputs(Layer layer)
    {
        var known = layer switch
        {
            Functional functional => functional.inputs,
            Sequential sequential => sequential.inputs,
            FeatureSpace space => new Tensors(space.get_inputs().Select(i => KeyValuePair.Create(i.Key, new Tensors(i.Value)))),
            _ => layer.BuildShapes,
        };
        if (known is null || known.Flatten() is not [_, ..] inputs || inputs.Any(i => !i.shape.HasRank))
            throw new InvalidOperationException($"The inputs of the layer '{layer.name}' are unknown: it was never applied. Apply it to data, or give an input_signature.");
        return known.Map(FreeBatch);
    }

    /// <summary>A spec says all of a shape; of other tensors the first dimension is free, as in Keras.</summary>
    static Tensor FreeBatch(Tensor tensor)
    {
        if (tensor is SymbolicTensor { History: InputSpec } || !tensor.shape.HasRank || tensor.shape.Rank == 0) return tensor;
        var free = Graph.Scratch.AddPlaceholder(tensor.dtype, Shape.OfSymbolic([-1, .. tensor.shape.ToArray()[1..]]), "input");
        free.History = (tensor as SymbolicTensor)?.History;
        return free;
    }
}
