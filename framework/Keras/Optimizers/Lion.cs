using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Lion: steps of one size in the direction of the momentum's sign; it needs less memory than Adam.</summary>
/// <remarks>Source: keras/src/optimizers/lion.py.</remarks>
public class Lion : Optimizer
{
    readonly double _beta1;
    readonly double _beta2;
    OptimizerSlots _momentums = null!;

    /// <summary>Lion: steps of one size in the direction of the momentum's sign; it needs less memory than Adam.</summary>
    /// <param name="learning_rate">The size of the steps; default 0.001.</param>
    /// <param name="beta_1">The fraction of momentum in the direction, in (0, 1]; default 0.9.</param>
    /// <param name="beta_2">The fraction of the momentum that is kept; default 0.99.</param>
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
    public Lion(LearningRate? learning_rate = null, double beta_1 = 0.9, double beta_2 = 0.99,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null)
        : base(learning_rate ?? 0.001, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name)
    {
        if (beta_1 is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(beta_1), beta_1, "The share is out of range. Expected: a number in (0, 1]; with 0 only the sign of each gradient would count.");
        (_beta1, _beta2) = (beta_1, Require.Share(beta_2));
    }

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        if (built) return;
        base.build(variables);
        _momentums = add_optimizer_variables(variables, "momentum");
    }

    /// <inheritdoc/>
    public override void update_step(Tensor gradient, Variable variable, Tensor learning_rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(variable);
        var momentum = _momentums[variable].value;
        variable.assign_sub(learning_rate * Tf.Sign((momentum * _beta1) + (gradient * (1 - _beta1))));
        _momentums[variable].assign((momentum * _beta2) + (gradient * (1 - _beta2)));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["beta_1"] = _beta1, ["beta_2"] = _beta2 };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.Lion(LearningRate, double, double, double?, double?, double?, double?, bool, double, int?, double?, int?, string)"/>
    public Lion Lion(LearningRate? learning_rate = null, double beta_1 = 0.9, double beta_2 = 0.99,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null) =>
        new(learning_rate, beta_1, beta_2,
            weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
            gradient_accumulation_steps, name);
}
