namespace Keras.Layers;

/// <summary>Returns its inputs unchanged: a placeholder where a layer is needed.</summary>
/// <remarks>Source: keras/src/layers/core/identity.py.</remarks>
public sealed class Identity : Layer
{
    /// <summary>Returns its inputs unchanged: a placeholder where a layer is needed.</summary>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Identity(string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype) => supports_masking = built = true;

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => inputs;

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;
}
