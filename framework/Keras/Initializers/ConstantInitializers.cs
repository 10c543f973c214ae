using Keras.Graphs;

namespace Keras.Initializers;

/// <summary>Starts a weight with zeros, as biases usually do.</summary>
public sealed class Zeros : Initializer
{
    /// <inheritdoc/>
    public override Tensor call(Shape shape, DType dtype) => Tf.Zeros(shape, dtype);
}

/// <summary>Starts a weight with ones.</summary>
public sealed class Ones : Initializer
{
    /// <inheritdoc/>
    public override Tensor call(Shape shape, DType dtype) => Tf.Full(shape, 1, dtype);
}

/// <summary>Starts a weight with one value everywhere.</summary>
/// <param name="value">The value; default 0.</param>
public sealed class Constant(double value = 0) : Initializer
{
    /// <inheritdoc/>
    public override Tensor call(Shape shape, DType dtype) => Tf.Full(shape, value, dtype);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new() { ["value"] = value };
}

/// <summary>Starts a matrix with one value on its diagonal and zeros elsewhere.</summary>
/// <param name="gain">The value; default 1.</param>
public sealed class Identity(double gain = 1) : Initializer
{
    readonly double _gain = Require.Finite(gain);

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">The shape is not that of a matrix.</exception>
    public override Tensor call(Shape shape, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Rank != 2) throw new ShapeMismatchException("Identity cannot make a weight of this shape", "Identity", "rank 2", shape.ToString());
        return Api.ops.eye(checked((int)shape[0]), checked((int)shape[1]), dtype: dtype) * _gain;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new() { ["gain"] = _gain };
}

/// <summary>Starts the kernel of a convolution so that it computes a short-time Fourier transform: (frame_length, 1, fft_length / 2 + 1).</summary>
/// <param name="side">"real" or "imag"; default "real".</param>
/// <param name="window">"hann" (default), "hamming", "blackman", "blackmanharris", "nuttall", "bartlett", "boxcar", or null for none.</param>
/// <param name="scaling">"density" (default), "spectrum", or null for none.</param>
/// <param name="periodic">Whether the window is periodic; default false.</param>
public sealed class STFT(string side = "real", string? window = "hann", string? scaling = "density", bool periodic = false) : Initializer
{
    static readonly Dictionary<string, Func<double, double>> Windows = new()
    {
        ["hann"] = p => 0.5 - (0.5 * Math.Cos(2 * Math.PI * p)),
        ["hamming"] = p => 0.54 - (0.46 * Math.Cos(2 * Math.PI * p)),
        ["blackman"] = p => 0.42 - (0.5 * Math.Cos(2 * Math.PI * p)) + (0.08 * Math.Cos(4 * Math.PI * p)),
        ["bartlett"] = p => 1 - Math.Abs((2 * p) - 1),
        ["boxcar"] = _ => 1,
        ["blackmanharris"] = p => 0.35875 - (0.48829 * Math.Cos(2 * Math.PI * p)) + (0.14128 * Math.Cos(4 * Math.PI * p)) - (0.01168 * Math.Cos(6 * Math.PI * p)),
        ["nuttall"] = p => 0.3635819 - (0.4891775 * Math.Cos(2 * Math.PI * p)) + (0.1365995 * Math.Cos(4 * Math.PI * p)) - (0.0106411 * Math.Cos(6 * Math.PI * p)),
    };

    /// <summary>The names of the known windows.</summary>
    internal static IEnumerable<string> WindowNames => Windows.Keys;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An option is unknown.</exception>
    public override Tensor call(Shape shape, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Known.OneOf(side, nameof(side), "real", "imag");
        if (shape.Rank != 3) throw new ShapeMismatchException("STFT cannot make a kernel of this shape", "STFT", "(frame_length, channels, fft_length / 2 + 1)", shape.ToString());
        var (frame, channels, bins) = ((int)shape[0], (int)shape[1], (int)shape[2]);
        var weights = Enumerable.Range(0, frame).Select(t => Weight(t, frame)).ToArray();
        var scale = window is null ? 1 : scaling switch
        {
            "density" => Math.Sqrt(weights.Sum(w => w * w)),
            "spectrum" => weights.Sum(Math.Abs),
            null => 1,
            _ => throw Known.NoneOf(scaling, nameof(scaling), "density", "spectrum", null),
        };
        var length = (bins - 1) * 2;
        var values = new double[frame * channels * bins];
        for (var i = 0; i < values.Length; i++)
        {
            var (time, frequency) = (i / (channels * bins), i % bins);
            var angle = -2 * Math.PI * time * frequency / length;
            values[i] = (side == "real" ? Math.Cos(angle) : Math.Sin(angle)) * weights[time] / scale;
        }
        return Tf.Cast(Tf.Constant(HostTensor.Of<double>(values, shape)), dtype);
    }

    double Weight(int time, int frame)
    {
        if (window is null) return 1;
        if (!Windows.TryGetValue(window, out var shapeOf)) throw Known.NoneOf(window, nameof(window), [.. Windows.Keys, null]);
        return frame == 1 ? 1 : shapeOf(time / (double)(periodic ? frame : frame - 1));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new() { ["side"] = side, ["window"] = window, ["periodic"] = periodic, ["scaling"] = scaling };
}
