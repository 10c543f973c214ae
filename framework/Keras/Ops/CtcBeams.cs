using Keras.Graphs;

namespace Keras;

/// <summary>Beam search for the most likely label sequences, each summed over all its alignments.</summary>
/// <remarks>Source: Graves, "Sequence transduction with recurrent neural networks", 2012; Hannun et al., "First-pass large vocabulary continuous speech recognition", 2014.
/// Whether one kept sequence continues another follows from the lengths of their common prefixes, which each step extends by at most one label.</remarks>
static class CtcBeams
{
    /// <summary>Stands for the logarithm of 0; below half of it nothing is possible.</summary>
    const double Impossible = -1e30;

    /// <summary>The sequences (B, W, T), -1 after their ends, and their log probabilities (B, W), the most likely first; negative infinity where there are fewer.</summary>
    /// <param name="logits">Scores (B, T, C), float32 or float64.</param>
    /// <param name="steps">The number of steps, int32 (B, 1).</param>
    /// <param name="width">The number of sequences W that are kept.</param>
    /// <param name="blank">The class of the blank.</param>
    public static (Tensor Paths, Tensor Scores) Search(Tensor logits, Tensor steps, int width, Tensor blank)
    {
        var (batch, total, classes, dtype) = (Dim.Of(logits, 0), Dim.Of(logits, 1), Dim.Of(logits, 2), logits.dtype);
        var (one, none, never) = (Tf.Int32Scalar(1), Tf.Int32Scalar(-1), Tf.Constant(Impossible, dtype));
        Tensor Filled(Tensor value, params Dim[] dims) => Tf.Fill(Dims.Create(dims).ToTensor(), value);
        Tensor Numbers(Dim count) => Tf.Range(Tf.Int32Scalar(0), count.ToTensor(), one);
        var scores = Tf.Transpose(Tf.Maximum(Tf.LogSoftmax(logits), never), [1, 0, 2]);
        var isBlank = Tf.Equal(Numbers(classes), blank);
        var isFirst = Tf.Equal(Numbers(width), Tf.Int32Scalar(0));
        var (zero, places) = (Tf.ZerosLike(never), Numbers(total + 1));
        var ends = Tf.SelectV2(isFirst, Filled(zero, batch, width), never);
        var limit = total.ToTensor();

        // Labels, lengths, last labels, probabilities to end in a blank and in the last label, and common prefixes.
        Tensor[] start = [Tf.Int32Scalar(0), Filled(none, batch, width, total + 1), Filled(Tf.Int32Scalar(0), batch, width), Filled(none, batch, width), ends, Filled(never, batch, width), Filled(Tf.Int32Scalar(0), batch, width, width)];
        var last = ControlFlow.While(v => Tf.Less(v[0], limit), v =>
        {
            var (paths, lengths, labels, inBlank, inLabel, common) = (v[1], v[2], v[3], v[4], v[5], v[6]);
            var emissions = Tf.Gather(scores, v[0], 0);
            var all = LogSum(inBlank, inLabel);
            var isPossible = Tf.Greater(all, never * 0.5);

            // Kept sequences: extended by a blank, by repeating the last label, or reached from another kept one.
            var ofLabel = Tf.Gather(emissions, Tf.Maximum(labels, Tf.Int32Scalar(0)), 1, batch_dims: 1);
            var hasLabel = Tf.GreaterEqual(labels, Tf.Int32Scalar(0));
            var continues = Tf.LogicalAnd(Tf.Equal(common, Tf.ExpandDims(lengths, 1)), Tf.Equal(Tf.ExpandDims(lengths, 2), Tf.ExpandDims(lengths + one, 1)));
            continues = Tf.LogicalAnd(continues, Tf.LogicalAnd(Tf.ExpandDims(isPossible, 2), Tf.ExpandDims(isPossible, 1)));
            var isRepeat = Tf.Equal(Tf.ExpandDims(labels, 2), Tf.ExpandDims(labels, 1));
            var before = Tf.SelectV2(isRepeat, Tf.ExpandDims(inBlank, 1), Tf.ExpandDims(all, 1));
            var joined = Tf.Max(Tf.SelectV2(continues, before, never), [2]) + ofLabel;
            var stayBlank = all + Tf.Gather(emissions, Tf.Reshape(blank, Tf.Int32(1)), 1);
            var stayLabel = LogSum(Tf.SelectV2(hasLabel, inLabel + ofLabel, never), joined);
            var stay = LogSum(stayBlank, stayLabel);

            // Sequences with one more label, except those already kept.
            var isLast = Tf.Equal(Tf.ExpandDims(labels, 2), Tf.Reshape(Numbers(classes), Tf.Int32(1, 1, -1)));
            var extended = Tf.SelectV2(isLast, Tf.ExpandDims(inBlank, 2), Tf.ExpandDims(all, 2)) + Tf.ExpandDims(emissions, 1);
            var isKept = Tf.Greater(Tf.BatchMatMul(Tf.Cast(continues, dtype), Tf.Cast(isLast, dtype), adj_x: true), zero);
            extended = Tf.SelectV2(Tf.LogicalOr(isKept, isBlank), never, extended);
            var candidates = Tf.Concat([stay, Tf.Reshape(extended, Dims.Create([batch, classes * width]).ToTensor())], 1);
            var (best, chosen) = Tf.TopK(candidates, Tf.Int32Scalar(width));

            var (isStay, continued) = (Tf.Less(chosen, Tf.Int32Scalar(width)), Tf.Maximum(chosen - Tf.Int32Scalar(width), Tf.Int32Scalar(0)));
            var source = Tf.SelectV2(isStay, chosen, Tf.FloorDiv(continued, classes.ToTensor()));
            var label = Tf.FloorMod(continued, classes.ToTensor());
            Tensor Of(Tensor x) => Tf.Gather(x, source, 1, batch_dims: 1);
            var (oldLengths, oldPaths) = (Of(lengths), Of(paths));
            var isNew = Tf.LogicalAnd(Tf.ExpandDims(Tf.LogicalNot(isStay), 2), Tf.Equal(places, Tf.ExpandDims(oldLengths, 2)));
            var newPaths = Tf.SelectV2(isNew, Tf.ExpandDims(label, 2), oldPaths);
            var newCommon = Tf.Gather(Of(common), source, 2, batch_dims: 1);
            var next = Tf.Gather(newPaths, newCommon, 2, batch_dims: 2);
            newCommon += Tf.Cast(Tf.LogicalAnd(Tf.Equal(next, Tf.Transpose(next, [0, 2, 1])), Tf.GreaterEqual(next, Tf.Int32Scalar(0))), DType.Int32);

            var isGoing = Tf.Less(v[0], steps);
            Tensor Then(Tensor changed, Tensor x) => Tf.SelectV2(x.ndim == 3 ? Tf.ExpandDims(isGoing, 2) : isGoing, changed, x);
            return [v[0] + one, Then(newPaths, paths), Then(oldLengths + Tf.Cast(Tf.LogicalNot(isStay), DType.Int32), lengths), Then(Tf.SelectV2(isStay, Of(labels), label), labels),
                Then(Tf.SelectV2(isStay, Of(stayBlank), never), inBlank), Then(Tf.SelectV2(isStay, Of(stayLabel), best), inLabel), Then(newCommon, common)];
        }, start);
        var result = LogSum(last[4], last[5]);
        var isFound = Tf.Greater(result, never * 0.5);
        return (Slices.Until(Tf.SelectV2(Tf.ExpandDims(isFound, 2), last[1], none), 2, -1), Tf.SelectV2(isFound, result, Tf.Constant(double.NegativeInfinity, dtype)));
    }

    static Tensor LogSum(Tensor a, Tensor b)
    {
        var max = Tf.Maximum(a, b);
        return Tf.Log(Tf.Exp(a - max) + Tf.Exp(b - max)) + max;
    }
}
