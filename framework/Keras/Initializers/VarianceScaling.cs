namespace Keras.Initializers;

/// <summary>Draws values whose variance is scale / n, where n is the kernel's number of inputs, of outputs, or the mean of both.</summary>
public class VarianceScaling : RandomInitializer
{
    /// <summary>The standard deviation of a unit normal distribution truncated at two standard deviations.</summary>
    const double Truncated = 0.87962566103423978;

    readonly double _scale;
    readonly string _mode;
    readonly string _distribution;
    readonly int[]? _inputAxes;
    readonly int[]? _outputAxes;

    /// <summary>Draws values whose variance is scale / n, where n is the kernel's number of inputs, of outputs, or the mean of both.</summary>
    /// <param name="scale">A positive factor; default 1.</param>
    /// <param name="mode">"fan_in" (default), "fan_out" or "fan_avg".</param>
    /// <param name="distribution">"truncated_normal" (default), "untruncated_normal" or "uniform".</param>
    /// <param name="seed">A number, a generator, or null for a new number.</param>
    /// <param name="input_axes">The axes of inputs, if not the usual ones; default none. Only used with output_axes.</param>
    /// <param name="output_axes">The axes of outputs; default none.</param>
    /// <exception cref="ArgumentException">An option is unknown.</exception>
    public VarianceScaling(double scale = 1, string mode = "fan_in", string distribution = "truncated_normal", Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) : base(seed)
    {
        if (!(scale > 0 && double.IsFinite(scale))) throw new ValueRangeException("The scale of a variance is out of range", "VarianceScaling", "scale above 0", $"{scale}");
        Known.OneOf(mode, nameof(mode), "fan_in", "fan_out", "fan_avg");
        if (distribution == "normal") distribution = "truncated_normal";
        Known.OneOf(distribution, nameof(distribution), "truncated_normal", "untruncated_normal", "uniform");
        (_scale, _mode, _distribution, _inputAxes, _outputAxes) = (scale, mode, distribution, input_axes, output_axes);
    }

    /// <inheritdoc/>
    public override Tensor call(Shape shape, DType dtype)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var (fanIn, fanOut) = Fans(shape, _inputAxes, _outputAxes);
        var variance = _scale / Math.Max(1, _mode switch { "fan_in" => fanIn, "fan_out" => fanOut, _ => (fanIn + fanOut) / 2 });
        return _distribution switch
        {
            "truncated_normal" => Api.keras.random.truncated_normal(shape, 0, Math.Sqrt(variance) / Truncated, dtype, Seed),
            "untruncated_normal" => Api.keras.random.normal(shape, 0, Math.Sqrt(variance), dtype, Seed),
            _ => Api.keras.random.uniform(shape, -Math.Sqrt(3 * variance), Math.Sqrt(3 * variance), dtype, Seed),
        };
    }

    /// <inheritdoc/>
    protected override Dictionary<string, object?> Options
    {
        get
        {
            var options = new Dictionary<string, object?> { ["input_axes"] = _inputAxes, ["output_axes"] = _outputAxes };
            if (GetType() == typeof(VarianceScaling)) (options["scale"], options["mode"], options["distribution"]) = (_scale, _mode, _distribution);
            return options;
        }
    }
}

/// <summary>Glorot's (Xavier's) initializer, the default of most layers: draws uniformly within ± √(6 / (fan_in + fan_out)).</summary>
/// <param name="seed">A number, a generator, or null for a new number.</param>
/// <param name="input_axes">The axes of inputs, if not the usual ones; default none. Only used with output_axes.</param>
/// <param name="output_axes">The axes of outputs; default none.</param>
public sealed class GlorotUniform(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) : VarianceScaling(1, "fan_avg", "uniform", seed, input_axes, output_axes);

/// <summary>Glorot's (Xavier's) initializer: draws from a truncated normal distribution of standard deviation √(2 / (fan_in + fan_out)).</summary>
/// <param name="seed">A number, a generator, or null for a new number.</param>
/// <param name="input_axes">The axes of inputs, if not the usual ones; default none. Only used with output_axes.</param>
/// <param name="output_axes">The axes of outputs; default none.</param>
public sealed class GlorotNormal(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) : VarianceScaling(1, "fan_avg", "truncated_normal", seed, input_axes, output_axes);

/// <summary>He's initializer, for layers with relu: draws uniformly within ± √(6 / fan_in).</summary>
/// <param name="seed">A number, a generator, or null for a new number.</param>
/// <param name="input_axes">The axes of inputs, if not the usual ones; default none. Only used with output_axes.</param>
/// <param name="output_axes">The axes of outputs; default none.</param>
public sealed class HeUniform(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) : VarianceScaling(2, "fan_in", "uniform", seed, input_axes, output_axes);

/// <summary>He's initializer, for layers with relu: draws from a truncated normal distribution of standard deviation √(2 / fan_in).</summary>
/// <param name="seed">A number, a generator, or null for a new number.</param>
/// <param name="input_axes">The axes of inputs, if not the usual ones; default none. Only used with output_axes.</param>
/// <param name="output_axes">The axes of outputs; default none.</param>
public sealed class HeNormal(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) : VarianceScaling(2, "fan_in", "truncated_normal", seed, input_axes, output_axes);

/// <summary>LeCun's initializer, for layers with selu: draws uniformly within ± √(3 / fan_in).</summary>
/// <param name="seed">A number, a generator, or null for a new number.</param>
/// <param name="input_axes">The axes of inputs, if not the usual ones; default none. Only used with output_axes.</param>
/// <param name="output_axes">The axes of outputs; default none.</param>
public sealed class LecunUniform(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) : VarianceScaling(1, "fan_in", "uniform", seed, input_axes, output_axes);

/// <summary>LeCun's initializer, for layers with selu: draws from a truncated normal distribution of standard deviation √(1 / fan_in).</summary>
/// <param name="seed">A number, a generator, or null for a new number.</param>
/// <param name="input_axes">The axes of inputs, if not the usual ones; default none. Only used with output_axes.</param>
/// <param name="output_axes">The axes of outputs; default none.</param>
public sealed class LecunNormal(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) : VarianceScaling(1, "fan_in", "truncated_normal", seed, input_axes, output_axes);
