using Keras.Graphs;

namespace Keras.Losses;

/// <summary>The mean of squared differences, the usual loss of regression: mean((y_true - y_pred)², axis=-1).</summary>
/// <remarks>Source: keras/src/losses/losses.py.</remarks>
public class MeanSquaredError : Loss
{
    /// <summary>The mean of squared differences, the usual loss of regression: mean((y_true - y_pred)², axis=-1).</summary>
    /// <inheritdoc cref="Loss(string, string, DTypePolicy)"/>
    public MeanSquaredError(string? reduction = "sum_over_batch_size", string name = "mean_squared_error", DTypePolicy? dtype = null) : base(name, reduction, dtype) { }

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred);

    internal static Tensor Compute(Tensor y_true, Tensor y_pred)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        return LossMath.MeanLast(Tf.SquaredDifference(y_true, y_pred));
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.MeanSquaredError(string, string, DTypePolicy)"/>
    public MeanSquaredError MeanSquaredError(string? reduction = "sum_over_batch_size", string name = "mean_squared_error", DTypePolicy? dtype = null) => new(reduction, name, dtype);

    /// <summary>The mean of squared differences over the last axis.</summary>
    /// <param name="y_true">The truth, (B, ..., D).</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor mean_squared_error(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.MeanSquaredError.Compute(t, p));
}
