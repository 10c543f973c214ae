using Keras.Graphs;

namespace Keras.Losses;

/// <summary>Connectionist temporal classification: minus the log probability of a label sequence over all its alignments with the steps.</summary>
/// <remarks>Class 0 is the blank, and pads labels. Predictions are logits. Where a label sequence holds a 0 before its end, the gradient is that of
/// TensorFlow, which leaves that place out. Source: keras/src/losses/losses.py.</remarks>
public class CTC : Loss
{
    /// <summary>Stands for the logarithm of 0: far below any log probability, and its differences are finite.</summary>
    const double Impossible = -1e30;

    /// <summary>Connectionist temporal classification.</summary>
    /// <inheritdoc cref="Loss(string, string, DTypePolicy)"/>
    public CTC(string? reduction = "sum_over_batch_size", string name = "ctc", DTypePolicy? dtype = null) : base(name, reduction, dtype) { }

    /// <inheritdoc/>
    public override Tensor call(Tensor y_true, Tensor y_pred) => Compute(y_true, y_pred);

    internal override Tensor ConvertTrue(Tensor y_true) => y_true;

    internal static Tensor Compute(Tensor y_true, Tensor y_pred)
    {
        if (y_true.ndim != 2) throw new ShapeMismatchException("Labels are no matrix", "ctc", "y_true of shape (batch_size, max_length)", y_true.shape.ToString());
        if (y_pred.ndim != 3 || y_pred.shape[1] < 0)
            throw new ShapeMismatchException("Logits are not of three axes with a known number of steps", "ctc", "y_pred of shape (batch_size, max_length, num_classes)", y_pred.shape.ToString());
        var labels = Tf.Cast(y_true, DType.Int32);
        var zero = Tf.Int32Scalar(0);
        var lengths = Tf.Sum(Tf.Cast(Tf.NotEqual(labels, zero), DType.Int32), [1], keep_dims: true);
        var logits = y_pred.dtype == DType.Float64 ? y_pred : Tf.Cast(y_pred, DType.Float32);
        return Tf.Cast(Normalized(logits, Interleaved(labels), lengths), y_pred.dtype);
    }

    /// <summary>Scores are log probabilities; the gradient of their normalizer is added apart, whole.</summary>
    static Tensor Normalized(Tensor logits, Tensor states, Tensor lengths)
    {
        var max = Tf.StopGradient(Tf.Max(logits, [-1], keep_dims: true));
        var normalizer = Tf.Log(Tf.Sum(Tf.Exp(logits - max), [-1], keep_dims: true)) + max;
        var constant = Tf.StopGradient(normalizer);
        return Tf.Sum(normalizer - constant, [1, 2]) - LogLikelihood(logits - constant, states, lengths);
    }

    /// <summary>A blank before, between and after the labels: (B, 2 L + 1).</summary>
    static Tensor Interleaved(Tensor labels)
    {
        var pairs = Tf.Stack([Tf.ZerosLike(labels), labels], 2);
        var flat = Tf.Reshape(pairs, Tf.Stack([Tf.DimOf(labels, 0), Tf.DimOf(labels, 1) * Tf.Int32Scalar(2)], 0));
        return Tf.Concat([flat, Tf.ZerosLike(Tf.Slice(labels, [0, 0], [-1, 1]))], 1);
    }

    /// <summary>The forward recursion: what each state of the sequence is reached by after each step, in logarithms.</summary>
    /// <param name="scores">Log probabilities, (B, T, C).</param>
    /// <param name="states">The class of each state, (B, S).</param>
    /// <param name="lengths">The number of labels, (B, 1), int32.</param>
    static Tensor LogLikelihood(Tensor scores, Tensor states, Tensor lengths)
    {
        var (steps, zero, one) = ((int)scores.shape[1], Tf.Int32Scalar(0), Tf.Int32Scalar(1));
        var positions = Tf.Range(zero, Tf.DimOf(states, 1), one);
        // Blanks are at even places.
        var isLabel = Tf.Equal(Tf.FloorMod(positions, Tf.Int32Scalar(2)), one);
        // (T, B, S): what each step gives for each state's class.
        var emissions = Tf.Transpose(Tf.Gather(scores, states, 2, batch_dims: 1), [1, 0, 2]);
        emissions = Tf.SelectV2(Tf.LogicalAnd(isLabel, Tf.Equal(states, zero)), Tf.StopGradient(emissions), emissions);
        var never = Tf.Constant(Impossible, emissions.dtype);
        // A label may follow another without a blank between unless they are the same.
        var skips = Tf.LogicalAnd(isLabel, Tf.NotEqual(states, Shifted(states, 2, Tf.Int32Scalar(-1))));
        var first = Tf.SelectV2(Tf.Less(positions, Tf.Int32Scalar(2)), Tf.Gather(emissions, zero, 0), never);
        var last = ControlFlow.While(v => Tf.Less(v[0], Tf.Int32Scalar(steps)), v =>
        {
            var reached = LogSum(v[1], Shifted(v[1], 1, never), Tf.SelectV2(skips, Shifted(v[1], 2, never), never));
            return [v[0] + one, reached + Tf.Gather(emissions, v[0], 0)];
        }, [one, first], steps)[1];
        // The sequence ends in its last label or in the blank after it.
        var end = lengths * Tf.Int32Scalar(2);
        var isEnd = Tf.LogicalOr(Tf.Equal(positions, end), Tf.Equal(positions, end - one));
        var ends = Tf.SelectV2(isEnd, last, never);
        var max = Tf.StopGradient(Tf.Max(ends, [1], keep_dims: true));
        var likelihood = Tf.Log(Tf.Sum(Tf.Exp(ends - max), [1])) + Tf.Squeeze(max, 1);
        // More labels than the steps can hold have no alignment.
        var none = Tf.Less(likelihood, Tf.Constant(Impossible / 10, likelihood.dtype));
        return Tf.SelectV2(none, Tf.Constant(double.NegativeInfinity, likelihood.dtype), likelihood);
    }

    /// <summary>States moved on by some places.</summary>
    static Tensor Shifted(Tensor x, int by, Tensor fill)
    {
        var padding = Tf.BroadcastTo(fill, Tf.Stack([Tf.DimOf(x, 0), Tf.Int32Scalar(by)], 0));
        return Tf.StridedSlice(Tf.Concat([padding, x], 1), [0, 0], [0, -by], [1, 1], begin_mask: 3, end_mask: 1);
    }

    static Tensor LogSum(Tensor a, Tensor b, Tensor c)
    {
        var max = Tf.StopGradient(Tf.Maximum(a, Tf.Maximum(b, c)));
        return Tf.Log(Tf.Exp(a - max) + Tf.Exp(b - max) + Tf.Exp(c - max)) + max;
    }
}

public sealed partial class LossesApi
{
    /// <inheritdoc cref="Losses.CTC(string, string, DTypePolicy)"/>
    public CTC CTC(string? reduction = "sum_over_batch_size", string name = "ctc", DTypePolicy? dtype = null) => new(reduction, name, dtype);

    /// <summary>Minus the log probability of label sequences over all their alignments.</summary>
    /// <param name="y_true">Labels, (B, L), integers, padded by 0.</param>
    /// <param name="y_pred">Logits, (B, T, C), floating, with a known number of steps; class 0 is the blank.</param>
    /// <returns>The loss of each sequence, (B).</returns>
    public Tensor ctc(Tensor y_true, Tensor y_pred) => Losses.CTC.Compute(y_true, y_pred);
}
