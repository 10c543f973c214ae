using System.Runtime.CompilerServices;
using Keras.Engines;
using Keras.Losses;
using Keras.Metrics;
using Keras.Optimizers;
using Keras.Training;

namespace Keras;

/// <summary>The loss of a model that brings its own: values from inputs, truth (null if the inputs hold it) and outputs.</summary>
/// <param name="x">The inputs.</param>
/// <param name="y">The truth; null if there is only the inputs'.</param>
/// <param name="y_pred">The model's outputs.</param>
/// <returns>A scalar, or one value per sample, (B).</returns>
public delegate Tensor DefaultLoss(Tensors x, Tensors? y, Tensors y_pred);

public abstract partial class Model
{
    readonly Lock _functions = new();
    CompiledState? _compiled;
    StepFunction? _trainFunction;
    StepFunction? _testFunction;
    StepFunction? _predictFunction;

    /// <summary>The loss that <see cref="compile(OptimizerArg, LossWeightsArg, MetricsArg, MetricsArg, bool, int, JitArg, bool)"/> without a loss chooses; null for none.</summary>
    protected virtual DefaultLoss? default_loss => null;

    /// <summary>The names of the outputs, if known before the model runs; default null.</summary>
    public virtual IReadOnlyList<string>? output_names => null;

    /// <summary>Whether XLA can compile the model; <c>jit_compile: "auto"</c> asks it. Default true.</summary>
    public virtual bool supports_jit => true;

    /// <summary>Whether <c>compile</c> has been called.</summary>
    public bool compiled => _compiled is not null;

    /// <summary>The optimizer that <c>compile</c> was given.</summary>
    /// <exception cref="InvalidOperationException">The model is not compiled.</exception>
    public Optimizer optimizer => RequireCompiled("optimizer").Optimizer;

    /// <summary>The loss that was given to <c>compile</c>; null for none and for the model's own.</summary>
    public LossArg? loss => _compiled?.Loss;

    /// <summary>Whether steps run op by op instead of compiled.</summary>
    public bool run_eagerly => _compiled?.RunEagerly ?? false;

    /// <summary>Whether steps are compiled by XLA.</summary>
    public bool jit_compile { get; private set; }

    /// <summary>Prepares the model for training: sets the optimizer and metrics. The loss is the model's own, where it has one (see <see cref="default_loss"/>).</summary>
    /// <param name="optimizer">A name or an optimizer; default "rmsprop".</param>
    /// <param name="loss_weights">The weight of each output's loss; default 1.</param>
    /// <param name="metrics">Metrics that ignore sample weights; default none.</param>
    /// <param name="weighted_metrics">Metrics that weight samples by their sample weights; default none.</param>
    /// <param name="run_eagerly">Whether steps run op by op, for debugging; default false.</param>
    /// <param name="steps_per_execution">Steps between two calls of the batch callbacks; default 1.</param>
    /// <param name="jit_compile">Whether XLA compiles steps; default "auto" (see <see cref="JitArg"/>).</param>
    /// <param name="auto_scale_loss">Whether losses are scaled under the policy mixed_float16; default true.</param>
    /// <remarks>A plain model has no loss of its own, so training needs <see cref="Layer.add_loss"/> or a loss given here.</remarks>
    [OverloadResolutionPriority(1)]
    public void compile(OptimizerArg? optimizer = null, LossWeightsArg? loss_weights = null, MetricsArg? metrics = null, MetricsArg? weighted_metrics = null,
        bool run_eagerly = false, int steps_per_execution = 1, JitArg jit_compile = default, bool auto_scale_loss = true) =>
        Compile(optimizer, null, default_loss, loss_weights, metrics, weighted_metrics, run_eagerly, steps_per_execution, jit_compile, auto_scale_loss);

    /// <summary>Prepares the model for training: sets the optimizer, the loss and the metrics. The loss is a name, a loss, a function, a list (one for
    /// each output) or a dictionary (by output name); null for no loss at all.</summary>
    /// <inheritdoc cref="compile(OptimizerArg, LossWeightsArg, MetricsArg, MetricsArg, bool, int, JitArg, bool)"/>
    /// <example>
    /// <code>
    /// var model = keras.Sequential([keras.Input(4), keras.layers.Dense(3, activation: "softmax")]);
    /// model.compile(optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"]);
    /// model.compile(keras.optimizers.AdamW(1e-3), keras.losses.SparseCategoricalCrossentropy(), jit_compile: true);   // by XLA on TensorFlow
    /// </code>
    /// </example>
    [OverloadResolutionPriority(2)]
    public void compile(OptimizerArg? optimizer, LossArg? loss, LossWeightsArg? loss_weights = null, MetricsArg? metrics = null, MetricsArg? weighted_metrics = null,
        bool run_eagerly = false, int steps_per_execution = 1, JitArg jit_compile = default, bool auto_scale_loss = true) =>
        Compile(optimizer, loss, null, loss_weights, metrics, weighted_metrics, run_eagerly, steps_per_execution, jit_compile, auto_scale_loss);

