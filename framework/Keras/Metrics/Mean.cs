using Keras.Graphs;

namespace Keras.Metrics;

/// <summary>The weighted mean of the values it is given, such as losses of a training loop of your own.</summary>
/// <remarks>Source: keras/src/metrics/reduction_metrics.py.</remarks>
public class Mean : Metric
{
    readonly RunningMean _mean;

    /// <summary>The weighted mean of the values it is given, such as losses of a training loop of your own.</summary>
    /// <param name="name">Its name; default "mean".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public Mean(string name = "mean", DTypePolicy? dtype = null) : base(dtype, name) =>
        _mean = new(total = add_variable(dtype: this.dtype, name: "total"), count = add_variable(dtype: this.dtype, name: "count"));

    /// <summary>The sum of weighted values so far, a scalar.</summary>
    public Variable total { get; }

    /// <summary>The sum of weights so far, a scalar.</summary>
    public Variable count { get; }

    /// <summary>Adds values, each with its weight.</summary>
    /// <param name="values">Values, a scalar or (B, ...); each sample's are averaged.</param>
    /// <param name="sample_weight">The weight of each value, (B) or as the values; default 1.</param>
    public virtual void update_state(Tensor values, Tensor? sample_weight = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        _mean.Update(values, sample_weight);
    }

    /// <summary>Adds values and returns the mean so far.</summary>
    /// <inheritdoc cref="update_state(Tensor, Tensor)"/>
    public Tensors Apply(Tensor values, Tensor? sample_weight = null)
    {
        update_state(values, sample_weight);
        return result();
    }

    /// <summary>The mean so far, a scalar; 0 for none.</summary>
    public override Tensors result() => _mean.Result();
}

/// <summary>The weighted sum of the values it is given.</summary>
/// <remarks>Source: keras/src/metrics/reduction_metrics.py.</remarks>
public class Sum : Metric
{
    /// <summary>The weighted sum of the values it is given.</summary>
    /// <param name="name">Its name; default "sum".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public Sum(string name = "sum", DTypePolicy? dtype = null) : base(dtype, name) => total = add_variable(dtype: this.dtype, name: "total");

    /// <summary>The sum of weighted values so far, a scalar.</summary>
    public Variable total { get; }

    /// <summary>Adds values, each with its weight.</summary>
    /// <param name="values">Values, a scalar or (B, ...).</param>
    /// <param name="sample_weight">The weight of each value, (B) or as the values; default 1.</param>
    public virtual void update_state(Tensor values, Tensor? sample_weight = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        total.Gather(RunningSum.Exact(SamplewiseValues.Of(values, sample_weight, dtype, Tf.Sum).Values));
    }

    /// <summary>Adds values and returns the sum so far.</summary>
    /// <inheritdoc cref="update_state(Tensor, Tensor)"/>
    public Tensors Apply(Tensor values, Tensor? sample_weight = null)
    {
        update_state(values, sample_weight);
        return result();
    }

    /// <summary>The sum so far, a scalar.</summary>
    public override Tensors result() => total.value;
}

public sealed partial class MetricsApi
{
    /// <inheritdoc cref="Metrics.Mean(string, DTypePolicy)"/>
    public Mean Mean(string name = "mean", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.Sum(string, DTypePolicy)"/>
    public Sum Sum(string name = "sum", DTypePolicy? dtype = null) => new(name, dtype);
}
