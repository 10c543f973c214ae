namespace Keras.Layers;

/// <summary>Applies an activation function, such as "relu", to its inputs.</summary>
/// <remarks>Source: keras/src/layers/activations/activation.py. The function itself is an <see cref="ActivationFunction"/>.</remarks>
public sealed class Activation : Layer
{
    readonly ActivationFunction _activation;

    /// <summary>Applies an activation function, such as "relu", to its inputs.</summary>
    /// <param name="activation">The function, or its Keras name.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Activation(ActivationFunction activation, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        _activation = activation ?? throw new ArgumentNullException(nameof(activation));
        supports_masking = built = true;
    }

    /// <summary>Applies your own function to its inputs.</summary>
    /// <inheritdoc cref="Activation(ActivationFunction, string, DTypePolicy)"/>
    public Activation(Func<Tensor, Tensor> activation, string? name = null, DTypePolicy? dtype = null) : this((ActivationFunction)activation, name, dtype) { }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => _activation.Apply(inputs);

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["activation"] = _activation.ConfigName };
}
