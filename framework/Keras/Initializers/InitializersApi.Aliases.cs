namespace Keras.Initializers;

// Keras' other names for the same classes.
public sealed partial class InitializersApi
{
    /// <inheritdoc cref="Identity(double)"/>
    public Initializer IdentityInitializer(double gain = 1) => Identity(gain);

    /// <inheritdoc cref="Orthogonal(double, Seed?)"/>
    public Initializer OrthogonalInitializer(double gain = 1, Seed? seed = null) => Orthogonal(gain, seed);

    /// <inheritdoc cref="STFT(string, string, string, bool)"/>
    public Initializer STFTInitializer(string side = "real", string? window = "hann", string? scaling = "density", bool periodic = false) => STFT(side, window, scaling, periodic);

    /// <inheritdoc cref="Constant(double)"/>
    public Initializer constant(double value = 0) => Constant(value);

    /// <inheritdoc cref="GlorotNormal(Seed?, int[], int[])"/>
    public Initializer glorot_normal(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) => GlorotNormal(seed, input_axes, output_axes);

    /// <inheritdoc cref="GlorotUniform(Seed?, int[], int[])"/>
    public Initializer glorot_uniform(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) => GlorotUniform(seed, input_axes, output_axes);

    /// <inheritdoc cref="HeNormal(Seed?, int[], int[])"/>
    public Initializer he_normal(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) => HeNormal(seed, input_axes, output_axes);

    /// <inheritdoc cref="HeUniform(Seed?, int[], int[])"/>
    public Initializer he_uniform(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) => HeUniform(seed, input_axes, output_axes);

    /// <inheritdoc cref="Identity(double)"/>
    public Initializer identity(double gain = 1) => Identity(gain);

    /// <inheritdoc cref="LecunNormal(Seed?, int[], int[])"/>
    public Initializer lecun_normal(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) => LecunNormal(seed, input_axes, output_axes);

    /// <inheritdoc cref="LecunUniform(Seed?, int[], int[])"/>
    public Initializer lecun_uniform(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) => LecunUniform(seed, input_axes, output_axes);

    /// <inheritdoc cref="Ones()"/>
    public Initializer ones() => Ones();

    /// <inheritdoc cref="Orthogonal(double, Seed?)"/>
    public Initializer orthogonal(double gain = 1, Seed? seed = null) => Orthogonal(gain, seed);

    /// <inheritdoc cref="RandomNormal(double, double, Seed?)"/>
    public Initializer random_normal(double mean = 0, double stddev = 0.05, Seed? seed = null) => RandomNormal(mean, stddev, seed);

    /// <inheritdoc cref="RandomUniform(double, double, Seed?)"/>
    public Initializer random_uniform(double minval = -0.05, double maxval = 0.05, Seed? seed = null) => RandomUniform(minval, maxval, seed);

    /// <inheritdoc cref="STFT(string, string, string, bool)"/>
    public Initializer stft(string side = "real", string? window = "hann", string? scaling = "density", bool periodic = false) => STFT(side, window, scaling, periodic);

    /// <inheritdoc cref="TruncatedNormal(double, double, Seed?)"/>
    public Initializer truncated_normal(double mean = 0, double stddev = 0.05, Seed? seed = null) => TruncatedNormal(mean, stddev, seed);

    /// <inheritdoc cref="VarianceScaling(double, string, string, Seed?, int[], int[])"/>
    public Initializer variance_scaling(double scale = 1, string mode = "fan_in", string distribution = "truncated_normal", Seed? seed = null, int[]? input_axes = null,
        int[]? output_axes = null) => VarianceScaling(scale, mode, distribution, seed, input_axes, output_axes);

    /// <inheritdoc cref="Zeros()"/>
    public Initializer zeros() => Zeros();
}
