using Keras.Graphs;
using Keras.Losses;

namespace Keras.Metrics;

// Source of all: keras/src/metrics/correlation_metrics.py.

/// <summary>The linear (Pearson) correlation of truth and predictions, from -1 to 1.</summary>
public class PearsonCorrelation : MeanMetricWrapper
{
    readonly int _axis;

    /// <summary>The linear (Pearson) correlation of truth and predictions, from -1 to 1.</summary>
    /// <param name="name">Its name; default "pearson_correlation".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <param name="axis">The axis that is correlated; default -1.</param>
    public PearsonCorrelation(string name = "pearson_correlation", DTypePolicy? dtype = null, int axis = -1)
        : base((t, p) => Compute(t, p, axis), name, dtype) => (_axis, Direction) = (axis, "up");

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["axis"] = _axis };

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, int axis)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        axis = LossMath.Axis(axis, y_pred, "pearson_correlation");
        return Tf.Mean(Standardized(y_true, axis) * Standardized(y_pred, axis), [axis]);
    }

    static Tensor Standardized(Tensor x, int axis)
    {
        var centered = x - Tf.Mean(x, [axis], keep_dims: true);
        return centered / Tf.Sqrt(Tf.Mean(Tf.Square(centered), [axis], keep_dims: true));
    }
}

/// <summary>The concordance correlation, from -1 to 1: like Pearson's, but lower where predictions are shifted or scaled.</summary>
public class ConcordanceCorrelation : MeanMetricWrapper
{
    readonly int _axis;

    /// <summary>The concordance correlation, from -1 to 1: like Pearson's, but lower where predictions are shifted or scaled.</summary>
    /// <param name="name">Its name; default "concordance_correlation".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <param name="axis">The axis that is compared; default -1.</param>
    public ConcordanceCorrelation(string name = "concordance_correlation", DTypePolicy? dtype = null, int axis = -1)
        : base((t, p) => Compute(t, p, axis), name, dtype) => (_axis, Direction) = (axis, "up");

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["axis"] = _axis };

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, int axis)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        axis = LossMath.Axis(axis, y_pred, "concordance_correlation");
        var (trueMean, predictedMean) = (Tf.Mean(y_true, [axis], keep_dims: true), Tf.Mean(y_pred, [axis], keep_dims: true));
        var spread = Variance(y_true, trueMean, axis) + Variance(y_pred, predictedMean, axis) + Tf.SquaredDifference(trueMean, predictedMean);
        var covariance = (y_true - predictedMean) * (y_pred - predictedMean);
        return Tf.Mean(covariance * 2 / (spread + LossMath.Epsilon), [axis]);
    }

    static Tensor Variance(Tensor x, Tensor mean, int axis) => Tf.Mean(Tf.SquaredDifference(x, mean), [axis], keep_dims: true);
}

public sealed partial class MetricsApi
{
    /// <inheritdoc cref="Metrics.PearsonCorrelation(string, DTypePolicy, int)"/>
    public PearsonCorrelation PearsonCorrelation(string name = "pearson_correlation", DTypePolicy? dtype = null, int axis = -1) => new(name, dtype, axis);

    /// <inheritdoc cref="Metrics.ConcordanceCorrelation(string, DTypePolicy, int)"/>
    public ConcordanceCorrelation ConcordanceCorrelation(string name = "concordance_correlation", DTypePolicy? dtype = null, int axis = -1) => new(name, dtype, axis);
}
