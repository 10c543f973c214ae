using Keras.Graphs;

namespace Keras;

/// <content>Connectionist temporal classification.</content>
public sealed partial class OpsApi
{
    /// <summary>-log of the probability that a sequence of scores reads as a sequence of labels, whatever the repeats and blanks between them.</summary>
    /// <param name="target">Labels, int (B, L).</param>
    /// <param name="output">Logits (B, T, C).</param>
    /// <param name="target_length">How many labels of each row count, int (B).</param>
    /// <param name="output_length">How many steps of each row count, int (B).</param>
    /// <param name="mask_index">The class that stands for a blank; default 0.</param>
    /// <returns>The loss of each row (B).</returns>
    public Tensor ctc_loss(TensorLike target, TensorLike output, TensorLike target_length, TensorLike output_length, int mask_index = 0)
    {
        var logits = Float(output);
        var labels = Tf.Cast(target.Tensor, DType.Int32);
        if (labels.ndim != 2 || logits.ndim != 3) throw new ShapeMismatchException("Sequences come in batches", "ops.ctc_loss", "target (B, L) and output (B, T, C)", $"{labels.shape} and {logits.shape}");
        var (lengths, steps) = (Tf.Cast(target_length.Tensor, DType.Int32), Tf.Cast(output_length.Tensor, DType.Int32));
        // States are the labels with a blank before, between and behind them.
        var blanks = Tf.Fill(Tf.ShapeOf(labels), Tf.Int32Scalar(mask_index));
        var pairs = Tf.Reshape(Tf.Stack([blanks, labels], 2), Dims.Create([Dim.Of(labels, 0), Dim.Of(labels, 1) * 2]).ToTensor());
        var states = Tf.Concat([pairs, Slices.Until(blanks, 1, 1)], 1);
        var count = Dim.Of(states, 1);
        // (T, B, S): the score of each state at each step.
        var scores = Tf.Transpose(Tf.Gather(Tf.Transpose(Tf.LogSoftmax(logits), 0, 2, 1), states, 1, batch_dims: 1), 2, 0, 1);
        var never = Tf.Constant(Limits.Of(DType.Float32).Low / 4, logits.dtype);
        var positions = Tf.ExpandDims(Tf.Range(Tf.Int32Scalar(0), count, Tf.Int32Scalar(1)), 0);
        // A label may follow another label directly where they differ; blanks are all alike.
        var jumps = Tf.NotEqual(states, Shifted(states, 2, Tf.Int32Scalar(mask_index)));
        var start = Tf.SelectV2(Tf.Less(positions, Tf.Int32Scalar(2)), Slices.At(scores, 0, 0), never);
        int? rounds = scores.shape[0] >= 0 ? checked((int)scores.shape[0]) - 1 : null;
        var total = Tf.DimOf(scores, 0);
        var last = ControlFlow.While(v => Tf.Less(v[0], total), v =>
        {
            var (step, alpha) = (v[0], v[1]);
            var ways = Tf.Stack([alpha, Shifted(alpha, 1, never), Tf.SelectV2(jumps, Shifted(alpha, 2, never), never)], 0);
            var next = logsumexp(ways, 0) + Tf.Gather(scores, step, 0);
            return [step + Tf.Int32Scalar(1), Tf.SelectV2(Tf.Less(step, Tf.ExpandDims(steps, 1)), Tf.Maximum(next, never), alpha)];
        }, [Tf.Int32Scalar(1), start], rounds)[1];
        var end = Tf.ExpandDims(lengths * Tf.Int32Scalar(2), 1);
        var isEnd = Tf.LogicalOr(Tf.Equal(positions, end), Tf.Equal(positions, end - Tf.Int32Scalar(1)));
        return -logsumexp(Tf.SelectV2(isEnd, last, never), 1);
    }

    /// <summary>The states moved to higher positions (B, S), filled from below.</summary>
    static Tensor Shifted(Tensor x, int by, Tensor fill)
    {
        var border = Tf.Fill(Dims.Create([Dim.Of(x, 0), by]).ToTensor(), fill);
        return Slices.Until(Tf.Concat([border, x], 1), 1, -by);
    }
}
