namespace Keras.Layers;

/// <summary>The rectified linear unit, max(x, 0); its upper limit, its threshold and the slope below it can be set.</summary>
/// <remarks>Source: keras/src/layers/activations/relu.py.</remarks>
public sealed class ReLU : Layer
{
    readonly double? _maxValue;
    readonly double _negativeSlope;
    readonly double _threshold;

    /// <summary>The rectified linear unit, max(x, 0); its upper limit, its threshold and the slope below it can be set.</summary>
    /// <param name="max_value">The limit; default none.</param>
    /// <param name="negative_slope">The slope below the threshold; default 0.</param>
    /// <param name="threshold">Below it the input is damped; default 0.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative.</exception>
    public ReLU(double? max_value = null, double negative_slope = 0, double threshold = 0, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        if (max_value is not (null or >= 0)) throw new ArgumentOutOfRangeException(nameof(max_value), max_value, "The limit is out of range. Expected: a number of at least 0, or null.");
        (_maxValue, _negativeSlope, _threshold) = (max_value, Require.AtLeast(0, negative_slope), Require.AtLeast(0, threshold));
        supports_masking = built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false) => Api.keras.activations.relu(inputs, _negativeSlope, _maxValue, _threshold);

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["max_value"] = _maxValue, ["negative_slope"] = _negativeSlope, ["threshold"] = _threshold };
}
