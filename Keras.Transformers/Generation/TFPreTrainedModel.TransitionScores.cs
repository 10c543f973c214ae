using static Keras.Api;

namespace Keras.Transformers;

public abstract partial class TFPreTrainedModel
{
    /// <summary>Computes how probable each new token was when it was chosen.</summary>
    /// <param name="sequences">The texts that <c>generate</c> returned, prompts included, integers (N, T).</param>
    /// <param name="scores">Its scores of each step, each (R, V): <c>scores</c>, or <c>logits</c> for the model's scores before processors.</param>
    /// <param name="beam_indices">With beams, its <c>beam_indices</c>, integers (N, S); default null: the row of a text is that of its scores.</param>
    /// <param name="normalize_logits">Whether scores are made logarithms of probabilities first; those of beams are already. Default false.</param>
    /// <returns>For each text the score of each new token, float32 (N, S), 0 after the end of a text of beams; S is the number of steps, of beams that of the longest text.</returns>
    /// <exception cref="ArgumentException">There are no scores.</exception>
    /// <exception cref="ShapeMismatchException">Sequences, scores and beam_indices are not of one call.</exception>
    /// <exception cref="ValueRangeException">A text has a token that the scores do not have.</exception>
    /// <remarks>With beams, a text's sum divided by its length to the power of length_penalty is its <c>sequences_scores</c>. Source: transformers/generation/utils.py; where TensorFlow's cuts
    /// beam_indices at the wrong end, this is PyTorch's.</remarks>
    public Tensor compute_transition_scores(Tensor sequences, Tensors scores, Tensor? beam_indices = null, bool normalize_logits = false)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.IsLeaf || scores.Count == 0) throw new ArgumentException("The scores of the steps are missing. Expected: a list of tensors (R, V). Received: none. Call generate with output_scores: true.", nameof(scores));
        Tensor[] steps = [.. scores.Select(s => s.Single)];
        if (sequences.shape is not { Rank: 2 } || steps[0].shape is not { Rank: 2 })
            throw new ShapeMismatchException("Texts or scores have the wrong number of axes", nameof(compute_transition_scores), "sequences (N, T) and scores (R, V)", $"{sequences.shape} and {steps[0].shape}");
        var (rows, vocabulary) = ((int)steps[0].shape[0], (int)steps[0].shape[1]);
        var beams = beam_indices is null ? Own(rows, steps.Length) : Cut(beam_indices);
        var count = (int)beams.shape[1];
        var lastBeam = count == 0 ? -1 : ops.max(beams).ToScalar<long>();
        if (beams.shape[0] != sequences.shape[0] || count > steps.Length || count > sequences.shape[1] || lastBeam >= rows)
            throw new ShapeMismatchException("Texts, scores and beams are not of one call", nameof(compute_transition_scores), $"{sequences.shape[0]} texts of up to {steps.Length} new tokens, of {rows} beams",
                $"{beams.shape[0]} rows of {count}, of beam {lastBeam}", beam_indices is null ? "With beams, give beam_indices too." : "Give the three as generate returned them.");
        if (count == 0) return ops.zeros([(int)sequences.shape[0], 0]);
        var each = ops.stack(steps[..count], 0);
        if (normalize_logits) each = ops.log_softmax(each);
        var tokens = ops.cast(sequences[.., ^count..], "int64");
        var isText = beams >= 0;
        foreach (var token in new[] { ops.min(ops.where(isText, tokens, 0L)).ToScalar<long>(), ops.max(tokens).ToScalar<long>() })
            if (token < 0 || token >= vocabulary)
                throw new ValueRangeException("A text has a token that the scores do not have", nameof(sequences), $"ids of 0 to {vocabulary - 1}", $"{token}", "Give texts and scores of one call of generate.");
        var place = (((ops.expand_dims(ops.arange(count, dtype: "int64"), 0) * rows) + ops.where(isText, beams, 0L)) * vocabulary) + tokens;
        return ops.where(isText, ops.take(ops.reshape(each, [-1]), place), 0f);
    }

    /// <summary>Each row's own index at every step.</summary>
    static Tensor Own(int rows, int steps) => ops.broadcast_to(ops.expand_dims(ops.arange(rows, dtype: "int64"), 1), [rows, steps]);

    /// <summary>Drops the columns beyond the longest text.</summary>
    static Tensor Cut(Tensor beams)
    {
        if (beams.shape is not { Rank: 2 }) throw new ShapeMismatchException("The beams of texts do not have rows and columns", nameof(compute_transition_scores), "beam_indices (N, S)", beams.shape.ToString());
        var longest = ops.max(ops.sum(ops.cast(beams >= 0, "int32"), 1)).ToScalar<int>();
        return ops.cast(beams[.., ..longest], "int64");
    }
}
