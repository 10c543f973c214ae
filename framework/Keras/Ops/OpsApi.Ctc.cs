using Keras.Graphs;

namespace Keras;

/// <content>Connectionist temporal classification.</content>
public sealed partial class OpsApi
{
    /// <summary>-log of the probability that a sequence of scores reads as a sequence of labels, whatever the repeats and blanks between them.</summary>
    /// <param name="target">Labels, int (B, L).</param>
    /// <param name="output">Logits (B, T, C); a gradient needs T to be known.</param>
    /// <param name="target_length">How many labels of each row count, int (B).</param>
    /// <param name="output_length">How many steps of each row count, int (B).</param>
    /// <param name="mask_index">The class that stands for a blank; default 0.</param>
    /// <returns>The loss of each row (B); infinity where the steps cannot hold the labels.</returns>
    public Tensor ctc_loss(TensorLike target, TensorLike output, TensorLike target_length, TensorLike output_length, int mask_index = 0)
    {
        if (Kept(target, output, target_length, output_length) is { } kept) return kept.Run<Tensor>(target, output, target_length, output_length, mask_index);
        var logits = Float(output);
        var labels = ClassIndices(target.Tensor);
        if (labels.ndim != 2 || logits.ndim != 3) throw new ShapeMismatchException("Sequences come in batches", "ops.ctc_loss", "target (B, L) and output (B, T, C)", $"{labels.shape} and {logits.shape}");
        Tensor Column(TensorLike x) => Tf.ExpandDims(Tf.Cast(x.Tensor, DType.Int32), 1);
        var computed = logits.dtype == DType.Float64 ? logits : Tf.Cast(logits, DType.Float32);
        return Tf.Cast(Ctc.Loss(labels, computed, Column(target_length), Column(output_length), mask_index), logits.dtype);
    }
}
