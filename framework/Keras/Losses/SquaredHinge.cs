using Keras.Graphs;

namespace Keras.Losses;

/// <summary>The squared hinge loss, for labels of -1 and 1 (0 and 1 are converted): mean(max(1 - y_true · y_pred, 0)², axis=-1).</summary>
/// <remarks>Source: keras/src/losses/losses.py.</remarks>
public class SquaredHinge : Loss
{
    /// <summary>The squared hinge loss, for labels of -1 and 1 (0 and 1 are converted): mean(max(1 - y_true · y_pred, 0)², axis=-1).</summary>
    /// <inheritdoc cref="Loss(string, string, DTypePolicy)"/>
    public SquaredHinge(string? reduction = "sum_over_batch_size", string name = "squared_hinge", DTypePolicy? dtype = null) : base(name, reduction, dtype) { }

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred);

    internal static Tensor Compute(Tensor y_true, Tensor y_pred)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        return LossMath.MeanLast(Tf.Square(Losses.Hinge.Margin(y_true, y_pred)));
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.SquaredHinge(string, string, DTypePolicy)"/>
    public SquaredHinge SquaredHinge(string? reduction = "sum_over_batch_size", string name = "squared_hinge", DTypePolicy? dtype = null) => new(reduction, name, dtype);

    /// <summary>The mean of squared hinges over the last axis.</summary>
    /// <param name="y_true">The truth, (B, ..., D).</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor squared_hinge(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.SquaredHinge.Compute(t, p));
}
