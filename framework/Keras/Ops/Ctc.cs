using Keras.Graphs;

namespace Keras;

/// <summary>Connectionist temporal classification: the likelihood of label sequences over all alignments with time steps.</summary>
static class Ctc
{
    /// <summary>Stands for log(0): far below any log probability, but with finite differences.</summary>
    const double Impossible = -1e30;

    /// <summary>The negative log likelihood of each row (B).</summary>
    /// <param name="labels">Labels, int32 (B, L).</param>
    /// <param name="logits">Scores (B, T, C), float32 or float64.</param>
    /// <param name="lengths">The number of labels, int32 (B, 1).</param>
    /// <param name="steps">The number of steps, int32 (B, 1); null for all.</param>
    /// <param name="blank">The class of the blank.</param>
    /// <remarks>Scores are log probabilities; the full gradient of their normalizer is added separately, as in TensorFlow.</remarks>
    public static Tensor Loss(Tensor labels, Tensor logits, Tensor lengths, Tensor? steps, int blank)
    {
        var max = Tf.StopGradient(Tf.Max(logits, [-1], keep_dims: true));
        var normalizer = Tf.Log(Tf.Sum(Tf.Exp(logits - max), [-1], keep_dims: true)) + max;
        var constant = Tf.StopGradient(normalizer);
        var gradient = normalizer - constant;
        if (steps is not null)
        {
            var counts = Tf.Less(Tf.ExpandDims(Numbers(Tf.DimOf(logits, 1)), 0), steps);
            gradient = Tf.SelectV2(Tf.ExpandDims(counts, -1), gradient, Tf.ZerosLike(gradient));
        }
        return Tf.Sum(gradient, [1, 2]) - LogLikelihood(logits - constant, Interleaved(labels, Tf.Int32Scalar(blank)), lengths, steps, Tf.Int32Scalar(blank));
    }

    /// <summary>The best class of each step without blanks, (1, B, T), -1 after the end; and minus the sum of the best scores, (B, 1).</summary>
    /// <param name="logits">Scores (B, T, C), float32 or float64.</param>
    /// <param name="steps">The number of steps, int32 (B, 1).</param>
    /// <param name="merges">Whether a class that follows itself is one label.</param>
    /// <param name="blank">The class of the blank.</param>
    public static (Tensor Labels, Tensor Scores) Greedy(Tensor logits, Tensor steps, bool merges, Tensor blank)
    {
        var (batch, total) = (Dim.Of(logits, 0), Dim.Of(logits, 1));
        var best = Tf.ArgMax(logits, 2, DType.Int32);
        var counts = Tf.Less(Numbers(total.ToTensor()), steps);
        var isLabel = Tf.LogicalAnd(counts, Tf.NotEqual(best, blank));
        if (merges) isLabel = Tf.LogicalAnd(isLabel, Tf.NotEqual(best, Shifted(best, 1, Tf.Int32Scalar(-1))));
        var places = Tf.Cumsum(Tf.Cast(isLabel, DType.Int32), 1, exclusive: true) + Tf.ExpandDims(Numbers(batch.ToTensor()) * total.ToTensor(), 1);
        var packed = Tf.UnsortedSegmentSum(Flat(best + Tf.Int32Scalar(1)), Flat(Tf.SelectV2(isLabel, places, Tf.Int32Scalar(-1))), (batch * total).ToTensor()) - Tf.Int32Scalar(1);
        var scores = Tf.Max(logits, [2]);
        return (Tf.Reshape(packed, Dims.Create([1, batch, total]).ToTensor()), -Tf.Sum(Tf.SelectV2(counts, scores, Tf.ZerosLike(scores)), [1], keep_dims: true));

        static Tensor Flat(Tensor x) => Tf.Reshape(x, Tf.Int32(-1));
    }

    static Tensor Numbers(Tensor count) => Tf.Range(Tf.Int32Scalar(0), count, Tf.Int32Scalar(1));

