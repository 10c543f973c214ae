using System.Runtime.CompilerServices;
using Keras.Constraints;

namespace Keras
{
    public sealed partial class KerasApi
    {
        /// <summary>Constraints of weights, and <c>get</c> by name.</summary>
        public ConstraintsApi constraints { get; } = new();
    }
}

namespace Keras.Constraints
{
    /// <summary>keras.constraints: makes constraints, and finds them by name.</summary>
    /// <remarks>Source: keras/src/constraints.</remarks>
    public sealed partial class ConstraintsApi
    {
        static readonly Dictionary<string, Type> Classes = new[] { typeof(MaxNorm), typeof(MinMaxNorm), typeof(NonNeg), typeof(UnitNorm) }.ToDictionary(t => t.Name);

        static readonly Dictionary<string, string> SnakeCased = Classes.Keys.ToDictionary(LayerNames.SnakeCase);

        internal ConstraintsApi() { }

        /// <summary>A constraint with default options by its name; null for null.</summary>
        /// <exception cref="ArgumentException">There is none with that name.</exception>
        public Constraint? get(string? identifier)
        {
            if (identifier is null) return null;
            return Classes.TryGetValue(SnakeCased.GetValueOrDefault(identifier, identifier), out var type) ? SerializedObject.Construct<Constraint>(type, new Dictionary<string, object?>())
                : throw Known.Unknown("Unknown constraint", identifier, nameof(identifier), SnakeCased.Keys);
        }

        /// <summary>Returns the constraint unchanged.</summary>
        public Constraint? get(Constraint? identifier) => identifier;

        /// <summary>Makes a constraint from your own function; a config cannot hold it.</summary>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        [OverloadResolutionPriority(-1)]
        public Constraint get(Func<Tensor, Tensor> identifier) => FunctionConstraint.Of(identifier ?? throw new ArgumentNullException(nameof(identifier)));

        /// <summary>Makes a constraint from its serialized form: class_name and config.</summary>
        /// <exception cref="ArgumentException">The class is unknown, or its config does not fit.</exception>
        public Constraint deserialize(IReadOnlyDictionary<string, object?> config) => SerializedObject.Create<Constraint>(Classes, config);

        /// <summary>The serialized form of a constraint; null for null.</summary>
        public Dictionary<string, object?>? serialize(Constraint? constraint) =>
            constraint is null ? null : SerializedObject.OfObject(constraint, "keras.constraints", constraint.get_config());

        /// <inheritdoc cref="Constraints.MaxNorm(double, Axes)"/>
        public Constraint MaxNorm(double max_value = 2, Axes? axis = null) => new MaxNorm(max_value, axis);

        /// <inheritdoc cref="Constraints.NonNeg"/>
        public Constraint NonNeg() => new NonNeg();

        /// <inheritdoc cref="Constraints.UnitNorm(Axes)"/>
        public Constraint UnitNorm(Axes? axis = null) => new UnitNorm(axis);

        /// <inheritdoc cref="Constraints.MinMaxNorm(double, double, double, Axes)"/>
        public Constraint MinMaxNorm(double min_value = 0, double max_value = 1, double rate = 1, Axes? axis = null) => new MinMaxNorm(min_value, max_value, rate, axis);
    }
}
