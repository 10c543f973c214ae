using Keras.Graphs;

namespace Keras.Losses;

/// <summary>The cross entropy of class indices, the usual loss of classification: -log(p[y_true]).</summary>
/// <remarks>If predictions come from a traced softmax, the loss is computed from its logits. Source: keras/src/losses/losses.py; integer labels are not
/// taken through the loss's floating dtype, which rounds large indices; as there, <see cref="Loss.get_config"/> leaves the axis out.</remarks>
public class SparseCategoricalCrossentropy : Loss
{
    readonly bool _fromLogits;
    readonly int? _ignoreClass;
    readonly int _axis;

    /// <summary>The cross entropy of class indices, the usual loss of classification.</summary>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <param name="ignore_class">A label that means "no label": it costs nothing and does not count in the mean; default none.</param>
    /// <param name="reduction">How the values are reduced to one, see <see cref="Loss"/>; default "sum_over_batch_size".</param>
    /// <param name="axis">The axis of the classes; only the last is supported; default -1.</param>
    /// <param name="name">Its name; default "sparse_categorical_crossentropy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public SparseCategoricalCrossentropy(bool from_logits = false, int? ignore_class = null, string? reduction = "sum_over_batch_size", int axis = -1,
        string name = "sparse_categorical_crossentropy", DTypePolicy? dtype = null) : base(name, reduction, dtype) =>
        (_fromLogits, _ignoreClass, _axis) = (from_logits, ignore_class, axis);

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred, _fromLogits, _ignoreClass, _axis);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["from_logits"] = _fromLogits, ["ignore_class"] = _ignoreClass };

    internal override Tensor ConvertTrue(Tensor y_true) => y_true;

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, bool from_logits, int? ignore_class, int axis)
    {
        if (axis != -1 && axis != y_pred.ndim - 1)
            throw new UnsupportedException("The classes must be on the last axis", "sparse_categorical_crossentropy", "axis -1", $"axis {axis}", "Transpose the predictions.");
        var labels = Labels(y_true, y_pred);
        if (ignore_class is not { } ignored) return FromLabels(labels, y_pred, from_logits);
        var valid = Tf.NotEqual(labels, Tf.Constant(ignored, labels.dtype));
        labels = Tf.SelectV2(valid, labels, Tf.Constant(0, labels.dtype));
        var losses = FromLabels(labels, y_pred, from_logits);
        losses = Tf.SelectV2(valid, losses, Tf.Constant(0, losses.dtype));
        losses.KerasMask = valid;
        return losses;
    }

    /// <summary>Brings class indices to int32 or int64 and to the predictions' shape without the classes.</summary>
    /// <exception cref="ShapeMismatchException">They have another shape.</exception>
    static Tensor Labels(Tensor y_true, Tensor y_pred)
    {
        if (y_true.ndim == y_pred.ndim && y_true.shape[-1] == 1) y_true = Tf.Squeeze(y_true, -1);
        if (!y_true.shape.IsCompatibleWith(y_pred.shape[..^1]))
            throw new ShapeMismatchException("Labels and predictions differ in shape", "sparse_categorical_crossentropy",
                $"y_true of shape {y_pred.shape[..^1]}", y_true.shape.ToString(), "One-hot labels need categorical_crossentropy.");
        return y_true.dtype == DType.Int32 || y_true.dtype == DType.Int64 ? y_true : Tf.Cast(y_true, DType.Int64);
    }

    static Tensor FromLabels(Tensor labels, Tensor y_pred, bool from_logits)
    {
        (y_pred, from_logits) = LossMath.Logits(y_pred, from_logits, "Softmax", "sparse_categorical_crossentropy");
        return Tf.SoftmaxCrossEntropy(from_logits ? y_pred : Tf.Log(LossMath.Clip(y_pred, LossMath.Epsilon, 1 - LossMath.Epsilon)), labels);
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.SparseCategoricalCrossentropy(bool, int?, string, int, string, DTypePolicy)"/>
    public SparseCategoricalCrossentropy SparseCategoricalCrossentropy(bool from_logits = false, int? ignore_class = null, string? reduction = "sum_over_batch_size",
        int axis = -1, string name = "sparse_categorical_crossentropy", DTypePolicy? dtype = null) => new(from_logits, ignore_class, reduction, axis, name, dtype);

    /// <summary>The cross entropy of class indices, the usual loss of classification.</summary>
    /// <param name="y_true">Class indices, (B, ...) or (B, ..., 1), in [0, C).</param>
    /// <param name="y_pred">The predictions, (B, ..., C), floating: probabilities, or logits.</param>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <param name="ignore_class">A label that means "no label" and costs nothing; default none.</param>
    /// <param name="axis">The axis of the classes; only the last is supported; default -1.</param>
    /// <returns>The loss of each label, (B, ...); with <paramref name="ignore_class"/> it carries a mask of the others.</returns>
    public Tensor sparse_categorical_crossentropy(Tensor y_true, Tensor y_pred, bool from_logits = false, int? ignore_class = null, int axis = -1) =>
        LossMath.Precise(y_true, y_pred, (t, p) => Losses.SparseCategoricalCrossentropy.Compute(t, p, from_logits, ignore_class, axis));
}
