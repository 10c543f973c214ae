using Keras.Graphs;
using Keras.Losses;
using Keras.Metrics;

namespace Keras;

public abstract partial class Model
{
    /// <summary>One step of training: forward pass, gradients, the optimizer's update and the metrics. Override it for training steps of your own.</summary>
    /// <param name="data">The batch; inside a compiled step its tensors are symbolic.</param>
    /// <returns>Named scalars for the logs: usually <see cref="get_metrics_result"/>.</returns>
    public virtual Tensors train_step(Batch data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var state = RequireCompiled(nameof(train_step));
        using var counted = CountedRows.Enter(data.Counted);
        var (x, y, sample_weight) = PrepareBatch(data);
        Tensors y_pred;
        Tensor loss, scaled;
        var tape = new GradientTape();
        using (tape)
        {
            y_pred = ForwardStep(x, training: true);
            loss = compute_loss(x, y, y_pred, sample_weight, training: true);
            state.LossTracker.update_state(loss, BatchSizeOf(x));
            scaled = state.Optimizer.scale_loss(loss);
        }
        var trained = trainable_weights;
        if (trained.Count > 0) state.Optimizer.apply(tape.gradient(scaled, trained), trained);
        else Diagnostics.Warn($"The model '{name}' has no trainable weights: fit changes nothing.");
        return compute_metrics(x, y, y_pred, sample_weight);
    }

    /// <summary>One step of evaluation: forward pass, loss and metrics.</summary>
    /// <param name="data">The batch.</param>
    /// <returns>Named scalars for the logs.</returns>
    public virtual Tensors test_step(Batch data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var state = RequireCompiled(nameof(test_step));
        using var counted = CountedRows.Enter(data.Counted);
        var (x, y, sample_weight) = PrepareBatch(data);
        var y_pred = ForwardStep(x, training: false);
        state.LossTracker.update_state(compute_loss(x, y, y_pred, sample_weight, training: false), BatchSizeOf(x));
        return compute_metrics(x, y, y_pred, sample_weight);
    }

    /// <summary>The outputs that training and evaluation compare with the truth: those of a call.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    protected virtual Tensors ForwardStep(Tensors x, bool training) => Apply(x, training: training);

    /// <summary>One step of prediction: only the forward pass.</summary>
    /// <param name="data">The batch; truth and weights are not used.</param>
    /// <returns>The model's outputs.</returns>
    public virtual Tensors predict_step(Batch data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Apply(PrepareBatch(data).x, training: false);
    }

    /// <summary>The number to minimise: the compiled loss, or the model's own, and the losses that layers added.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The truth; null for none.</param>
    /// <param name="y_pred">The outputs.</param>
    /// <param name="sample_weight">The weight of each sample; default 1.</param>
    /// <param name="training">Whether this is for training; default true.</param>
    /// <returns>A scalar.</returns>
    /// <exception cref="InvalidOperationException">There is no loss at all.</exception>
    public virtual Tensor compute_loss(Tensors? x = null, Tensors? y = null, Tensors? y_pred = null, Tensors? sample_weight = null, bool training = true)
    {
        ArgumentNullException.ThrowIfNull(y_pred);
        var state = RequireCompiled(nameof(compute_loss));
        var parts = new List<Tensor>();
        if (state.DefaultLoss is { } own)
        {
            parts.Add(LossReduction.Reduce(own(x ?? y_pred, y, y_pred), sample_weight?.Single, null, "sum_over_batch_size"));
        }
        else if (state.CompileLoss is { } compiledLoss)
        {
            var (truth, predicted) = MatchOutputs(x, y, y_pred);
            if (compiledLoss.Compute(truth, predicted, sample_weight) is { } value) parts.Add(value);
        }
        foreach (var added in losses.Where(IsOfThisCall)) parts.Add(Tf.Cast(added.ndim == 0 ? added : Tf.Sum(added), DType.Float32));
        if (parts.Count == 0)
            throw new InvalidOperationException($"The model '{name}' has no loss to compute. Give a loss to compile, or add one with add_loss in call.");
        return parts.Count == 1 ? parts[0] : Tf.AddN([.. parts.Select(p => Tf.Cast(p, DType.Float32))]);
    }

