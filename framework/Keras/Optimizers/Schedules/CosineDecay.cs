using Keras.Graphs;

namespace Keras.Optimizers.Schedules;

/// <summary>A learning rate that falls along half a cosine, from the initial rate to alpha times it; before, it may rise linearly to another rate (warm-up).</summary>
/// <example>
/// <code>
/// var rate = keras.optimizers.schedules.CosineDecay(0, decay_steps: 1000, warmup_target: 1e-3, warmup_steps: 100);
/// var optimizer = keras.optimizers.AdamW(rate, weight_decay: 0.01);
/// </code>
/// </example>
public class CosineDecay : LearningRateSchedule
{
    readonly double _initial;
    readonly double _steps;
    readonly double _alpha;
    readonly string _name;
    readonly double? _warmupTarget;
    readonly double _warmupSteps;

    /// <summary>A learning rate that falls along half a cosine.</summary>
    /// <param name="initial_learning_rate">The learning rate of step 0.</param>
    /// <param name="decay_steps">The number of steps until the end value, counted from the end of the warm-up, above 0.</param>
    /// <param name="alpha">The end value as a fraction of the rate at which the fall begins; default 0.</param>
    /// <param name="name">Its name; default "CosineDecay".</param>
    /// <param name="warmup_target">The learning rate at the end of the warm-up, where the fall begins; default null (no warm-up).</param>
    /// <param name="warmup_steps">The number of warm-up steps; default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is not above 0.</exception>
    public CosineDecay(double initial_learning_rate, double decay_steps, double alpha = 0.0, string name = "CosineDecay", double? warmup_target = null,
        double warmup_steps = 0) => (_initial, _steps, _alpha, _name, _warmupTarget, _warmupSteps) =
        (Require.Finite(initial_learning_rate), Positive(decay_steps, nameof(decay_steps)), Require.Finite(alpha), name, warmup_target is { } target ? Require.Finite(target, nameof(warmup_target)) : null, Require.AtLeast(0, warmup_steps));

    /// <inheritdoc/>
    public override Tensor Apply(Tensor step)
    {
        var done = Float(step);
        if (_warmupTarget is not { } target) return Decayed(Tf.Minimum(done, Float(_steps)), _initial);
        done = Tf.Minimum(done, Float(_steps + _warmupSteps));
        if (_warmupSteps == 0) return Decayed(done, target);
        var warm = (done / _warmupSteps * (target - _initial)) + _initial;
        return Tf.SelectV2(Tf.Less(done, Float(_warmupSteps)), warm, Decayed(done - _warmupSteps, target));
    }

    Tensor Decayed(Tensor done, double from)
    {
        var cosine = (Tf.Cos(done / _steps * Math.PI) + 1) * 0.5;
        return ((cosine * (1 - _alpha)) + _alpha) * from;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new()
    {
        ["initial_learning_rate"] = _initial, ["decay_steps"] = _steps, ["alpha"] = _alpha, ["name"] = _name,
        ["warmup_target"] = _warmupTarget, ["warmup_steps"] = _warmupSteps,
    };
}

public sealed partial class SchedulesApi
{
    /// <inheritdoc cref="Schedules.CosineDecay(double, double, double, string, double?, double)"/>
    public CosineDecay CosineDecay(double initial_learning_rate, double decay_steps, double alpha = 0.0, string name = "CosineDecay", double? warmup_target = null,
        double warmup_steps = 0) => new(initial_learning_rate, decay_steps, alpha, name, warmup_target, warmup_steps);
}
