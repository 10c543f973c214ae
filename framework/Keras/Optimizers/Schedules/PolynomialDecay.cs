using Keras.Graphs;

namespace Keras.Optimizers.Schedules;

/// <summary>A learning rate that falls to an end value: (initial_learning_rate - end_learning_rate) · (1 - step / decay_steps) ^ power + end_learning_rate; with power 1 in a straight line.</summary>
public class PolynomialDecay : LearningRateSchedule
{
    readonly double _initial;
    readonly double _steps;
    readonly double _end;
    readonly double _power;
    readonly bool _cycle;
    readonly string _name;

    /// <summary>A learning rate that falls to an end value and stays there.</summary>
    /// <param name="initial_learning_rate">The learning rate of step 0.</param>
    /// <param name="decay_steps">The number of steps until the end value, above 0.</param>
    /// <param name="end_learning_rate">The end value; default 0.0001.</param>
    /// <param name="power">The exponent of the fall; default 1 (a straight line).</param>
    /// <param name="cycle">Whether it starts again, from lower down each time, whenever the end is reached; default false.</param>
    /// <param name="name">Its name; default "PolynomialDecay".</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not above 0.</exception>
    public PolynomialDecay(double initial_learning_rate, double decay_steps, double end_learning_rate = 0.0001, double power = 1.0, bool cycle = false,
        string name = "PolynomialDecay") => (_initial, _steps, _end, _power, _cycle, _name) =
        (Require.Finite(initial_learning_rate), Positive(decay_steps, nameof(decay_steps)), Require.Finite(end_learning_rate), Require.Finite(power), cycle, name);

    /// <inheritdoc/>
    public override Tensor Apply(Tensor step)
    {
        var done = Float(step);
        var steps = Float(_steps);
        if (_cycle) steps *= Tf.SelectV2(Tf.Equal(done, Float(0)), Float(1), Tf.Ceil(done / _steps));
        else done = Tf.Minimum(done, steps);
        var left = 1 - (done / steps);
        return ((_power == 1 ? left : Tf.Pow(left, Float(_power))) * (_initial - _end)) + _end;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new()
    {
        ["initial_learning_rate"] = _initial, ["decay_steps"] = _steps, ["end_learning_rate"] = _end, ["power"] = _power, ["cycle"] = _cycle, ["name"] = _name,
    };
}

public sealed partial class SchedulesApi
{
    /// <inheritdoc cref="Schedules.PolynomialDecay(double, double, double, double, bool, string)"/>
    public PolynomialDecay PolynomialDecay(double initial_learning_rate, double decay_steps, double end_learning_rate = 0.0001, double power = 1.0, bool cycle = false,
        string name = "PolynomialDecay") => new(initial_learning_rate, decay_steps, end_learning_rate, power, cycle, name);
}
