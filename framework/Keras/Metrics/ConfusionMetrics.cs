using Keras.Graphs;

namespace Keras.Metrics;

// Source of all: keras/src/metrics/confusion_metrics.py.

/// <summary>The base of metrics that count decisions of one kind, at one threshold or several.</summary>
public abstract class ConfusionCount : Metric
{
    readonly Thresholds? _given;
    readonly ConfusionMatrix _matrix;

    private protected ConfusionCount(Action<ConfusionMatrix, Variable> count, Thresholds? thresholds, string? name, DTypePolicy? dtype) : base(dtype, name)
    {
        _given = thresholds;
        var values = Metrics.Thresholds.Parse(thresholds, 0.5);
        _matrix = new(values, Metrics.Thresholds.AreEven(values));
        accumulator = add_variable(new Shape(values.Length), name: "accumulator");
        count(_matrix, accumulator);
    }

    /// <summary>The counts so far, one for each threshold.</summary>
    public Variable accumulator { get; }

    /// <inheritdoc/>
    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null) => _matrix.Update(y_true, y_pred, sample_weight, name);

    /// <summary>The count so far, a scalar, or one for each of several thresholds.</summary>
    public override Tensors result() => Confusion.ScalarOfOne(accumulator.value);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["thresholds"] = _given?.Config };
}

/// <summary>Counts true positives: positive samples that were predicted to be positive.</summary>
public class TruePositives : ConfusionCount
{
    /// <summary>Counts true positives: positive samples that were predicted to be positive.</summary>
    /// <param name="thresholds">Scores above it count as positive; default 0.5.</param>
    /// <param name="name">Its name; default "true_positives" with a number.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public TruePositives(Thresholds? thresholds = null, string? name = null, DTypePolicy? dtype = null) : base((m, v) => m.TruePositives = v, thresholds, name, dtype) { }
}

/// <summary>Counts true negatives: negative samples that were predicted to be negative.</summary>
public class TrueNegatives : ConfusionCount
{
    /// <summary>Counts true negatives: negative samples that were predicted to be negative.</summary>
    /// <param name="thresholds">Scores above it count as positive; default 0.5.</param>
    /// <param name="name">Its name; default "true_negatives" with a number.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public TrueNegatives(Thresholds? thresholds = null, string? name = null, DTypePolicy? dtype = null) : base((m, v) => m.TrueNegatives = v, thresholds, name, dtype) { }
}

/// <summary>Counts false positives: negative samples that were predicted to be positive.</summary>
public class FalsePositives : ConfusionCount
{
    /// <summary>Counts false positives: negative samples that were predicted to be positive.</summary>
    /// <param name="thresholds">Scores above it count as positive; default 0.5.</param>
    /// <param name="name">Its name; default "false_positives" with a number.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public FalsePositives(Thresholds? thresholds = null, string? name = null, DTypePolicy? dtype = null) : base((m, v) => m.FalsePositives = v, thresholds, name, dtype) { }
}

/// <summary>Counts false negatives: positive samples that were predicted to be negative.</summary>
public class FalseNegatives : ConfusionCount
{
    /// <summary>Counts false negatives: positive samples that were predicted to be negative.</summary>
    /// <param name="thresholds">Scores above it count as positive; default 0.5.</param>
    /// <param name="name">Its name; default "false_negatives" with a number.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public FalseNegatives(Thresholds? thresholds = null, string? name = null, DTypePolicy? dtype = null) : base((m, v) => m.FalseNegatives = v, thresholds, name, dtype) { }
}

/// <summary>The share of positive predictions that are right: true positives / (true positives + false positives).</summary>
public class Precision : Metric
{
    readonly Thresholds? _given;
    readonly ConfusionMatrix _matrix;

    /// <summary>The share of positive predictions that are right.</summary>
    /// <param name="thresholds">Scores above it count as positive; default 0.5, with <paramref name="top_k"/> none.</param>
    /// <param name="top_k">Only the k largest scores count as positive; default all above the threshold.</param>
    /// <param name="class_id">The only class that counts; default all.</param>
    /// <param name="name">Its name; default "precision" with a number.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <exception cref="ArgumentOutOfRangeException">A threshold is outside [0, 1].</exception>
    public Precision(Thresholds? thresholds = null, int? top_k = null, int? class_id = null, string? name = null, DTypePolicy? dtype = null) : base(dtype, name)
    {
        (_given, Direction) = (thresholds, "up");
        _matrix = Confusion.Matrix(thresholds, top_k, class_id);
        var shape = new Shape(_matrix.Thresholds.Count);
        _matrix.TruePositives = true_positives = add_variable(shape, name: "true_positives");
        _matrix.FalsePositives = false_positives = add_variable(shape, name: "false_positives");
    }

    /// <summary>The true positives so far, one for each threshold.</summary>
    public Variable true_positives { get; }

    /// <summary>The false positives so far, one for each threshold.</summary>
    public Variable false_positives { get; }

