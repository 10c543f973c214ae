using Keras.Graphs;

namespace Keras.Layers;

/// <summary>Prevents overfitting: in training, zeroes each element with probability <see cref="rate"/> and divides the rest by 1 - rate.</summary>
/// <remarks>Source: keras/src/layers/regularization/dropout.py. The mask is the same on every engine for the same seed and draw; the rate is
/// rounded to 1/65536.</remarks>
/// <example>
/// <code>
/// var dropout = keras.layers.Dropout(0.5);
/// Tensor x = ops.ones((2, 4));
/// Console.WriteLine(dropout.Apply(x, training: true));   // about half of the elements 0, the others 2
/// Console.WriteLine(dropout.Apply(x));                   // unchanged
/// </code>
/// </example>
public class Dropout : Layer
{
    readonly long? _seed;
    readonly Shape? _noiseShape;

    /// <summary>Prevents overfitting: in training, zeroes each element with probability <see cref="rate"/> and divides the rest by 1 - rate.</summary>
    /// <param name="rate">The probability, 0 to 1.</param>
    /// <param name="noise_shape">The shape of the mask, which broadcasts to the inputs; null dimensions are the inputs'. Default the inputs' shape.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is below 0 or above 1.</exception>
    public Dropout(double rate, Shape? noise_shape = null, long? seed = null, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        (this.rate, _noiseShape, _seed) = (ConfigForms.Rate(rate), noise_shape, seed);
        seed_generator = rate > 0 ? new SeedGenerator(seed) : null;
        supports_masking = true;
        built = true;
    }

    /// <summary>The probability that an element is zeroed.</summary>
    public double rate { get; }

    /// <summary>The generator that the mask is drawn from; null if nothing is dropped.</summary>
    public SeedGenerator? seed_generator { get; }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        if (!training || seed_generator is null) return inputs;
        Tensor x = inputs;
        if (rate >= 1) return Tf.ZerosLike(x);
        if (NoiseDims(x) is { } noise) return Api.keras.random.dropout(x, rate, noise, seed_generator);
        var (key, counter) = seed_generator.Draw();
        return Tf.Dropout(x, (float)rate, key, counter);
    }

    /// <summary>The shape of the dropout mask; null for the inputs' shape.</summary>
    private protected virtual Dims? NoiseDims(Tensor x) => _noiseShape is null ? null
        : Dims.Create([.. _noiseShape.ToArray().Select((d, axis) => d < 0 ? Dim.Of(x, axis) : d)]);

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["rate"] = rate, ["seed"] = _seed, ["noise_shape"] = _noiseShape?.Select(d => (object?)d).ToArray() };
}
