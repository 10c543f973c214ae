using Keras.Graphs;

namespace Keras.Losses;

/// <summary>A smooth error that outliers do not dominate: mean(log(cosh(y_pred - y_true)), axis=-1), about half the square of small differences and the absolute value of large ones.</summary>
/// <remarks>Source: keras/src/losses/losses.py.</remarks>
public class LogCosh : Loss
{
    /// <summary>A smooth error that outliers do not dominate: mean(log(cosh(y_pred - y_true)), axis=-1), about half the square of small differences and the absolute value of large ones.</summary>
    /// <inheritdoc cref="Loss(string, string, DTypePolicy)"/>
    public LogCosh(string? reduction = "sum_over_batch_size", string name = "log_cosh", DTypePolicy? dtype = null) : base(name, reduction, dtype) { }

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred);

    internal static Tensor Compute(Tensor y_true, Tensor y_pred)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        var x = y_pred - y_true;
        return LossMath.MeanLast(x + Tf.Softplus(x * -2) - Math.Log(2));
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.LogCosh(string, string, DTypePolicy)"/>
    public LogCosh LogCosh(string? reduction = "sum_over_batch_size", string name = "log_cosh", DTypePolicy? dtype = null) => new(reduction, name, dtype);

    /// <summary>The mean of log(cosh(difference)) over the last axis.</summary>
    /// <param name="y_true">The truth, (B, ..., D).</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor log_cosh(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.LogCosh.Compute(t, p));
}
