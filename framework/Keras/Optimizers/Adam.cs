using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Adam, a good first choice: steps along a moving average of gradients, scaled by one of their squares: m / (sqrt(v) + epsilon), both corrected for their start at zero.</summary>
/// <remarks>Source: keras/src/optimizers/adam.py.</remarks>
/// <example>
/// <code>
/// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1)]);
/// model.compile(optimizer: keras.optimizers.Adam(learning_rate: 1e-3), loss: "mse");
/// </code>
/// </example>
public class Adam : Optimizer
{
    readonly double _beta1;
    readonly double _beta2;
    readonly double _epsilon;
    readonly bool _amsgrad;
    OptimizerSlots _momentums = null!;
    OptimizerSlots _velocities = null!;
    OptimizerSlots? _largest;

    /// <summary>Adam, a good first choice: steps along a moving average of gradients, scaled by one of their squares: m / (sqrt(v) + epsilon), both corrected for their start at zero.</summary>
    /// <param name="learning_rate">The size of the steps; default 0.001.</param>
    /// <param name="beta_1">The fraction of the average gradient that is kept; default 0.9.</param>
    /// <param name="beta_2">The fraction of the average square that is kept; default 0.999.</param>
    /// <param name="epsilon">Keeps the scale finite; default 1e-7.</param>
    /// <param name="amsgrad">Whether the largest average square so far scales the steps; default false.</param>
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
    public Adam(LearningRate? learning_rate = null, double beta_1 = 0.9, double beta_2 = 0.999, double epsilon = 1e-7, bool amsgrad = false,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null)
        : base(learning_rate ?? 0.001, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name) =>
        (_beta1, _beta2, _epsilon, _amsgrad) = (Require.Decay(beta_1), Require.Decay(beta_2), Require.AtLeast(0, epsilon), amsgrad);

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        if (built) return;
        base.build(variables);
        var slots = add_optimizer_variables(variables, ["momentum", "velocity"]);
        (_momentums, _velocities) = (slots[0], slots[1]);
        if (_amsgrad) _largest = add_optimizer_variables(variables, "velocity_hat");
    }

    /// <inheritdoc/>
    public override void update_step(Tensor gradient, Variable variable, Tensor learning_rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(variable);
        var dtype = variable.dtype;
        var (momentum, velocity) = (_momentums[variable], _velocities[variable]);
        if (_largest is null)
        {
            Tf.ApplyAdam(variable.Handle, momentum.Handle, velocity.Handle, Power(_beta1, dtype), Power(_beta2, dtype), learning_rate,
                Constant("beta_1", _beta1, dtype), Constant("beta_2", _beta2, dtype), Constant("epsilon", _epsilon, dtype), gradient);
            return;
        }
        var m = Moved(momentum, gradient, _beta1);
        var v = Tf.Maximum(_largest[variable].value, Moved(velocity, Tf.Square(gradient), _beta2));
        _largest[variable].assign(v);
        var rate = OfThisStep("alpha", dtype, () => learning_rate * Tf.Sqrt(1 - Power(_beta2, dtype)) / (1 - Power(_beta1, dtype)));
        variable.assign_sub(m * rate / (Tf.Sqrt(v) + _epsilon));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() =>
        new(base.get_config()) { ["beta_1"] = _beta1, ["beta_2"] = _beta2, ["epsilon"] = _epsilon, ["amsgrad"] = _amsgrad };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.Adam(LearningRate, double, double, double, bool, double?, double?, double?, double?, bool, double, int?, double?, int?, string)"/>
    public Adam Adam(LearningRate? learning_rate = null, double beta_1 = 0.9, double beta_2 = 0.999, double epsilon = 1e-7, bool amsgrad = false,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null) =>
        new(learning_rate, beta_1, beta_2, epsilon, amsgrad,
            weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
            gradient_accumulation_steps, name);
}
