using Keras.Graphs;

namespace Keras.Losses;

/// <summary>The mean of squared differences of logarithms, for targets of very different sizes: mean((log(y_true + 1) - log(y_pred + 1))², axis=-1).</summary>
/// <remarks>Source: keras/src/losses/losses.py.</remarks>
public class MeanSquaredLogarithmicError : Loss
{
    /// <summary>The mean of squared differences of logarithms, for targets of very different sizes: mean((log(y_true + 1) - log(y_pred + 1))², axis=-1).</summary>
    /// <inheritdoc cref="Loss(string, string, DTypePolicy)"/>
    public MeanSquaredLogarithmicError(string? reduction = "sum_over_batch_size", string name = "mean_squared_logarithmic_error", DTypePolicy? dtype = null) : base(name, reduction, dtype) { }

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred);

    internal static Tensor Compute(Tensor y_true, Tensor y_pred)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        return LossMath.MeanLast(Tf.SquaredDifference(LogPlusOne(y_pred), LogPlusOne(y_true)));
    }

    static Tensor LogPlusOne(Tensor x) => Tf.Log(Tf.Maximum(x, Tf.Constant(LossMath.Epsilon, x.dtype)) + 1);
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.MeanSquaredLogarithmicError(string, string, DTypePolicy)"/>
    public MeanSquaredLogarithmicError MeanSquaredLogarithmicError(string? reduction = "sum_over_batch_size", string name = "mean_squared_logarithmic_error", DTypePolicy? dtype = null) => new(reduction, name, dtype);

    /// <summary>The mean of squared differences of logarithms, over the last axis.</summary>
    /// <param name="y_true">The truth, (B, ..., D).</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor mean_squared_logarithmic_error(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.MeanSquaredLogarithmicError.Compute(t, p));
}
