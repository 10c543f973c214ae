using Keras.Graphs;
using Keras.Losses;

namespace Keras.Metrics;

// Source of all: keras/src/metrics/regression_metrics.py.

/// <summary>The mean of squared differences.</summary>
public class MeanSquaredError : MeanMetricWrapper
{
    /// <summary>The mean of squared differences.</summary>
    /// <param name="name">Its name; default "mean_squared_error".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public MeanSquaredError(string name = "mean_squared_error", DTypePolicy? dtype = null)
        : base(Losses.MeanSquaredError.Compute, name, dtype) => Direction = "down";
}

/// <summary>The mean of absolute differences.</summary>
public class MeanAbsoluteError : MeanMetricWrapper
{
    /// <summary>The mean of absolute differences.</summary>
    /// <param name="name">Its name; default "mean_absolute_error".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public MeanAbsoluteError(string name = "mean_absolute_error", DTypePolicy? dtype = null)
        : base(Losses.MeanAbsoluteError.Compute, name, dtype) => Direction = "down";
}

/// <summary>The mean of absolute differences in percent of the truth.</summary>
public class MeanAbsolutePercentageError : MeanMetricWrapper
{
    /// <summary>The mean of absolute differences in percent of the truth.</summary>
    /// <param name="name">Its name; default "mean_absolute_percentage_error".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public MeanAbsolutePercentageError(string name = "mean_absolute_percentage_error", DTypePolicy? dtype = null)
        : base(Losses.MeanAbsolutePercentageError.Compute, name, dtype) => Direction = "down";
}

/// <summary>The mean of squared differences of logarithms.</summary>
public class MeanSquaredLogarithmicError : MeanMetricWrapper
{
    /// <summary>The mean of squared differences of logarithms.</summary>
    /// <param name="name">Its name; default "mean_squared_logarithmic_error".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public MeanSquaredLogarithmicError(string name = "mean_squared_logarithmic_error", DTypePolicy? dtype = null)
        : base(Losses.MeanSquaredLogarithmicError.Compute, name, dtype) => Direction = "down";
}

/// <summary>The mean of log(cosh(difference)).</summary>
public class LogCoshError : MeanMetricWrapper
{
    /// <summary>The mean of log(cosh(difference)).</summary>
    /// <param name="name">Its name; default "logcosh".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public LogCoshError(string name = "logcosh", DTypePolicy? dtype = null) : base(Losses.LogCosh.Compute, name, dtype) => Direction = "down";
}

/// <summary>The square root of the mean of squared differences.</summary>
public class RootMeanSquaredError : Metric
{
    readonly RunningMean _mean;

    /// <summary>The square root of the mean of squared differences.</summary>
    /// <param name="name">Its name; default "root_mean_squared_error".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public RootMeanSquaredError(string name = "root_mean_squared_error", DTypePolicy? dtype = null) : base(dtype, name)
    {
        _mean = new(add_variable(dtype: this.dtype, name: "total"), add_variable(dtype: this.dtype, name: "count"));
        Direction = "down";
    }

    /// <inheritdoc/>
    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null)
    {
        ArgumentNullException.ThrowIfNull(y_true);
        ArgumentNullException.ThrowIfNull(y_pred);
        (y_true, y_pred) = LossMath.SameRank(Tf.Cast(y_true, dtype), Tf.Cast(y_pred, dtype));
        _mean.Update(Tf.SquaredDifference(y_pred, y_true), sample_weight);
    }

    /// <summary>The root of the mean so far, a scalar; 0 for none.</summary>
    public override Tensors result() => Tf.Sqrt(_mean.Result());
}

/// <summary>The cosine of the angle between truth and predictions: 1 for the same direction, -1 for opposite ones.</summary>
public class CosineSimilarity : MeanMetricWrapper
{
    /// <summary>The cosine of the angle between truth and predictions: 1 for the same direction, -1 for opposite ones.</summary>
    /// <param name="name">Its name; default "cosine_similarity".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <param name="axis">The axis of the vectors; default -1.</param>
    public CosineSimilarity(string name = "cosine_similarity", DTypePolicy? dtype = null, int axis = -1)
        : base((t, p) => Losses.CosineSimilarity.Cosine(t, p, axis), name, dtype) => Direction = "up";
}

public sealed partial class MetricsApi
{
    /// <inheritdoc cref="Metrics.MeanSquaredError(string, DTypePolicy)"/>
    public MeanSquaredError MeanSquaredError(string name = "mean_squared_error", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.MeanAbsoluteError(string, DTypePolicy)"/>
    public MeanAbsoluteError MeanAbsoluteError(string name = "mean_absolute_error", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.MeanAbsolutePercentageError(string, DTypePolicy)"/>
    public MeanAbsolutePercentageError MeanAbsolutePercentageError(string name = "mean_absolute_percentage_error", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.MeanSquaredLogarithmicError(string, DTypePolicy)"/>
    public MeanSquaredLogarithmicError MeanSquaredLogarithmicError(string name = "mean_squared_logarithmic_error", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.LogCoshError(string, DTypePolicy)"/>
    public LogCoshError LogCoshError(string name = "logcosh", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.RootMeanSquaredError(string, DTypePolicy)"/>
    public RootMeanSquaredError RootMeanSquaredError(string name = "root_mean_squared_error", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.CosineSimilarity(string, DTypePolicy, int)"/>
    public CosineSimilarity CosineSimilarity(string name = "cosine_similarity", DTypePolicy? dtype = null, int axis = -1) => new(name, dtype, axis);
}
