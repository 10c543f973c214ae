using Keras.Graphs;

namespace Keras.Losses;

/// <summary>Connectionist temporal classification, for speech and handwriting: minus the log probability of a label sequence over all its alignments with the steps.</summary>
/// <remarks>Class 0 is the blank, and pads labels. Predictions are logits. Where a label sequence holds a 0 before its end, the gradient is that of
/// TensorFlow, which leaves that place out. Source: keras/src/losses/losses.py.</remarks>
public class CTC : Loss
{
    /// <summary>Connectionist temporal classification, for label sequences that are not aligned with the steps.</summary>
    /// <inheritdoc cref="Loss(string, string, DTypePolicy)"/>
    public CTC(string? reduction = "sum_over_batch_size", string name = "ctc", DTypePolicy? dtype = null) : base(name, reduction, dtype) { }

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred);

    internal override Tensor ConvertTrue(Tensor y_true) => y_true;

    internal static Tensor Compute(Tensor y_true, Tensor y_pred)
    {
        if (y_true.ndim != 2) throw new ShapeMismatchException("Labels are not a matrix", "ctc", "y_true of shape (batch_size, max_length)", y_true.shape.ToString());
        if (y_pred.ndim != 3 || y_pred.shape[1] < 0)
            throw new ShapeMismatchException("Logits are not of three axes with a known number of steps", "ctc", "y_pred of shape (batch_size, max_length, num_classes)", y_pred.shape.ToString());
        var labels = OpsApi.ClassIndices(y_true);
        var zero = Tf.Int32Scalar(0);
        var lengths = Tf.Sum(Tf.Cast(Tf.NotEqual(labels, zero), DType.Int32), [1], keep_dims: true);
        var logits = y_pred.dtype == DType.Float64 ? y_pred : Tf.Cast(y_pred, DType.Float32);
        return Tf.Cast(Ctc.Loss(labels, logits, lengths, null, blank: 0), y_pred.dtype);
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.CTC(string, string, DTypePolicy)"/>
    public CTC CTC(string? reduction = "sum_over_batch_size", string name = "ctc", DTypePolicy? dtype = null) => new(reduction, name, dtype);

    /// <summary>Minus the log probability of label sequences over all their alignments with the steps.</summary>
    /// <param name="y_true">Labels, (B, L), integers, padded by 0.</param>
    /// <param name="y_pred">Logits, (B, T, C), floating, with a known number of steps; class 0 is the blank.</param>
    /// <returns>The loss of each sequence, (B).</returns>
    public Tensor ctc(Tensor y_true, Tensor y_pred) => LossMath.Precise(y_true, y_pred, (t, p) => Losses.CTC.Compute(t, p));
}
