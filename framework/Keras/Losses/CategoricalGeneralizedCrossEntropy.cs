using Keras.Graphs;

namespace Keras.Losses;

/// <summary>A loss for class indices, robust to wrong labels: (1 - p[y_true]^q) / q, between cross entropy (q near 0) and mean absolute error (q near 1).</summary>
/// <remarks>Source: keras/src/losses/losses.py.</remarks>
public class CategoricalGeneralizedCrossEntropy : Loss
{
    readonly double _q;

    /// <summary>A cross entropy for class indices, robust to wrong labels.</summary>
    /// <param name="q">Between 0 and 1, both excluded; default 0.5.</param>
    /// <param name="reduction">How the values are reduced to one, see <see cref="Loss"/>; default "sum_over_batch_size".</param>
    /// <param name="name">Its name; default "categorical_generalized_cross_entropy".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    /// <exception cref="ArgumentOutOfRangeException">q is outside (0, 1).</exception>
    public CategoricalGeneralizedCrossEntropy(double q = 0.5, string? reduction = "sum_over_batch_size", string name = "categorical_generalized_cross_entropy",
        DTypePolicy? dtype = null) : base(name, reduction, dtype)
    {
        _q = Within(q);
    }

    internal static double Within(double q) => q is > 0 and < 1 ? q : throw new ArgumentOutOfRangeException(nameof(q), q, "The exponent is out of range. Expected: a number between 0 and 1, both excluded.");

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred, _q);

    /// <inheritdoc/>
    public override Dictionary<string, object?> get_config() => new(base.get_config()) { ["q"] = _q };

    internal override Tensor ConvertTrue(Tensor y_true) => y_true;

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, double q)
    {
        if (y_true.ndim == y_pred.ndim && y_true.shape[-1] == 1) y_true = Tf.Squeeze(y_true, -1);
        if (y_pred.shape[-1] < 0)
            throw new ShapeMismatchException("The number of classes is unknown", "categorical_generalized_cross_entropy", "predictions of a known last dimension", y_pred.shape.ToString());
        var hot = Tf.OneHot(Tf.Cast(y_true, DType.Int64), (int)y_pred.shape[-1], Tf.Constant(1, y_pred.dtype), Tf.Constant(0, y_pred.dtype));
        var p = Tf.Sum(y_pred * hot, [-1]);
        return (1 - Tf.Pow(p, Tf.Constant(q, p.dtype))) / q;
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.CategoricalGeneralizedCrossEntropy(double, string, string, DTypePolicy)"/>
    public CategoricalGeneralizedCrossEntropy CategoricalGeneralizedCrossEntropy(double q = 0.5, string? reduction = "sum_over_batch_size",
        string name = "categorical_generalized_cross_entropy", DTypePolicy? dtype = null) => new(q, reduction, name, dtype);

    /// <summary>A cross entropy for class indices, robust to wrong labels.</summary>
    /// <param name="y_true">Class indices, (B, ...), integers in [0, C).</param>
    /// <param name="y_pred">Probabilities, (B, ..., C), floating.</param>
    /// <param name="q">Between 0 and 1.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor categorical_generalized_cross_entropy(Tensor y_true, Tensor y_pred, double q) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.CategoricalGeneralizedCrossEntropy.Compute(t, p, Losses.CategoricalGeneralizedCrossEntropy.Within(q)));
}
