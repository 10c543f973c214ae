using Keras.Graphs;

namespace Keras.Optimizers;

/// <summary>Wraps an optimizer for float16 training: scales the loss so that gradients do not underflow. The scale adapts: it doubles after many
/// finite steps; whenever a gradient is not finite, it is halved and the step left out.</summary>
/// <remarks>Source: keras/src/optimizers/loss_scale_optimizer.py.</remarks>
public class LossScaleOptimizer : Optimizer
{
    readonly Optimizer _inner;
    readonly double _initialScale;
    readonly int _growthSteps;
    Variable? _counter;
    Variable? _scale;

    /// <summary>Wraps an optimizer for float16 training.</summary>
    /// <param name="inner_optimizer">The optimizer that takes the steps.</param>
    /// <param name="initial_scale">The scale to start with; default 32768.</param>
    /// <param name="dynamic_growth_steps">The number of finite steps in a row after which the scale doubles; default 2000.</param>
    /// <param name="name">Its name; default "loss_scale_optimizer" with a number.</param>
    public LossScaleOptimizer(Optimizer inner_optimizer, double initial_scale = 32768, int dynamic_growth_steps = 2000, string? name = null) : base(0.0, name: name)
    {
        ArgumentNullException.ThrowIfNull(inner_optimizer);
        (_inner, _initialScale, _growthSteps) = (inner_optimizer, Require.Positive(initial_scale), Require.Count(1, dynamic_growth_steps));
        _inner.loss_scale_factor = null;
    }

    /// <summary>The optimizer that takes the steps.</summary>
    public Optimizer inner_optimizer => _inner;

    /// <summary>The scale now, a scalar, float32; null before the optimizer is built.</summary>
    public Variable? dynamic_scale => _scale;

    /// <inheritdoc/>
    public override Variable iterations => _inner.iterations;

    /// <inheritdoc/>
    public override LearningRate learning_rate
    {
        get => _inner.learning_rate;
        set => _inner.learning_rate = value;
    }

    /// <summary>This optimizer's variables, then those of the wrapped one.</summary>
    public override IReadOnlyList<Variable> variables => [.. base.variables, .. _inner.variables];

    /// <inheritdoc/>
    public override void build(IReadOnlyList<Variable> variables)
    {
        if (built) return;
        _counter = add_variable(Shape.Scalar, dtype: DType.Int64, name: "step_counter");
        _scale = add_variable(Shape.Scalar, (s, d) => Tf.Full(s, _initialScale, d), DType.Float32, "dynamic_scale");
        _inner.build(variables);
        base.build(variables);
    }

    /// <inheritdoc/>
    public override void apply(IReadOnlyList<Tensor?> grads, IReadOnlyList<Variable>? trainable_variables = null)
    {
        ArgumentNullException.ThrowIfNull(grads);
        if (grads.Count == 0) return;
        var targets = Targets(grads.Count, trainable_variables);
        using (GradientTape.Pause())
        {
            var finite = grads.OfType<Tensor>().Select(g => Tf.All(Tf.IsFinite(g), [.. Enumerable.Range(0, g.ndim)])).Aggregate(Tf.LogicalAnd);
            Conditional.Run(finite, () =>
            {
                Tensor scale = _scale!;
                _inner.apply([.. grads.Select(g => g is null ? null : g / Tf.Cast(scale, g.dtype))], targets);
                // After enough finite steps in a row, the scale doubles and the count restarts.
                Tensor count = _counter!;
                var grows = Tf.Equal(count, Tf.Constant(_growthSteps - 1, DType.Int64));
                _scale!.assign(Tf.SelectV2(grows, scale * 2, scale));
                _counter!.assign(Tf.SelectV2(grows, Tf.Constant(0, DType.Int64), count + 1));
            }, () =>
            {
                _counter!.assign(Tf.Constant(0, DType.Int64));
                _scale!.assign(_scale.value * 0.5);
            });
        }
    }

    /// <inheritdoc/>
    public override Tensor scale_loss(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return _scale is null ? loss * _initialScale : loss * Tf.Cast(_scale.value, loss.dtype);
    }

    /// <inheritdoc/>
    public override void finalize_variable_values(IReadOnlyList<Variable> var_list) => _inner.finalize_variable_values(var_list);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new()
    {
        ["name"] = name, ["inner_optimizer"] = _inner.Serialized(), ["initial_scale"] = _initialScale, ["dynamic_growth_steps"] = _growthSteps,
    };
}

public sealed partial class OptimizersApi
{
    /// <inheritdoc cref="Optimizers.LossScaleOptimizer(Optimizer, double, int, string)"/>
    public LossScaleOptimizer LossScaleOptimizer(Optimizer inner_optimizer, double initial_scale = 32768, int dynamic_growth_steps = 2000, string? name = null) =>
        new(inner_optimizer, initial_scale, dynamic_growth_steps, name);
}
