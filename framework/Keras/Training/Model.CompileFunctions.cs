using System.Runtime.CompilerServices;
using Keras.Losses;
using Keras.Metrics;
using Keras.Optimizers;

namespace Keras;

// C# converts neither lambdas nor methods to LossArg or MetricsArg, so functions have overloads.
public abstract partial class Model
{
    /// <summary>Prepares the model for training with a function as loss: <c>compile("adam", (t, p) => ops.mean(ops.square(t - p), axis: -1))</c>.</summary>
    /// <param name="optimizer">A name or an optimizer; default "rmsprop".</param>
    /// <param name="loss">Takes the truth and the predictions, in this order, and returns a value for each sample, or one for all.</param>
    /// <param name="loss_weights">The weight of each output's loss; default 1.</param>
    /// <param name="metrics">Metrics that ignore sample weights; default none.</param>
    /// <param name="weighted_metrics">Metrics that weight samples by their sample weights; default none.</param>
    /// <param name="run_eagerly">Whether steps run op by op, for debugging; default false.</param>
    /// <param name="steps_per_execution">Steps between two calls of the batch callbacks; default 1.</param>
    /// <param name="jit_compile">Whether XLA compiles steps; default "auto" (see <see cref="JitArg"/>).</param>
    /// <param name="auto_scale_loss">Whether losses are scaled under the policy mixed_float16; default true.</param>
    [OverloadResolutionPriority(-1)]
    public void compile(OptimizerArg? optimizer = null, Func<Tensor, Tensor, Tensor>? loss = null, LossWeightsArg? loss_weights = null, MetricsArg? metrics = null,
        MetricsArg? weighted_metrics = null, bool run_eagerly = false, int steps_per_execution = 1, JitArg jit_compile = default, bool auto_scale_loss = true) =>
        CompileFunctions(optimizer, loss, loss_weights, metrics, weighted_metrics, run_eagerly, steps_per_execution, jit_compile, auto_scale_loss);

    /// <summary>Prepares the model for training with functions among the metrics: <c>metrics: ["mae", MyMetric]</c>. Without a loss the model's own is used.</summary>
    /// <inheritdoc cref="compile(OptimizerArg, LossArg, LossWeightsArg, MetricsArg, MetricsArg, bool, int, JitArg, bool)"/>
    [OverloadResolutionPriority(-2)]
    public void compile(OptimizerArg? optimizer = null, LossArg? loss = null, LossWeightsArg? loss_weights = null, MetricList? metrics = null,
        MetricsArg? weighted_metrics = null, bool run_eagerly = false, int steps_per_execution = 1, JitArg jit_compile = default, bool auto_scale_loss = true) =>
        CompileFunctions(optimizer, loss, loss_weights, MetricList.Of(metrics), weighted_metrics, run_eagerly, steps_per_execution, jit_compile, auto_scale_loss);

    /// <summary>Prepares the model for training with a function as loss, and functions among the metrics.</summary>
    /// <inheritdoc cref="compile(OptimizerArg, Func{Tensor, Tensor, Tensor}, LossWeightsArg, MetricsArg, MetricsArg, bool, int, JitArg, bool)"/>
    [OverloadResolutionPriority(-3)]
    public void compile(OptimizerArg? optimizer = null, Func<Tensor, Tensor, Tensor>? loss = null, LossWeightsArg? loss_weights = null, MetricList? metrics = null,
        MetricsArg? weighted_metrics = null, bool run_eagerly = false, int steps_per_execution = 1, JitArg jit_compile = default, bool auto_scale_loss = true) =>
        CompileFunctions(optimizer, loss, loss_weights, MetricList.Of(metrics), weighted_metrics, run_eagerly, steps_per_execution, jit_compile, auto_scale_loss);

    void CompileFunctions(OptimizerArg? optimizer, LossArg? loss, LossWeightsArg? lossWeights, MetricsArg? metrics, MetricsArg? weightedMetrics, bool runEagerly,
        int stepsPerExecution, JitArg jitCompile, bool autoScaleLoss) =>
        Compile(optimizer, loss, loss is null ? default_loss : null, lossWeights, metrics, weightedMetrics, runEagerly, stepsPerExecution, jitCompile, autoScaleLoss);
}
