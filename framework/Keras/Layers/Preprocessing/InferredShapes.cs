using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Infers output shapes of layers whose inputs are not in the compute dtype, and checks their training data.</summary>
static class InferredShapes
{
    /// <summary>Throws if there is no data to learn from.</summary>
    public static void RequireAny(Tensor data)
    {
        if (data.shape.ElementCount == 0) throw new ArgumentException($"There are no data to learn from. Received: shape {data.shape}.", nameof(data));
    }

    public static Shape Of(Layer layer, DType dtype, Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        using (Graph.Scratch.Enter()) return layer.Apply(new Tensors(Graph.Scratch.AddPlaceholder(dtype, input_shape, "shape"))).Flatten()[0].shape;
    }
}
