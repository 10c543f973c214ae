using System.Runtime.CompilerServices;
using Keras.Layers;

namespace Keras;

public sealed partial class KerasApi
{
    /// <summary>Starts a functional model: returns a symbolic tensor that remembers the layers applied to it.</summary>
    /// <param name="shape">The shape without the batch; null for a dimension that differs between batches.</param>
    /// <param name="batch_size">The number of samples; default unknown.</param>
    /// <param name="dtype">The dtype; default <c>floatx</c>.</param>
    /// <param name="name">The name of the input.</param>
    /// <param name="batch_shape">The full shape, instead of shape and batch_size.</param>
    /// <param name="optional">Whether a model may be called without it; default false.</param>
    /// <exception cref="ArgumentException">Neither or both of shape and batch_shape are given.</exception>
    /// <example>
    /// <code>
    /// var input = keras.Input([16], name: "features");
    /// var hidden = keras.layers.Dense(32, activation: "relu").Apply(input);
    /// var model = keras.Model(input, keras.layers.Dense(1).Apply(hidden));
    /// model.summary();
    /// </code>
    /// </example>
    public Tensor Input(Shape? shape = null, int? batch_size = null, DType? dtype = null, string? name = null, Shape? batch_shape = null, bool optional = false) =>
        new InputLayer(shape, batch_size, dtype, batch_shape, optional, name).output;

    /// <inheritdoc cref="Functional(Tensors, Tensors, string, bool)"/>
    public Functional Model(Tensors inputs, Tensors outputs, string? name = null, bool trainable = true) => new(inputs, outputs, name, trainable);

    /// <inheritdoc cref="Keras.Function(Tensors, Tensors, string)"/>
    public Function Function(Tensors inputs, Tensors outputs, string? name = null) => new(inputs, outputs, name);

    /// <inheritdoc cref="Keras.Sequential(IEnumerable{LayerArg}, bool, string)"/>
    public Sequential Sequential(IEnumerable<LayerArg>? layers = null, bool trainable = true, string? name = null) => new(layers, trainable, name);

    /// <inheritdoc cref="Keras.Sequential(IEnumerable{Layer}, bool, string)"/>
    [OverloadResolutionPriority(-1)]
    public Sequential Sequential(IEnumerable<Layer> layers, bool trainable = true, string? name = null) => new(layers, trainable, name);
}
