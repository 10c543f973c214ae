using System.Runtime.CompilerServices;
using Keras.Regularizers;

namespace Keras
{
    public sealed partial class KerasApi
    {
        /// <summary>Regularizers of weights and outputs, and <c>get</c> by name.</summary>
        public RegularizersApi regularizers { get; } = new();
    }
}

namespace Keras.Regularizers
{
    /// <summary>keras.regularizers: makes regularizers, and finds them by name.</summary>
    /// <remarks>Source: keras/src/regularizers.</remarks>
    public sealed partial class RegularizersApi
    {
        static readonly Dictionary<string, Type> Classes =
            new[] { typeof(L1), typeof(L2), typeof(L1L2), typeof(OrthogonalRegularizer) }.ToDictionary(t => t.Name);

        static readonly Dictionary<string, string> SnakeCased = new()
        {
            ["l1"] = "L1", ["l2"] = "L2", ["l1l2"] = "L1L2", ["l1_l2"] = "L1L2", ["orthogonal_regularizer"] = "OrthogonalRegularizer",
        };

        internal RegularizersApi() { }

        /// <summary>A regularizer with default factors by its name; null for null.</summary>
        /// <exception cref="ArgumentException">There is none with that name.</exception>
        public Regularizer? get(string? identifier)
        {
            if (identifier is null) return null;
            return Classes.TryGetValue(SnakeCased.GetValueOrDefault(identifier, identifier), out var type) ? SerializedObject.Construct<Regularizer>(type, new Dictionary<string, object?>())
                : throw Known.Unknown("Unknown regularizer", identifier, nameof(identifier), SnakeCased.Keys);
        }

        /// <summary>Returns the regularizer unchanged.</summary>
        public Regularizer? get(Regularizer? identifier) => identifier;

        /// <summary>Makes a regularizer from your own function; a config cannot hold it.</summary>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        [OverloadResolutionPriority(-1)]
        public Regularizer get(Func<Tensor, Tensor> identifier) => FunctionRegularizer.Of(identifier ?? throw new ArgumentNullException(nameof(identifier)));

        /// <summary>Makes a regularizer from its serialized form: class_name and config.</summary>
        /// <exception cref="ArgumentException">The class is unknown, or its config does not fit.</exception>
        public Regularizer deserialize(IReadOnlyDictionary<string, object?> config) => SerializedObject.Create<Regularizer>(Classes, config);

        /// <summary>The serialized form of a regularizer; null for null.</summary>
        public Dictionary<string, object?>? serialize(Regularizer? regularizer) =>
            regularizer is null ? null : SerializedObject.OfObject(regularizer, "keras.regularizers", regularizer.get_config());

        /// <inheritdoc cref="Regularizers.L1(double)"/>
        public Regularizer L1(double l1 = 0.01) => new L1(l1);

        /// <inheritdoc cref="Regularizers.L2(double)"/>
        public Regularizer L2(double l2 = 0.01) => new L2(l2);

        /// <inheritdoc cref="Regularizers.L1L2(double, double)"/>
        public Regularizer L1L2(double l1 = 0, double l2 = 0) => new L1L2(l1, l2);

        /// <inheritdoc cref="Regularizers.OrthogonalRegularizer(double, string)"/>
        public Regularizer OrthogonalRegularizer(double factor = 0.01, string mode = "rows") => new OrthogonalRegularizer(factor, mode);
    }
}
