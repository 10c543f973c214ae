using Keras.Backend;
using Keras.Graphs;

namespace Keras;

public sealed partial class KerasApi
{
    /// <summary>Random tensors: normal, uniform and other distributions.</summary>
    public RandomApi random { get; } = new();
}

/// <summary>keras.random: random tensors, from integer Philox bits, so that they are the same eagerly, in graphs and under XLA.</summary>
/// <remarks><c>seed</c> is a number (the same values on every call), a <see cref="SeedGenerator"/> (other values on every call), or null for the global
/// generator. Uniforms, integers, shuffles and dropout masks are equal bit for bit on all engines, other distributions to 1e-5. The values are not
/// those of Keras. Source: keras/src/random/random.py.</remarks>
public sealed partial class RandomApi
{
    internal RandomApi() { }

    /// <summary>Makes a source of random numbers: each draw gives new ones.</summary>
    /// <param name="seed">The seed; default a new one.</param>
    /// <param name="name">The name of its state variable.</param>
    public SeedGenerator SeedGenerator(long? seed = null, string name = "seed_generator_state") => new(seed, name);

    static (Tensor Key, Tensor Counter) Draw(Seed? seed) => (seed ?? default).Draw();

    static DType FloatingOr(DType? dtype, string where)
    {
        var wanted = dtype ?? ConfigApi.FloatX;
        return wanted.IsFloating ? wanted : throw new DTypeMismatchException("Real numbers cannot be drawn in this dtype", where, "a floating dtype", wanted.Name);
    }

    /// <summary>Draws from a normal distribution.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="mean">The mean; default 0.</param>
    /// <param name="stddev">The standard deviation; default 1.</param>
    /// <param name="dtype">A floating dtype; default <c>floatx</c>.</param>
    /// <param name="seed">A number, a generator, or null for the global generator.</param>
    public Tensor normal(Dims shape, double mean = 0, double stddev = 1, DType? dtype = null, Seed? seed = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var (wanted, (key, counter)) = (FloatingOr(dtype, "keras.random.normal"), Draw(seed));
        return (Tf.RandomNormal(shape.ToTensor(), key, counter, wanted) * Require.AtLeast(0, stddev)) + Require.Finite(mean);
    }

    /// <summary>Draws from a normal distribution truncated at two standard deviations.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="mean">The mean; default 0.</param>
    /// <param name="stddev">The standard deviation before truncation; default 1.</param>
    /// <param name="dtype">A floating dtype; default <c>floatx</c>.</param>
    /// <param name="seed">A number, a generator, or null for the global generator.</param>
    public Tensor truncated_normal(Dims shape, double mean = 0, double stddev = 1, DType? dtype = null, Seed? seed = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var (wanted, (key, counter)) = (FloatingOr(dtype, "keras.random.truncated_normal"), Draw(seed));
        return (Tf.RandomTruncatedNormal(shape.ToTensor(), key, counter, wanted) * Require.AtLeast(0, stddev)) + Require.Finite(mean);
    }

    /// <summary>Draws uniformly from [minval, maxval); integers if the dtype is an integer one.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="minval">The least value; default 0.</param>
    /// <param name="maxval">The bound above; default 1.</param>
    /// <param name="dtype">The dtype; default <c>floatx</c>.</param>
    /// <param name="seed">A number, a generator, or null for the global generator.</param>
    public Tensor uniform(Dims shape, double minval = 0, double maxval = 1, DType? dtype = null, Seed? seed = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (dtype is { IsInteger: true }) return randint(shape, checked((long)minval), checked((long)maxval), dtype, seed);
        var (wanted, (key, counter)) = (FloatingOr(dtype, "keras.random.uniform"), Draw(seed));
        Require.AtLeast(Require.Finite(minval), maxval);
        var values = Tf.RandomUniform(shape.ToTensor(), key, counter, wanted);
        return minval == 0 && maxval == 1 ? values : (values * (maxval - minval)) + minval;
    }