    /// <inheritdoc/>
    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null) => _matrix.Update(y_true, y_pred, sample_weight, name);

    /// <summary>The share so far, a scalar, or one for each of several thresholds.</summary>
    public override Tensors result() => Confusion.ScalarOfOne(Confusion.Share(true_positives, false_positives));

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() =>
        new(base.get_config()) { ["thresholds"] = _given?.Config, ["top_k"] = _matrix.TopK, ["class_id"] = _matrix.ClassId };
}

/// <summary>The share of positive samples that were found: true positives / (true positives + false negatives).</summary>
public class Recall : Metric
{
    readonly Thresholds? _given;
    readonly ConfusionMatrix _matrix;

    /// <summary>The share of positive samples that were found.</summary>
    /// <param name="thresholds">Scores above it count as positive; default 0.5, with <paramref name="top_k"/> none.</param>
    /// <param name="top_k">Only the k largest scores count as positive; default all above the threshold.</param>
    /// <param name="class_id">The only class that counts; default all.</param>
    /// <param name="name">Its name; default "recall" with a number.</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <exception cref="ArgumentOutOfRangeException">A threshold is outside [0, 1].</exception>
    public Recall(Thresholds? thresholds = null, int? top_k = null, int? class_id = null, string? name = null, DTypePolicy? dtype = null) : base(dtype, name)
    {
        (_given, Direction) = (thresholds, "up");
        _matrix = Confusion.Matrix(thresholds, top_k, class_id);
        var shape = new Shape(_matrix.Thresholds.Count);
        _matrix.TruePositives = true_positives = add_variable(shape, name: "true_positives");
        _matrix.FalseNegatives = false_negatives = add_variable(shape, name: "false_negatives");
    }

    /// <summary>The true positives so far, one for each threshold.</summary>
    public Variable true_positives { get; }

    /// <summary>The false negatives so far, one for each threshold.</summary>
    public Variable false_negatives { get; }

    /// <inheritdoc/>
    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null) => _matrix.Update(y_true, y_pred, sample_weight, name);

    /// <summary>The share so far, a scalar, or one for each of several thresholds.</summary>
    public override Tensors result() => Confusion.ScalarOfOne(Confusion.Share(true_positives, false_negatives));

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() =>
        new(base.get_config()) { ["thresholds"] = _given?.Config, ["top_k"] = _matrix.TopK, ["class_id"] = _matrix.ClassId };
}

/// <summary>Calculations shared by metrics on counts.</summary>
static class Confusion
{
    public static ConfusionMatrix Matrix(Thresholds? thresholds, int? top_k, int? class_id)
    {
        if (top_k is { } most) Require.Count(1, most, nameof(top_k));
        if (class_id is { } one) Require.Count(0, one, nameof(class_id));
        var values = Metrics.Thresholds.Parse(thresholds, top_k is null ? 0.5 : ConfusionMatrix.NegativeInfinity);
        return new(values, Metrics.Thresholds.AreEven(values)) { TopK = top_k, ClassId = class_id };
    }

    /// <summary>part / (part + rest), 0 where both are 0.</summary>
    public static Tensor Share(Tensor part, Tensor rest) => Tf.DivNoNan(part, part + rest);

    public static Tensor ScalarOfOne(Tensor x) => x.shape[0] == 1 ? Tf.Reshape(x, Shape.Scalar) : x;
}

public sealed partial class MetricsApi
{
    /// <inheritdoc cref="Metrics.TruePositives(Thresholds, string, DTypePolicy)"/>
    public TruePositives TruePositives(Thresholds? thresholds = null, string? name = null, DTypePolicy? dtype = null) => new(thresholds, name, dtype);

    /// <inheritdoc cref="Metrics.TrueNegatives(Thresholds, string, DTypePolicy)"/>
    public TrueNegatives TrueNegatives(Thresholds? thresholds = null, string? name = null, DTypePolicy? dtype = null) => new(thresholds, name, dtype);

    /// <inheritdoc cref="Metrics.FalsePositives(Thresholds, string, DTypePolicy)"/>
    public FalsePositives FalsePositives(Thresholds? thresholds = null, string? name = null, DTypePolicy? dtype = null) => new(thresholds, name, dtype);

    /// <inheritdoc cref="Metrics.FalseNegatives(Thresholds, string, DTypePolicy)"/>
    public FalseNegatives FalseNegatives(Thresholds? thresholds = null, string? name = null, DTypePolicy? dtype = null) => new(thresholds, name, dtype);

    /// <inheritdoc cref="Metrics.Precision(Thresholds, int?, int?, string, DTypePolicy)"/>
    public Precision Precision(Thresholds? thresholds = null, int? top_k = null, int? class_id = null, string? name = null, DTypePolicy? dtype = null) =>
        new(thresholds, top_k, class_id, name, dtype);

    /// <inheritdoc cref="Metrics.Recall(Thresholds, int?, int?, string, DTypePolicy)"/>
    public Recall Recall(Thresholds? thresholds = null, int? top_k = null, int? class_id = null, string? name = null, DTypePolicy? dtype = null) =>
        new(thresholds, top_k, class_id, name, dtype);
}
