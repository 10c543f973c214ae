using Keras.Graphs;
using Keras.Losses;

namespace Keras.Metrics;

// Source of all: keras/src/metrics/accuracy_metrics.py.

/// <summary>The share of predictions that exactly equal the truth.</summary>
public class Accuracy : MeanMetricWrapper
{
    /// <summary>The share of predictions that exactly equal the truth.</summary>
    /// <param name="name">Its name; default "accuracy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public Accuracy(string name = "accuracy", DTypePolicy? dtype = null) : base(Compute, name, dtype) => Direction = "up";

    internal static Tensor Compute(Tensor y_true, Tensor y_pred)
    {
        // Different int64 values beyond 2^24 could become equal in float32.
        var common = y_true.dtype == y_pred.dtype ? y_true.dtype : !y_true.dtype.IsFloating || !y_pred.dtype.IsFloating ? Wide(y_true.dtype, y_pred.dtype) : y_pred.dtype;
        (y_true, y_pred) = LossMath.SameRank(Tf.Cast(y_true, common), Tf.Cast(y_pred, common));
        return Matches(y_true, y_pred);
    }

    static DType Wide(DType a, DType b) => a.IsFloating || b.IsFloating ? DType.Float64 : DType.Int64;

    internal static Tensor Matches(Tensor a, Tensor b) => Tf.Cast(Tf.Equal(a, b), DType.Float32);
}

/// <summary>The share of yes-or-no predictions that are right: above the threshold where the label is 1, not above it where it is 0.</summary>
public class BinaryAccuracy : MeanMetricWrapper
{
    readonly double _threshold;

    /// <summary>The share of yes-or-no predictions that are right.</summary>
    /// <param name="name">Its name; default "binary_accuracy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <param name="threshold">Predictions above it count as 1; default 0.5.</param>
    public BinaryAccuracy(string name = "binary_accuracy", DTypePolicy? dtype = null, double threshold = 0.5)
        : base((t, p) => Compute(t, p, threshold), name, dtype) => (_threshold, Direction) = (Require.Finite(threshold), "up");

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["threshold"] = _threshold };

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, double threshold)
    {
        (y_true, y_pred) = LossMath.SameRank(y_true, y_pred);
        return Accuracy.Matches(y_true, Tf.Cast(Tf.Greater(y_pred, Tf.Constant(threshold, y_pred.dtype)), y_true.dtype));
    }
}

/// <summary>The share of samples whose most likely class is the true one, for one-hot labels.</summary>
public class CategoricalAccuracy : MeanMetricWrapper
{
    /// <summary>The share of samples whose most likely class is the true one, for one-hot labels.</summary>
    /// <param name="name">Its name; default "categorical_accuracy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public CategoricalAccuracy(string name = "categorical_accuracy", DTypePolicy? dtype = null) : base(Compute, name, dtype) => Direction = "up";

    internal static Tensor Compute(Tensor y_true, Tensor y_pred) =>
        Accuracy.Matches(Tf.ArgMax(y_true, -1, DType.Int64), Tf.ArgMax(y_pred, -1, DType.Int64));
}

/// <summary>The share of samples whose most likely class is the true one, for class indices.</summary>
public class SparseCategoricalAccuracy : MeanMetricWrapper
{
    /// <summary>The share of samples whose most likely class is the true one, for class indices.</summary>
    /// <param name="name">Its name; default "sparse_categorical_accuracy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public SparseCategoricalAccuracy(string name = "sparse_categorical_accuracy", DTypePolicy? dtype = null) : base(Compute, name, dtype) => Direction = "up";

    internal static Tensor Compute(Tensor y_true, Tensor y_pred)
    {
        if (y_true.ndim == y_pred.ndim && y_true.shape[-1] == 1) y_true = Tf.Squeeze(y_true, -1);
        if (!y_true.dtype.IsFloating && y_true.dtype != DType.Int32) y_true = Tf.Cast(y_true, DType.Int64);
        var matches = Accuracy.Matches(y_true, Tf.Cast(Tf.ArgMax(y_pred, -1, DType.Int64), y_true.dtype));
        return matches.ndim > 1 && matches.shape[-1] == 1 ? Tf.Squeeze(matches, -1) : matches;
    }
}

