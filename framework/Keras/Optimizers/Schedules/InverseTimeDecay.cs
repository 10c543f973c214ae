using Keras.Graphs;

namespace Keras.Optimizers.Schedules;

/// <summary>A learning rate whose inverse grows linearly: initial_learning_rate / (1 + decay_rate · step / decay_steps).</summary>
public class InverseTimeDecay : LearningRateSchedule
{
    readonly double _initial;
    readonly double _steps;
    readonly double _rate;
    readonly bool _staircase;
    readonly string _name;

    /// <summary>A learning rate whose inverse grows linearly.</summary>
    /// <param name="initial_learning_rate">The learning rate of step 0.</param>
    /// <param name="decay_steps">The length of a period, above 0.</param>
    /// <param name="decay_rate">The growth of the inverse per period, relative to the initial one.</param>
    /// <param name="staircase">Whether it shrinks at the end of each period instead of gradually; default false.</param>
    /// <param name="name">Its name; default "InverseTimeDecay".</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is not above 0.</exception>
    public InverseTimeDecay(double initial_learning_rate, double decay_steps, double decay_rate, bool staircase = false, string name = "InverseTimeDecay") =>
        (_initial, _steps, _rate, _staircase, _name) = (Require.Finite(initial_learning_rate), Positive(decay_steps, nameof(decay_steps)), Require.Finite(decay_rate), staircase, name);

    /// <inheritdoc/>
    public override Tensor Apply(Tensor step)
    {
        var periods = Float(step) / _steps;
        return _initial / (((_staircase ? Tf.Floor(periods) : periods) * _rate) + 1);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new()
    {
        ["initial_learning_rate"] = _initial, ["decay_steps"] = _steps, ["decay_rate"] = _rate, ["staircase"] = _staircase, ["name"] = _name,
    };
}

public sealed partial class SchedulesApi
{
    /// <inheritdoc cref="Schedules.InverseTimeDecay(double, double, double, bool, string)"/>
    public InverseTimeDecay InverseTimeDecay(double initial_learning_rate, double decay_steps, double decay_rate, bool staircase = false,
        string name = "InverseTimeDecay") => new(initial_learning_rate, decay_steps, decay_rate, staircase, name);
}
