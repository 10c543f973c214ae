using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>RMSprop: divides gradients by the root of a moving average of their squares, with optional momentum.</summary>
/// <remarks>Source: keras/src/optimizers/rmsprop.py.</remarks>
public class RMSprop : Optimizer
{
    readonly double _rho;
    readonly double _momentum;
    readonly double _epsilon;
    readonly bool _centered;
    OptimizerSlots _velocities = null!;
    OptimizerSlots? _momentums;
    OptimizerSlots? _averages;

    /// <summary>RMSprop: divides gradients by the root of a moving average of their squares, with optional momentum.</summary>
    /// <param name="learning_rate">The size of the steps; default 0.001.</param>
    /// <param name="rho">The fraction of the average square that is kept; default 0.9.</param>
    /// <param name="momentum">The fraction of the last step that is kept; default 0.</param>
    /// <param name="epsilon">Keeps the scale finite; default 1e-7.</param>
    /// <param name="centered">Whether the variance of gradients scales the steps instead of their square; default false.</param>
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
    public RMSprop(LearningRate? learning_rate = null, double rho = 0.9, double momentum = 0.0, double epsilon = 1e-7, bool centered = false,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null)
        : base(learning_rate ?? 0.001, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name) =>
        (_rho, _momentum, _epsilon, _centered) = (Require.Share(rho), Require.Share(momentum), Require.AtLeast(0, epsilon), centered);

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        if (built) return;
        base.build(variables);
        _velocities = add_optimizer_variables(variables, "velocity");
        if (_momentum > 0) _momentums = add_optimizer_variables(variables, "momentum");
        if (_centered) _averages = add_optimizer_variables(variables, "average_gradient");
    }

    /// <inheritdoc/>
    public override void update_step(Tensor gradient, Variable variable, Tensor learning_rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(variable);
        var velocity = Kept(_velocities[variable], Tf.Square(gradient));
        if (_averages is not null) velocity -= Tf.Square(Kept(_averages[variable], gradient));
        var step = learning_rate * gradient / Tf.Sqrt(velocity + _epsilon);
        if (_momentums is not null)
        {
            step += _momentums[variable].value * _momentum;
            _momentums[variable].assign(step);
        }
        variable.assign_sub(step);
    }

    Tensor Kept(Variable slot, Tensor target)
    {
        var value = (slot.value * _rho) + (target * (1 - _rho));
        slot.assign(value);
        return value;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() =>
        new(base.get_config()) { ["rho"] = _rho, ["momentum"] = _momentum, ["epsilon"] = _epsilon, ["centered"] = _centered };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.RMSprop(LearningRate, double, double, double, bool, double?, double?, double?, double?, bool, double, int?, double?, int?, string)"/>
    public RMSprop RMSprop(LearningRate? learning_rate = null, double rho = 0.9, double momentum = 0.0, double epsilon = 1e-7, bool centered = false,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null) =>
        new(learning_rate, rho, momentum, epsilon, centered,
            weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
            gradient_accumulation_steps, name);
}
