namespace Keras.Layers;

/// <summary>In training, multiplies each element by a normal random number of mean 1 and standard deviation √(rate / (1 - rate)).</summary>
/// <remarks>Source: keras/src/layers/regularization/gaussian_dropout.py.</remarks>
public sealed class GaussianDropout : Layer
{
    readonly double _rate;
    readonly long? _seed;
    readonly SeedGenerator? _seeds;

    /// <summary>In training, multiplies each element by a normal random number of mean 1 and standard deviation √(rate / (1 - rate)).</summary>
    /// <param name="rate">As of a dropout, 0 to 1.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is below 0 or above 1.</exception>
    public GaussianDropout(double rate, long? seed = null, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        (_rate, _seed) = (ConfigForms.Rate(rate), seed);
        _seeds = rate > 0 ? new(seed) : null;
        supports_masking = built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        if (!training || _seeds is null) return inputs;
        Tensor x = inputs;
        return x * Api.keras.random.normal(Api.ops.shape(x), 1, Math.Sqrt(_rate / (1 - _rate)), x.dtype, _seeds);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["rate"] = _rate, ["seed"] = _seed };
}
