namespace Keras.Metrics;

// Source of all: keras/src/metrics/probabilistic_metrics.py.

/// <summary>The mean Kullback-Leibler divergence of two distributions.</summary>
public class KLDivergence : MeanMetricWrapper
{
    /// <summary>The mean Kullback-Leibler divergence of two distributions.</summary>
    /// <param name="name">Its name; default "kl_divergence".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public KLDivergence(string name = "kl_divergence", DTypePolicy? dtype = null) : base(Losses.KLDivergence.Compute, name, dtype) => Direction = "down";
}

/// <summary>The mean Poisson loss: y_pred - y_true · log(y_pred).</summary>
public class Poisson : MeanMetricWrapper
{
    /// <summary>The mean Poisson loss: y_pred - y_true · log(y_pred).</summary>
    /// <param name="name">Its name; default "poisson".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public Poisson(string name = "poisson", DTypePolicy? dtype = null) : base(Losses.Poisson.Compute, name, dtype) => Direction = "down";
}

/// <summary>The mean cross entropy of yes-or-no decisions.</summary>
public class BinaryCrossentropy : MeanMetricWrapper
{
    readonly bool _fromLogits;
    readonly double _smoothing;

    /// <summary>The mean cross entropy of yes-or-no decisions.</summary>
    /// <param name="name">Its name; default "binary_crossentropy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <param name="label_smoothing">Label smoothing, in [0, 1]: how far labels are moved towards the middle; default 0.</param>
    public BinaryCrossentropy(string name = "binary_crossentropy", DTypePolicy? dtype = null, bool from_logits = false, double label_smoothing = 0)
        : base((t, p) => Losses.BinaryCrossentropy.Compute(t, p, from_logits, label_smoothing, -1), name, dtype) =>
        (_fromLogits, _smoothing, Direction) = (from_logits, Require.Share(label_smoothing), "down");

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["from_logits"] = _fromLogits, ["label_smoothing"] = _smoothing };
}

/// <summary>The mean cross entropy of one-hot labels or distributions over classes.</summary>
public class CategoricalCrossentropy : MeanMetricWrapper
{
    readonly bool _fromLogits;
    readonly double _smoothing;
    readonly int _axis;

    /// <summary>The mean cross entropy of one-hot labels or distributions over classes.</summary>
    /// <param name="name">Its name; default "categorical_crossentropy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <param name="label_smoothing">Label smoothing, in [0, 1]: how far labels are moved towards the middle; default 0.</param>
    /// <param name="axis">The axis of the classes; default -1.</param>
    public CategoricalCrossentropy(string name = "categorical_crossentropy", DTypePolicy? dtype = null, bool from_logits = false, double label_smoothing = 0, int axis = -1)
        : base((t, p) => Losses.CategoricalCrossentropy.Compute(t, p, from_logits, label_smoothing, axis), name, dtype) =>
        (_fromLogits, _smoothing, _axis, Direction) = (from_logits, Require.Share(label_smoothing), axis, "down");

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["from_logits"] = _fromLogits, ["label_smoothing"] = _smoothing, ["axis"] = _axis };
}

/// <summary>The mean cross entropy of class indices.</summary>
public class SparseCategoricalCrossentropy : MeanMetricWrapper
{
    readonly bool _fromLogits;
    readonly int? _ignoreClass;
    readonly int _axis;

    /// <summary>The mean cross entropy of class indices.</summary>
    /// <param name="name">Its name; default "sparse_categorical_crossentropy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <param name="ignore_class">A label that means "no label" and costs nothing; default none.</param>
    /// <param name="axis">The axis of the classes; default -1.</param>
    public SparseCategoricalCrossentropy(string name = "sparse_categorical_crossentropy", DTypePolicy? dtype = null, bool from_logits = false, int? ignore_class = null, int axis = -1)
        : base((t, p) => Losses.SparseCategoricalCrossentropy.Compute(t, p, from_logits, ignore_class, axis), name, dtype) =>
        (_fromLogits, _ignoreClass, _axis, Direction) = (from_logits, ignore_class, axis, "down");

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["from_logits"] = _fromLogits, ["ignore_class"] = _ignoreClass, ["axis"] = _axis };
}

public sealed partial class MetricsApi
{
    /// <inheritdoc cref="Metrics.KLDivergence(string, DTypePolicy)"/>
    public KLDivergence KLDivergence(string name = "kl_divergence", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.Poisson(string, DTypePolicy)"/>
    public Poisson Poisson(string name = "poisson", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.BinaryCrossentropy(string, DTypePolicy, bool, double)"/>
    public BinaryCrossentropy BinaryCrossentropy(string name = "binary_crossentropy", DTypePolicy? dtype = null, bool from_logits = false, double label_smoothing = 0) =>
        new(name, dtype, from_logits, label_smoothing);

    /// <inheritdoc cref="Metrics.CategoricalCrossentropy(string, DTypePolicy, bool, double, int)"/>
    public CategoricalCrossentropy CategoricalCrossentropy(string name = "categorical_crossentropy", DTypePolicy? dtype = null, bool from_logits = false, double label_smoothing = 0, int axis = -1) =>
        new(name, dtype, from_logits, label_smoothing, axis);

    /// <inheritdoc cref="Metrics.SparseCategoricalCrossentropy(string, DTypePolicy, bool, int?, int)"/>
    public SparseCategoricalCrossentropy SparseCategoricalCrossentropy(string name = "sparse_categorical_crossentropy", DTypePolicy? dtype = null, bool from_logits = false, int? ignore_class = null, int axis = -1) =>
        new(name, dtype, from_logits, ignore_class, axis);
}
