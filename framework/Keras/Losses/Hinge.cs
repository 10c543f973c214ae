using Keras.Graphs;

namespace Keras.Losses;

/// <summary>The hinge loss of support vector machines, for labels of -1 and 1 (0 and 1 are converted): mean(max(1 - y_true · y_pred, 0), axis=-1).</summary>
/// <remarks>Source: keras/src/losses/losses.py.</remarks>
public class Hinge : Loss
{
    /// <summary>The hinge loss of support vector machines, for labels of -1 and 1 (0 and 1 are converted): mean(max(1 - y_true · y_pred, 0), axis=-1).</summary>
    /// <inheritdoc cref="Loss(string, string, DTypePolicy)"/>
    public Hinge(string? reduction = "sum_over_batch_size", string name = "hinge", DTypePolicy? dtype = null) : base(name, reduction, dtype) { }

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred);

    internal static Tensor Compute(Tensor y_true, Tensor y_pred)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        return LossMath.MeanLast(Margin(y_true, y_pred));
    }

    /// <summary>max(1 - y_true · y_pred, 0), the truth converted to -1 and 1 where it is 0 and 1 throughout.</summary>
    internal static Tensor Margin(Tensor y_true, Tensor y_pred)
    {
        var (zero, one) = (Tf.Constant(0, y_true.dtype), Tf.Constant(1, y_true.dtype));
        var binary = Tf.LogicalOr(Tf.Equal(y_true, zero), Tf.Equal(y_true, one));
        var allBinary = Tf.All(binary, [.. Enumerable.Range(0, y_true.ndim)]);
        y_true = Tf.SelectV2(allBinary, (y_true * 2) - 1, y_true);
        return Tf.Maximum(1 - (y_true * y_pred), zero);
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.Hinge(string, string, DTypePolicy)"/>
    public Hinge Hinge(string? reduction = "sum_over_batch_size", string name = "hinge", DTypePolicy? dtype = null) => new(reduction, name, dtype);

    /// <summary>The mean of hinges over the last axis.</summary>
    /// <param name="y_true">The truth, (B, ..., D).</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor hinge(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.Hinge.Compute(t, p));
}