    /// <summary>The compiled loss, without losses that layers added.</summary>
    /// <exception cref="InvalidOperationException">No loss was compiled.</exception>
    private protected Tensor CompiledLoss(Tensors? x, Tensors y, Tensors y_pred, Tensors? sample_weight)
    {
        var (truth, predicted) = MatchOutputs(x, y, y_pred);
        return RequireCompiled(nameof(compute_loss)).CompileLoss?.Compute(truth, predicted, sample_weight)
            ?? throw new InvalidOperationException($"The model '{name}' has no loss to compare outputs with the truth. Give a loss to compile.");
    }

    /// <summary>Updates the compiled metrics and returns the results of all metrics.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The truth; null for none.</param>
    /// <param name="y_pred">The outputs.</param>
    /// <param name="sample_weight">The weight of each sample, for weighted metrics; default 1.</param>
    /// <returns>Named scalars.</returns>
    public virtual Tensors compute_metrics(Tensors x, Tensors? y, Tensors y_pred, Tensors? sample_weight = null)
    {
        ArgumentNullException.ThrowIfNull(y_pred);
        if (RequireCompiled(nameof(compute_metrics)).CompileMetrics is { } compiledMetrics)
        {
            var (truth, predicted) = MatchOutputs(x, y, y_pred);
            compiledMetrics.Update(truth ?? throw new ArgumentException("The metrics need targets, and the data has none. Give y, or compile without metrics."), predicted, sample_weight, CountedByMetrics);
        }
        return get_metrics_result();
    }

    /// <summary>A mask of the elements of a truth that compiled metrics count, bool of its shape. The default counts all.</summary>
    /// <param name="y">The truth of one output.</param>
    /// <returns>The mask, or null for all.</returns>
    protected virtual Tensor? CountedByMetrics(Tensor y) => null;

    /// <summary>The results of all metrics so far, by name.</summary>
    public Tensors get_metrics_result()
    {
        var all = new List<KeyValuePair<string, Tensors>>();
        foreach (var metric in metrics)
        {
            var result = metric.result();
            if (result.IsDictionary) all.AddRange(result.Named());
            else all.Add(new(metric.name, result));
        }
        return new(all.DistinctBy(r => r.Key));
    }

    /// <summary>The loss tracker, the compiled metrics, the loss trackers of single outputs, then metrics that fields of the model and of its layers hold.</summary>
    public virtual IReadOnlyList<Metric> metrics
    {
        get
        {
            var all = new List<Metric>();
            if (_compiled is { } state)
            {
                all.Add(state.LossTracker);
                if (state.CompileMetrics is { } compiledMetrics) all.Add(compiledMetrics);
                if (state.CompileLoss is { } compiledLoss) all.AddRange(compiledLoss.Metrics);
            }
            foreach (var layer in AllLayers().Prepend(this)) all.AddRange(FieldTracker.Held<Metric>(layer));
            return [.. all.Distinct()];
        }
    }

    /// <summary>The names of <see cref="metrics"/>.</summary>
    public IReadOnlyList<string> metrics_names => [.. metrics.Select(m => m.name)];

    /// <summary>Resets the state of every metric.</summary>
    public void reset_metrics()
    {
        foreach (var metric in metrics) metric.reset_state();
    }

    /// <summary>Prepares each batch for the steps; override it where labels may be inside the inputs. The default changes nothing.</summary>
    protected virtual Batch PrepareBatch(Batch data) => data;

    /// <summary>The truth and the outputs that compiled losses and metrics compare; override it where outputs hold more than predictions. The default changes nothing.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The truth; null for none.</param>
    /// <param name="y_pred">The model's outputs.</param>
    protected virtual (Tensors? Y, Tensors Predicted) MatchOutputs(Tensors? x, Tensors? y, Tensors y_pred) => (y, y_pred);

    /// <summary>Which integers the inputs may hold, by path: "x" or the name within the inputs, "y" or "y/name"; checked on the host before every step. Default none.</summary>
    protected internal virtual IReadOnlyDictionary<string, InputRange> InputRanges => System.Collections.Immutable.ImmutableDictionary<string, InputRange>.Empty;

    /// <summary>Whether a loss is of this call; a layer that was not called still holds those of an earlier trace.</summary>
    private protected static bool IsOfThisCall(Tensor loss) => loss is SymbolicTensor symbolic ? symbolic.Node.Graph == Graph.Current : Graph.Current is null;

    static Tensor BatchSizeOf(Tensors x) => CountedRows.Count(x.Flatten()[0]);
}
