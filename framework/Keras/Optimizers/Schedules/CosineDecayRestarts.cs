using Keras.Graphs;

namespace Keras.Optimizers.Schedules;

/// <summary>A learning rate that falls along half a cosine again and again, each time longer and from a lower start (SGDR).</summary>
/// <remarks>Exactly at a restart the rounding of float32 decides which side counts.</remarks>
public class CosineDecayRestarts : LearningRateSchedule
{
    readonly double _initial;
    readonly double _firstSteps;
    readonly double _longer;
    readonly double _lower;
    readonly double _alpha;
    readonly string _name;

    /// <summary>A learning rate that falls along half a cosine again and again.</summary>
    /// <param name="initial_learning_rate">The learning rate of step 0.</param>
    /// <param name="first_decay_steps">The length of the first decay period, above 0.</param>
    /// <param name="t_mul">The factor by which each decay period is longer; default 2.</param>
    /// <param name="m_mul">The factor of each fall's starting rate relative to the one before; default 1.</param>
    /// <param name="alpha">The end value as a fraction of the initial rate; default 0.</param>
    /// <param name="name">Its name; default "SGDRDecay".</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not above 0.</exception>
    public CosineDecayRestarts(double initial_learning_rate, double first_decay_steps, double t_mul = 2.0, double m_mul = 1.0, double alpha = 0.0, string name = "SGDRDecay") =>
        (_initial, _firstSteps, _longer, _lower, _alpha, _name) =
        (Require.Finite(initial_learning_rate), Positive(first_decay_steps, nameof(first_decay_steps)), Require.Positive(t_mul), Require.Finite(m_mul), Require.Finite(alpha), name);

    /// <inheritdoc/>
    public override Tensor Apply(Tensor step)
    {
        var (restarts, done) = Restarts(Float(step) / _firstSteps);
        var cosine = (Tf.Cos(done * Math.PI) + 1) * Tf.Pow(Float(_lower), restarts) * 0.5;
        return ((cosine * (1 - _alpha)) + _alpha) * _initial;
    }

    /// <summary>The number of finished decay periods, and the finished fraction of the current one; their lengths are equal or a geometric series.</summary>
    (Tensor Restarts, Tensor Done) Restarts(Tensor falls)
    {
        if (_longer == 1)
        {
            var over = Tf.Floor(falls);
            return (over, falls - over);
        }
        var restarts = Tf.Floor(Tf.Log(1 - (falls * (1 - _longer))) / Tf.Log(Float(_longer)));
        var length = Tf.Pow(Float(_longer), restarts);
        return (restarts, (falls - ((1 - length) / (1 - _longer))) / length);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new()
    {
        ["initial_learning_rate"] = _initial, ["first_decay_steps"] = _firstSteps, ["t_mul"] = _longer, ["m_mul"] = _lower, ["alpha"] = _alpha, ["name"] = _name,
    };
}

public sealed partial class SchedulesApi
{
    /// <inheritdoc cref="Schedules.CosineDecayRestarts(double, double, double, double, double, string)"/>
    public CosineDecayRestarts CosineDecayRestarts(double initial_learning_rate, double first_decay_steps, double t_mul = 2.0, double m_mul = 1.0, double alpha = 0.0,
        string name = "SGDRDecay") => new(initial_learning_rate, first_decay_steps, t_mul, m_mul, alpha, name);
}
