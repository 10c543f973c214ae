using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Output shapes of layers whose inputs are not of the compute dtype.</summary>
static class InferredShapes
{
    public static Shape Of(Layer layer, DType dtype, Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        using (Graph.Scratch.Enter()) return layer.Apply(new Tensors(Graph.Scratch.AddPlaceholder(dtype, input_shape, "shape"))).Flatten()[0].shape;
    }
}