/// <summary>The share of samples whose true class is among the k most likely, for one-hot labels.</summary>
public class TopKCategoricalAccuracy : MeanMetricWrapper
{
    readonly int _k;

    /// <summary>The share of samples whose true class is among the k most likely, for one-hot labels.</summary>
    /// <param name="k">The number of most likely classes to consider; default 5.</param>
    /// <param name="name">Its name; default "top_k_categorical_accuracy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public TopKCategoricalAccuracy(int k = 5, string name = "top_k_categorical_accuracy", DTypePolicy? dtype = null)
        : base((t, p) => Compute(t, p, k), name, dtype) => (_k, Direction) = (Require.Count(1, k), "up");

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["k"] = _k };

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, int k) =>
        SparseTopKCategoricalAccuracy.Compute(Tf.ArgMax(y_true, -1, DType.Int32), y_pred, k, false);
}

/// <summary>The share of samples whose true class is among the k most likely, for class indices.</summary>
public class SparseTopKCategoricalAccuracy : MeanMetricWrapper
{
    readonly int _k;
    readonly bool _sorted;

    /// <summary>The share of samples whose true class is among the k most likely, for class indices.</summary>
    /// <param name="k">The number of most likely classes to consider; default 5.</param>
    /// <param name="name">Its name; default "sparse_top_k_categorical_accuracy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <param name="from_sorted_ids">Whether predictions are class indices, the likeliest first, instead of scores; default false.</param>
    public SparseTopKCategoricalAccuracy(int k = 5, string name = "sparse_top_k_categorical_accuracy", DTypePolicy? dtype = null, bool from_sorted_ids = false)
        : base((t, p) => Compute(t, p, k, from_sorted_ids), name, dtype) => (_k, _sorted, Direction) = (Require.Count(1, k), from_sorted_ids, "up");

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config()
    {
        var config = new Dictionary<string, object?>(base.get_config()) { ["k"] = _k };
        if (_sorted) config["from_sorted_ids"] = true;
        return config;
    }

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, int k, bool from_sorted_ids)
    {
        if (y_true.ndim == y_pred.ndim && y_true.shape[-1] == 1) y_true = Tf.Squeeze(y_true, -1);
        return Tf.Cast(from_sorted_ids ? IsListed(y_true, y_pred, k) : IsInTopK(OpsApi.ClassIndices(y_true), y_pred, k), DType.Float32);
    }

    static Tensor IsListed(Tensor y_true, Tensor y_pred, int k)
    {
        var first = Tf.StridedSlice(y_pred, [0, 0], [0, k], [1, 1], begin_mask: 3, end_mask: 1, ellipsis_mask: 1);
        return Tf.Any(Tf.Equal(Tf.ExpandDims(Tf.Cast(y_true, y_pred.dtype), -1), first), [-1]);
    }

    /// <summary>Whether fewer than k scores exceed the true class's; as TensorFlow's in_top_k, false for scores that are not finite and unknown classes.</summary>
    static Tensor IsInTopK(Tensor y_true, Tensor y_pred, int k)
    {
        var classes = Tf.Range(Tf.Int32Scalar(0), Tf.DimOf(y_pred, -1), Tf.Int32Scalar(1));
        var isTrue = Tf.Equal(Tf.ExpandDims(y_true, -1), classes);
        var score = Tf.Sum(Tf.SelectV2(isTrue, y_pred, Tf.Constant(0, y_pred.dtype)), [-1], keep_dims: true);
        var above = Tf.Sum(Tf.Cast(Tf.Greater(y_pred, score), DType.Int32), [-1]);
        var valid = Tf.LogicalAnd(Tf.Any(isTrue, [-1]), Tf.All(Tf.IsFinite(y_pred), [-1]));
        return Tf.LogicalAnd(valid, Tf.Less(above, Tf.Int32Scalar(k)));
    }
}

