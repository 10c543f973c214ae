using Keras.Graphs;

namespace Keras.Metrics;

// Source of all: keras/src/metrics/confusion_metrics.py.

/// <summary>The base of metrics that report the best of one rate at thresholds where another rate reaches a given value.</summary>
public abstract class OperatingPoint : Metric
{
    readonly string _key;
    readonly double _value;
    readonly int _count;
    readonly ConfusionMatrix _matrix;

    private protected OperatingPoint(string key, double value, int num_thresholds, int? class_id, string? name, DTypePolicy? dtype) : base(dtype, name)
    {
        if (value is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(key, value, $"Argument `{key}` must be in the range [0, 1].");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(num_thresholds);
        if (class_id is { } one) Require.Count(0, one, nameof(class_id));
        (_key, _value, _count, Direction) = (key, value, num_thresholds, "up");
        double[] thresholds = num_thresholds == 1 ? [0.5] : [.. Enumerable.Range(0, num_thresholds).Select(i => i / (double)(num_thresholds - 1))];
        var shape = new Shape(thresholds.Length);
        _matrix = new(thresholds, num_thresholds > 1)
        {
            ClassId = class_id,
            TruePositives = add_variable(shape, name: "true_positives"), FalsePositives = add_variable(shape, name: "false_positives"),
            TrueNegatives = add_variable(shape, name: "true_negatives"), FalseNegatives = add_variable(shape, name: "false_negatives"),
        };
    }

    private protected Tensor Sensitivity => Confusion.Share(_matrix.TruePositives!, _matrix.FalseNegatives!);

    private protected Tensor Specificity => Confusion.Share(_matrix.TrueNegatives!, _matrix.FalsePositives!);

    private protected Tensor PrecisionRate => Confusion.Share(_matrix.TruePositives!, _matrix.FalsePositives!);

    /// <inheritdoc/>
    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null) => _matrix.Update(y_true, y_pred, sample_weight, name);

    /// <summary>The largest dependent rate among thresholds where the constrained one is large enough; 0 if there are none.</summary>
    private protected Tensor BestWhere(Tensor constrained, Tensor dependent)
    {
        var feasible = Tf.GreaterEqual(constrained, Tf.Constant(_value, constrained.dtype));
        return Tf.Max(Tf.SelectV2(feasible, dependent, Tf.Constant(0, dependent.dtype)), [0]);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() =>
        new(base.get_config()) { ["class_id"] = _matrix.ClassId, ["num_thresholds"] = _count, [_key] = _value };
}

/// <summary>The best sensitivity (recall) over all thresholds at which the specificity reaches a given value.</summary>
public class SensitivityAtSpecificity : OperatingPoint
{
    /// <summary>The best sensitivity over all thresholds at which the specificity reaches a given value.</summary>
    /// <param name="specificity">The value to reach, in [0, 1].</param>
    /// <param name="num_thresholds">The number of thresholds; default 200.</param>
    /// <param name="class_id">The only class that counts; default all.</param>
    /// <param name="name">Its name; default "sensitivity_at_specificity" with a number.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public SensitivityAtSpecificity(double specificity, int num_thresholds = 200, int? class_id = null, string? name = null, DTypePolicy? dtype = null)
        : base(nameof(specificity), specificity, num_thresholds, class_id, name, dtype) { }

    /// <summary>The best sensitivity so far, a scalar.</summary>
    public override Tensors result() => BestWhere(Specificity, Sensitivity);
}

/// <summary>The best specificity over all thresholds at which the sensitivity (recall) reaches a given value.</summary>
public class SpecificityAtSensitivity : OperatingPoint
{
    /// <summary>The best specificity over all thresholds at which the sensitivity reaches a given value.</summary>
    /// <param name="sensitivity">The value to reach, in [0, 1].</param>
    /// <param name="num_thresholds">The number of thresholds; default 200.</param>
    /// <param name="class_id">The only class that counts; default all.</param>
    /// <param name="name">Its name; default "specificity_at_sensitivity" with a number.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public SpecificityAtSensitivity(double sensitivity, int num_thresholds = 200, int? class_id = null, string? name = null, DTypePolicy? dtype = null)
        : base(nameof(sensitivity), sensitivity, num_thresholds, class_id, name, dtype) { }

    /// <summary>The best specificity so far, a scalar.</summary>
    public override Tensors result() => BestWhere(Sensitivity, Specificity);
}

/// <summary>The best precision over all thresholds at which the recall reaches a given value.</summary>
public class PrecisionAtRecall : OperatingPoint
{
    /// <summary>The best precision over all thresholds at which the recall reaches a given value.</summary>
    /// <param name="recall">The value to reach, in [0, 1].</param>
    /// <param name="num_thresholds">The number of thresholds; default 200.</param>
    /// <param name="class_id">The only class that counts; default all.</param>
    /// <param name="name">Its name; default "precision_at_recall" with a number.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public PrecisionAtRecall(double recall, int num_thresholds = 200, int? class_id = null, string? name = null, DTypePolicy? dtype = null)
        : base(nameof(recall), recall, num_thresholds, class_id, name, dtype) { }

    /// <summary>The best precision so far, a scalar.</summary>
    public override Tensors result() => BestWhere(Sensitivity, PrecisionRate);
}

/// <summary>The best recall over all thresholds at which the precision reaches a given value.</summary>
public class RecallAtPrecision : OperatingPoint
{
    /// <summary>The best recall over all thresholds at which the precision reaches a given value.</summary>
    /// <param name="precision">The value to reach, in [0, 1].</param>
    /// <param name="num_thresholds">The number of thresholds; default 200.</param>
    /// <param name="class_id">The only class that counts; default all.</param>
    /// <param name="name">Its name; default "recall_at_precision" with a number.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public RecallAtPrecision(double precision, int num_thresholds = 200, int? class_id = null, string? name = null, DTypePolicy? dtype = null)
        : base(nameof(precision), precision, num_thresholds, class_id, name, dtype) { }

    /// <summary>The best recall so far, a scalar.</summary>
    public override Tensors result() => BestWhere(PrecisionRate, Sensitivity);
}

public sealed partial class MetricsApi
{
    /// <inheritdoc cref="Metrics.SensitivityAtSpecificity(double, int, int?, string, DTypePolicy)"/>
    public SensitivityAtSpecificity SensitivityAtSpecificity(double specificity, int num_thresholds = 200, int? class_id = null, string? name = null,
        DTypePolicy? dtype = null) => new(specificity, num_thresholds, class_id, name, dtype);

    /// <inheritdoc cref="Metrics.SpecificityAtSensitivity(double, int, int?, string, DTypePolicy)"/>
    public SpecificityAtSensitivity SpecificityAtSensitivity(double sensitivity, int num_thresholds = 200, int? class_id = null, string? name = null,
        DTypePolicy? dtype = null) => new(sensitivity, num_thresholds, class_id, name, dtype);

    /// <inheritdoc cref="Metrics.PrecisionAtRecall(double, int, int?, string, DTypePolicy)"/>
    public PrecisionAtRecall PrecisionAtRecall(double recall, int num_thresholds = 200, int? class_id = null, string? name = null, DTypePolicy? dtype = null) =>
        new(recall, num_thresholds, class_id, name, dtype);

    /// <inheritdoc cref="Metrics.RecallAtPrecision(double, int, int?, string, DTypePolicy)"/>
    public RecallAtPrecision RecallAtPrecision(double precision, int num_thresholds = 200, int? class_id = null, string? name = null, DTypePolicy? dtype = null) =>
        new(precision, num_thresholds, class_id, name, dtype);
}
