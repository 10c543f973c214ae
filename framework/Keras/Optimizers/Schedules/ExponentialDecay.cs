using Keras.Graphs;

namespace Keras.Optimizers.Schedules;

/// <summary>A learning rate that shrinks by a factor in each period: initial_learning_rate · decay_rate ^ (step / decay_steps).</summary>
public class ExponentialDecay : LearningRateSchedule
{
    readonly double _initial;
    readonly double _steps;
    readonly double _rate;
    readonly bool _staircase;
    readonly string _name;

    /// <summary>A learning rate that shrinks by a factor in each period.</summary>
    /// <param name="initial_learning_rate">The learning rate of step 0.</param>
    /// <param name="decay_steps">The length of a period, above 0.</param>
    /// <param name="decay_rate">The factor.</param>
    /// <param name="staircase">Whether it shrinks at the end of each period instead of gradually; default false.</param>
    /// <param name="name">Its name; default "ExponentialDecay".</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is not above 0.</exception>
    public ExponentialDecay(double initial_learning_rate, double decay_steps, double decay_rate, bool staircase = false, string name = "ExponentialDecay") =>
        (_initial, _steps, _rate, _staircase, _name) = (Require.Finite(initial_learning_rate), Positive(decay_steps, nameof(decay_steps)), Require.Finite(decay_rate), staircase, name);

    /// <inheritdoc/>
    public override Tensor Apply(Tensor step)
    {
        var periods = Float(step) / _steps;
        return Tf.Pow(Float(_rate), _staircase ? Tf.Floor(periods) : periods) * _initial;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new()
    {
        ["initial_learning_rate"] = _initial, ["decay_steps"] = _steps, ["decay_rate"] = _rate, ["staircase"] = _staircase, ["name"] = _name,
    };
}

public sealed partial class SchedulesApi
{
    /// <inheritdoc cref="Schedules.ExponentialDecay(double, double, double, bool, string)"/>
    public ExponentialDecay ExponentialDecay(double initial_learning_rate, double decay_steps, double decay_rate, bool staircase = false,
        string name = "ExponentialDecay") => new(initial_learning_rate, decay_steps, decay_rate, staircase, name);
}
