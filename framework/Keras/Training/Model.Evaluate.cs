using System.Runtime.CompilerServices;
using Keras.Callbacks;
using Keras.Layers;
using Keras.Training;

namespace Keras;

public abstract partial class Model
{
    /// <summary>Set by a callback: evaluation ends after the current batch.</summary>
    public bool stop_evaluating { get; set; }

    /// <summary>Computes the loss and the metrics on whole arrays.</summary>
    /// <param name="x">The inputs, each (N, ...).</param>
    /// <param name="y">The truth, each (N, ...); default none, for models that find it in the inputs.</param>
    /// <param name="batch_size">Samples per step; default 32.</param>
    /// <param name="verbose">How much to print; default "auto", a progress bar.</param>
    /// <param name="sample_weight">The weight of each sample, (N), or one such tensor for each output; default 1.</param>
    /// <param name="steps">The number of steps; default all batches.</param>
    /// <param name="callbacks">The callbacks, called in this order; default none.</param>
    /// <param name="return_dict">Whether positions follow the names in the logs instead of Keras' list order (the loss first); names always work. Default false.</param>
    /// <returns>The figures, by position and by name.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled.</exception>
    /// <exception cref="ValueRangeException">An integer input is outside what the model declares.</exception>
    /// <exception cref="ShapeMismatchException">Data is empty or differs in the number of samples.</exception>
    /// <example>
    /// <code>
    /// Tensor x = keras.random.normal((64, 4)), y = ops.sum(x, axis: 1, keepdims: true);
    /// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(1)]);
    /// model.compile(optimizer: "adam", loss: "mse");
    /// model.fit(x, y, epochs: 5, verbose: 0);
    /// var results = model.evaluate(x, y, verbose: 0);
    /// Console.WriteLine(results["loss"]);
    /// </code>
    /// </example>
    public Evaluation evaluate(Tensors x, Tensors? y = null, int? batch_size = null, VerboseArg verbose = default, Tensors? sample_weight = null, int? steps = null,
        IEnumerable<Callback>? callbacks = null, bool return_dict = false)
    {
        var data = new Batch(x, y, sample_weight);
        CheckData(data);
        return Evaluate(new ArrayAdapter(data, ConfigForms.Positive(batch_size ?? DefaultBatchSize, nameof(batch_size)), null), verbose, steps, callbacks, return_dict);
    }

    /// <summary>Computes the loss and the metrics on batches: of inputs, (x, y) or (x, y, sample_weight).</summary>
    /// <inheritdoc cref="evaluate(Tensors, Tensors, int?, VerboseArg, Tensors, int?, IEnumerable{Callback}, bool)"/>
    [OverloadResolutionPriority(1)]
    public Evaluation evaluate(IEnumerable<Batch> x, VerboseArg verbose = default, int? steps = null, IEnumerable<Callback>? callbacks = null, bool return_dict = false)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Evaluate(new EnumerableAdapter(x), verbose, steps, callbacks, return_dict);
    }

    Evaluation Evaluate(IDataAdapter adapter, VerboseArg verbose, int? steps, IEnumerable<Callback>? callbacks, bool returnDict)
    {
        var state = RequireCompiled(nameof(evaluate));
        ConfigForms.Positive(steps ?? 1, nameof(steps));
        using var batches = Iterate(adapter, steps, state);
        var list = new CallbackList(callbacks, add_history: false, add_progbar: verbose.Level != 0, this, new(verbose.Level, 1, batches.Steps));
        return Evaluated(TestEpoch(batches, list), returnDict);
    }

    Logs TestEpoch(EpochIterator batches, CallbackList callbacks)
    {
        var step = TestFunction;
        stop_evaluating = false;
        batches.Dispose(); // every evaluation starts with the first batch
        callbacks.TestBegin();
        reset_metrics();
        Logs? logs = null;
        foreach (var execution in batches.Epoch())
        {
            callbacks.TestBatchBegin(execution.Begin);
            logs = RunSteps(step, execution, logs);
            callbacks.TestBatchEnd(execution, logs);
            if (stop_evaluating) break;
        }
        var finished = Finished(logs, nameof(evaluate));
        callbacks.TestEnd(finished);
        return finished;
    }

    /// <summary>Results in Keras' list order: those with names of metrics, in the metrics' order, then the rest by name.</summary>
    Evaluation Evaluated(Logs logs, bool returnDict)
    {
        if (returnDict) return new(logs, logs.Select(l => l.Value));
        string[] names = [.. metrics.SelectMany(m => m is CompileMetrics all ? all.Parts.Select(p => p.name) : [m.name])];
        return new(logs, [.. names.Where(logs.ContainsKey).Select(n => logs[n]), .. logs.Where(l => !names.Contains(l.Key)).OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => l.Value)]);
    }
}
