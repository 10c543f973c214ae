using Keras.Optimizers;
using Keras.Optimizers.Schedules;

namespace Keras
{
    public sealed partial class KerasApi
    {
        /// <summary>Optimizers: classes, schedules, and <c>get</c>.</summary>
        public OptimizersApi optimizers { get; } = new();
    }
}

namespace Keras.Optimizers
{
    /// <summary>keras.optimizers: makes optimizers, and finds them by name.</summary>
    public sealed partial class OptimizersApi
    {
        internal static readonly Dictionary<string, Type> Classes = new[]
        {
            typeof(Adadelta), typeof(Adafactor), typeof(Adagrad), typeof(Adam), typeof(AdamW), typeof(Adamax), typeof(Ftrl), typeof(Lamb), typeof(Lion),
            typeof(LossScaleOptimizer), typeof(MultiOptimizer), typeof(Muon), typeof(Nadam), typeof(RMSprop), typeof(SGD), typeof(ScheduleFreeAdamW),
        }.ToDictionary(t => t.Name, StringComparer.OrdinalIgnoreCase);

        internal OptimizersApi() { }

        /// <summary>Learning rate schedules, such as <c>CosineDecay</c>.</summary>
        public SchedulesApi schedules { get; } = new();

        /// <summary>An optimizer by its class name, in any case: "adam", "AdamW".</summary>
        /// <exception cref="ArgumentException">No optimizer has this name, or it needs arguments.</exception>
        public Optimizer get(string identifier)
        {
            ArgumentNullException.ThrowIfNull(identifier);
            return Classes.TryGetValue(identifier, out var type)
                ? SerializedObject.Construct<Optimizer>(type, new Dictionary<string, object?>())
                : throw Known.Unknown("Could not interpret optimizer identifier", identifier, nameof(identifier), Classes.Keys);
        }

        /// <summary>An optimizer from its serialized form: class_name and config, as in a saved model.</summary>
        /// <exception cref="ArgumentException">There is no such class, or it does not take this config.</exception>
        public Optimizer get(IReadOnlyDictionary<string, object?> config) => SerializedObject.Create<Optimizer>(Classes, config);

        /// <inheritdoc cref="get(IReadOnlyDictionary{string, object})"/>
        public Optimizer deserialize(IReadOnlyDictionary<string, object?> config) => get(config);

        /// <summary>The serialized form of an optimizer, without its state, which <see cref="get(IReadOnlyDictionary{string, object})"/> takes.</summary>
        /// <exception cref="UnsupportedException">The learning rate is a user-defined function.</exception>
        public Dictionary<string, object?> serialize(Optimizer optimizer)
        {
            ArgumentNullException.ThrowIfNull(optimizer);
            return optimizer.Serialized();
        }
    }
}
