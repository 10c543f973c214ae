using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Stochastic gradient descent: w -= learning_rate · g. With momentum: velocity = momentum · velocity - learning_rate · g, then w += velocity.</summary>
/// <remarks>Source: keras/src/optimizers/sgd.py.</remarks>
public class SGD : Optimizer
{
    readonly double _momentum;
    readonly bool _nesterov;
    OptimizerSlots? _velocities;

    /// <summary>Stochastic gradient descent, with or without momentum.</summary>
    /// <param name="learning_rate">The size of the steps; default 0.01.</param>
    /// <param name="momentum">The fraction of the last step that is kept, in [0, 1]; default 0.</param>
    /// <param name="nesterov">Whether momentum looks ahead; default false.</param>
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
    public SGD(LearningRate? learning_rate = null, double momentum = 0.0, bool nesterov = false,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null)
        : base(learning_rate ?? 0.01, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name)
    {
        if (momentum is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "`momentum` must be in [0, 1].");
        (_momentum, _nesterov) = (momentum, nesterov);
    }

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        if (built) return;
        base.build(variables);
        if (_momentum != 0) _velocities = add_optimizer_variables(variables, "momentum");
    }

    /// <inheritdoc/>
    public override void update_step(Tensor gradient, Variable variable, Tensor learning_rate)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (_velocities is null) Tf.ApplyGradientDescent(variable.Handle, learning_rate, gradient);
        else Tf.ApplyKerasMomentum(variable.Handle, _velocities[variable].Handle, learning_rate, gradient, Constant("momentum", _momentum, variable.dtype), _nesterov);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["momentum"] = _momentum, ["nesterov"] = _nesterov };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.SGD(LearningRate, double, bool, double?, double?, double?, double?, bool, double, int?, double?, int?, string)"/>
    public SGD SGD(LearningRate? learning_rate = null, double momentum = 0.0, bool nesterov = false,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null) =>
        new(learning_rate, momentum, nesterov,
            weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
            gradient_accumulation_steps, name);
}
