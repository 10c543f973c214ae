using Keras.Graphs;
using Keras.Losses;

namespace Keras.Metrics;

/// <summary>The area under a curve (AUC) over all thresholds: of true against false positive rate (ROC), of precision against recall (PR), or of their gains (PRGAIN).</summary>
/// <remarks>It is approximated by a Riemann sum over some thresholds. Source: keras/src/metrics/confusion_metrics.py.</remarks>
public class AUC : Metric
{
    static readonly string[] Curves = ["ROC", "PR", "PRGAIN"];
    static readonly string[] Summations = ["interpolation", "minoring", "majoring"];

    readonly string _curve;
    readonly string _summation;
    readonly bool _hasOwnThresholds;
    readonly int? _labels;
    readonly bool _fromLogits;
    readonly ConfusionMatrix _matrix;
    readonly float[]? _labelWeights;

    /// <summary>The area under a curve (AUC), by default that of true against false positive rate (ROC).</summary>
    /// <param name="num_thresholds">The number of thresholds, at least 2; default 200.</param>
    /// <param name="curve">"ROC", "PR" or "PRGAIN"; default "ROC".</param>
    /// <param name="summation_method">How the sum treats the interval between two thresholds: "interpolation", "minoring" or "majoring"; default "interpolation".</param>
    /// <param name="name">Its name; default "auc" with a number.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <param name="thresholds">Thresholds in [0, 1] instead of even ones; default none.</param>
    /// <param name="multi_label">Whether the last axis holds labels, whose areas are computed separately and averaged; default false.</param>
    /// <param name="num_labels">The number of labels, with <paramref name="multi_label"/>; default known from the first update.</param>
    /// <param name="label_weights">The weight of each label; default equal weights.</param>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <exception cref="ArgumentException">An argument is not one of those listed.</exception>
    public AUC(int num_thresholds = 200, string curve = "ROC", string summation_method = "interpolation", string? name = null, DTypePolicy? dtype = null,
        double[]? thresholds = null, bool multi_label = false, int? num_labels = null, float[]? label_weights = null, bool from_logits = false) : base(dtype, name)
    {
        _curve = OneOf(Curves, curve, nameof(curve));
        _summation = OneOf(Summations, summation_method, nameof(summation_method));
        if (num_labels is not null && !multi_label) throw new ArgumentException("`num_labels` is needed only when `multi_label` is true.", nameof(num_labels));
        if (thresholds is null && num_thresholds <= 1) throw new ArgumentOutOfRangeException(nameof(num_thresholds), num_thresholds, "The number of thresholds is too small. Expected: at least 2.");
        (_hasOwnThresholds, _labels, _labelWeights, _fromLogits, Direction) = (thresholds is not null, num_labels, label_weights, from_logits, "up");
        _matrix = Matrix(thresholds, num_thresholds, multi_label, label_weights);
        if (!multi_label) Build(new Shape(_matrix.Thresholds.Count));
        else if (num_labels is { } labels) Build(new Shape(_matrix.Thresholds.Count, labels));
    }

    static string OneOf(string[] names, string given, string argument) => Array.Find(names, n => string.Equals(n, given, StringComparison.OrdinalIgnoreCase))
        ?? throw Known.Unknown($"{argument} is unknown", given, argument, names);

    /// <summary>Makes the matrix, with added thresholds just below 0 and just above 1 that catch every score.</summary>
    static ConfusionMatrix Matrix(double[]? thresholds, int count, bool multiLabel, float[]? labelWeights)
    {
        double[] inner = thresholds is not null ? [.. thresholds.Order()] : [.. Enumerable.Range(1, count - 2).Select(i => i / (double)(count - 1))];
        var even = thresholds is null || Thresholds.AreEven([0, .. inner, 1]);
        return new([-LossMath.Epsilon, .. inner, 1 + LossMath.Epsilon], even) { IsMultiLabel = multiLabel, LabelWeights = multiLabel ? null : labelWeights };
    }

    void Build(Shape shape)
    {
        _matrix.TruePositives = add_variable(shape, name: "true_positives");
        _matrix.FalsePositives = add_variable(shape, name: "false_positives");
        _matrix.TrueNegatives = add_variable(shape, name: "true_negatives");
        _matrix.FalseNegatives = add_variable(shape, name: "false_negatives");
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeMismatchException">Labels are counted separately, but the predictions are not a matrix with a known number of labels.</exception>
    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null)
    {
        ArgumentNullException.ThrowIfNull(y_pred);
        if (_matrix.TruePositives is null)
        {
            if (y_pred.ndim != 2 || y_pred.shape[1] < 0)
                throw new ShapeMismatchException("The predictions are not a matrix, which multi_label needs", name, "y_pred of shape (batch_size, num_labels)", y_pred.shape.ToString());
            Build(new Shape(_matrix.Thresholds.Count, y_pred.shape[1]));
        }
        _matrix.Update(y_true, _fromLogits ? Tf.Sigmoid(y_pred) : y_pred, sample_weight, name);
    }