    /// <summary>Interleaves labels with blanks, also before and after: (B, 2 L + 1).</summary>
    static Tensor Interleaved(Tensor labels, Tensor blank)
    {
        var blanks = Tf.Fill(Tf.ShapeOf(labels), blank);
        var flat = Tf.Reshape(Tf.Stack([blanks, labels], 2), Dims.Create([Dim.Of(labels, 0), Dim.Of(labels, 1) * 2]).ToTensor());
        return Tf.Concat([flat, Tf.Fill(Dims.Create([Dim.Of(labels, 0), 1]).ToTensor(), blank)], 1);
    }

    /// <summary>The forward recursion: the log probability of reaching each state after each step.</summary>
    /// <param name="scores">Log probabilities, (B, T, C).</param>
    /// <param name="states">The class of each state, (B, S).</param>
    /// <param name="lengths">The number of labels, (B, 1), int32.</param>
    /// <param name="steps">The number of steps, (B, 1), int32; null for all.</param>
    /// <param name="blank">The class of the blank.</param>
    static Tensor LogLikelihood(Tensor scores, Tensor states, Tensor lengths, Tensor? steps, Tensor blank)
    {
        var one = Tf.Int32Scalar(1);
        var positions = Numbers(Tf.DimOf(states, 1));
        // Blanks are at even places.
        var isLabel = Tf.Equal(Tf.FloorMod(positions, Tf.Int32Scalar(2)), one);
        // (T, B, S): the score of each state's class at each step.
        var emissions = Tf.Transpose(Tf.Gather(scores, states, 2, batch_dims: 1), [1, 0, 2]);
        // A blank among the labels gets no gradient of its own, as in TensorFlow.
        emissions = Tf.SelectV2(Tf.LogicalAnd(isLabel, Tf.Equal(states, blank)), Tf.StopGradient(emissions), emissions);
        var never = Tf.Constant(Impossible, emissions.dtype);
        // A label may directly follow another one, unless they are equal.
        var skips = Tf.LogicalAnd(isLabel, Tf.NotEqual(states, Shifted(states, 2, Tf.Int32Scalar(-1))));
        var first = Tf.SelectV2(Tf.Less(positions, Tf.Int32Scalar(2)), Slices.At(emissions, 0, 0), never);
        var total = Tf.DimOf(emissions, 0);
        int? rounds = emissions.shape[0] >= 0 ? checked((int)emissions.shape[0]) : null;
        var last = ControlFlow.While(v => Tf.Less(v[0], total), v =>
        {
            var reached = LogSum(v[1], Shifted(v[1], 1, never), Tf.SelectV2(skips, Shifted(v[1], 2, never), never)) + Tf.Gather(emissions, v[0], 0);
            return [v[0] + one, steps is null ? reached : Tf.SelectV2(Tf.Less(v[0], steps), reached, v[1])];
        }, [one, first], rounds)[1];
        // The sequence ends in its last label or in the blank after it.
        var end = lengths * Tf.Int32Scalar(2);
        var ends = Tf.SelectV2(Tf.LogicalOr(Tf.Equal(positions, end), Tf.Equal(positions, end - one)), last, never);
        var max = Tf.StopGradient(Tf.Max(ends, [1], keep_dims: true));
        var likelihood = Tf.Log(Tf.Sum(Tf.Exp(ends - max), [1])) + Tf.Squeeze(max, 1);
        // If there are more labels than steps, there is no alignment.
        return Tf.SelectV2(Tf.Less(likelihood, Tf.Constant(Impossible / 10, likelihood.dtype)), Tf.Constant(double.NegativeInfinity, likelihood.dtype), likelihood);
    }

    /// <summary>Shifts states (B, S) by some positions.</summary>
    static Tensor Shifted(Tensor x, int by, Tensor fill)
    {
        var padding = Tf.BroadcastTo(fill, Dims.Create([Dim.Of(x, 0), by]).ToTensor());
        return Slices.Until(Tf.Concat([padding, x], 1), 1, -by);
    }

    static Tensor LogSum(Tensor a, Tensor b, Tensor c)
    {
        var max = Tf.StopGradient(Tf.Maximum(a, Tf.Maximum(b, c)));
        return Tf.Log(Tf.Exp(a - max) + Tf.Exp(b - max) + Tf.Exp(c - max)) + max;
    }
}
