using Keras.Graphs;
using Keras.Losses;

namespace Keras.Metrics;

// Source of all: keras/src/metrics/iou_metrics.py.

/// <summary>The mean intersection over union of some classes, for segmentation: true positives / (true positives + false positives + false negatives) of each.</summary>
/// <remarks>The state counts in int64, so weights are truncated to integers. Labels and predictions outside of the classes do not count.</remarks>
public class IoU : Metric
{
    readonly int[] _targets;

    /// <summary>The mean intersection over union of some classes, for segmentation.</summary>
    /// <param name="num_classes">The number of classes.</param>
    /// <param name="target_class_ids">The classes to average.</param>
    /// <param name="name">Its name; default the class name with a number.</param>
    /// <param name="dtype">The dtype to count in; default int64.</param>
    /// <param name="ignore_class">A label that means "no label"; default none.</param>
    /// <param name="sparse_y_true">Whether the truth is class indices, not one-hot; default true.</param>
    /// <param name="sparse_y_pred">Whether predictions are class indices, not scores; default true.</param>
    /// <param name="axis">The axis of the classes if not sparse; default -1.</param>
    /// <exception cref="ArgumentException">A target class does not exist.</exception>
    public IoU(int num_classes, int[] target_class_ids, string? name = null, DTypePolicy? dtype = null, int? ignore_class = null,
        bool sparse_y_true = true, bool sparse_y_pred = true, int axis = -1) : base(dtype ?? DType.Int64, name)
    {
        ArgumentNullException.ThrowIfNull(target_class_ids);
        Require.Count(1, num_classes);
        if (Array.Exists(target_class_ids, t => t < 0 || t >= num_classes))
            throw new ArgumentException($"A target class does not exist. Expected: target classes in [0, {num_classes}). Received: {Known.List(target_class_ids)}.", nameof(target_class_ids));
        (this.num_classes, _targets, this.ignore_class) = (num_classes, target_class_ids, ignore_class);
        (this.sparse_y_true, this.sparse_y_pred, this.axis, Direction) = (sparse_y_true, sparse_y_pred, axis, "up");
        total_cm = add_variable(new Shape(num_classes, num_classes), dtype: this.dtype, name: "total_confusion_matrix");
    }

    /// <summary>The number of classes.</summary>
    public int num_classes { get; }

    /// <summary>The classes to average.</summary>
    public IReadOnlyList<int> target_class_ids => _targets;

    /// <summary>A label that means "no label"; null for none.</summary>
    public int? ignore_class { get; }

    /// <summary>Whether the truth is class indices.</summary>
    public bool sparse_y_true { get; }

    /// <summary>Whether predictions are class indices.</summary>
    public bool sparse_y_pred { get; }

    /// <summary>The axis of the classes in one-hot labels and scores.</summary>
    public int axis { get; }

    /// <summary>The counts so far, (true class, predicted class).</summary>
    public Variable total_cm { get; }

