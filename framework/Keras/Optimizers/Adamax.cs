using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Adamax: Adam with the largest recent gradient instead of the average square.</summary>
/// <remarks>Source: keras/src/optimizers/adamax.py.</remarks>
public class Adamax : Optimizer
{
    readonly double _beta1;
    readonly double _beta2;
    readonly double _epsilon;
    OptimizerSlots _momentums = null!;
    OptimizerSlots _norms = null!;

    /// <summary>Adamax: Adam with the largest recent gradient instead of the average square.</summary>
    /// <param name="learning_rate">The size of the steps; default 0.001.</param>
    /// <param name="beta_1">The fraction of the average gradient that is kept; default 0.9.</param>
    /// <param name="beta_2">The fraction of the largest gradient that is kept; default 0.999.</param>
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
    public Adamax(LearningRate? learning_rate = null, double beta_1 = 0.9, double beta_2 = 0.999, double epsilon = 1e-7,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null)
        : base(learning_rate ?? 0.001, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name) =>
        (_beta1, _beta2, _epsilon) = (Require.Decay(beta_1), Require.Share(beta_2), Require.AtLeast(0, epsilon));

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        if (built) return;
        base.build(variables);
        var slots = add_optimizer_variables(variables, ["momentum", "norm"]);
        (_momentums, _norms) = (slots[0], slots[1]);
    }

    /// <inheritdoc/>
    public override void update_step(Tensor gradient, Variable variable, Tensor learning_rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(variable);
        var momentum = Moved(_momentums[variable], gradient, _beta1);
        var norm = Tf.Maximum(_norms[variable].value * _beta2, Tf.Abs(gradient));
        _norms[variable].assign(norm);
        variable.assign_sub(learning_rate * momentum / ((1 - Power(_beta1, variable.dtype)) * (norm + _epsilon)));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["beta_1"] = _beta1, ["beta_2"] = _beta2, ["epsilon"] = _epsilon };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.Adamax(LearningRate, double, double, double, double?, double?, double?, double?, bool, double, int?, double?, int?, string)"/>
    public Adamax Adamax(LearningRate? learning_rate = null, double beta_1 = 0.9, double beta_2 = 0.999, double epsilon = 1e-7,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null) =>
        new(learning_rate, beta_1, beta_2, epsilon,
            weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
            gradient_accumulation_steps, name);
}
