namespace Keras.Layers;

public sealed partial class LayersApi
{
    /// <inheritdoc cref="Layers.Add(string, DTypePolicy)"/>
    public Add Add(string? name = null, DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Layers.Average(string, DTypePolicy)"/>
    public Average Average(string? name = null, DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Layers.Concatenate(int, string, DTypePolicy)"/>
    public Concatenate Concatenate(int axis = -1, string? name = null, DTypePolicy? dtype = null) => new(axis, name, dtype);

    /// <inheritdoc cref="Layers.Dot(Axes, bool, string, DTypePolicy)"/>
    public Dot Dot(Axes axes, bool normalize = false, string? name = null, DTypePolicy? dtype = null) => new(axes, normalize, name, dtype);

    /// <inheritdoc cref="Layers.Maximum(string, DTypePolicy)"/>
    public Maximum Maximum(string? name = null, DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Layers.Minimum(string, DTypePolicy)"/>
    public Minimum Minimum(string? name = null, DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Layers.Multiply(string, DTypePolicy)"/>
    public Multiply Multiply(string? name = null, DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Layers.Subtract(string, DTypePolicy)"/>
    public Subtract Subtract(string? name = null, DTypePolicy? dtype = null) => new(name, dtype);
}
