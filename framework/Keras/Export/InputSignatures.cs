using Keras.Graphs;
using Keras.Utils;

namespace Keras.Export;

/// <summary>Input signatures of layers and models, as far as they are known.</summary>
static class InputSignatures
{
    /// <summary>The signature that was given, or the model's own.</summary>
    /// <exception cref="InvalidOperationException">The layer has no weights yet, or its inputs are not known.</exception>
    public static Tensors Of(Layer layer, Tensors? given)
    {
        if (!layer.built) throw new InvalidOperationException($"The layer '{layer.name}' has no weights yet. Apply it to data, or build it, before it is exported.");
        return given is null ? OfInputs(layer) : Argument(given);
    }

    /// <summary>The single argument that a signature describes; as in Keras, a list of one item stands for that item.</summary>
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

    /// <summary>A spec as it is; for other tensors, as in Keras, the first dimension becomes free.</summary>
    static Tensor FreeBatch(Tensor tensor)
    {
        if (tensor is SymbolicTensor { History: InputSpec } || !tensor.shape.HasRank || tensor.shape.Rank == 0) return tensor;
        var free = Graph.Scratch.AddPlaceholder(tensor.dtype, Shape.OfSymbolic([-1, .. tensor.shape.ToArray()[1..]]), "input");
        free.History = (tensor as SymbolicTensor)?.History;
        return free;
    }
}
