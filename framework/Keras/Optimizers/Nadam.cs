using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Nadam: Adam with Nesterov momentum.</summary>
/// <remarks>Source: keras/src/optimizers/nadam.py.</remarks>
public class Nadam : Optimizer
{
    readonly double _beta1;
    readonly double _beta2;
    readonly double _epsilon;
    OptimizerSlots _momentums = null!;
    OptimizerSlots _velocities = null!;
    Variable _product = null!;

    /// <summary>Nadam: Adam with Nesterov momentum.</summary>
    /// <param name="learning_rate">The size of the steps; default 0.001.</param>
    /// <param name="beta_1">The fraction of the average gradient that is kept; default 0.9.</param>
    /// <param name="beta_2">The fraction of the average square that is kept; default 0.999.</param>
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
    public Nadam(LearningRate? learning_rate = null, double beta_1 = 0.9, double beta_2 = 0.999, double epsilon = 1e-7,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null)
        : base(learning_rate ?? 0.001, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name) =>
        (_beta1, _beta2, _epsilon) = (Require.Share(beta_1), Require.Decay(beta_2), Require.AtLeast(0, epsilon));

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (built) return;
        base.build(variables);
        var slots = add_optimizer_variables(variables, ["momentum", "velocity"]);
        (_momentums, _velocities) = (slots[0], slots[1]);
        _product = Track(Shape.Scalar, (s, d) => Tf.Full(s, 1, d), variables.Count > 0 ? variables[0].dtype : DType.Float32, "variable", scope: "");
    }

    /// <summary>The momentum of an update: it grows towards beta_1.</summary>
    Tensor Momentum(Tensor update, DType dtype) => (1 - (Tf.Pow(Constant("decay", 0.96, dtype), update) * 0.5)) * _beta1;

    private protected override void BeginStep(Tensor learning_rate)
    {
        var dtype = _product.dtype;
        _product.assign(OfThisStep("product", dtype, () => _product.value * Momentum(LocalStep(dtype), dtype)));
    }

    Tensor Product(DType dtype) => OfThisStep("product", dtype, () => Tf.Cast(OfThisStep("product", _product.dtype, () => _product.value), dtype));

    /// <inheritdoc/>
    public override void update_step(Tensor gradient, Variable variable, Tensor learning_rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(variable);
        var dtype = variable.dtype;
        var next = OfThisStep("next", dtype, () => Momentum(LocalStep(dtype) + 1, dtype));
        var ofMomentum = OfThisStep("of momentum", dtype, () => next / (1 - (Product(dtype) * next)));
        var ofGradient = OfThisStep("of gradient", dtype, () => (1 - Momentum(LocalStep(dtype), dtype)) / (1 - Product(dtype)));
        var momentum = Moved(_momentums[variable], gradient, _beta1);
        var velocity = Moved(_velocities[variable], Tf.Square(gradient), _beta2) / (1 - Power(_beta2, dtype));
        var ahead = (momentum * ofMomentum) + (gradient * ofGradient);
        variable.assign_sub(ahead * learning_rate / (Tf.Sqrt(velocity) + _epsilon));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["beta_1"] = _beta1, ["beta_2"] = _beta2, ["epsilon"] = _epsilon };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.Nadam(LearningRate, double, double, double, double?, double?, double?, double?, bool, double, int?, double?, int?, string)"/>
    public Nadam Nadam(LearningRate? learning_rate = null, double beta_1 = 0.9, double beta_2 = 0.999, double epsilon = 1e-7,
        double? weight_decay = null, double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false,
        double ema_momentum = 0.99, int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null,
        string? name = null) =>
        new(learning_rate, beta_1, beta_2, epsilon,
            weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
            gradient_accumulation_steps, name);
}
