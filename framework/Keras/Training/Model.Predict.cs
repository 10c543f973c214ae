using System.Runtime.CompilerServices;
using Keras.Callbacks;
using Keras.Graphs;
using Keras.Layers;
using Keras.Training;

namespace Keras;

public abstract partial class Model
{
    /// <summary>Set by a callback: prediction ends after the current batch.</summary>
    public bool stop_predicting { get; set; }

    /// <summary>Computes the model's outputs for whole arrays. May be called from many threads at once.</summary>
    /// <param name="x">The inputs, each (N, ...).</param>
    /// <param name="batch_size">Samples per step; default 32.</param>
    /// <param name="verbose">How much to print; default "auto", a progress bar.</param>
    /// <param name="steps">The number of steps; default all batches.</param>
    /// <param name="callbacks">The callbacks, called in this order; default none.</param>
    /// <returns>The outputs, each (N, ...), in the structure that the model returns.</returns>
    /// <exception cref="ValueRangeException">An integer input is outside what the model declares.</exception>
    /// <exception cref="ShapeMismatchException">Data is empty or differs in the number of samples, or outputs of batches cannot be joined.</exception>
    /// <example>
    /// <code>
    /// var model = keras.Sequential([keras.Input([4]), keras.layers.Dense(3, activation: "softmax")]);
    /// float[,] questions = { { 1, 0, 0, 0 }, { 0, 0, 0, 1 } };
    /// Tensor classes = ops.argmax(model.predict(questions, verbose: 0), axis: -1);
    /// </code>
    /// </example>
    public Tensors predict(Tensors x, int? batch_size = null, VerboseArg verbose = default, int? steps = null, IEnumerable<Callback>? callbacks = null)
    {
        var data = new Batch(x);
        CheckData(data);
        return Predict(new ArrayAdapter(data, ConfigForms.Positive(batch_size ?? DefaultBatchSize, nameof(batch_size)), null), verbose, steps, callbacks);
    }

    /// <summary>Computes the model's outputs for batches; their truth and weights are not used.</summary>
    /// <inheritdoc cref="predict(Tensors, int?, VerboseArg, int?, IEnumerable{Callback})"/>
    [OverloadResolutionPriority(1)]
    public Tensors predict(IEnumerable<Batch> x, VerboseArg verbose = default, int? steps = null, IEnumerable<Callback>? callbacks = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Predict(new EnumerableAdapter(x), verbose, steps, callbacks);
    }

    Tensors Predict(IDataAdapter adapter, VerboseArg verbose, int? steps, IEnumerable<Callback>? callbacks)
    {
        ConfigForms.Positive(steps ?? 1, nameof(steps));
        using var batches = Iterate(adapter, steps, _compiled);
        var list = new CallbackList(callbacks, add_history: false, add_progbar: verbose.Level != 0, this, new(verbose.Level, 1, batches.Steps));
        var step = PredictFunction;
        var parts = new List<Tensors>();
        stop_predicting = false;
        list.PredictBegin();
        foreach (var execution in batches.Epoch())
        {
            list.PredictBatchBegin(execution.Begin);
            foreach (var batch in execution)
            {
                var rows = batch.Counted?.ToArray<float>().Count(c => c != 0);
                try
                {
                    parts.Add(Counted(step.Run(new(batch.x) { Counted = batch.Counted }), rows));
                }
                finally
                {
                    batch.Release();
                }
            }
            list.PredictBatchEnd(execution, new() { outputs = parts[^1] });
            if (stop_predicting) break;
        }
        list.PredictEnd();
        return JoinedBatches(parts);
    }

    /// <summary>Joins the outputs of all batches and frees them; models may override how.</summary>
    internal virtual Tensors JoinedBatches(List<Tensors> parts) => Joined(parts);

    /// <summary>The outputs of rows that are samples, without padding rows.</summary>
    static Tensors Counted(Tensors outputs, int? rows) => rows is not { } count ? outputs : outputs.Map(o => o.ndim > 0 && o.shape[0] > count ? o[..count] : o);

    /// <summary>Joins the outputs of all batches and frees them.</summary>
    static Tensors Joined(List<Tensors> parts)
    {
        if (parts.Count == 0) throw new ShapeMismatchException("The data are empty", nameof(predict), "at least one batch", "none", "Give more data, or data that can be enumerated more than once.");
        if (parts.Count == 1) return parts[0];
        var flat = parts.ConvertAll(p => p.Flatten());
        return parts[0].Pack(Enumerable.Range(0, flat[0].Count).Select(i =>
        {
            Tensor[] pieces = [.. flat.Select(f => f[i])];
            foreach (var piece in pieces)
                if (piece.ndim == 0 || piece.shape[1..] != pieces[0].shape[1..])
                    throw new ShapeMismatchException("Outputs of batches cannot be joined", $"output {i}", $"(B, ...) as {pieces[0].shape}", piece.shape.ToString(), "Pad all batches to one length, or call predict_on_batch for each.");
            var joined = Tf.Concat(pieces, 0);
            foreach (var piece in pieces) (piece as IDisposable)?.Dispose();
            return joined;
        }));
    }
}
