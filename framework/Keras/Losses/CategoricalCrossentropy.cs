using Keras.Graphs;

namespace Keras.Losses;

/// <summary>The cross entropy of one-hot labels or distributions over classes: -sum(y_true · log(p), axis). For class indices use <see cref="SparseCategoricalCrossentropy"/>.</summary>
/// <remarks>If predictions come from a traced softmax, the loss is computed from its logits. From logits the gradient is softmax - y_true, as TensorFlow's
/// fused operation has it, exact where the truth sums to 1. Source: keras/src/losses/losses.py.</remarks>
public class CategoricalCrossentropy : Loss
{
    readonly bool _fromLogits;
    readonly double _smoothing;
    readonly int _axis;

    /// <summary>The cross entropy of one-hot labels or distributions over classes.</summary>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <param name="label_smoothing">Label smoothing, in [0, 1]: how far the truth is moved towards the uniform distribution; default 0.</param>
    /// <param name="axis">The axis of the classes; default -1.</param>
    /// <param name="reduction">How the values are reduced to one, see <see cref="Loss"/>; default "sum_over_batch_size".</param>
    /// <param name="name">Its name; default "categorical_crossentropy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public CategoricalCrossentropy(bool from_logits = false, double label_smoothing = 0.0, int axis = -1, string? reduction = "sum_over_batch_size",
        string name = "categorical_crossentropy", DTypePolicy? dtype = null) : base(name, reduction, dtype) =>
        (_fromLogits, _smoothing, _axis) = (from_logits, Require.Share(label_smoothing), axis);

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred, _fromLogits, _smoothing, _axis);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() =>
        new(base.get_config()) { ["from_logits"] = _fromLogits, ["label_smoothing"] = _smoothing, ["axis"] = _axis };

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, bool from_logits, double label_smoothing, int axis)
    {
        (y_true, y_pred, axis) = Prepare(y_true, y_pred, label_smoothing, axis, "categorical_crossentropy");
        (y_pred, from_logits) = LossMath.Logits(y_pred, from_logits, "Softmax", "categorical_crossentropy");
        if (from_logits) return Tf.SoftmaxCrossEntropyWithLogits(LossMath.MoveLast(y_pred, axis), LossMath.MoveLast(y_true, axis));
        return -Tf.Sum(y_true * Tf.Log(Probabilities(y_pred, axis)), [axis]);
    }

    /// <summary>Brings the truth to the predictions' dtype and shape and smooths it; also counts the axis from the start.</summary>
    internal static (Tensor True, Tensor Predicted, int Axis) Prepare(Tensor y_true, Tensor y_pred, double smoothing, int axis, string loss)
    {
        (y_true, y_pred) = LossMath.EqualPair(y_true, y_pred, loss);
        axis = LossMath.Axis(axis, y_pred, loss);
        if (y_pred.shape[axis] == 1)
            Diagnostics.Warn($"{loss} is taken over one class (predictions of shape {y_pred.shape}), so it is always 0. For two classes use binary_crossentropy.");
        if (smoothing == 0) return (y_true, y_pred, axis);
        var classes = Tf.Cast(Tf.DimOf(y_pred, axis), y_pred.dtype);
        return ((y_true * (1 - smoothing)) + (smoothing / classes), y_pred, axis);
    }

    /// <summary>Scales probabilities to sum to 1 and clips them away from 0 and 1.</summary>
    internal static Tensor Probabilities(Tensor y_pred, int axis) =>
        LossMath.Clip(y_pred / Tf.Sum(y_pred, [axis], keep_dims: true), LossMath.Epsilon, 1 - LossMath.Epsilon);
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.CategoricalCrossentropy(bool, double, int, string, string, DTypePolicy)"/>
    public CategoricalCrossentropy CategoricalCrossentropy(bool from_logits = false, double label_smoothing = 0.0, int axis = -1, string? reduction = "sum_over_batch_size",
        string name = "categorical_crossentropy", DTypePolicy? dtype = null) => new(from_logits, label_smoothing, axis, reduction, name, dtype);

    /// <summary>The cross entropy of one-hot labels or distributions over classes.</summary>
    /// <param name="y_true">The truth, (B, ..., C), one-hot or a distribution.</param>
    /// <param name="y_pred">The predictions, (B, ..., C), floating: probabilities, or logits.</param>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <param name="label_smoothing">Label smoothing, in [0, 1]: how far the truth is moved towards the uniform distribution; default 0.</param>
    /// <param name="axis">The axis of the classes; default -1.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor categorical_crossentropy(Tensor y_true, Tensor y_pred, bool from_logits = false, double label_smoothing = 0.0, int axis = -1) =>
        LossMath.Precise(y_true, y_pred, (t, p) => Losses.CategoricalCrossentropy.Compute(t, p, from_logits, Require.Share(label_smoothing), axis));
}
