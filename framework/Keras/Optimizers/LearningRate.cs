using Keras.Graphs;
using Keras.Optimizers.Schedules;

namespace Keras.Optimizers;

/// <summary>The learning rate of an optimizer: a number, a schedule over the steps, or a function that computes it.</summary>
/// <remarks>All three convert implicitly. Read it as a tensor: <c>optimizer.learning_rate.value</c>.</remarks>
public sealed class LearningRate
{
    readonly Func<Tensor>? _value;

    LearningRate(double? number, LearningRateSchedule? schedule, Func<Tensor>? value) => (Number, Schedule, _value) = (number, schedule, value);

    /// <summary>The fixed number; null if there is none.</summary>
    internal double? Number { get; }

    /// <summary>The schedule; null if there is none.</summary>
    internal LearningRateSchedule? Schedule { get; }

    /// <summary>The function; null if there is none.</summary>
    internal Func<Tensor>? Function => Number is null && Schedule is null ? _value : null;

    /// <summary>The current learning rate, a scalar, float32.</summary>
    public Tensor value => _value is not null ? _value() : Number is { } number ? (float)number
        : throw new InvalidOperationException("A schedule has no value outside of an optimizer, which counts the steps. Read optimizer.learning_rate, or apply the schedule to a step.");

    /// <summary>This learning rate with its current value in an optimizer.</summary>
    internal LearningRate WithValue(Func<Tensor> value) => new(Number, Schedule, value);

    /// <summary>Makes a schedule from its form in a config.</summary>
    internal static LearningRate FromConfig(IReadOnlyDictionary<string, object?> config) => new SchedulesApi().get(config);

    /// <summary>A constant learning rate.</summary>
    public static implicit operator LearningRate(double number) => new(number, null, null);

    /// <summary>A schedule over the steps.</summary>
    public static implicit operator LearningRate(LearningRateSchedule schedule) => new(null, schedule ?? throw new ArgumentNullException(nameof(schedule)), null);

    /// <summary>A function that is called in every step; within a traced step its tensors become part of it.</summary>
    public static implicit operator LearningRate(Func<Tensor> function) => new(null, null, function ?? throw new ArgumentNullException(nameof(function)));

    /// <summary>The current learning rate.</summary>
    public static implicit operator Tensor(LearningRate rate) => (rate ?? throw new ArgumentNullException(nameof(rate))).value;

    /// <summary>The current number, or the function that computes it.</summary>
    public override string ToString() => Graph.Current is null && (_value is not null || Number is not null) ? $"{value}" : Schedule is { } schedule ? $"<{schedule.GetType().Name}>" : "<function>";
}