    /// <inheritdoc/>
    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null)
    {
        ArgumentNullException.ThrowIfNull(y_true);
        ArgumentNullException.ThrowIfNull(y_pred);
        var labels = sparse_y_true ? y_true : Tf.ArgMax(y_true, axis, DType.Int64);
        var truth = Flat(labels);
        var predicted = Flat(sparse_y_pred ? y_pred : Tf.ArgMax(y_pred, axis, DType.Int64));
        var weight = sample_weight is null ? Tf.OnesLike(truth) : Flat(LossMath.WeightOfEach(labels, sample_weight));
        var counted = Tf.LogicalAnd(IsClass(truth), IsClass(predicted));
        if (ignore_class is { } ignored) counted = Tf.LogicalAnd(counted, Tf.NotEqual(truth, Tf.Constant(ignored, DType.Int64)));
        // Cell (true, predicted) is segment true · num_classes + predicted; a negative segment is dropped.
        var cell = Tf.SelectV2(counted, (truth * num_classes) + predicted, Tf.Constant(-1, DType.Int64));
        var cells = Tf.UnsortedSegmentSum(weight, cell, Tf.Constant((double)num_classes * num_classes, DType.Int64));
        total_cm.Gather(Tf.Reshape(cells, new Shape(num_classes, num_classes)));
    }

    static Tensor Flat(Tensor x)
    {
        x = Tf.Cast(x, DType.Int64);
        return x.ndim > 1 ? Tf.Reshape(x, new Shape(-1)) : x;
    }

    Tensor IsClass(Tensor x) => Tf.LogicalAnd(Tf.GreaterEqual(x, Tf.Constant(0, x.dtype)), Tf.Less(x, Tf.Constant(num_classes, x.dtype)));

    /// <summary>The mean over the target classes that occur, a scalar, float32; 0 if none does.</summary>
    public override Tensors result()
    {
        var matrix = total_cm.Whole(DType.Float32);
        var classes = Tf.Range(Tf.Int32Scalar(0), Tf.Int32Scalar(num_classes), Tf.Int32Scalar(1));
        var diagonal = Tf.Equal(Tf.ExpandDims(classes, 1), classes);
        var hits = Tf.Sum(Tf.SelectV2(diagonal, matrix, Tf.Constant(0, matrix.dtype)), [1]);
        var union = Tf.Sum(matrix, [0]) + Tf.Sum(matrix, [1]) - hits;
        var targets = Tf.Int32(_targets);
        (hits, union) = (Tf.Gather(hits, targets, 0), Tf.Gather(union, targets, 0));
        var occurs = Tf.Greater(union, Tf.Constant(1e-9, union.dtype));
        var scores = Tf.SelectV2(occurs, hits / (union + LossMath.Epsilon), Tf.Constant(0, union.dtype));
        return Tf.Sum(scores) / (Tf.Sum(Tf.Cast(occurs, union.dtype)) + LossMath.Epsilon);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["num_classes"] = num_classes, ["target_class_ids"] = _targets, ["ignore_class"] = ignore_class,
        ["sparse_y_true"] = sparse_y_true, ["sparse_y_pred"] = sparse_y_pred, ["axis"] = axis,
    };

    private protected static int[] AllClasses(int count) => [.. Enumerable.Range(0, count)];
}

/// <summary>The mean intersection over union of two classes that a threshold separates.</summary>
public class BinaryIoU : IoU
{
    readonly double _threshold;

    /// <summary>The mean intersection over union of two classes that a threshold separates.</summary>
    /// <param name="target_class_ids">The classes to average, 0 and 1 or one of them; default both.</param>
    /// <param name="threshold">Predictions from it on are class 1; default 0.5.</param>
    /// <param name="name">Its name; default "binary_io_u" with a number.</param>
    /// <param name="dtype">The dtype to count in; default int64.</param>
    public BinaryIoU(int[]? target_class_ids = null, double threshold = 0.5, string? name = null, DTypePolicy? dtype = null)
        : base(2, target_class_ids ?? [0, 1], name, dtype) => _threshold = Require.Finite(threshold);

    /// <inheritdoc/>
    public override void update_state(Tensor y_true, Tensor y_pred, Tensor? sample_weight = null)
    {
        ArgumentNullException.ThrowIfNull(y_pred);
        var above = Tf.GreaterEqual(Tf.Cast(y_pred, DType.Float32), Tf.Constant(_threshold, DType.Float32));
        base.update_state(y_true, Tf.Cast(above, DType.Int64), sample_weight);
    }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new()
    {
        ["target_class_ids"] = target_class_ids, ["threshold"] = _threshold, ["name"] = name, ["dtype"] = dtype.Name,
    };
}

/// <summary>The mean intersection over union of all classes.</summary>
public class MeanIoU : IoU
{
    /// <summary>The mean intersection over union of all classes.</summary>
    /// <param name="num_classes">The number of classes.</param>
    /// <param name="name">Its name; default "mean_io_u" with a number.</param>
    /// <param name="dtype">The dtype to count in; default int64.</param>
    /// <param name="ignore_class">A label that means "no label"; default none.</param>
    /// <param name="sparse_y_true">Whether the truth is class indices, not one-hot; default true.</param>
    /// <param name="sparse_y_pred">Whether predictions are class indices, not scores; default true.</param>
    /// <param name="axis">The axis of the classes if not sparse; default -1.</param>
    public MeanIoU(int num_classes, string? name = null, DTypePolicy? dtype = null, int? ignore_class = null, bool sparse_y_true = true, bool sparse_y_pred = true,
        int axis = -1) : base(num_classes, AllClasses(Require.Count(1, num_classes)), name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis) { }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config().Where(c => c.Key != "target_class_ids"));
}

