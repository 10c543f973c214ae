using Keras.Graphs;

namespace Keras.Losses;

/// <summary>The Kullback-Leibler divergence, how far one distribution is from another: sum(y_true · log(y_true / y_pred), axis=-1).</summary>
/// <remarks>Source: keras/src/losses/losses.py.</remarks>
public class KLDivergence : Loss
{
    /// <summary>The Kullback-Leibler divergence, how far one distribution is from another: sum(y_true · log(y_true / y_pred), axis=-1).</summary>
    /// <inheritdoc cref="Loss(string, string, DTypePolicy)"/>
    public KLDivergence(string? reduction = "sum_over_batch_size", string name = "kl_divergence", DTypePolicy? dtype = null) : base(name, reduction, dtype) { }

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred);

    internal static Tensor Compute(Tensor y_true, Tensor y_pred)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        y_true = LossMath.Clip(y_true, LossMath.Epsilon, 1);
        y_pred = LossMath.Clip(y_pred, LossMath.Epsilon, 1);
        return Tf.Sum(y_true * Tf.Log(y_true / y_pred), [-1]);
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.KLDivergence(string, string, DTypePolicy)"/>
    public KLDivergence KLDivergence(string? reduction = "sum_over_batch_size", string name = "kl_divergence", DTypePolicy? dtype = null) => new(reduction, name, dtype);

    /// <summary>The Kullback-Leibler divergence over the last axis.</summary>
    /// <param name="y_true">The truth, (B, ..., D).</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor kl_divergence(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.KLDivergence.Compute(t, p));
}
