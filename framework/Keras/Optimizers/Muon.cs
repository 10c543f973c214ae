using System.Text.RegularExpressions;
using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Muon: momentum whose step for each matrix is made orthogonal by Newton-Schulz iterations; Adam trains other variables and embeddings.</summary>
/// <remarks>Source: keras/src/optimizers/muon.py.</remarks>
public class Muon : Optimizer
{
    readonly double _beta1;
    readonly double _beta2;
    readonly double? _adamDecay;
    readonly double _epsilon;
    readonly string[] _excluded;
    readonly bool _excludeEmbeddings;
    readonly double _a;
    readonly double _b;
    readonly double _c;
    readonly double _adamRatio;
    readonly double _momentum;
    readonly int _iterations;
    readonly bool _nesterov;
    readonly double? _rmsRate;
    readonly OptimizerSlots _momentums = new();
    readonly OptimizerSlots _velocities = new();

    /// <summary>Muon: momentum whose step for each matrix is made orthogonal by Newton-Schulz iterations; Adam trains other variables and embeddings.</summary>
    /// <param name="learning_rate">The size of the steps; default 0.001.</param>
    /// <param name="adam_beta_1">Adam: how much of the average gradient is kept; default 0.9.</param>
    /// <param name="adam_beta_2">Adam: how much of the average square is kept; default 0.999.</param>
    /// <param name="adam_weight_decay">Adam: the share of each variable, times the learning rate, that each step subtracts; null for none; default 0.004.</param>
    /// <param name="epsilon">Adam: keeps the scale finite; default 1e-7.</param>
    /// <param name="weight_decay">The fraction of each matrix, times the learning rate, that each step subtracts; null for none; default 0.004.</param>
    /// <param name="clipnorm">The largest norm of each gradient; default none.</param>
    /// <param name="clipvalue">The largest absolute value in a gradient; default none.</param>
    /// <param name="global_clipnorm">The largest norm of all gradients together; default none.</param>
    /// <param name="use_ema">Whether a moving average of the variables is kept; default false.</param>
    /// <param name="ema_momentum">The share of the average that each step keeps, in [0, 1]; default 0.99.</param>
    /// <param name="ema_overwrite_frequency">The number of steps after which the variables are repeatedly set to the average; default only at the end of training.</param>
    /// <param name="loss_scale_factor">The factor that multiplies the loss and divides the gradients, against underflow; default none.</param>
    /// <param name="gradient_accumulation_steps">The number of steps, at least 2, over which gradients are averaged for one update; default none.</param>
    /// <param name="name">Its name; default the class name in snake case with a number.</param>
    /// <param name="exclude_layers">Regular expressions: matrices whose path contains one are trained by Adam; default none.</param>
    /// <param name="exclude_embeddings">Whether variables with "embedding" in their path are trained by Adam; default true.</param>
    /// <param name="muon_a">The first coefficient of the iteration; default 3.4445.</param>
    /// <param name="muon_b">The second; default -4.775.</param>
    /// <param name="muon_c">The third; default 2.0315.</param>
    /// <param name="adam_lr_ratio">The factor of the learning rate for Adam; default 1.</param>
    /// <param name="momentum">The fraction of the last steps that is kept; default 0.95.</param>
    /// <param name="ns_steps">The number of iterations; default 5.</param>
    /// <param name="nesterov">Whether momentum looks ahead; default true.</param>
    /// <param name="rms_rate">The root mean square of a step, so that Adam's learning rates fit; null for not adjusted; default 0.2.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or more than one kind of clipping is given.</exception>
    public Muon(LearningRate? learning_rate = null, double adam_beta_1 = 0.9, double adam_beta_2 = 0.999, double? adam_weight_decay = 0.004, double epsilon = 1e-7,
        double? weight_decay = 0.004,
        double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false, double ema_momentum = 0.99,
        int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null, string? name = null,
        string[]? exclude_layers = null, bool exclude_embeddings = true, double muon_a = 3.4445, double muon_b = -4.775, double muon_c = 2.0315,
        double adam_lr_ratio = 1, double momentum = 0.95, int ns_steps = 5, bool nesterov = true, double? rms_rate = 0.2)
        : base(learning_rate ?? 0.001, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name)
    {
        (_beta1, _beta2, _adamDecay, _epsilon) = (Require.Decay(adam_beta_1), Require.Decay(adam_beta_2), adam_weight_decay is null ? null : Require.AtLeast(0, adam_weight_decay.Value, nameof(adam_weight_decay)), Require.AtLeast(0, epsilon));
        (_excluded, _excludeEmbeddings, _a, _b, _c) = (exclude_layers ?? [], exclude_embeddings, muon_a, muon_b, muon_c);
        (_adamRatio, _momentum, _iterations, _nesterov, _rmsRate) = (Require.Finite(adam_lr_ratio), Require.Share(momentum), Require.Count(0, ns_steps), nesterov, rms_rate);
    }