    /// <summary>The area so far, a scalar.</summary>
    /// <exception cref="InvalidOperationException">Labels are counted separately, but their number was not given and there was no update yet.</exception>
    public override Tensors result()
    {
        if (_matrix.TruePositives is null) throw new InvalidOperationException($"{name} has no result before the first update: the number of labels is unknown.");
        var (tp, fp, tn, fn) = (_matrix.TruePositives.value, _matrix.FalsePositives!.value, _matrix.TrueNegatives!.value, _matrix.FalseNegatives!.value);
        if (_curve == "PR" && _summation == "interpolation") return Averaged(InterpolatedPrecision(tp, fp, fn));
        var (x, y) = _curve switch
        {
            "ROC" => (Confusion.Share(fp, tn), Confusion.Share(tp, fn)),
            "PR" => (Confusion.Share(tp, fn), Confusion.Share(tp, fp)),
            _ => Gains(tp, fp, tn, fn),
        };
        var (left, right) = (From(y), To(y));
        var height = _summation switch { "interpolation" => (left + right) / 2, "minoring" => Tf.Minimum(left, right), _ => Tf.Maximum(left, right) };
        return Averaged((From(x) - To(x)) * height);
    }

    /// <summary>The recall gain and precision gain at each threshold.</summary>
    static (Tensor X, Tensor Y) Gains(Tensor tp, Tensor fp, Tensor tn, Tensor fn)
    {
        var (zero, one) = (Tf.Constant(0, tp.dtype), Tf.Constant(1, tp.dtype));
        var scale = Tf.DivNoNan(tp + fn, tn + fp);
        var none = Tf.Equal(tp, zero);
        var recall = Tf.SelectV2(none, zero, 1 - (scale * Tf.DivNoNan(fn, tp)));
        return (LossMath.Relu(recall), Tf.SelectV2(none, one, 1 - (scale * Tf.DivNoNan(fp, tp))));
    }

    /// <summary>The area under interpolated precision: between thresholds, true positives are linear in predicted positives, so the integral is a logarithm.</summary>
    static Tensor InterpolatedPrecision(Tensor tp, Tensor fp, Tensor fn)
    {
        var p = tp + fp;
        var zero = Tf.Constant(0, tp.dtype);
        var rise = From(tp) - To(tp);
        var slope = Tf.DivNoNan(rise, LossMath.Relu(From(p) - To(p)));
        var intercept = To(tp) - (slope * To(p));
        var both = Tf.LogicalAnd(Tf.Greater(From(p), zero), Tf.Greater(To(p), zero));
        var ratio = Tf.SelectV2(both, Tf.DivNoNan(From(p), LossMath.Relu(To(p))), Tf.Constant(1, tp.dtype));
        return Tf.DivNoNan(slope * (rise + (intercept * Tf.Log(ratio))), LossMath.Relu(To(tp) + To(fn)));
    }

    /// <summary>Sums the terms, and averages labels that are counted separately.</summary>
    Tensor Averaged(Tensor terms)
    {
        if (!_matrix.IsMultiLabel) return Tf.Sum(terms);
        var areas = Tf.Sum(terms, [0]);
        if (_labelWeights is null) return Tf.Mean(areas);
        var weights = Tf.Cast(Tf.Constant(HostTensor.From(_labelWeights)), areas.dtype);
        return Tf.DivNoNan(Tf.Sum(areas * weights), Tf.Sum(weights));
    }

    /// <summary>All but the last threshold's values.</summary>
    static Tensor From(Tensor x) => Tf.StridedSlice(x, [0], [-1], [1], begin_mask: 1);

    /// <summary>All but the first threshold's values.</summary>
    static Tensor To(Tensor x) => Tf.StridedSlice(x, [1], [0], [1], end_mask: 1);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config())
        {
            ["num_thresholds"] = _matrix.Thresholds.Count, ["curve"] = _curve, ["summation_method"] = _summation, ["multi_label"] = _matrix.IsMultiLabel,
            ["num_labels"] = _labels, ["label_weights"] = _labelWeights, ["from_logits"] = _fromLogits,
        };
        if (_hasOwnThresholds) config["thresholds"] = _matrix.Thresholds.Skip(1).SkipLast(1).ToArray();
        return config;
    }
}

public sealed partial class MetricsApi
{
    /// <inheritdoc cref="Metrics.AUC(int, string, string, string, DTypePolicy, double[], bool, int?, float[], bool)"/>
    public AUC AUC(int num_thresholds = 200, string curve = "ROC", string summation_method = "interpolation", string? name = null, DTypePolicy? dtype = null,
        double[]? thresholds = null, bool multi_label = false, int? num_labels = null, float[]? label_weights = null, bool from_logits = false) =>
        new(num_thresholds, curve, summation_method, name, dtype, thresholds, multi_label, num_labels, label_weights, from_logits);
}
