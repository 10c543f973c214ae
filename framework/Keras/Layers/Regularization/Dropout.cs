using Keras.Graphs;

namespace Keras.Layers;

/// <summary>In training, zeroes each element with probability <see cref="rate"/> and divides the rest by 1 - rate.</summary>
/// <remarks>Source: keras/src/layers/regularization/dropout.py. The mask is the same on every engine for the same seed and draw; the rate is
/// rounded to 1/65536.</remarks>
public class Dropout : Layer
{
    /// <summary>A dropout.</summary>
    /// <param name="rate">The probability, 0 to below 1.</param>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="dtype">The dtype policy.</param>
    public Dropout(double rate, long? seed = null, string? name = null, DTypePolicy? dtype = null) : base(name, dtype: dtype)
    {
        if (!(rate is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(rate), $"Expected: a rate from 0 to 1. Received: {rate}.");
        this.rate = rate;
        Seeds = rate > 0 ? new SeedGenerator(seed) : null;
        supports_masking = true;
        built = true;
    }

    /// <summary>The probability that an element is zeroed.</summary>
    public double rate { get; }

    internal SeedGenerator? Seeds { get; }

    /// <inheritdoc/>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        if (!training || Seeds is null) return inputs;
        Tensor x = inputs;
        if (rate >= 1) return Tf.ZerosLike(x);
        var (key, counter) = Seeds.Draw();
        return Tf.Dropout(x, (float)rate, key, counter);
    }

    /// <inheritdoc/>
    public override Shape compute_output_shape(Shape input_shape) => input_shape;
}
