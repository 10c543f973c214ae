using Keras.Graphs;

namespace Keras.Optimizers.Schedules;

/// <summary>The base of learning rate schedules: learning rates that depend on the step, computed inside the training step.</summary>
/// <remarks>Override <see cref="Apply"/> and <see cref="get_config"/>. Source: keras/src/optimizers/schedules/learning_rate_schedule.py.</remarks>
public abstract class LearningRateSchedule
{
    /// <summary>The learning rate of a step: Keras' <c>schedule(step)</c>.</summary>
    /// <param name="step">The number of earlier steps, a scalar, integer or floating.</param>
    /// <returns>A scalar, float32.</returns>
    public abstract Tensor Apply(Tensor step);

    /// <summary>The arguments that recreate the object, under Keras' keys.</summary>
    /// <exception cref="UnsupportedException">The class does not override it.</exception>
    public virtual Dictionary<string, object?> get_config() => throw new UnsupportedException("A learning rate schedule cannot be saved", GetType().Name, remedy: "Override get_config().");

    private protected static Tensor Float(double value) => Tf.Constant(value, DType.Float32);

    private protected static Tensor Float(Tensor step) => Tf.Cast(step ?? throw new ArgumentNullException(nameof(step)), DType.Float32);

    private protected static double Positive(double steps, string argument) =>
        double.IsFinite(steps) && steps > 0 ? steps : throw new ArgumentOutOfRangeException(argument, steps, $"Argument `{argument}` must be > 0 and finite.");
}