    /// <summary>Prepares the model for training: sets the loss and metrics, with the default optimizer.</summary>
    /// <inheritdoc cref="compile(OptimizerArg, LossArg, LossWeightsArg, MetricsArg, MetricsArg, bool, int, JitArg, bool)"/>
    [OverloadResolutionPriority(0)]
    public void compile(LossArg? loss, OptimizerArg? optimizer = null, LossWeightsArg? loss_weights = null, MetricsArg? metrics = null, MetricsArg? weighted_metrics = null,
        bool run_eagerly = false, int steps_per_execution = 1, JitArg jit_compile = default, bool auto_scale_loss = true) =>
        Compile(optimizer, loss, null, loss_weights, metrics, weighted_metrics, run_eagerly, steps_per_execution, jit_compile, auto_scale_loss);

    void Compile(OptimizerArg? optimizer, LossArg? loss, DefaultLoss? defaultLoss, LossWeightsArg? lossWeights, MetricsArg? metrics, MetricsArg? weightedMetrics,
        bool runEagerly, int stepsPerExecution, JitArg jitCompile, bool autoScaleLoss)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepsPerExecution, "steps_per_execution");
        if (runEagerly && jitCompile.Value == true)
            throw new ArgumentException("run_eagerly and jit_compile cannot both be true: XLA compiles what eager execution would not trace. Leave one out.", "jit_compile");
        if (lossWeights is not null && loss is null)
            throw new ArgumentException("loss_weights was given without a loss for each output. Give loss, or leave loss_weights out.", "loss_weights");
        _compiled = new()
        {
            Optimizer = autoScaleLoss ? Scaled((optimizer ?? "rmsprop").Optimizer) : (optimizer ?? "rmsprop").Optimizer,
            Loss = loss,
            LossWeights = lossWeights,
            Metrics = metrics,
            WeightedMetrics = weightedMetrics,
            CompileLoss = loss is null ? null : new(loss, lossWeights, () => output_names),
            DefaultLoss = defaultLoss,
            CompileMetrics = metrics is null && weightedMetrics is null ? null : new(metrics, weightedMetrics, () => output_names),
            LossTracker = new Mean("loss"),
            RunEagerly = runEagerly,
            StepsPerExecution = stepsPerExecution,
        };
        jit_compile = jitCompile.Value ?? (!runEagerly && AutoJit());
        DropFunctions();
        stop_training = stop_evaluating = stop_predicting = false;
    }

    /// <summary>Adds loss scaling if the policy is mixed_float16, whose gradients would underflow.</summary>
    Optimizer Scaled(Optimizer optimizer) => dtype_policy.name == "mixed_float16" && optimizer is not LossScaleOptimizer ? new LossScaleOptimizer(optimizer) : optimizer;

    bool AutoJit() => supports_jit && Engine.Current.PrefersJit;

    CompiledState RequireCompiled(string what) => _compiled
        ?? throw new InvalidOperationException($"The model '{name}' must be compiled before {what}. Call compile(optimizer, loss, metrics) first.");

    internal virtual void DropFunctions()
    {
        lock (_functions)
        {
            _trainFunction?.Dispose();
            _testFunction?.Dispose();
            _predictFunction?.Dispose();
            _trainFunction = _testFunction = _predictFunction = null;
        }
    }

    /// <summary>The operations of a training step; null before the first, and if steps run op by op.</summary>
    internal Graphs.FunctionGraph? TrainGraph => _trainFunction?.FirstTrace;

    StepFunction TrainFunction
    {
        get { lock (_functions) return _trainFunction ??= new("train", b => FlatLogs(train_step(b)), run_eagerly, jit_compile, () => trainable_weights); }
    }

    StepFunction TestFunction
    {
        get { lock (_functions) return _testFunction ??= new("test", b => FlatLogs(test_step(b)), run_eagerly, jit_compile, null); }
    }

    StepFunction PredictFunction
    {
        get { lock (_functions) return _predictFunction ??= new("predict", predict_step, run_eagerly, compiled ? jit_compile : AutoJit(), null); }
    }

    /// <summary>How often train, test and predict steps were traced since <c>compile</c>.</summary>
    internal (int Train, int Test, int Predict) TraceCounts => (_trainFunction?.TraceCount ?? 0, _testFunction?.TraceCount ?? 0, _predictFunction?.TraceCount ?? 0);

    /// <summary>Flattens nested dictionaries in the logs into one, sorted by name as in Keras on TensorFlow.</summary>
    static Tensors FlatLogs(Tensors logs)
    {
        if (!logs.IsDictionary) throw new ArgumentException("train_step or test_step did not return a dictionary of named scalars. Return get_metrics_result(), or a dictionary.");
        static IEnumerable<KeyValuePair<string, Tensors>> Flat(Tensors t) => t.Named().SelectMany(n => n.Value.IsDictionary ? Flat(n.Value) : [n]);
        return new(Flat(logs).OrderBy(l => l.Key, StringComparer.Ordinal));
    }
}