    bool IsForAdam(Variable variable) => variable.shape.Rank != 2
        || (_excludeEmbeddings && variable.path.Contains("embedding", StringComparison.OrdinalIgnoreCase))
        || Array.Exists(_excluded, pattern => Regex.IsMatch(variable.path, pattern));

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (built) return;
        base.build(variables);
        foreach (var variable in variables)
        {
            _momentums.Add(variable, add_variable_from_reference(variable, "momentum"));
            if (IsForAdam(variable)) _velocities.Add(variable, add_variable_from_reference(variable, "velocity"));
        }
    }

    private protected override void Decay(List<Variable> variables, Tensor learning_rate)
    {
        if (_adamDecay is { } adam) DecayBy(variables.Where(IsForAdam), adam, learning_rate);
        if (weight_decay is { } muon) DecayBy(variables.Where(v => !IsForAdam(v)), muon, learning_rate);
    }

    /// <inheritdoc/>
    public override void update_step(Tensor gradient, Variable variable, Tensor learning_rate)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(variable);
        ArgumentNullException.ThrowIfNull(learning_rate);
        var slot = _momentums[variable];
        if (_velocities.Find(variable) is { } velocity)
        {
            var dtype = variable.dtype;
            Tf.ApplyAdam(variable.Handle, slot.Handle, velocity.Handle, Power(_beta1, dtype), Power(_beta2, dtype), learning_rate * _adamRatio,
                Constant("beta_1", _beta1, dtype), Constant("beta_2", _beta2, dtype), Constant("epsilon", _epsilon, dtype), gradient);
            return;
        }
        var momentum = (slot.value * _momentum) + gradient;
        slot.assign(momentum);
        var step = Orthogonal(_nesterov ? gradient + (momentum * _momentum) : momentum, variable.shape);
        if (_rmsRate is { } rate) step *= Math.Sqrt(Math.Max(variable.shape[0], variable.shape[1])) * rate;
        variable.assign_sub(step * learning_rate);
    }

    /// <summary>Brings all singular values of a matrix near 1 by a polynomial of x · xᵀ; tall matrices are transposed, since wide ones are cheaper.</summary>
    Tensor Orthogonal(Tensor x, Shape shape)
    {
        var isTall = shape[0] > shape[1];
        if (isTall) x = Tf.Transpose(x, [1, 0]);
        x /= Tf.Sqrt(Tf.Sum(Tf.Square(x))) + 1e-7;
        for (var i = 0; i < _iterations; i++)
        {
            var square = Tf.MatMul(x, x, transpose_b: true);
            var polynomial = (square * _b) + Tf.MatMul(square * _c, square);
            x = (x * _a) + Tf.MatMul(polynomial, x);
        }
        return isTall ? Tf.Transpose(x, [1, 0]) : x;
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["adam_beta_1"] = _beta1, ["adam_beta_2"] = _beta2, ["epsilon"] = _epsilon, ["exclude_layers"] = _excluded, ["muon_a"] = _a, ["muon_b"] = _b,
        ["muon_c"] = _c, ["adam_lr_ratio"] = _adamRatio, ["momentum"] = _momentum, ["ns_steps"] = _iterations, ["nesterov"] = _nesterov,
        ["exclude_embeddings"] = _excludeEmbeddings, ["adam_weight_decay"] = _adamDecay, ["rms_rate"] = _rmsRate,
    };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.Muon(LearningRate, double, double, double?, double, double?, double?, double?, double?, bool, double, int?, double?, int?, string, string[], bool, double, double, double, double, double, int, bool, double?)"/>
    public Muon Muon(LearningRate? learning_rate = null, double adam_beta_1 = 0.9, double adam_beta_2 = 0.999, double? adam_weight_decay = 0.004, double epsilon = 1e-7,
        double? weight_decay = 0.004,
        double? clipnorm = null, double? clipvalue = null, double? global_clipnorm = null, bool use_ema = false, double ema_momentum = 0.99,
        int? ema_overwrite_frequency = null, double? loss_scale_factor = null, int? gradient_accumulation_steps = null, string? name = null,
        string[]? exclude_layers = null, bool exclude_embeddings = true, double muon_a = 3.4445, double muon_b = -4.775, double muon_c = 2.0315,
        double adam_lr_ratio = 1, double momentum = 0.95, int ns_steps = 5, bool nesterov = true, double? rms_rate = 0.2) =>
        new(learning_rate, adam_beta_1, adam_beta_2, adam_weight_decay, epsilon, weight_decay,
            clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name,
            exclude_layers, exclude_embeddings, muon_a, muon_b, muon_c, adam_lr_ratio, momentum, ns_steps, nesterov, rms_rate);
}
