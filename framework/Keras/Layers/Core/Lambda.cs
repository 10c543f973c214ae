namespace Keras.Layers;

/// <summary>Wraps your own function as a layer: for operations without weights, in the middle of a model.</summary>
/// <remarks>Source: keras/src/layers/core/lambda_layer.py. A function cannot be written into a config: <see cref="get_config"/> throws.</remarks>
public sealed class Lambda : Layer
{
    readonly Func<Tensors, Tensors> _function;
    readonly Shape? _outputShape;
    readonly Func<Tensors, Tensor?, Tensor?>? _mask;

    /// <summary>Wraps your own function as a layer.</summary>
    /// <param name="function">Maps inputs to outputs, written with <c>ops</c>.</param>
    /// <param name="output_shape">The output's shape without the batch; default inferred.</param>
    /// <param name="mask">Maps inputs and their mask to the outputs' mask; default none.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Lambda(Func<Tensors, Tensors> function, Shape? output_shape = null, Func<Tensors, Tensor?, Tensor?>? mask = null, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        (_function, _outputShape, _mask) = (function ?? throw new ArgumentNullException(nameof(function)), output_shape, mask);
        supports_masking = mask is not null;
        built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => _function(inputs);

    /// <inheritdoc/>
    public override Tensor? compute_mask(Tensors inputs, Tensor? mask) => _mask?.Invoke(inputs, mask);

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape)
    {
        ArgumentNullException.ThrowIfNull(input_shape);
        return _outputShape is null ? base.compute_output_shape(input_shape) : input_shape[..1].Concat(_outputShape);
    }

    /// <summary>Always throws: a function cannot be written into a config.</summary>
    /// <exception cref="UnsupportedException">Always.</exception>
    public override Dictionary<string, object?> get_config() =>
        throw new UnsupportedException("A function cannot be written into a config", $"layer '{name}'", remedy: "Write a class derived from Layer in its place.");
}
