using Keras.Graphs;
using Keras.Losses;

namespace Keras.Metrics;

// Source: keras/src/metrics/f_score_metrics.py.

/// <summary>The weighted harmonic mean of precision p and recall r: (1 + beta²) · p · r / (beta² · p + r).</summary>
public class FBetaScore : Metric
{
    readonly string? _average;
    readonly double _beta;
    readonly double? _threshold;
    Variable? _truePositives;
    Variable? _falsePositives;
    Variable? _falseNegatives;
    Variable? _support;

    /// <summary>The weighted harmonic mean of precision and recall.</summary>
    /// <param name="average">How to reduce the scores of the classes: null (not at all), "micro" (counted together), "macro" (mean), "weighted" (mean by support); default null.</param>
    /// <param name="beta">The weight of recall relative to precision; default 1.</param>
    /// <param name="threshold">The threshold in (0, 1] above which classes are predicted; default null (the class with the largest score).</param>
    /// <param name="name">Its name; default "fbeta_score".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public FBetaScore(string? average = null, double beta = 1.0, double? threshold = null, string name = "fbeta_score", DTypePolicy? dtype = null) : base(dtype, name)
    {
        Known.OneOf(average, nameof(average), null, "micro", "macro", "weighted");
        if (threshold is not (null or (> 0 and <= 1))) throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold is out of range. Expected: 0 < threshold <= 1.");
        (_average, _beta, _threshold, Direction) = (average, Require.Positive(beta), threshold, "up");
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">The inputs are not matrices, or the number of classes is unknown.</exception>
    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null)
    {
        ArgumentNullException.ThrowIfNull(y_true);
        ArgumentNullException.ThrowIfNull(y_pred);
        (y_true, y_pred) = (Tf.Cast(y_true, dtype), Tf.Cast(y_pred, dtype));
        var width = MatrixInputs.Width(name, y_true, y_pred);
        if (_support is null) Build(_average == "micro" ? Shape.Scalar : new Shape(width));
        var predicted = Tf.Cast(IsPredicted(y_pred), dtype);
        var weight = sample_weight is null ? null : LossMath.WeightOfEach(y_true, Tf.Cast(sample_weight, dtype));
        Tensor Weighted(Tensor x) => LossMath.Sum(Tf.Cast(weight is null ? x : x * weight, DType.Float64), _average == "micro" ? null : [0]);
        _truePositives!.Gather(Weighted(predicted * y_true));
        _falsePositives!.Gather(Weighted(predicted * (1 - y_true)));
        _falseNegatives!.Gather(Weighted((1 - predicted) * y_true));
        _support!.Gather(Weighted(y_true));
    }

    Tensor IsPredicted(Tensor y_pred)
    {
        if (_threshold is { } threshold) return Tf.Greater(y_pred, Tf.Constant(threshold, dtype));
        var largest = Tf.GreaterEqual(y_pred, Tf.Max(y_pred, [-1], keep_dims: true));
        return Tf.LogicalAnd(largest, Tf.Greater(Tf.Abs(y_pred), Tf.Constant(1e-9, dtype)));
    }

    void Build(Shape shape)
    {
        Variable Count(string name) => add_variable(shape, dtype: dtype, name: name);
        (_truePositives, _falsePositives) = (Count("true_positives"), Count("false_positives"));
        (_falseNegatives, _support) = (Count("false_negatives"), Count("intermediate_weights"));
    }

    /// <summary>The score so far, a scalar, or one for each class without average.</summary>
    /// <exception cref="InvalidOperationException">There was no update yet.</exception>
    public override Tensors result()
    {
        if (_support is null) throw new InvalidOperationException($"{name} has no result before the first update: the number of classes is unknown.");
        Tensor hits = _truePositives!;
        var precision = hits / (hits + _falsePositives!.value + LossMath.Epsilon);
        var recall = hits / (hits + _falseNegatives!.value + LossMath.Epsilon);
        var square = _beta * _beta;
        var score = precision * recall / ((precision * square) + recall + LossMath.Epsilon) * (1 + square);
        if (_average is null) return score;
        if (_average != "weighted") return score.ndim == 0 ? score : Tf.Mean(score);
        Tensor support = _support;
        return Tf.Sum(score * (support / (Tf.Sum(support) + LossMath.Epsilon)));
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() =>
        new(base.get_config()) { ["average"] = _average, ["beta"] = _beta, ["threshold"] = _threshold };
}

/// <summary>The harmonic mean of precision p and recall r: 2 · p · r / (p + r).</summary>
public class F1Score : FBetaScore
{
    /// <summary>The harmonic mean of precision and recall.</summary>
    /// <param name="average">How to reduce the scores of the classes: null (not at all), "micro" (counted together), "macro" (mean), "weighted" (mean by support); default null.</param>
    /// <param name="threshold">The threshold in (0, 1] above which classes are predicted; default null (the class with the largest score).</param>
    /// <param name="name">Its name; default "f1_score".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public F1Score(string? average = null, double? threshold = null, string name = "f1_score", DTypePolicy? dtype = null) : base(average, 1.0, threshold, name, dtype) { }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config().Where(c => c.Key != "beta"));
}

public sealed partial class MetricsApi
{
    /// <inheritdoc cref="Metrics.FBetaScore(string, double, double?, string, DTypePolicy)"/>
    public FBetaScore FBetaScore(string? average = null, double beta = 1.0, double? threshold = null, string name = "fbeta_score", DTypePolicy? dtype = null) =>
        new(average, beta, threshold, name, dtype);

    /// <inheritdoc cref="Metrics.F1Score(string, double?, string, DTypePolicy)"/>
    public F1Score F1Score(string? average = null, double? threshold = null, string name = "f1_score", DTypePolicy? dtype = null) => new(average, threshold, name, dtype);
}