    /// <summary>Draws integers from minval up to, but not including, maxval.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="minval">The least number.</param>
    /// <param name="maxval">The bound above.</param>
    /// <param name="dtype">An integer dtype; default int32.</param>
    /// <param name="seed">A number, a generator, or null for the global generator.</param>
    /// <exception cref="ValueRangeException">There is no number between the bounds.</exception>
    public Tensor randint(Dims shape, long minval, long maxval, DType? dtype = null, Seed? seed = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (maxval <= minval) throw new ValueRangeException("There is no whole number between the bounds", "keras.random.randint", $"maxval above {minval}", $"{maxval}");
        var wanted = dtype ?? DType.Int32;
        if (!wanted.IsInteger) throw new DTypeMismatchException("Whole numbers cannot be drawn in this dtype", "keras.random.randint", "an integer dtype", wanted.Name);
        var (key, counter) = Draw(seed);
        var numbers = Tf.RandomIntegers(shape.ToTensor(), key, counter, Tf.Constant(HostTensor.Scalar(minval)), Tf.Constant(HostTensor.Scalar(maxval)));
        return Tf.Cast(numbers, wanted);
    }

    /// <summary>Draws classes by their logits.</summary>
    /// <param name="logits">Unnormalized logarithms of shares, floating (B, C).</param>
    /// <param name="num_samples">The number of draws per row.</param>
    /// <param name="dtype">An integer dtype; default int32.</param>
    /// <param name="seed">A number, a generator, or null for the global generator.</param>
    /// <returns>Class indices (B, num_samples).</returns>
    public Tensor categorical(TensorLike logits, int num_samples, DType? dtype = null, Seed? seed = null)
    {
        var scores = logits.As(DTypePromotion.Floating(logits.Type));
        if (scores.ndim != 2) throw new ShapeMismatchException("The logits are not rows", "keras.random.categorical", "rank 2", scores.shape.ToString());
        var (key, counter) = Draw(seed);
        var computed = scores.dtype.Size < 4 ? Tf.Cast(scores, DType.Float32) : scores;
        var shape = Dims.Create([Dim.Of(scores, 0), Require.Count(0, num_samples), Dim.Of(scores, 1)]).ToTensor();
        return Tf.ArgMax(Tf.ExpandDims(computed, 1) + Gumbel(shape, key, counter, computed.dtype), -1, DType.Int32) is var drawn && dtype is not null ? Tf.Cast(drawn, dtype) : drawn;
    }

    /// <summary>Gumbel noise, -log(-log(u)): added to logits, each class is the largest with its own probability.</summary>
    static Tensor Gumbel(Tensor shape, Tensor key, Tensor counter, DType dtype)
    {
        var smallest = dtype == DType.Float64 ? Math.Pow(2, -53) : Math.Pow(2, -24);
        return -Tf.Log(-Tf.Log(Tf.RandomUniform(shape, key, counter, dtype) + smallest));
    }

    /// <summary>Zeroes elements with probability rate and divides the others by 1 - rate.</summary>
    /// <param name="inputs">Numbers.</param>
    /// <param name="rate">The probability, in [0, 1], kept to 16 bits.</param>
    /// <param name="noise_shape">The shape of the decisions, broadcast to the inputs; default one for each element.</param>
    /// <param name="seed">A number, a generator, or null for the global generator.</param>
    /// <exception cref="ValueRangeException">The rate is out of range.</exception>
    public Tensor dropout(TensorLike inputs, double rate, Dims? noise_shape = null, Seed? seed = null)
    {
        if (rate is not (>= 0 and <= 1)) throw new ValueRangeException("A share is not between 0 and 1", "keras.random.dropout", "rate in [0, 1]", $"{rate}");
        var x = inputs.As(DTypePromotion.Floating(inputs.Type));
        if (rate == 0) return x;
        if (rate == 1) return Tf.ZerosLike(x);
        var (key, counter) = Draw(seed);
        if (noise_shape is null) return Tf.Dropout(x, (float)rate, key, counter);
        return x * Tf.Dropout(Tf.Fill(noise_shape.AtLeast(0, nameof(noise_shape)).ToTensor(), Tf.Constant(1, x.dtype)), (float)rate, key, counter);
    }

    /// <summary>Shuffles the positions of an axis.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="axis">The axis; default 0.</param>
    /// <param name="seed">A number, a generator, or null for the global generator.</param>
    public Tensor shuffle(TensorLike x, int axis = 0, Seed? seed = null)
    {
        var tensor = x.Tensor;
        var at = Axes.Normalize(axis, tensor.ndim, "keras.random.shuffle");
        var (key, counter) = Draw(seed);
        return Tf.Gather(tensor, Tf.RandomPermutation(Tf.DimOf(tensor, at), key, counter), at);
    }
}
