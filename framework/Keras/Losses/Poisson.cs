using Keras.Graphs;

namespace Keras.Losses;

/// <summary>The negative log likelihood of counts, up to a constant: mean(y_pred - y_true · log(y_pred), axis=-1).</summary>
/// <remarks>Source: keras/src/losses/losses.py.</remarks>
public class Poisson : Loss
{
    /// <summary>The negative log likelihood of counts, up to a constant: mean(y_pred - y_true · log(y_pred), axis=-1).</summary>
    /// <inheritdoc cref="Loss(string, string, DTypePolicy)"/>
    public Poisson(string? reduction = "sum_over_batch_size", string name = "poisson", DTypePolicy? dtype = null) : base(name, reduction, dtype) { }

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred);

    internal static Tensor Compute(Tensor y_true, Tensor y_pred)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        return LossMath.MeanLast(y_pred - (y_true * Tf.Log(y_pred + LossMath.Epsilon)));
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.Poisson(string, string, DTypePolicy)"/>
    public Poisson Poisson(string? reduction = "sum_over_batch_size", string name = "poisson", DTypePolicy? dtype = null) => new(reduction, name, dtype);

    /// <summary>The mean Poisson loss over the last axis.</summary>
    /// <param name="y_true">The truth, (B, ..., D).</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor poisson(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.Poisson.Compute(t, p));
}