/// <summary>The mean intersection over union of some classes, for one-hot labels.</summary>
public class OneHotIoU : IoU
{
    /// <summary>The mean intersection over union of some classes, for one-hot labels.</summary>
    /// <param name="num_classes">The number of classes.</param>
    /// <param name="target_class_ids">The classes to average.</param>
    /// <param name="name">Its name; default "one_hot_io_u" with a number.</param>
    /// <param name="dtype">The dtype to count in; default int64.</param>
    /// <param name="ignore_class">A label that means "no label"; default none.</param>
    /// <param name="sparse_y_pred">Whether predictions are class indices, not scores; default false.</param>
    /// <param name="axis">The axis of the classes; default -1.</param>
    public OneHotIoU(int num_classes, int[] target_class_ids, string? name = null, DTypePolicy? dtype = null, int? ignore_class = null, bool sparse_y_pred = false,
        int axis = -1) : base(num_classes, target_class_ids, name, dtype, ignore_class, false, sparse_y_pred, axis) { }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config().Where(c => c.Key != "sparse_y_true"));
}

/// <summary>The mean intersection over union of all classes, for one-hot labels.</summary>
public class OneHotMeanIoU : MeanIoU
{
    /// <summary>The mean intersection over union of all classes, for one-hot labels.</summary>
    /// <param name="num_classes">The number of classes.</param>
    /// <param name="name">Its name; default "one_hot_mean_io_u" with a number.</param>
    /// <param name="dtype">The dtype to count in; default int64.</param>
    /// <param name="ignore_class">A label that means "no label"; default none.</param>
    /// <param name="sparse_y_pred">Whether predictions are class indices, not scores; default false.</param>
    /// <param name="axis">The axis of the classes; default -1.</param>
    public OneHotMeanIoU(int num_classes, string? name = null, DTypePolicy? dtype = null, int? ignore_class = null, bool sparse_y_pred = false, int axis = -1)
        : base(num_classes, name, dtype, ignore_class, false, sparse_y_pred, axis) { }

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config().Where(c => c.Key != "sparse_y_true"));
}

public sealed partial class MetricsApi
{
    /// <inheritdoc cref="Metrics.IoU(int, int[], string, DTypePolicy, int?, bool, bool, int)"/>
    public IoU IoU(int num_classes, int[] target_class_ids, string? name = null, DTypePolicy? dtype = null, int? ignore_class = null, bool sparse_y_true = true,
        bool sparse_y_pred = true, int axis = -1) => new(num_classes, target_class_ids, name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis);

    /// <inheritdoc cref="Metrics.BinaryIoU(int[], double, string, DTypePolicy)"/>
    public BinaryIoU BinaryIoU(int[]? target_class_ids = null, double threshold = 0.5, string? name = null, DTypePolicy? dtype = null) =>
        new(target_class_ids, threshold, name, dtype);

    /// <inheritdoc cref="Metrics.MeanIoU(int, string, DTypePolicy, int?, bool, bool, int)"/>
    public MeanIoU MeanIoU(int num_classes, string? name = null, DTypePolicy? dtype = null, int? ignore_class = null, bool sparse_y_true = true, bool sparse_y_pred = true,
        int axis = -1) => new(num_classes, name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis);

    /// <inheritdoc cref="Metrics.OneHotIoU(int, int[], string, DTypePolicy, int?, bool, int)"/>
    public OneHotIoU OneHotIoU(int num_classes, int[] target_class_ids, string? name = null, DTypePolicy? dtype = null, int? ignore_class = null,
        bool sparse_y_pred = false, int axis = -1) => new(num_classes, target_class_ids, name, dtype, ignore_class, sparse_y_pred, axis);

    /// <inheritdoc cref="Metrics.OneHotMeanIoU(int, string, DTypePolicy, int?, bool, int)"/>
    public OneHotMeanIoU OneHotMeanIoU(int num_classes, string? name = null, DTypePolicy? dtype = null, int? ignore_class = null, bool sparse_y_pred = false,
        int axis = -1) => new(num_classes, name, dtype, ignore_class, sparse_y_pred, axis);
}
