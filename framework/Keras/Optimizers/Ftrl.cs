using Keras.Graphs;
using Keras.Losses;

namespace Keras.Optimizers;

/// <summary>FTRL (follow the regularized leader), for large sparse linear models, with L1 and L2 regularization.</summary>
/// <remarks>Source: keras/src/optimizers/ftrl.py.</remarks>
public class Ftrl : Optimizer
{
    readonly double _power;
    readonly double _initial;
    readonly double _l1;
    readonly double _l2;
    readonly double _shrinkage;
    readonly double _beta;
    OptimizerSlots _accumulators = null!;
    OptimizerSlots _linears = null!;

    /// <summary>FTRL (follow the regularized leader), for large sparse linear models, with L1 and L2 regularization.</summary>
    /// <param name="learning_rate">The size of the steps; default 0.001.</param>
    /// <param name="learning_rate_power">At most 0: how the learning rate falls with the sum of squares; default -0.5.</param>
    /// <param name="initial_accumulator_value">The initial value of the sums of squares, at least 0; default 0.1.</param>
    /// <param name="l1_regularization_strength">At least 0; default 0.</param>
    /// <param name="l2_regularization_strength">At least 0; default 0.</param>
    /// <param name="l2_shrinkage_regularization_strength">At least 0: an L2 penalty on the magnitude of steps; default 0.</param>
    /// <param name="beta">The paper's beta; default 0.</param>
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
    public Ftrl(LearningRate? learning_rate = null, double learning_rate_power = -0.5, double initial_accumulator_value = 0.1, double l1_regularization_strength = 0.0,
        double l2_regularization_strength = 0.0, double l2_shrinkage_regularization_strength = 0.0, double beta = 0.0,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null)
        : base(learning_rate ?? 0.001, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(learning_rate_power, 0);
        (_power, _initial) = (Require.Finite(learning_rate_power), Require.AtLeast(0, initial_accumulator_value));
        (_l1, _l2) = (Require.AtLeast(0, l1_regularization_strength), Require.AtLeast(0, l2_regularization_strength));
        (_shrinkage, _beta) = (Require.AtLeast(0, l2_shrinkage_regularization_strength), Require.AtLeast(0, beta));
    }

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        if (built) return;
        base.build(variables);
        var slots = add_optimizer_variables(variables, ["accumulator", "linear"], [(shape, dtype) => Tf.Full(shape, _initial, dtype), null]);
        (_accumulators, _linears) = (slots[0], slots[1]);
    }

    /// <inheritdoc/>
    public override void update_step(Tensor gradient, Variable variable, Tensor learning_rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(learning_rate);
        var (accumulator, weights) = (_accumulators[variable].value, variable.value);
        var sum = accumulator + Tf.Square(gradient);
        var (before, after) = (Powered(accumulator), Powered(sum));
        var linear = _linears[variable].value + (gradient + (weights * (2 * _shrinkage)) - ((after - before) / learning_rate * weights));
        var quadratic = (after / learning_rate) + ((_beta / (learning_rate * 2)) + _l2) * 2;
        _accumulators[variable].assign(sum);
        _linears[variable].assign(linear);
        variable.assign((LossMath.Clip(linear, -_l1, _l1) - linear) / quadratic);
    }

    Tensor Powered(Tensor sum) => _power == -0.5 ? Tf.Sqrt(sum) : Tf.Pow(sum, Constant("power", -_power, sum.dtype));

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["learning_rate_power"] = _power, ["initial_accumulator_value"] = _initial, ["l1_regularization_strength"] = _l1,
        ["l2_regularization_strength"] = _l2, ["l2_shrinkage_regularization_strength"] = _shrinkage, ["beta"] = _beta,
    };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.Ftrl(LearningRate, double, double, double, double, double, double, double?, double?, double?, double?, bool, double, int?, double?, int?, string)"/>
    public Ftrl Ftrl(LearningRate? learning_rate = null, double learning_rate_power = -0.5, double initial_accumulator_value = 0.1,
        double l1_regularization_strength = 0.0, double l2_regularization_strength = 0.0, double l2_shrinkage_regularization_strength = 0.0, double beta = 0.0,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null) =>
        new(learning_rate, learning_rate_power, initial_accumulator_value, l1_regularization_strength, l2_regularization_strength,
            l2_shrinkage_regularization_strength, beta,
            weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
            gradient_accumulation_steps, name);
}
