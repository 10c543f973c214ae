using Keras.Graphs;

namespace Keras.Initializers;

/// <summary>The base of random initializers. With a number as seed, or without one (it then takes a new one), an instance makes the same values on every call.</summary>
public abstract class RandomInitializer : Initializer
{
    /// <summary>Makes an initializer that draws with a seed or generator.</summary>
    /// <param name="seed">A number, a generator, or null for a new number.</param>
    protected RandomInitializer(Seed? seed) => (_given, Seed) = (seed, seed ?? GlobalSeed.Next());

    readonly Seed? _given;

    /// <summary>The seed or generator that values are drawn from.</summary>
    protected Seed Seed { get; }

    /// <summary>The options without the seed, under Keras' keys.</summary>
    protected virtual Dictionary<string, object?> Options => [];

    /// <inheritdoc/>
    /// <remarks>A seed that was not given stays so: another object of the config draws other values, as in Keras.</remarks>
    public override Dictionary<string, object?> get_config() => new(Options) { ["seed"] = _given?.Number };

    /// <summary>A kernel's fan-in and fan-out: the products of the given axes, by default those of (spatial..., I, O).</summary>
    internal static (double In, double Out) Fans(Shape shape, int[]? inputAxes = null, int[]? outputAxes = null)
    {
        var dims = shape.ToArray();
        if (inputAxes is not null && outputAxes is not null) return (inputAxes.Aggregate(1.0, (n, a) => n * shape[a]), outputAxes.Aggregate(1.0, (n, a) => n * shape[a]));
        var receptive = dims.Length > 2 ? dims[..^2].Aggregate(1.0, (a, b) => a * b) : 1;
        return dims.Length switch { 0 => (1, 1), 1 => (dims[0], dims[0]), _ => (dims[^2] * receptive, dims[^1] * receptive) };
    }
}

/// <summary>Draws the initial values from a normal distribution.</summary>
/// <param name="mean">The mean; default 0.</param>
/// <param name="stddev">The standard deviation; default 0.05.</param>
/// <param name="seed">A number, a generator, or null for a new number.</param>
public sealed class RandomNormal(double mean = 0, double stddev = 0.05, Seed? seed = null) : RandomInitializer(seed)
{
    readonly double _mean = Require.Finite(mean), _stddev = Require.AtLeast(0, stddev);

    /// <inheritdoc/>
    public override Tensor call(Shape shape, DType dtype) => Api.keras.random.normal(shape, _mean, _stddev, dtype, Seed);

    /// <inheritdoc/>
    protected override Dictionary<string, object?> Options => new() { ["mean"] = _mean, ["stddev"] = _stddev };
}

/// <summary>Draws the initial values from a normal distribution truncated at two standard deviations.</summary>
/// <param name="mean">The mean; default 0.</param>
/// <param name="stddev">The standard deviation before truncation; default 0.05.</param>
/// <param name="seed">A number, a generator, or null for a new number.</param>
public sealed class TruncatedNormal(double mean = 0, double stddev = 0.05, Seed? seed = null) : RandomInitializer(seed)
{
    readonly double _mean = Require.Finite(mean), _stddev = Require.AtLeast(0, stddev);

    /// <inheritdoc/>
    public override Tensor call(Shape shape, DType dtype) => Api.keras.random.truncated_normal(shape, _mean, _stddev, dtype, Seed);

    /// <inheritdoc/>
    protected override Dictionary<string, object?> Options => new() { ["mean"] = _mean, ["stddev"] = _stddev };
}

/// <summary>Draws the initial values uniformly from a range.</summary>
/// <param name="minval">The least value; default -0.05.</param>
/// <param name="maxval">The bound above; default 0.05.</param>
/// <param name="seed">A number, a generator, or null for a new number.</param>
public sealed class RandomUniform(double minval = -0.05, double maxval = 0.05, Seed? seed = null) : RandomInitializer(seed)
{
    readonly double _low = Require.Finite(minval), _high = Require.AtLeast(minval, maxval);

    /// <inheritdoc/>
    public override Tensor call(Shape shape, DType dtype) => Api.keras.random.uniform(shape, _low, _high, dtype, Seed);

    /// <inheritdoc/>
    protected override Dictionary<string, object?> Options => new() { ["minval"] = _low, ["maxval"] = _high };
}

/// <summary>Starts a matrix with orthogonal rows or columns; with more than two axes, all but the last count as rows.</summary>
/// <param name="gain">A factor; default 1.</param>
/// <param name="seed">A number, a generator, or null for a new number.</param>
public sealed class Orthogonal(double gain = 1, Seed? seed = null) : RandomInitializer(seed)
{
    readonly double _gain = Require.Finite(gain);

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">The shape has fewer than two axes.</exception>
    public override Tensor call(Shape shape, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Rank < 2) throw new ShapeMismatchException("Orthogonal cannot make a weight of this shape", "Orthogonal", "rank of at least 2", shape.ToString());
        var computed = dtype == DType.Float64 ? dtype : DType.Float32;
        var (rows, columns) = (shape[..^1].ElementCount, shape[-1]);
        var random = Api.keras.random.normal(new Shape(Math.Max(rows, columns), Math.Min(rows, columns)), dtype: computed, seed: Seed);
        var (q, r) = Tf.Qr(random);
        var signs = Tf.Sign(Api.ops.diagonal(r));
        var orthogonal = q * signs;
        if (rows < columns) orthogonal = Tf.Transpose(orthogonal, 1, 0);
        return Tf.Cast(Tf.Reshape(orthogonal, shape) * _gain, dtype);
    }

    /// <inheritdoc/>
    protected override Dictionary<string, object?> Options => new() { ["gain"] = _gain };
}
