namespace Keras.Layers;

// Functions that apply merging layers.
public sealed partial class LayersApi
{
    /// <summary>Applies <see cref="Layers.Add"/> to a list of tensors: <c>keras.layers.add([a, b])</c>.</summary>
    /// <param name="inputs">The tensors.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Tensor add(Tensors inputs, string? name = null, DTypePolicy? dtype = null) => Add(name, dtype).Apply(inputs);

    /// <summary>Applies <see cref="Layers.Average"/> to a list of tensors: <c>keras.layers.average([a, b])</c>.</summary>
    /// <param name="inputs">The tensors.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Tensor average(Tensors inputs, string? name = null, DTypePolicy? dtype = null) => Average(name, dtype).Apply(inputs);

    /// <summary>Applies <see cref="Layers.Maximum"/> to a list of tensors: <c>keras.layers.maximum([a, b])</c>.</summary>
    /// <param name="inputs">The tensors.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Tensor maximum(Tensors inputs, string? name = null, DTypePolicy? dtype = null) => Maximum(name, dtype).Apply(inputs);

    /// <summary>Applies <see cref="Layers.Minimum"/> to a list of tensors: <c>keras.layers.minimum([a, b])</c>.</summary>
    /// <param name="inputs">The tensors.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Tensor minimum(Tensors inputs, string? name = null, DTypePolicy? dtype = null) => Minimum(name, dtype).Apply(inputs);

    /// <summary>Applies <see cref="Layers.Multiply"/> to a list of tensors: <c>keras.layers.multiply([a, b])</c>.</summary>
    /// <param name="inputs">The tensors.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Tensor multiply(Tensors inputs, string? name = null, DTypePolicy? dtype = null) => Multiply(name, dtype).Apply(inputs);

    /// <summary>Applies <see cref="Layers.Subtract"/> to a list of tensors: <c>keras.layers.subtract([a, b])</c>.</summary>
    /// <param name="inputs">The tensors.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Tensor subtract(Tensors inputs, string? name = null, DTypePolicy? dtype = null) => Subtract(name, dtype).Apply(inputs);

    /// <summary>Applies <see cref="Layers.Concatenate"/> to a list of tensors: <c>keras.layers.concatenate([a, b])</c>.</summary>
    /// <param name="inputs">The tensors.</param>
    /// <param name="axis">The axis; default the last.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Tensor concatenate(Tensors inputs, int axis = -1, string? name = null, DTypePolicy? dtype = null) => Concatenate(axis, name, dtype).Apply(inputs);

    /// <summary>Applies <see cref="Layers.Dot"/> to a list of tensors: <c>keras.layers.dot([a, b], axes: 1)</c>.</summary>
    /// <param name="inputs">The tensors.</param>
    /// <param name="axes">The axis of both inputs, or of each.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1 first; default false.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Tensor dot(Tensors inputs, Axes axes, bool normalize = false, string? name = null, DTypePolicy? dtype = null) => Dot(axes, normalize, name, dtype).Apply(inputs);
}
