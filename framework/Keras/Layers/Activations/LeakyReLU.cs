namespace Keras.Layers;

/// <summary>A ReLU that lets a little through: x if positive, otherwise negative_slope · x.</summary>
/// <remarks>Source: keras/src/layers/activations/leaky_relu.py.</remarks>
public sealed class LeakyReLU : Layer
{
    readonly double _negativeSlope;

    /// <summary>A ReLU that lets a little through: x if positive, otherwise negative_slope · x.</summary>
    /// <param name="negative_slope">The slope; default 0.3.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is negative.</exception>
    public LeakyReLU(double negative_slope = 0.3, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        _negativeSlope = Require.AtLeast(0, negative_slope);
        supports_masking = built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.leaky_relu(inputs, _negativeSlope);

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["negative_slope"] = _negativeSlope };
}
