using Keras.Graphs;

namespace Keras.Losses;

/// <summary>The hinge between the true class and the best other one, for one-hot labels: max(neg - pos + 1, 0) with pos = sum(y_true · y_pred) and neg = max((1 - y_true) · y_pred).</summary>
/// <remarks>Source: keras/src/losses/losses.py.</remarks>
public class CategoricalHinge : Loss
{
    /// <summary>The hinge between the true class and the best other one, for one-hot labels: max(neg - pos + 1, 0) with pos = sum(y_true · y_pred) and neg = max((1 - y_true) · y_pred).</summary>
    /// <inheritdoc cref="Loss(string, string, DTypePolicy)"/>
    public CategoricalHinge(string? reduction = "sum_over_batch_size", string name = "categorical_hinge", DTypePolicy? dtype = null) : base(name, reduction, dtype) { }

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred);

    internal static Tensor Compute(Tensor y_true, Tensor y_pred)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        var positive = Tf.Sum(y_true * y_pred, [-1]);
        var negative = Tf.Max((1 - y_true) * y_pred, [-1]);
        return LossMath.Relu(negative - positive + 1);
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.CategoricalHinge(string, string, DTypePolicy)"/>
    public CategoricalHinge CategoricalHinge(string? reduction = "sum_over_batch_size", string name = "categorical_hinge", DTypePolicy? dtype = null) => new(reduction, name, dtype);

    /// <summary>The hinge between the true class and the best other one.</summary>
    /// <param name="y_true">The truth, (B, ..., D).</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor categorical_hinge(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.CategoricalHinge.Compute(t, p));
}
