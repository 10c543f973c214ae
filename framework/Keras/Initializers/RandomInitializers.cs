using Keras.Graphs;

namespace Keras.Initializers;

/// <summary>Normal values, those beyond two standard deviations drawn anew (by the inverse of the truncated distribution).</summary>
/// <param name="mean">The mean; default 0.</param>
/// <param name="stddev">The standard deviation before truncation; default 0.05.</param>
/// <param name="seed">The seed; default a new one.</param>
public sealed class TruncatedNormal(double mean = 0, double stddev = 0.05, long? seed = null) : Initializer
{
    readonly SeedGenerator _seeds = new(seed);

    /// <inheritdoc/>
    public override Tensor call(Shape shape, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var (key, counter) = _seeds.Draw();
        var uniform = Tf.RandomUniform(Tf.ShapeTensor(shape), key, counter);
        // Φ(-2) to Φ(2), mapped through the inverse error function.
        const double Low = 0.022750131948179209;
        var p = (uniform * (1 - (2 * Low))) + Low;
        return Tf.Cast((Tf.Erfinv((p * 2) - 1) * (Math.Sqrt(2) * stddev)) + mean, dtype);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new() { ["mean"] = mean, ["stddev"] = stddev, ["seed"] = seed };
}

/// <summary>Uniform values within ± sqrt(6 / (fan_in + fan_out)).</summary>
/// <param name="seed">The seed; default a new one.</param>
public sealed class GlorotUniform(long? seed = null) : Initializer
{
    readonly SeedGenerator _seeds = new(seed);

    /// <inheritdoc/>
    public override Tensor call(Shape shape, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var dims = shape.ToArray();
        var receptive = dims.Length > 2 ? dims[..^2].Aggregate(1L, (a, b) => a * b) : 1;
        var (fanIn, fanOut) = dims.Length switch { 0 => (1L, 1L), 1 => (dims[0], dims[0]), _ => (dims[^2] * receptive, dims[^1] * receptive) };
        var limit = Math.Sqrt(6.0 / (fanIn + fanOut));
        var (key, counter) = _seeds.Draw();
        return Tf.Cast((Tf.RandomUniform(Tf.ShapeTensor(shape), key, counter) * (2 * limit)) - limit, dtype);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new() { ["seed"] = seed };
}

/// <summary>Uniform values.</summary>
/// <param name="minval">The least value; default -0.05.</param>
/// <param name="maxval">The bound above; default 0.05.</param>
/// <param name="seed">The seed; default a new one.</param>
public sealed class RandomUniform(double minval = -0.05, double maxval = 0.05, long? seed = null) : Initializer
{
    readonly SeedGenerator _seeds = new(seed);

    /// <inheritdoc/>
    public override Tensor call(Shape shape, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var (key, counter) = _seeds.Draw();
        return Tf.Cast((Tf.RandomUniform(Tf.ShapeTensor(shape), key, counter) * (maxval - minval)) + minval, dtype);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new() { ["minval"] = minval, ["maxval"] = maxval, ["seed"] = seed };
}
