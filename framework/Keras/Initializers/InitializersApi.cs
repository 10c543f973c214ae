using System.Runtime.CompilerServices;
using Keras.Initializers;

namespace Keras
{
    public sealed partial class KerasApi
    {
        /// <summary>Initializers of weights, and <c>get</c> by name.</summary>
        public InitializersApi initializers { get; } = new();
    }
}

namespace Keras.Initializers
{
    /// <summary>keras.initializers: makes initializers, and finds them by name.</summary>
    /// <remarks>Source: keras/src/initializers.</remarks>
    public sealed partial class InitializersApi
    {
        static readonly Dictionary<string, Type> Classes = new[]
        {
            typeof(Constant), typeof(GlorotNormal), typeof(GlorotUniform), typeof(HeNormal), typeof(HeUniform), typeof(Identity), typeof(LecunNormal),
            typeof(LecunUniform), typeof(Ones), typeof(Orthogonal), typeof(RandomNormal), typeof(RandomUniform), typeof(STFT), typeof(TruncatedNormal),
            typeof(VarianceScaling), typeof(Zeros),
        }.ToDictionary(t => t.Name);

        /// <summary>Names beside those of the classes, in capitals and in snake case.</summary>
        static readonly Dictionary<string, string> Aliases = new()
        {
            ["IdentityInitializer"] = "Identity", ["OrthogonalInitializer"] = "Orthogonal", ["STFTInitializer"] = "STFT", ["normal"] = "RandomNormal",
            ["one"] = "Ones", ["zero"] = "Zeros", ["uniform"] = "RandomUniform", ["stft"] = "STFT",
        };

        static readonly Dictionary<string, string> SnakeCased = Classes.Keys.Where(n => n != "STFT").ToDictionary(LayerNames.SnakeCase);

        internal InitializersApi() { }

        /// <summary>An initializer with default options by its name; null for null.</summary>
        /// <exception cref="ArgumentException">There is none with that name.</exception>
        public Initializer? get(string? identifier)
        {
            if (identifier is null) return null;
            var name = Aliases.GetValueOrDefault(identifier) ?? SnakeCased.GetValueOrDefault(identifier, identifier);
            return Classes.TryGetValue(name, out var type) ? SerializedObject.Construct<Initializer>(type, new Dictionary<string, object?>())
                : throw Known.Unknown("Unknown initializer", identifier, nameof(identifier), SnakeCased.Keys);
        }

        /// <summary>Returns the initializer unchanged.</summary>
        public Initializer? get(Initializer? identifier) => identifier;

        /// <summary>Makes an initializer from your own function; a config cannot hold it.</summary>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        [OverloadResolutionPriority(-1)]
        public Initializer get(Func<Shape, DType, Tensor> identifier) => FunctionInitializer.Of(identifier ?? throw new ArgumentNullException(nameof(identifier)));

        /// <summary>Makes an initializer from its serialized form: class_name and config.</summary>
        /// <exception cref="ArgumentException">The class is unknown, or its config does not fit.</exception>
        public Initializer deserialize(IReadOnlyDictionary<string, object?> config) => SerializedObject.Create<Initializer>(Classes, config);

        /// <summary>The serialized form of an initializer.</summary>
        public Dictionary<string, object?> serialize(Initializer initializer)
        {
            ArgumentNullException.ThrowIfNull(initializer);
            return SerializedObject.OfObject(initializer, "keras.initializers", initializer.get_config());
        }

        /// <inheritdoc cref="Initializers.Zeros"/>
        public Initializer Zeros() => new Zeros();

        /// <inheritdoc cref="Initializers.Ones"/>
        public Initializer Ones() => new Ones();

        /// <inheritdoc cref="Initializers.Constant(double)"/>
        public Initializer Constant(double value = 0) => new Constant(value);

        /// <inheritdoc cref="Initializers.Identity(double)"/>
        public Initializer Identity(double gain = 1) => new Identity(gain);

        /// <inheritdoc cref="Initializers.STFT(string, string?, string?, bool)"/>
        public Initializer STFT(string side = "real", string? window = "hann", string? scaling = "density", bool periodic = false) => new STFT(side, window, scaling, periodic);

        /// <inheritdoc cref="Initializers.RandomNormal(double, double, Seed?)"/>
        public Initializer RandomNormal(double mean = 0, double stddev = 0.05, Seed? seed = null) => new RandomNormal(mean, stddev, seed);

        /// <inheritdoc cref="Initializers.RandomUniform(double, double, Seed?)"/>
        public Initializer RandomUniform(double minval = -0.05, double maxval = 0.05, Seed? seed = null) => new RandomUniform(minval, maxval, seed);

        /// <inheritdoc cref="Initializers.TruncatedNormal(double, double, Seed?)"/>
        public Initializer TruncatedNormal(double mean = 0, double stddev = 0.05, Seed? seed = null) => new TruncatedNormal(mean, stddev, seed);

        /// <inheritdoc cref="Initializers.VarianceScaling(double, string, string, Seed?, int[], int[])"/>
        public Initializer VarianceScaling(double scale = 1, string mode = "fan_in", string distribution = "truncated_normal", Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) =>
            new VarianceScaling(scale, mode, distribution, seed, input_axes, output_axes);

        /// <inheritdoc cref="Initializers.GlorotUniform(Seed?, int[], int[])"/>
        public Initializer GlorotUniform(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) => new GlorotUniform(seed, input_axes, output_axes);

        /// <inheritdoc cref="Initializers.GlorotNormal(Seed?, int[], int[])"/>
        public Initializer GlorotNormal(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) => new GlorotNormal(seed, input_axes, output_axes);

        /// <inheritdoc cref="Initializers.HeUniform(Seed?, int[], int[])"/>
        public Initializer HeUniform(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) => new HeUniform(seed, input_axes, output_axes);

        /// <inheritdoc cref="Initializers.HeNormal(Seed?, int[], int[])"/>
        public Initializer HeNormal(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) => new HeNormal(seed, input_axes, output_axes);

        /// <inheritdoc cref="Initializers.LecunUniform(Seed?, int[], int[])"/>
        public Initializer LecunUniform(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) => new LecunUniform(seed, input_axes, output_axes);

        /// <inheritdoc cref="Initializers.LecunNormal(Seed?, int[], int[])"/>
        public Initializer LecunNormal(Seed? seed = null, int[]? input_axes = null, int[]? output_axes = null) => new LecunNormal(seed, input_axes, output_axes);

        /// <inheritdoc cref="Initializers.Orthogonal(double, Seed?)"/>
        public Initializer Orthogonal(double gain = 1, Seed? seed = null) => new Orthogonal(gain, seed);
    }
}
