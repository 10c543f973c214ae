using Keras.Graphs;

namespace Keras.Losses;

/// <summary>The cross entropy of yes-or-no decisions, for labels of 0 and 1: -mean(y_true · log(p) + (1 - y_true) · log(1 - p)).</summary>
/// <remarks>If predictions come from a traced sigmoid, the loss is computed from its logits. Source: keras/src/losses/losses.py.</remarks>
public class BinaryCrossentropy : Loss
{
    readonly bool _fromLogits;
    readonly double _smoothing;
    readonly int _axis;

    /// <summary>The cross entropy of yes-or-no decisions, for labels of 0 and 1.</summary>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <param name="label_smoothing">Label smoothing, in [0, 1]: how far labels are moved towards 0.5; default 0.</param>
    /// <param name="axis">The axis that is averaged; default -1.</param>
    /// <param name="reduction">How the values are reduced to one, see <see cref="Loss"/>; default "sum_over_batch_size".</param>
    /// <param name="name">Its name; default "binary_crossentropy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public BinaryCrossentropy(bool from_logits = false, double label_smoothing = 0.0, int axis = -1, string? reduction = "sum_over_batch_size",
        string name = "binary_crossentropy", DTypePolicy? dtype = null) : base(name, reduction, dtype) =>
        (_fromLogits, _smoothing, _axis) = (from_logits, Require.Share(label_smoothing), axis);

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred, _fromLogits, _smoothing, _axis);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() =>
        new(base.get_config()) { ["from_logits"] = _fromLogits, ["label_smoothing"] = _smoothing, ["axis"] = _axis };

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, bool from_logits, double label_smoothing, int axis)
    {
        (y_true, y_pred) = LossMath.EqualPair(y_true, y_pred, "binary_crossentropy");
        axis = LossMath.Axis(axis, y_pred, "binary_crossentropy");
        return Tf.Mean(Elements(Smooth(y_true, label_smoothing), y_pred, from_logits), [axis]);
    }

    internal static Tensor Smooth(Tensor y_true, double smoothing) => smoothing == 0 ? y_true : (y_true * (1 - smoothing)) + (0.5 * smoothing);

    /// <summary>The cross-entropy of each element.</summary>
    internal static Tensor Elements(Tensor y_true, Tensor y_pred, bool from_logits)
    {
        (y_pred, from_logits) = LossMath.Logits(y_pred, from_logits, "Sigmoid", "binary_crossentropy");
        // From logits: max(x, 0) - x · y + log(1 + exp(-|x|)), which never overflows.
        if (from_logits) return LossMath.Relu(y_pred) - (y_pred * y_true) + Tf.Log1p(Tf.Exp(-Tf.Abs(y_pred)));
        var p = LossMath.Clip(y_pred, LossMath.Epsilon, 1 - LossMath.Epsilon);
        return -((y_true * Tf.Log(p)) + ((1 - y_true) * Tf.Log(1 - p)));
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.BinaryCrossentropy(bool, double, int, string, string, DTypePolicy)"/>
    public BinaryCrossentropy BinaryCrossentropy(bool from_logits = false, double label_smoothing = 0.0, int axis = -1, string? reduction = "sum_over_batch_size",
        string name = "binary_crossentropy", DTypePolicy? dtype = null) => new(from_logits, label_smoothing, axis, reduction, name, dtype);

    /// <summary>The mean cross entropy of yes-or-no decisions.</summary>
    /// <param name="y_true">The truth, (B, ..., D), 0 or 1.</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating: probabilities, or logits.</param>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <param name="label_smoothing">Label smoothing, in [0, 1]: how far labels are moved towards 0.5; default 0.</param>
    /// <param name="axis">The axis that is averaged; default -1.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor binary_crossentropy(Tensor y_true, Tensor y_pred, bool from_logits = false, double label_smoothing = 0.0, int axis = -1) =>
        LossMath.Precise(y_true, y_pred, (t, p) => Losses.BinaryCrossentropy.Compute(t, p, from_logits, Require.Share(label_smoothing), axis));
}
