using Keras.Graphs;

namespace Keras;

/// <content>Connectionist temporal classification.</content>
public sealed partial class OpsApi
{
    /// <summary>-log of the probability that a sequence of scores reads as a sequence of labels, summed over all repeats and blanks.</summary>
    /// <param name="target">Labels, int (B, L).</param>
    /// <param name="output">Logits (B, T, C); a gradient needs T to be known.</param>
    /// <param name="target_length">The number of valid labels in each row, int (B).</param>
    /// <param name="output_length">The number of valid steps in each row, int (B).</param>
    /// <param name="mask_index">The class of the blank; default 0.</param>
    /// <returns>The loss of each row (B); infinity if there are more labels than steps can hold.</returns>
    public Tensor ctc_loss(TensorLike target, TensorLike output, TensorLike target_length, TensorLike output_length, int mask_index = 0)
    {
        if (Kept(target, output, target_length, output_length) is { } kept) return kept.Run<Tensor>(target, output, target_length, output_length, mask_index);
        var logits = Float(output);
        var labels = ClassIndices(target.Tensor);
        if (labels.ndim != 2 || logits.ndim != 3) throw new ShapeMismatchException("The shapes of the sequences do not fit", "ops.ctc_loss", "target (B, L) and output (B, T, C)", $"{labels.shape} and {logits.shape}");
        Tensor Column(TensorLike x) => Tf.ExpandDims(Tf.Cast(x.Tensor, DType.Int32), 1);
        var computed = logits.dtype == DType.Float64 ? logits : Tf.Cast(logits, DType.Float32);
        return Tf.Cast(Ctc.Loss(labels, computed, Column(target_length), Column(output_length), mask_index), logits.dtype);
    }

    /// <summary>The labels that scores most likely read as.</summary>
    /// <param name="inputs">Logits (B, T, C).</param>
    /// <param name="sequence_lengths">The number of valid steps in each row, int (B).</param>
    /// <param name="strategy">"greedy" (default): the best class of each step; "beam_search": the best sequences with all their alignments.</param>
    /// <param name="beam_width">The number of sequences that the search keeps at each step, at least 1; default 100.</param>
    /// <param name="top_paths">The number of sequences that the search returns, from 1 to <paramref name="beam_width"/>; default 1. The greedy strategy returns one.</param>
    /// <param name="merge_repeated">Whether, with the greedy strategy, the same class in steps that follow each other is one label; default true. The search always merges those.</param>
    /// <param name="mask_index">The class of the blank, negative ones counted from the end; default 0.</param>
    /// <returns>Labels, int32 (paths, B, T), -1 after their end; and scores, (B, paths): of the greedy strategy minus the sum of the best logits, of the search log probabilities,
    /// negative infinity if there are fewer sequences than requested.</returns>
    /// <remarks>No gradient flows through the search. Where the beam is narrower than the sequences that matter, scores, and now and then the sequences behind the best, differ from those of TensorFlow's decoder.</remarks>
    /// <exception cref="ShapeMismatchException">The scores are not of rank 3, or the lengths not of rank 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public (Tensor Decoded, Tensor Scores) ctc_decode(TensorLike inputs, TensorLike sequence_lengths, string strategy = "greedy", int beam_width = 100, int top_paths = 1, bool merge_repeated = true, int mask_index = 0)
    {
        if (Kept(inputs, sequence_lengths) is { } kept) return kept.Run<(Tensor Decoded, Tensor Scores)>(inputs, sequence_lengths, strategy, beam_width, top_paths, merge_repeated, mask_index);
        Known.OneOf(strategy, nameof(strategy), "greedy", "beam_search");
        Require.Count(1, beam_width);
        if (top_paths < 1 || (strategy == "beam_search" && top_paths > beam_width)) throw new ArgumentOutOfRangeException(nameof(top_paths), top_paths, $"The number of paths is out of range. Expected: from 1 to {beam_width} (beam_width).");
        var (logits, lengths) = (Float(inputs), sequence_lengths.As(DType.Int32));
        if (logits.ndim != 3 || lengths.ndim != 1) throw new ShapeMismatchException("The shapes of the sequences do not fit", "ops.ctc_decode", "inputs (B, T, C) and sequence_lengths (B)", $"{logits.shape} and {lengths.shape}");
        var classes = Dim.Of(logits, 2);
        if (classes.Known is { } count && (mask_index >= count || mask_index < -count)) throw new ArgumentOutOfRangeException(nameof(mask_index), mask_index, $"The class does not exist. Expected: a class from {-count} to {count - 1}.");
        if (logits.dtype != DType.Float64) logits = Tf.Cast(logits, DType.Float32);
        Tensor steps = Tf.ExpandDims(lengths, 1), blank = (mask_index < 0 ? classes + mask_index : mask_index).ToTensor();
        if (strategy == "greedy") return Ctc.Greedy(logits, steps, merge_repeated, blank);
        var (paths, scores) = CtcBeams.Search(Tf.StopGradient(logits), steps, beam_width, blank);
        return (Tf.Transpose(Slices.Until(paths, 1, top_paths), [1, 0, 2]), Slices.Until(scores, 1, top_paths));
    }
}
