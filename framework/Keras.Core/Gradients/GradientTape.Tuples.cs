namespace Keras;

public sealed partial class GradientTape
{
    /// <summary>The gradients of <paramref name="target"/> with respect to two variables.</summary>
    /// <inheritdoc cref="gradient(Tensors, IReadOnlyList{Variable}, Tensors?, string)"/>
    public Tensor?[] gradient(Tensors target, (Variable, Variable) sources, Tensors? output_gradients = null, string unconnected_gradients = "none") =>
        gradient(target, (Variable[])[sources.Item1, sources.Item2], output_gradients, unconnected_gradients);

    /// <summary>The gradients of <paramref name="target"/> with respect to three variables.</summary>
    /// <inheritdoc cref="gradient(Tensors, IReadOnlyList{Variable}, Tensors?, string)"/>
    public Tensor?[] gradient(Tensors target, (Variable, Variable, Variable) sources, Tensors? output_gradients = null, string unconnected_gradients = "none") =>
        gradient(target, (Variable[])[sources.Item1, sources.Item2, sources.Item3], output_gradients, unconnected_gradients);
}
