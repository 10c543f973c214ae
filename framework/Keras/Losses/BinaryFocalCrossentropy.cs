using Keras.Graphs;

namespace Keras.Losses;

/// <summary>Binary cross entropy in which easy samples count less, for rare positives: multiplied by (1 - p_t)^gamma, where p_t is the probability given to the truth.</summary>
/// <remarks>Source: keras/src/losses/losses.py.</remarks>
public class BinaryFocalCrossentropy : Loss
{
    readonly bool _balanced;
    readonly double _alpha;
    readonly double _gamma;
    readonly bool _fromLogits;
    readonly double _smoothing;
    readonly int _axis;

    /// <summary>Binary cross entropy in which easy samples count less.</summary>
    /// <param name="apply_class_balancing">Whether samples are weighted by alpha (truth 1) and 1 - alpha (truth 0); default false.</param>
    /// <param name="alpha">The weight of the class 1; default 0.25.</param>
    /// <param name="gamma">How strongly easy samples are down-weighted (the exponent of the factor); default 2.</param>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <param name="label_smoothing">Label smoothing, in [0, 1]: how far labels are moved towards 0.5; default 0.</param>
    /// <param name="axis">The axis that is averaged; default -1.</param>
    /// <param name="reduction">How the values are reduced to one, see <see cref="Loss"/>; default "sum_over_batch_size".</param>
    /// <param name="name">Its name; default "binary_focal_crossentropy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public BinaryFocalCrossentropy(bool apply_class_balancing = false, double alpha = 0.25, double gamma = 2.0, bool from_logits = false, double label_smoothing = 0.0,
        int axis = -1, string? reduction = "sum_over_batch_size", string name = "binary_focal_crossentropy", DTypePolicy? dtype = null) : base(name, reduction, dtype) =>
        (_balanced, _alpha, _gamma, _fromLogits, _smoothing, _axis) = (apply_class_balancing, Require.Share(alpha), Require.AtLeast(0, gamma), from_logits, Require.Share(label_smoothing), axis);

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred, _balanced, _alpha, _gamma, _fromLogits, _smoothing, _axis);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["from_logits"] = _fromLogits, ["label_smoothing"] = _smoothing, ["axis"] = _axis, ["apply_class_balancing"] = _balanced, ["alpha"] = _alpha, ["gamma"] = _gamma,
    };

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, bool balanced, double alpha, double gamma, bool from_logits, double label_smoothing, int axis)
    {
        (y_true, y_pred) = LossMath.EqualPair(y_true, y_pred, "binary_focal_crossentropy");
        axis = LossMath.Axis(axis, y_pred, "binary_focal_crossentropy");
        y_true = BinaryCrossentropy.Smooth(y_true, label_smoothing);
        var p = from_logits ? Tf.Sigmoid(y_pred) : y_pred;
        var hit = (y_true * p) + ((1 - y_true) * (1 - p));
        var focal = Tf.Pow(1 - hit, Tf.Constant(gamma, p.dtype)) * BinaryCrossentropy.Elements(y_true, p, from_logits: false);
        if (balanced) focal *= (y_true * alpha) + ((1 - y_true) * (1 - alpha));
        return Tf.Mean(focal, [axis]);
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.BinaryFocalCrossentropy(bool, double, double, bool, double, int, string, string, DTypePolicy)"/>
    public BinaryFocalCrossentropy BinaryFocalCrossentropy(bool apply_class_balancing = false, double alpha = 0.25, double gamma = 2.0, bool from_logits = false,
        double label_smoothing = 0.0, int axis = -1, string? reduction = "sum_over_batch_size", string name = "binary_focal_crossentropy", DTypePolicy? dtype = null) =>
        new(apply_class_balancing, alpha, gamma, from_logits, label_smoothing, axis, reduction, name, dtype);

    /// <summary>The mean binary cross entropy in which easy samples count less.</summary>
    /// <param name="y_true">The truth, (B, ..., D), 0 or 1.</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating: probabilities, or logits.</param>
    /// <param name="apply_class_balancing">Whether samples are weighted by alpha (truth 1) and 1 - alpha (truth 0); default false.</param>
    /// <param name="alpha">The weight of the class 1; default 0.25.</param>
    /// <param name="gamma">How strongly easy samples are down-weighted (the exponent of the factor); default 2.</param>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <param name="label_smoothing">Label smoothing, in [0, 1]: how far labels are moved towards 0.5; default 0.</param>
    /// <param name="axis">The axis that is averaged; default -1.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor binary_focal_crossentropy(Tensor y_true, Tensor y_pred, bool apply_class_balancing = false, double alpha = 0.25, double gamma = 2.0,
        bool from_logits = false, double label_smoothing = 0.0, int axis = -1) =>
        LossMath.Precise(y_true, y_pred, (t, p) => Losses.BinaryFocalCrossentropy.Compute(t, p, apply_class_balancing, Require.Share(alpha), Require.AtLeast(0, gamma), from_logits, Require.Share(label_smoothing), axis));
}
