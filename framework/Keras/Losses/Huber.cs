using Keras.Graphs;

namespace Keras.Losses;

/// <summary>A squared error that outliers do not dominate: half the square of differences up to delta, beyond it delta · (|difference| - delta / 2); the mean over the last axis.</summary>
/// <remarks>Source: keras/src/losses/losses.py; as there, <see cref="Loss.get_config"/> leaves delta out.</remarks>
public class Huber : Loss
{
    readonly double _delta;

    /// <summary>A squared error that outliers do not dominate: squares of small differences, absolute values of large ones.</summary>
    /// <param name="delta">The error at which the loss changes from square to linear; default 1.</param>
    /// <param name="reduction">How the values are reduced to one, see <see cref="Loss"/>; default "sum_over_batch_size".</param>
    /// <param name="name">Its name; default "huber_loss".</param>
    /// <param name="dtype">The dtype to compute in; default keras.config.floatx().</param>
    public Huber(double delta = 1.0, string? reduction = "sum_over_batch_size", string name = "huber_loss", DTypePolicy? dtype = null)
        : base(name, reduction, dtype) => _delta = Require.Positive(delta);

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred, _delta);

    internal static Tensor Compute(Tensor y_true, Tensor y_pred, double delta)
    {
        (y_true, y_pred) = LossMath.Pair(y_true, y_pred);
        var error = y_pred - y_true;
        var size = Tf.Abs(error);
        var near = Tf.LessEqual(size, Tf.Constant(delta, y_pred.dtype));
        return LossMath.MeanLast(Tf.SelectV2(near, Tf.Square(error) * 0.5, (size * delta) - (0.5 * delta * delta)));
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.Huber(double, string, string, DTypePolicy)"/>
    public Huber Huber(double delta = 1.0, string? reduction = "sum_over_batch_size", string name = "huber_loss", DTypePolicy? dtype = null) => new(delta, reduction, name, dtype);

    /// <summary>The mean, over the last axis, of half the squares of small differences and the absolute values of large ones.</summary>
    /// <param name="y_true">The truth, (B, ..., D).</param>
    /// <param name="y_pred">The predictions, (B, ..., D), floating.</param>
    /// <param name="delta">The error at which the loss changes from square to linear; default 1.</param>
    /// <returns>The loss of each sample, (B, ...).</returns>
    public Tensor huber(Tensor y_true, Tensor y_pred, double delta = 1.0) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.Huber.Compute(t, p, Require.Positive(delta)));
}