public sealed partial class MetricsApi
{
    /// <inheritdoc cref="Metrics.Accuracy(string, DTypePolicy)"/>
    public Accuracy Accuracy(string name = "accuracy", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.BinaryAccuracy(string, DTypePolicy, double)"/>
    public BinaryAccuracy BinaryAccuracy(string name = "binary_accuracy", DTypePolicy? dtype = null, double threshold = 0.5) => new(name, dtype, threshold);

    /// <inheritdoc cref="Metrics.CategoricalAccuracy(string, DTypePolicy)"/>
    public CategoricalAccuracy CategoricalAccuracy(string name = "categorical_accuracy", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.SparseCategoricalAccuracy(string, DTypePolicy)"/>
    public SparseCategoricalAccuracy SparseCategoricalAccuracy(string name = "sparse_categorical_accuracy", DTypePolicy? dtype = null) => new(name, dtype);

    /// <inheritdoc cref="Metrics.TopKCategoricalAccuracy(int, string, DTypePolicy)"/>
    public TopKCategoricalAccuracy TopKCategoricalAccuracy(int k = 5, string name = "top_k_categorical_accuracy", DTypePolicy? dtype = null) => new(k, name, dtype);

    /// <inheritdoc cref="Metrics.SparseTopKCategoricalAccuracy(int, string, DTypePolicy, bool)"/>
    public SparseTopKCategoricalAccuracy SparseTopKCategoricalAccuracy(int k = 5, string name = "sparse_top_k_categorical_accuracy", DTypePolicy? dtype = null,
        bool from_sorted_ids = false) => new(k, name, dtype, from_sorted_ids);

    /// <summary>Whether each yes-or-no prediction is right: above the threshold where the label is 1, not above it where it is 0.</summary>
    /// <param name="y_true">The truth, (B, ...), 0 or 1.</param>
    /// <param name="y_pred">The predictions, (B, ...), floating.</param>
    /// <param name="threshold">Predictions above it count as 1; default 0.5.</param>
    /// <returns>1 or 0 for each, (B, ...), float32.</returns>
    public Tensor binary_accuracy(Tensor y_true, Tensor y_pred, double threshold = 0.5) => Metrics.BinaryAccuracy.Compute(y_true, y_pred, Require.Finite(threshold));

    /// <summary>Whether each sample's most likely class is the true one, for one-hot labels.</summary>
    /// <param name="y_true">The truth, (B, ..., C), one-hot.</param>
    /// <param name="y_pred">Scores, (B, ..., C).</param>
    /// <returns>1 or 0 for each, (B, ...), float32.</returns>
    public Tensor categorical_accuracy(Tensor y_true, Tensor y_pred) => Metrics.CategoricalAccuracy.Compute(y_true, y_pred);

    /// <summary>Whether each sample's most likely class is the true one, for class indices.</summary>
    /// <param name="y_true">Class indices, (B, ...) or (B, ..., 1).</param>
    /// <param name="y_pred">Scores, (B, ..., C).</param>
    /// <returns>1 or 0 for each, (B, ...), float32.</returns>
    public Tensor sparse_categorical_accuracy(Tensor y_true, Tensor y_pred) => Metrics.SparseCategoricalAccuracy.Compute(y_true, y_pred);

    /// <summary>Whether each sample's true class is among the k most likely, for one-hot labels.</summary>
    /// <param name="y_true">The truth, (B, ..., C), one-hot.</param>
    /// <param name="y_pred">Scores, (B, ..., C).</param>
    /// <param name="k">The number of most likely classes to consider; default 5.</param>
    /// <returns>1 or 0 for each, (B, ...), float32.</returns>
    public Tensor top_k_categorical_accuracy(Tensor y_true, Tensor y_pred, int k = 5) => Metrics.TopKCategoricalAccuracy.Compute(y_true, y_pred, Require.Count(1, k));

    /// <summary>Whether each sample's true class is among the k most likely, for class indices.</summary>
    /// <param name="y_true">Class indices, (B, ...).</param>
    /// <param name="y_pred">Scores, (B, ..., C), or class indices, the likeliest first.</param>
    /// <param name="k">The number of most likely classes to consider; default 5.</param>
    /// <param name="from_sorted_ids">Whether predictions are class indices; default false.</param>
    /// <returns>1 or 0 for each, (B, ...), float32.</returns>
    public Tensor sparse_top_k_categorical_accuracy(Tensor y_true, Tensor y_pred, int k = 5, bool from_sorted_ids = false) =>
        Metrics.SparseTopKCategoricalAccuracy.Compute(y_true, y_pred, Require.Count(1, k), from_sorted_ids);
}
