using Keras.Graphs;
using Keras.Losses;

namespace Keras.Metrics;

/// <summary>The coefficient of determination, R²: 1 for perfect predictions, 0 for those no better than the mean of the truth.</summary>
/// <remarks>Source: keras/src/metrics/regression_metrics.py of Keras 3.15; as there, the adjusted score counts every output of a sample as a sample.</remarks>
public class R2Score : Metric
{
    readonly string? _aggregation;
    readonly int _regressors;
    readonly Variable _samples;
    Variable? _squaredSum;
    Variable? _sum;
    Variable? _residual;
    Variable? _count;

    /// <summary>The coefficient of determination, R²: 1 for perfect predictions, 0 for those no better than the mean of the truth.</summary>
    /// <param name="class_aggregation">How to reduce the scores of the outputs: "uniform_average", "variance_weighted_average" or null (not at all); default "uniform_average".</param>
    /// <param name="num_regressors">The number of independent variables, for the adjusted score; default 0 (not adjusted).</param>
    /// <param name="name">Its name; default "r2_score".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <exception cref="ArgumentException">The aggregation is unknown, or the number negative.</exception>
    public R2Score(string? class_aggregation = "uniform_average", int num_regressors = 0, string name = "r2_score", DTypePolicy? dtype = null) : base(dtype, name)
    {
        Known.OneOf(class_aggregation, nameof(class_aggregation), null, "uniform_average", "variance_weighted_average");
        ArgumentOutOfRangeException.ThrowIfNegative(num_regressors);
        (_aggregation, _regressors, Direction) = (class_aggregation, num_regressors, "up");
        _samples = add_variable(name: "num_samples");
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">The inputs are not matrices, or the number of outputs is unknown.</exception>
    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null)
    {
        ArgumentNullException.ThrowIfNull(y_true);
        ArgumentNullException.ThrowIfNull(y_pred);
        (y_true, y_pred) = LossMath.SameRank(Tf.Cast(y_true, dtype), Tf.Cast(y_pred, dtype));
        if (_sum is null) Build(MatrixInputs.Width(name, y_true, y_pred));
        var weight = sample_weight is null ? Tf.OnesLike(y_true) : LossMath.WeightOfEach(y_true, Tf.Cast(sample_weight, dtype));
        var weighted = y_true * weight;
        _sum!.Gather(RunningSum.Exact(weighted, [0]));
        _squaredSum!.Gather(RunningSum.Exact(y_true * weighted, [0]));
        _residual!.Gather(RunningSum.Exact(Tf.SquaredDifference(y_true, y_pred) * weight, [0]));
        _count!.Gather(RunningSum.Exact(weight, [0]));
        _samples.Gather(Tf.Cast(Tf.SizeOf(y_true), dtype));
    }

    void Build(long outputs)
    {
        var shape = new Shape(outputs);
        (_squaredSum, _sum) = (add_variable(shape, name: "squared_sum"), add_variable(shape, name: "sum"));
        (_residual, _count) = (add_variable(shape, name: "residual"), add_variable(shape, name: "count"));
    }

    /// <summary>The score so far, a scalar, or one for each output without aggregation.</summary>
    /// <exception cref="InvalidOperationException">There was no update yet.</exception>
    public override Tensors result()
    {
        if (_sum is null) throw new InvalidOperationException($"{name} has no result before the first update: the number of outputs is unknown.");
        Tensor sum = _sum;
        var total = _squaredSum!.value - (sum * (sum / _count!.value));
        var scores = 1 - (_residual!.value / total);
        scores = Tf.SelectV2(Tf.IsInf(scores), Tf.Constant(0, scores.dtype), scores);
        return Adjusted(_aggregation switch
        {
            "uniform_average" => Tf.Mean(scores),
            "variance_weighted_average" => Tf.Sum(total * scores) / Tf.Sum(total),
            _ => scores,
        });
    }

    /// <summary>The score adjusted for the number of regressors; unadjusted if there are too few samples.</summary>
    Tensor Adjusted(Tensor score)
    {
        if (_regressors == 0) return score;
        Tensor samples = _samples;
        var freedom = samples - _regressors - 1;
        return Tf.SelectV2(Tf.Greater(freedom, Tf.Constant(0, freedom.dtype)), 1 - ((1 - score) * (samples - 1) / freedom), score);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["class_aggregation"] = _aggregation, ["num_regressors"] = _regressors };
}

/// <summary>Helpers for metrics whose state has the width of their inputs.</summary>
static class MatrixInputs
{
    public static long Width(string metric, Tensor y_true, Tensor y_pred)
    {
        foreach (var shape in (Shape[])[y_true.shape, y_pred.shape])
            if (shape is not { HasRank: true, Rank: 2 } || shape[1] < 0)
                throw new ShapeMismatchException("The inputs of a metric are not matrices", metric, "(batch_size, output_dim) with a known output_dim", $"y_true of shape {y_true.shape} and y_pred of shape {y_pred.shape}");
        return y_pred.shape[1];
    }
}

public sealed partial class MetricsApi
{
    /// <inheritdoc cref="Metrics.R2Score(string, int, string, DTypePolicy)"/>
    public R2Score R2Score(string? class_aggregation = "uniform_average", int num_regressors = 0, string name = "r2_score", DTypePolicy? dtype = null) =>
        new(class_aggregation, num_regressors, name, dtype);
}
