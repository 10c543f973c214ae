using Keras.Graphs;

namespace Keras.Layers;

/// <summary>The dropout for networks with selu: in training, sets elements to selu's lowest value such that mean and variance stay the same.</summary>
/// <remarks>Source: keras/src/layers/regularization/alpha_dropout.py; Klambauer et al. 2017 (arXiv:1706.02515).</remarks>
public sealed class AlphaDropout : Layer
{
    /// <summary>The lowest value of selu: -scale · alpha.</summary>
    const double Lowest = -1.0507009873554805 * 1.6732632423543773;

    readonly double _rate;
    readonly Shape? _noiseShape;
    readonly long? _seed;
    readonly SeedGenerator? _seeds;

    /// <summary>The dropout for networks with selu: in training, sets elements to selu's lowest value such that mean and variance stay the same.</summary>
    /// <param name="rate">The probability, 0 to 1.</param>
    /// <param name="noise_shape">The shape of the mask, which broadcasts to the inputs; null dimensions are the inputs'. Default the inputs' shape.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is below 0 or above 1.</exception>
    public AlphaDropout(double rate, Shape? noise_shape = null, long? seed = null, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        (_rate, _noiseShape, _seed) = (ConfigForms.Rate(rate), noise_shape, seed);
        _seeds = rate > 0 ? new(seed) : null;
        supports_masking = built = true;
    }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        if (!training || _seeds is null) return inputs;
        Tensor x = inputs;
        var dims = _noiseShape is null ? Api.ops.shape(x) : Dims.Create([.. _noiseShape.ToArray().Select((d, axis) => d < 0 ? Dim.Of(x, axis) : d)]);
        var kept = Tf.GreaterEqual(Api.keras.random.uniform(dims, seed: _seeds), Tf.Constant(_rate, DType.Float32));
        // An affine map restores mean 0 and variance 1.
        var a = 1 / Math.Sqrt((1 - _rate) * (1 + (_rate * Lowest * Lowest)));
        return (Tf.SelectV2(kept, x, Tf.Constant(Lowest, x.dtype)) * a) - (a * Lowest * _rate);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["rate"] = _rate, ["seed"] = _seed, ["noise_shape"] = _noiseShape?.Select(d => (object?)d).ToArray() };
}
