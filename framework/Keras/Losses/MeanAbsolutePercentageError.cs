using Keras.Graphs;

namespace Keras.Losses;

/// <summary>The mean of absolute differences in percent of the truth: 100 · mean(|y_true - y_pred| / |y_true|, axis=-1).</summary>
/// <remarks>Source: keras/src/losses/losses.py.</remarks>
public class MeanAbsolutePercentageError : Loss
{
    /// <summary>The mean of absolute differences in percent of the truth: 100 · mean(|y_true - y_pred| / |y_true|, axis=-1).</summary>
    /// <inheritdoc cref="Loss(string, string, DTypePolicy)"/>
    public MeanAbsolutePercentageError(string? reduction = "sum_over_batch_size", string name = "mean_absolute_percentage_error", DTypePolicy? dtype = null) : base(name, reduction, dtype) { }

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred);

    internal static Tensor Compute(Tensor y_true, Tensor y_pred)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        var scale = Tf.Maximum(Tf.Abs(y_true), Tf.Constant(LossMath.Epsilon, y_pred.dtype));
        return LossMath.MeanLast(Tf.Abs((y_true - y_pred) / scale)) * 100;
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.MeanAbsolutePercentageError(string, string, DTypePolicy)"/>
    public MeanAbsolutePercentageError MeanAbsolutePercentageError(string? reduction = "sum_over_batch_size", string name = "mean_absolute_percentage_error", DTypePolicy? dtype = null) => new(reduction, name, dtype);

    /// <summary>The mean of absolute differences in percent of the truth, over the last axis.</summary>
    /// <param name="y_true">The truth, (B, ..., D).</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor mean_absolute_percentage_error(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.MeanAbsolutePercentageError.Compute(t, p));
}
