using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Adagrad, for sparse data: divides gradients by the root of the sum of all their squares so far, so that rarely changed weights take larger steps.</summary>
/// <remarks>Source: keras/src/optimizers/adagrad.py.</remarks>
public class Adagrad : Optimizer
{
    readonly double _initial;
    readonly double _epsilon;
    OptimizerSlots _accumulators = null!;

    /// <summary>Adagrad, for sparse data: divides gradients by the root of the sum of all their squares so far, so that rarely changed weights take larger steps.</summary>
    /// <param name="learning_rate">The size of the steps; default 0.001.</param>
    /// <param name="initial_accumulator_value">The initial value of the sums of squares; default 0.1.</param>
    /// <param name="epsilon">Keeps the scale finite; default 1e-7.</param>
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
    public Adagrad(LearningRate? learning_rate = null, double initial_accumulator_value = 0.1, double epsilon = 1e-7,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null)
        : base(learning_rate ?? 0.001, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name) =>
        (_initial, _epsilon) = (Require.AtLeast(0, initial_accumulator_value), Require.AtLeast(0, epsilon));

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        if (built) return;
        base.build(variables);
        _accumulators = add_optimizer_variables(variables, "accumulator", (shape, dtype) => Tf.Full(shape, _initial, dtype));
    }

    /// <inheritdoc/>
    public override void update_step(Tensor gradient, Variable variable, Tensor learning_rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(variable);
        var sum = _accumulators[variable].value + Tf.Square(gradient);
        _accumulators[variable].assign(sum);
        variable.assign_sub(learning_rate * gradient / Tf.Sqrt(sum + _epsilon));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["initial_accumulator_value"] = _initial, ["epsilon"] = _epsilon };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.Adagrad(LearningRate, double, double, double?, double?, double?, double?, bool, double, int?, double?, int?, string)"/>
    public Adagrad Adagrad(LearningRate? learning_rate = null, double initial_accumulator_value = 0.1, double epsilon = 1e-7,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null) =>
        new(learning_rate, initial_accumulator_value, epsilon,
            weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
            gradient_accumulation_steps, name);
}
