namespace Keras.Layers;

/// <summary>The exponential linear unit: x if positive, otherwise alpha · (e^x - 1).</summary>
/// <remarks>Source: keras/src/layers/activations/elu.py.</remarks>
public sealed class ELU : Layer
{
    readonly double _alpha;

    /// <summary>The exponential linear unit: x if positive, otherwise alpha · (e^x - 1).</summary>
    /// <param name="alpha">The factor; default 1.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public ELU(double alpha = 1, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        _alpha = Require.Finite(alpha);
        supports_masking = built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.ops.elu(inputs, _alpha);

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["alpha"] = _alpha };
}
