using Keras.Graphs;
using Keras.Losses;

namespace Keras.Metrics;

/// <summary>Counts right and wrong decisions at thresholds, in variables.</summary>
/// <param name="Thresholds">The thresholds, ascending.</param>
/// <param name="AreEven">Whether they divide [0, 1] evenly (the outermost may lie just outside).</param>
sealed record ConfusionMatrix(IReadOnlyList<double> Thresholds, bool AreEven)
{
    /// <summary>Replaces scores that are not among the k largest, in place of minus infinity.</summary>
    public const double NegativeInfinity = -1e10;

    public Variable? TruePositives { get; set; }

    public Variable? FalsePositives { get; set; }

    public Variable? TrueNegatives { get; set; }

    public Variable? FalseNegatives { get; set; }

    public int? TopK { get; init; }

    public int? ClassId { get; init; }

    /// <summary>Whether the last axis holds labels that are counted separately.</summary>
    public bool IsMultiLabel { get; init; }

    /// <summary>A weight for each label, if they are not counted separately.</summary>
    public float[]? LabelWeights { get; init; }

    DType DType => (TruePositives ?? FalsePositives ?? TrueNegatives ?? FalseNegatives)!.dtype;

    public void Update(Tensor y_true, Tensor y_pred, Tensor? sample_weight, string metric)
    {
        ArgumentNullException.ThrowIfNull(y_true);
        ArgumentNullException.ThrowIfNull(y_pred);
        (y_pred, y_true) = LossMath.SameRank(Tf.Cast(y_pred, DType), Tf.Cast(y_true, DType));
        if (TopK is { } k) y_pred = OnlyTopK(y_pred, k);
        if (ClassId is { } id) (y_true, y_pred) = (OneClass(y_true, id, metric), OneClass(y_pred, id, metric));
        var weight = Weights(sample_weight, y_pred);
        if (!IsMultiLabel) (y_true, y_pred, weight) = (Flat(y_true), Flat(y_pred), weight is null ? null : Flat(weight));
        var isTrue = Tf.Cast(y_true, DType.Bool);
        if (AreEven) CountBuckets(isTrue, y_pred, weight);
        else Compare(isTrue, y_pred, weight);
    }

    Tensor? Weights(Tensor? sample_weight, Tensor y_pred)
    {
        var weight = sample_weight is null ? null : LossMath.WeightOfEach(y_pred, Tf.Cast(sample_weight, DType));
        if (LabelWeights is null) return weight;
        var labels = Tf.BroadcastTo(Tf.Cast(Tf.Constant(HostTensor.From(LabelWeights)), DType), Tf.ShapeOf(y_pred));
        return weight is null ? labels : weight * labels;
    }

    static Tensor Flat(Tensor x) => Tf.Reshape(x, new Shape(-1));

    static Tensor OneClass(Tensor x, int id, string metric)
    {
        if (x.ndim < 2) throw new ShapeMismatchException("class_id was given, but the inputs have no axis of classes", metric, "inputs of shape (num_samples, num_classes)", x.shape.ToString());
        return Tf.StridedSlice(x, [0, id], [0, id == -1 ? int.MaxValue : id + 1], [1, 1], ellipsis_mask: 1);
    }

    static Tensor OnlyTopK(Tensor x, int k)
    {
        var (_, indices) = Tf.TopK(x, Tf.Int32Scalar(k));
        var classes = Tf.Range(Tf.Int32Scalar(0), Tf.DimOf(x, -1), Tf.Int32Scalar(1));
        var chosen = Tf.Any(Tf.Equal(Tf.ExpandDims(indices, -1), classes), [-2]);
        return Tf.SelectV2(chosen, x, Tf.Constant(NegativeInfinity, x.dtype));
    }

    /// <summary>Compares every score with every threshold: (T, N), or with separate labels (T, N, L), summed over the samples.</summary>
    void Compare(Tensor isTrue, Tensor y_pred, Tensor? weight)
    {
        var thresholds = Tf.Reshape(Tf.Cast(Tf.Constant(HostTensor.Vector([.. Thresholds])), DType), IsMultiLabel ? new Shape(-1, 1, 1) : new Shape(-1, 1));
        var above = Tf.Greater(Tf.ExpandDims(y_pred, 0), thresholds);
        isTrue = Tf.ExpandDims(isTrue, 0);
        var counted = weight is null ? Tf.Constant(1, DType) : Tf.ExpandDims(weight, 0);
        var none = Tf.Constant(0, DType);
        Tensor Count(Tensor label, Tensor predicted) => RunningSum.Exact(Tf.SelectV2(Tf.LogicalAnd(label, predicted), counted, none), [1]);
        TruePositives?.Gather(Count(isTrue, above));
        FalseNegatives?.Gather(Count(isTrue, Tf.LogicalNot(above)));
        FalsePositives?.Gather(Count(Tf.LogicalNot(isTrue), above));
        TrueNegatives?.Gather(Count(Tf.LogicalNot(isTrue), Tf.LogicalNot(above)));
    }

    /// <summary>Counts with even thresholds: each score falls into one bucket, and the count above a threshold is the sum of the buckets from there on.</summary>
    void CountBuckets(Tensor isTrue, Tensor y_pred, Tensor? weight)
    {
        var last = Thresholds.Count - 1;
        var bucket = Tf.Ceil(LossMath.Clip(y_pred, 0, 1) * last) - 1;
        if (Thresholds[0] < 0 || Thresholds[last] > 1) bucket = LossMath.Relu(bucket);
        var bucketIndex = Tf.Cast(bucket, DType.Int32);
        // A bucket may exceed 2^24, where float32 stops counting.
        var (none, counted) = (Tf.Constant(0, DType.Float64), Tf.Cast(weight ?? Tf.Constant(1, DType), DType.Float64));
        var labels = Tf.SelectV2(isTrue, counted, none);
        var others = Tf.SelectV2(isTrue, none, counted);
        var (hits, alarms) = (Above(labels, bucketIndex), Above(others, bucketIndex));
        TruePositives?.Gather(hits);
        FalsePositives?.Gather(alarms);
        FalseNegatives?.Gather(Total(labels) - hits);
        TrueNegatives?.Gather(Total(others) - alarms);
    }

    Tensor Total(Tensor weights) => IsMultiLabel ? Tf.Sum(weights, [0]) : Tf.Sum(weights);

    /// <summary>The weights at or above each bucket: (T), or with separate labels (T, L).</summary>
    Tensor Above(Tensor weights, Tensor bucket)
    {
        var count = Tf.Int32Scalar(Thresholds.Count);
        if (!IsMultiLabel) return Tf.Cumsum(Tf.UnsortedSegmentSum(weights, bucket, count), 0, reverse: true);
        // Separate labels: bucket b of label l is segment b · L + l.
        var labels = Tf.DimOf(weights, -1);
        var segments = (bucket * labels) + Tf.Range(Tf.Int32Scalar(0), labels, Tf.Int32Scalar(1));
        var sums = Tf.UnsortedSegmentSum(weights, Tf.SelectV2(Tf.Less(bucket, Tf.Int32Scalar(0)), bucket, segments), count * labels);
        return Tf.Cumsum(Tf.Reshape(sums, Tf.Stack([count, labels], 0)), 0, reverse: true);
    }
}
