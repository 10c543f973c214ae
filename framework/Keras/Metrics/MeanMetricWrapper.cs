using Keras.Losses;

namespace Keras.Metrics;

/// <summary>A metric made of a function of truth and predictions: the weighted mean of what it returns.</summary>
/// <remarks>A mask that the predictions carry leaves values out. Source: keras/src/metrics/reduction_metrics.py.</remarks>
public class MeanMetricWrapper : Metric
{
    readonly Func<Tensor, Tensor, Tensor> _fn;
    readonly RunningMean _mean;

    /// <summary>A metric made of a function of truth and predictions: the weighted mean of what it returns.</summary>
    /// <param name="fn">Takes the truth and the predictions, in this order, and returns values, (B, ...).</param>
    /// <param name="name">Its name; default "mean_metric_wrapper" with a number.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public MeanMetricWrapper(Func<Tensor, Tensor, Tensor> fn, string? name = null, DTypePolicy? dtype = null) : base(dtype, name)
    {
        ArgumentNullException.ThrowIfNull(fn);
        _fn = fn;
        _mean = new(total = add_variable(dtype: this.dtype, name: "total"), count = add_variable(dtype: this.dtype, name: "count"));
    }

    /// <summary>The sum of weighted values so far, a scalar.</summary>
    public Variable total { get; }

    /// <summary>The sum of weights so far, a scalar.</summary>
    public Variable count { get; }

    /// <inheritdoc/>
    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null)
    {
        ArgumentNullException.ThrowIfNull(y_true);
        ArgumentNullException.ThrowIfNull(y_pred);
        _mean.Update(_fn(Wide(y_true), Wide(y_pred)), LossReduction.ApplyMask(sample_weight, y_pred.KerasMask, dtype, "sum"));
    }

    /// <summary>Casts 16-bit floats to float32, for squares and logarithms.</summary>
    static Tensor Wide(Tensor x)
    {
        if (!x.dtype.IsFloating || x.dtype.Size >= 4) return x;
        var wide = Graphs.Tf.Wide(x);
        wide.KerasMask = x.KerasMask;
        return wide;
    }

    /// <summary>The mean so far, a scalar; 0 for none.</summary>
    public override Tensors result() => _mean.Result();

    /// <inheritdoc/>
    /// <exception cref="UnsupportedException">The metric wraps a function and has no class of its own.</exception>
    public override Dictionary<string, object?> get_config() => GetType() != typeof(MeanMetricWrapper)
        ? base.get_config()
        : throw new UnsupportedException("A metric made of a function cannot be saved", name, remedy: "Make it a subclass of MeanMetricWrapper.");
}

public sealed partial class MetricsApi
{
    /// <inheritdoc cref="Metrics.MeanMetricWrapper(Func{Tensor, Tensor, Tensor}, string, DTypePolicy)"/>
    public MeanMetricWrapper MeanMetricWrapper(Func<Tensor, Tensor, Tensor> fn, string? name = null, DTypePolicy? dtype = null) => new(fn, name, dtype);
}
