using System.Globalization;
using Keras.Losses;
using Keras.Metrics;
using Keras.Optimizers;

namespace Keras;

public abstract partial class Model
{
    /// <summary>The arguments of <c>compile</c>, under Keras' keys; empty if the model is not compiled.</summary>
    /// <exception cref="UnsupportedException">The learning rate is a function.</exception>
    public virtual Dictionary<string, object?> get_compile_config() => _compiled is not { } state ? [] : new()
    {
        ["optimizer"] = state.Optimizer.Serialized(),
        ["loss"] = state.Loss?.ToConfig(),
        ["loss_weights"] = state.LossWeights?.ToConfig(),
        ["metrics"] = state.Metrics?.ToConfig(),
        ["weighted_metrics"] = state.WeightedMetrics?.ToConfig(),
        ["run_eagerly"] = state.RunEagerly,
        ["steps_per_execution"] = state.StepsPerExecution,
        ["jit_compile"] = jit_compile,
    };

    /// <summary>Compiles the model as <see cref="get_compile_config"/> says, and makes the optimizer's variables where the model has its own.</summary>
    /// <param name="config">Keras' compile_config. A model that has a loss of its own uses it if the config names none.</param>
    /// <exception cref="ArgumentException">A class is unknown, or the loss or a metric is a user-defined function.</exception>
    public virtual void compile_from_config(IReadOnlyDictionary<string, object?> config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var loss = LossArg.FromConfig(config.GetValueOrDefault("loss"));
        Compile(OptimizerOf(config.GetValueOrDefault("optimizer")), loss, loss is null ? default_loss : null, LossWeightsArg.FromConfig(config.GetValueOrDefault("loss_weights")),
            MetricsArg.FromConfig(config.GetValueOrDefault("metrics")), MetricsArg.FromConfig(config.GetValueOrDefault("weighted_metrics")),
            config.GetValueOrDefault("run_eagerly") is true, StepsOf(config.GetValueOrDefault("steps_per_execution")),
            config.GetValueOrDefault("jit_compile") switch { bool jit => jit, string auto => auto, _ => default(JitArg) }, autoScaleLoss: false);
        if (built) optimizer.build(trainable_weights);
    }

    private protected override Dictionary<string, object?> CompileConfig => get_compile_config();

    static int StepsOf(object? config) => config switch
    {
        null => 1,
        int steps => steps,
        long and > 0 and <= int.MaxValue => Convert.ToInt32(config, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"The steps_per_execution of a config do not fit. Expected: a positive number. Received: {config}.", nameof(config)),
    };

    static OptimizerArg? OptimizerOf(object? config) => config switch
    {
        null => null,
        string name => name,
        IReadOnlyDictionary<string, object?> serialized => new OptimizersApi().get(serialized),
        _ => throw ConfigParts.Wrong("optimizer", config),
    };
}
