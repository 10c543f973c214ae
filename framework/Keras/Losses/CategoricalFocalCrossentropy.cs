using Keras.Graphs;

namespace Keras.Losses;

/// <summary>Categorical cross entropy in which easy samples count less: multiplied by alpha · (1 - p)^gamma.</summary>
/// <remarks>Source: keras/src/losses/losses.py.</remarks>
public class CategoricalFocalCrossentropy : Loss
{
    readonly double _alpha;
    readonly double _gamma;
    readonly bool _fromLogits;
    readonly double _smoothing;
    readonly int _axis;

    /// <summary>Categorical cross entropy in which easy samples count less.</summary>
    /// <param name="alpha">The weight of each class; default 0.25.</param>
    /// <param name="gamma">How strongly easy samples are down-weighted (the exponent of the factor); default 2.</param>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <param name="label_smoothing">Label smoothing, in [0, 1]: how far the truth is moved towards the uniform distribution; default 0.</param>
    /// <param name="axis">The axis of the classes; default -1.</param>
    /// <param name="reduction">How the values are reduced to one, see <see cref="Loss"/>; default "sum_over_batch_size".</param>
    /// <param name="name">Its name; default "categorical_focal_crossentropy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public CategoricalFocalCrossentropy(double alpha = 0.25, double gamma = 2.0, bool from_logits = false, double label_smoothing = 0.0, int axis = -1,
        string? reduction = "sum_over_batch_size", string name = "categorical_focal_crossentropy", DTypePolicy? dtype = null) : base(name, reduction, dtype) =>
        (_alpha, _gamma, _fromLogits, _smoothing, _axis) = (Require.Finite(alpha), Require.AtLeast(0, gamma), from_logits, Require.Share(label_smoothing), axis);

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred, _alpha, _gamma, _fromLogits, _smoothing, _axis);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config())
    {
        ["from_logits"] = _fromLogits, ["label_smoothing"] = _smoothing, ["axis"] = _axis, ["alpha"] = _alpha, ["gamma"] = _gamma,
    };

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, double alpha, double gamma, bool from_logits, double label_smoothing, int axis)
    {
        (y_true, y_pred, axis) = CategoricalCrossentropy.Prepare(y_true, y_pred, label_smoothing, axis, "categorical_focal_crossentropy");
        if (from_logits)
        {
            var exp = Tf.Exp(y_pred - Tf.StopGradient(Tf.Max(y_pred, [axis], keep_dims: true)));
            y_pred = exp / Tf.Sum(exp, [axis], keep_dims: true);
        }
        var p = CategoricalCrossentropy.Probabilities(y_pred, axis);
        var modulation = Tf.Pow(1 - p, Tf.Constant(gamma, p.dtype)) * alpha;
        return Tf.Sum(modulation * -y_true * Tf.Log(p), [axis]);
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.CategoricalFocalCrossentropy(double, double, bool, double, int, string, string, DTypePolicy)"/>
    public CategoricalFocalCrossentropy CategoricalFocalCrossentropy(double alpha = 0.25, double gamma = 2.0, bool from_logits = false, double label_smoothing = 0.0,
        int axis = -1, string? reduction = "sum_over_batch_size", string name = "categorical_focal_crossentropy", DTypePolicy? dtype = null) =>
        new(alpha, gamma, from_logits, label_smoothing, axis, reduction, name, dtype);

    /// <summary>The categorical cross entropy in which easy samples count less.</summary>
    /// <param name="y_true">The truth, (B, ..., C), one-hot or a distribution.</param>
    /// <param name="y_pred">The predictions, (B, ..., C), floating: probabilities, or logits.</param>
    /// <param name="alpha">The weight of each class; default 0.25.</param>
    /// <param name="gamma">How strongly easy samples are down-weighted (the exponent of the factor); default 2.</param>
    /// <param name="from_logits">Whether predictions are logits (any real numbers) instead of probabilities; default false.</param>
    /// <param name="label_smoothing">Label smoothing, in [0, 1]: how far the truth is moved towards the uniform distribution; default 0.</param>
    /// <param name="axis">The axis of the classes; default -1.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor categorical_focal_crossentropy(Tensor y_true, Tensor y_pred, double alpha = 0.25, double gamma = 2.0, bool from_logits = false,
        double label_smoothing = 0.0, int axis = -1) =>
        LossMath.Precise(y_true, y_pred, (t, p) => Losses.CategoricalFocalCrossentropy.Compute(t, p, Require.Finite(alpha), Require.AtLeast(0, gamma), from_logits, Require.Share(label_smoothing), axis));
}
