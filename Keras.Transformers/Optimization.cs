using System.Text.RegularExpressions;
using Keras.Optimizers;
using Keras.Optimizers.Schedules;
using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Creates Hugging Face's optimizer for fine-tuning.</summary>
/// <remarks>Source: transformers/optimization_tf.py.</remarks>
/// <example>
/// <code>
/// var model = TFAutoModelForSequenceClassification.from_pretrained("bert-base-cased", num_labels: 2);
/// var (optimizer, schedule) = Optimization.create_optimizer(init_lr: 3e-5, num_train_steps: 1000, num_warmup_steps: 100, weight_decay_rate: 0.01);
/// model.compile(optimizer: optimizer);   // no loss: the model's own
/// </code>
/// </example>
public static class Optimization
{
    /// <summary>Parts of the paths of variables that <see cref="create_optimizer"/> does not decay.</summary>
    static readonly string[] Undecayed = ["LayerNorm", "layer_norm", "bias"];

    /// <summary>Creates Adam with a learning rate that rises for some steps and then falls, and with weight decay on all weights but biases and those of LayerNorm.</summary>
    /// <param name="init_lr">The learning rate at its height.</param>
    /// <param name="num_train_steps">All steps.</param>
    /// <param name="num_warmup_steps">The steps in which it rises, from 0.</param>
    /// <param name="min_lr_ratio">The fraction of it at the end; default 0.</param>
    /// <param name="adam_beta1">The fraction of the average gradient that is kept; default 0.9.</param>
    /// <param name="adam_beta2">The fraction of the average square that is kept; default 0.999.</param>
    /// <param name="adam_epsilon">Keeps the scale finite; default 1e-8.</param>
    /// <param name="adam_clipnorm">The largest norm of each gradient; default none.</param>
    /// <param name="adam_global_clipnorm">The largest norm of all gradients together; default none.</param>
    /// <param name="weight_decay_rate">The decay; default 0, plain Adam.</param>
    /// <param name="power">The power of the decay; default 1 (linear).</param>
    /// <param name="include_in_weight_decay">Regular expressions of paths that are decayed in any case; default none.</param>
    /// <returns>The optimizer, and its learning rate as a schedule.</returns>
    /// <remarks>As there, GPT-2's <c>ln_*</c> and ViT's <c>layernorm_*</c> are decayed.</remarks>
    public static (Optimizer optimizer, LearningRateSchedule lr_schedule) create_optimizer(double init_lr, int num_train_steps, int num_warmup_steps, double min_lr_ratio = 0,
        double adam_beta1 = 0.9, double adam_beta2 = 0.999, double adam_epsilon = 1e-8, double? adam_clipnorm = null, double? adam_global_clipnorm = null,
        double weight_decay_rate = 0, double power = 1, IReadOnlyList<string>? include_in_weight_decay = null)
    {
        LearningRateSchedule schedule = new PolynomialDecay(init_lr, num_train_steps - num_warmup_steps, init_lr * min_lr_ratio, power);
        if (num_warmup_steps > 0) schedule = new WarmUp(init_lr, schedule, num_warmup_steps);
        var optimizer = weight_decay_rate > 0
            ? new AdamWeightDecay(schedule, adam_beta1, adam_beta2, adam_epsilon, weight_decay_rate: weight_decay_rate, include_in_weight_decay: include_in_weight_decay,
                exclude_from_weight_decay: Undecayed, clipnorm: adam_clipnorm, global_clipnorm: adam_global_clipnorm)
            : new Adam(schedule, adam_beta1, adam_beta2, adam_epsilon, clipnorm: adam_clipnorm, global_clipnorm: adam_global_clipnorm);
        return (optimizer, schedule);
    }
}

/// <summary>A learning rate that rises from 0, initial_learning_rate · (step / warmup_steps) ^ power, and then follows another schedule from its start.</summary>
public sealed class WarmUp : LearningRateSchedule
{
    readonly double _initial;
    readonly LearningRateSchedule _then;
    readonly int _steps;
    readonly double _power;
    readonly string? _name;

