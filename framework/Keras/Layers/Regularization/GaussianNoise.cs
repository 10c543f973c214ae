namespace Keras.Layers;

/// <summary>In training, adds normal noise of mean 0 to each element, against overfitting.</summary>
/// <remarks>Source: keras/src/layers/regularization/gaussian_noise.py.</remarks>
public sealed class GaussianNoise : Layer
{
    readonly double _stddev;
    readonly long? _seed;
    readonly SeedGenerator? _seeds;

    /// <summary>In training, adds normal noise of mean 0 to each element, against overfitting.</summary>
    /// <param name="stddev">The standard deviation, 0 to 1.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is below 0 or above 1.</exception>
    public GaussianNoise(double stddev, long? seed = null, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        (_stddev, _seed) = (ConfigForms.Rate(stddev, nameof(stddev)), seed);
        _seeds = stddev > 0 ? new(seed) : null;
        supports_masking = built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        if (!training || _seeds is null) return inputs;
        Tensor x = inputs;
        return x + Api.keras.random.normal(Api.ops.shape(x), 0, _stddev, x.dtype, _seeds);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["stddev"] = _stddev, ["seed"] = _seed };
}
