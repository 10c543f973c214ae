using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Schedule-free AdamW: Adam that averages the variables instead of a learning rate schedule.</summary>
/// <remarks>Source: keras/src/optimizers/schedule_free_adamw.py.</remarks>
public class ScheduleFreeAdamW : Optimizer
{
    readonly double _beta1;
    readonly double _beta2;
    readonly double _epsilon;
    readonly double _warmup;
    OptimizerSlots _momentums = null!;
    OptimizerSlots _velocities = null!;

    /// <summary>Schedule-free AdamW: Adam that averages the variables instead of a learning rate schedule.</summary>
    /// <param name="learning_rate">The size of the steps; default 0.0025.</param>
    /// <param name="beta_1">The interpolation between the fast and the averaged variables at which gradients are taken; default 0.9.</param>
    /// <param name="beta_2">The fraction of the average square that is kept; default 0.999.</param>
    /// <param name="epsilon">Keeps the scale finite; default 1e-8.</param>
    /// <param name="warmup_steps">The number of steps over which the learning rate grows from 0; default 0.</param>
    /// <param name="weight_decay">The fraction of each variable, times the learning rate, that each step subtracts; default none.</param>
    /// <param name="clipnorm">The largest norm of each gradient; default none.</param>
    /// <param name="clipvalue">The largest absolute value in a gradient; default none.</param>
    /// <param name="global_clipnorm">The largest norm of all gradients together; default none.</param>
    /// <param name="use_ema">Whether a moving average of the variables is kept; default false.</param>
    /// <param name="ema_momentum">The share of the average that each step keeps, in [0, 1]; default 0.99.</param>
    /// <param name="ema_overwrite_frequency">The number of steps after which the variables are repeatedly set to the average; default only at the end of training.</param>
    /// <param name="loss_scale_factor">The factor that multiplies the loss and divides the gradients, against underflow; default none.</param>
    /// <param name="gradient_accumulation_steps">The number of steps, at least 2, over which gradients are averaged for one update; default none.</param>
    /// <param name="name">Its name; default the class name in snake case with a number.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or more than one kind of clipping is given.</exception>
    public ScheduleFreeAdamW(LearningRate? learning_rate = null, double beta_1 = 0.9, double beta_2 = 0.999, double epsilon = 1e-8, double warmup_steps = 0,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null)
        : base(learning_rate ?? 0.0025, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name) =>
        (_beta1, _beta2, _epsilon, _warmup) = (Require.Part(beta_1), Require.Decay(beta_2), Require.AtLeast(0, epsilon), Require.AtLeast(0, warmup_steps));

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (built) return;
        base.build(variables);
        var slots = add_optimizer_variables(variables, ["momentum", "velocity"]);
        (_momentums, _velocities) = (slots[0], slots[1]);
        using (Graph.Suspend())
            foreach (var variable in variables) _momentums[variable].Load(Tf.Wide(variable.value));
    }

    /// <inheritdoc/>
    public override void update_step(Tensor gradient, Variable variable, Tensor learning_rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(learning_rate);
        var dtype = variable.dtype;
        var rate = OfThisStep("rate", dtype, () => _warmup > 0
            ? learning_rate * Tf.Minimum(LocalStep(dtype) / _warmup, Constant("one", 1, dtype)) : learning_rate);
        var weight = OfThisStep("weight", dtype, () => 1 / LocalStep(dtype));
        var velocity = Moved(_velocities[variable], Tf.Square(gradient), _beta2);
        var scale = Tf.Sqrt(velocity / (1 - Power(_beta2, dtype))) + _epsilon;
        var fast = _momentums[variable].value - (rate * gradient / scale);
        _momentums[variable].assign(fast);
        // The variable is beta_1 · average + (1 - beta_1) · fast, so the average follows from it (Keras on TensorFlow uses the new fast one here).
        var average = (variable.value - (fast * (1 - _beta1))) / _beta1;
        average = (average * (1 - weight)) + (fast * weight);
        variable.assign((fast * (1 - _beta1)) + (average * _beta1));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() =>
        new(base.get_config()) { ["beta_1"] = _beta1, ["beta_2"] = _beta2, ["epsilon"] = _epsilon, ["warmup_steps"] = _warmup };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.ScheduleFreeAdamW(LearningRate, double, double, double, double, double?, double?, double?, double?, bool, double, int?, double?, int?, string)"/>
    public ScheduleFreeAdamW ScheduleFreeAdamW(LearningRate? learning_rate = null, double beta_1 = 0.9, double beta_2 = 0.999, double epsilon = 1e-8,
        double warmup_steps = 0,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null) =>
        new(learning_rate, beta_1, beta_2, epsilon, warmup_steps,
            weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
            gradient_accumulation_steps, name);
}