    /// <summary>Creates a learning rate with a warm-up.</summary>
    /// <param name="initial_learning_rate">The learning rate at the end of the warm-up.</param>
    /// <param name="decay_schedule_fn">The schedule that follows.</param>
    /// <param name="warmup_steps">The steps in which it rises, above 0.</param>
    /// <param name="power">The power of the warm-up; default 1 (linear).</param>
    /// <param name="name">The schedule's name; default none.</param>
    public WarmUp(double initial_learning_rate, LearningRateSchedule decay_schedule_fn, int warmup_steps, double power = 1, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(decay_schedule_fn);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(warmup_steps);
        (_initial, _then, _steps, _power, _name) = (initial_learning_rate, decay_schedule_fn, warmup_steps, power, name);
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var done = ops.cast(step, "float32");
        var share = done / (double)_steps;
        var rising = (_power == 1 ? share : ops.power(share, _power)) * _initial;
        return ops.where(done < _steps, rising, _then.Apply(done - (double)_steps));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new()
    {
        ["initial_learning_rate"] = _initial, ["decay_schedule_fn"] = _then.get_config(), ["warmup_steps"] = _steps, ["power"] = _power, ["name"] = _name,
    };
}

/// <summary>Adam with decoupled weight decay, applied to variables chosen by their paths.</summary>
public sealed class AdamWeightDecay : Adam
{
    readonly IReadOnlyList<string> _included;
    readonly IReadOnlyList<string> _excluded;

    /// <summary>Creates Adam with decoupled weight decay.</summary>
    /// <param name="learning_rate">The size of the steps; default 0.001.</param>
    /// <param name="beta_1">The fraction of the average gradient that is kept; default 0.9.</param>
    /// <param name="beta_2">The fraction of the average square that is kept; default 0.999.</param>
    /// <param name="epsilon">Keeps the scale finite; default 1e-7.</param>
    /// <param name="amsgrad">Whether the largest average square so far scales the steps; default false.</param>
    /// <param name="weight_decay_rate">The fraction of each variable, times the learning rate, that each step subtracts; default 0.</param>
    /// <param name="include_in_weight_decay">Regular expressions: variables whose path contains one are decayed in any case; default none.</param>
    /// <param name="exclude_from_weight_decay">Regular expressions: other variables whose path contains one are not decayed; default none.</param>
    /// <param name="clipnorm">The largest norm of each gradient; default none.</param>
    /// <param name="global_clipnorm">The largest norm of all gradients together; default none.</param>
    /// <param name="name">The optimizer's name; default "AdamWeightDecay".</param>
    public AdamWeightDecay(LearningRate? learning_rate = null, double beta_1 = 0.9, double beta_2 = 0.999, double epsilon = 1e-7, bool amsgrad = false,
        double weight_decay_rate = 0, IReadOnlyList<string>? include_in_weight_decay = null, IReadOnlyList<string>? exclude_from_weight_decay = null,
        double? clipnorm = null, double? global_clipnorm = null, string name = "AdamWeightDecay")
        : base(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay: weight_decay_rate, clipnorm: clipnorm, global_clipnorm: global_clipnorm, name: name) =>
        (_included, _excluded) = (include_in_weight_decay ?? [], exclude_from_weight_decay ?? []);

    private protected override void Decay(List<Variable> variables, Tensor learning_rate)
    {
        if (weight_decay is > 0 and { } rate) DecayBy(variables.Where(IsChosen), rate, learning_rate);
    }

    bool IsChosen(Variable variable)
    {
        bool Matches(string pattern) => Regex.IsMatch(variable.path, pattern, RegexOptions.CultureInvariant);
        return _included.Any(Matches) || !_excluded.Any(Matches);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config()) { ["weight_decay_rate"] = weight_decay };
        config.Remove("weight_decay");
        return config;
    }
}
