using static Keras.Api;

namespace Keras.Transformers;

/// <summary>Lowers the scores of tokens that earlier groups of beams have just chosen, so that the groups differ (diverse beam search).</summary>
/// <remarks>It depends on what other rows choose in the same step, so it is not a <see cref="LogitsProcessor"/>: group beam search calls it. Source: Vijayakumar et al. 2016,
/// "Diverse Beam Search"; transformers/generation/logits_process.py.</remarks>
public sealed class HammingDiversityLogitsProcessor
{
    readonly int _beams;
    readonly int _groupSize;

    /// <summary>Creates a processor that penalizes what other groups chose.</summary>
    /// <param name="diversity_penalty">The amount subtracted from a score for each beam of earlier groups that chose the token, above 0.</param>
    /// <param name="num_beams">Beams of a sample, at least 2.</param>
    /// <param name="num_beam_groups">Groups, at least 2; a divisor of the beams.</param>
    /// <exception cref="ValueRangeException">A number is out of its range.</exception>
    public HammingDiversityLogitsProcessor(double diversity_penalty, int num_beams, int num_beam_groups)
    {
        OptionRange.Ensure(GetType(), nameof(diversity_penalty), diversity_penalty, 0, float.MaxValue, above: true);
        OptionRange.Ensure(GetType(), nameof(num_beams), num_beams, 2, int.MaxValue);
        OptionRange.Ensure(GetType(), nameof(num_beam_groups), num_beam_groups, 2, num_beams);
        if (num_beams % num_beam_groups != 0) throw new ValueRangeException("Groups do not divide the beams", $"{GetType().Name}, {nameof(num_beam_groups)}", $"a divisor of num_beams {num_beams}", $"{num_beam_groups}");
        (_beams, _groupSize, Penalty) = (num_beams, num_beams / num_beam_groups, (Tensor)(float)diversity_penalty);
    }

    /// <summary>The penalty, (), float32.</summary>
    internal Tensor Penalty { get; }

    /// <summary>Changes the scores of one group.</summary>
    /// <param name="input_ids">The tokens of the group's rows so far; they do not count.</param>
    /// <param name="scores">Scores of the group's rows, (B · beams of a group, V), float32.</param>
    /// <param name="current_tokens">The tokens chosen in this step, (B · beams), int32; those of this group and later ones do not count.</param>
    /// <param name="beam_group_idx">The number of the group, from 0.</param>
    public Tensor Apply(Tensor input_ids, Tensor scores, Tensor current_tokens, int beam_group_idx)
    {
        OptionRange.Ensure(GetType(), nameof(beam_group_idx), beam_group_idx, 0, (_beams / _groupSize) - 1);
        var earlier = ops.reshape(ops.cast(current_tokens, "int32"), [-1, _beams])[.., ..(beam_group_idx * _groupSize)];
        return beam_group_idx == 0 ? scores : Apply(scores, earlier, Penalty);
    }

    /// <summary>Applies the penalty to the scores of one group.</summary>
    /// <param name="scores">(B · beams of a group, V).</param>
    /// <param name="earlier">The tokens that earlier groups chose in this step, (B, P), int32.</param>
    /// <param name="penalty">The penalty, ().</param>
    internal static Tensor Apply(Tensor scores, Tensor earlier, Tensor penalty)
    {
        var vocabulary = ops.shape(scores)[1];
        var counts = TokenSums.Of(earlier, ops.ones_like(ops.cast(earlier, "float32")), vocabulary);
        return ops.reshape(ops.reshape(scores, [ops.shape(earlier)[0], -1, vocabulary]) - ops.expand_dims(counts * penalty, 1), [-1, vocabulary]);
    }
}
