namespace Keras.Metrics;

// Source of all: keras/src/metrics/hinge_metrics.py.

/// <summary>The mean hinge loss, for labels of -1 and 1: max(1 - y_true · y_pred, 0).</summary>
public class Hinge : MeanMetricWrapper
{
    /// <summary>The mean hinge loss, for labels of -1 and 1: max(1 - y_true · y_pred, 0).</summary>
    /// <param name="name">Its name; default "hinge".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public Hinge(string name = "hinge", DTypePolicy? dtype = null) : base(Losses.Hinge.Compute, name, dtype) => Direction = "down";
}

/// <summary>The mean squared hinge loss, for labels of -1 and 1.</summary>
public class SquaredHinge : MeanMetricWrapper
{
    /// <summary>The mean squared hinge loss, for labels of -1 and 1.</summary>
    /// <param name="name">Its name; default "squared_hinge".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public SquaredHinge(string name = "squared_hinge", DTypePolicy? dtype = null) : base(Losses.SquaredHinge.Compute, name, dtype) => Direction = "down";
}

/// <summary>The mean hinge loss between the true class and the best other one, for one-hot labels.</summary>
public class CategoricalHinge : MeanMetricWrapper
{
    /// <summary>The mean hinge loss between the true class and the best other one, for one-hot labels.</summary>
    /// <param name="name">Its name; default "categorical_hinge".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public CategoricalHinge(string name = "categorical_hinge", DTypePolicy? dtype = null) : base(Losses.CategoricalHinge.Compute, name, dtype) => Direction = "down";
}

public sealed partial class MetricsApi
{
    /// <inheritdoc cref="Metrics.Hinge(string, DTypePolicy)"/>
    public Hinge Hinge(string name = "hinge", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.SquaredHinge(string, DTypePolicy)"/>
    public SquaredHinge SquaredHinge(string name = "squared_hinge", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.CategoricalHinge(string, DTypePolicy)"/>
    public CategoricalHinge CategoricalHinge(string name = "categorical_hinge", DTypePolicy? dtype = null) => new(name, dtype);
}
