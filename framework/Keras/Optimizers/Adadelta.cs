using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Adadelta, which needs no learning rate tuned by hand: scales gradients by the ratio of the roots of two moving averages, of squared past steps and of squared gradients.</summary>
/// <remarks>Source: keras/src/optimizers/adadelta.py.</remarks>
public class Adadelta : Optimizer
{
    readonly double _rho;
    readonly double _epsilon;
    OptimizerSlots _gradients = null!;
    OptimizerSlots _steps = null!;

    /// <summary>Adadelta, which needs no learning rate tuned by hand: scales gradients by the ratio of the roots of two moving averages, of squared past steps and of squared gradients.</summary>
    /// <param name="learning_rate">The factor of the steps; default 0.001 (the paper's is 1).</param>
    /// <param name="rho">The fraction of the averages that is kept; default 0.95.</param>
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
    public Adadelta(LearningRate? learning_rate = null, double rho = 0.95, double epsilon = 1e-7,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null)
        : base(learning_rate ?? 0.001, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name) =>
        (_rho, _epsilon) = (Require.Share(rho), Require.AtLeast(0, epsilon));

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        if (built) return;
        base.build(variables);
        var slots = add_optimizer_variables(variables, ["accumulated_grad", "accumulated_delta_var"]);
        (_gradients, _steps) = (slots[0], slots[1]);
    }

    /// <inheritdoc/>
    public override void update_step(Tensor gradient, Variable variable, Tensor learning_rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(variable);
        var (gradients, steps) = (_gradients[variable], _steps[variable]);
        var before = steps.value;
        var squares = Kept(gradients.value, gradient);
        gradients.assign(squares);
        var step = Tf.Sqrt(before + _epsilon) * gradient / Tf.Sqrt(squares + _epsilon);
        steps.assign(Kept(before, step));
        variable.assign_sub(learning_rate * step);
    }

    Tensor Kept(Tensor average, Tensor x) => (average * _rho) + (Tf.Square(x) * (1 - _rho));

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["rho"] = _rho, ["epsilon"] = _epsilon };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.Adadelta(LearningRate, double, double, double?, double?, double?, double?, bool, double, int?, double?, int?, string)"/>
    public Adadelta Adadelta(LearningRate? learning_rate = null, double rho = 0.95, double epsilon = 1e-7,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null) =>
        new(learning_rate, rho, epsilon,
            weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
            gradient_accumulation_steps, name);
}
