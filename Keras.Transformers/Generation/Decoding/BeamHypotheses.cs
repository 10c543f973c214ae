namespace Keras.Transformers;

/// <summary>A finished text of a beam search.</summary>
/// <param name="Tokens">Its tokens, including the prompt's, without the one that ended it.</param>
/// <param name="Last">The token that ended it; null if the search ended.</param>
/// <param name="Beams">The row that each new token came from.</param>
/// <param name="Score">The sum of the logarithms of its probabilities, divided by its length raised to the penalty.</param>
sealed record BeamHypothesis(int[] Tokens, int? Last, int[] Beams, double Score);

/// <summary>The best finished texts of one prompt; knows when no better ones can follow.</summary>
/// <param name="size">The number of texts that are kept.</param>
/// <param name="lengthPenalty">The exponent of the length by which scores are divided.</param>
/// <param name="earlyStopping">Whether the search ends once there are enough; null for "never": only when none can be better.</param>
/// <param name="longest">The maximum number of new tokens.</param>
/// <remarks>Source: transformers/generation/beam_search.py, BeamHypotheses.</remarks>
sealed class BeamHypotheses(int size, double lengthPenalty, bool? earlyStopping, int longest)
{
    readonly List<BeamHypothesis> _kept = [];
    double _worst = 1e9;

    /// <summary>The texts kept, unordered.</summary>
    public IReadOnlyList<BeamHypothesis> Kept => _kept;

    /// <summary>Keeps a text if it is one of the best.</summary>
    /// <param name="tokens">The text's tokens.</param>
    /// <param name="last">The token that ended it.</param>
    /// <param name="beams">The row that each new token came from.</param>
    /// <param name="sum">The sum of the logarithms of its probabilities.</param>
    /// <param name="length">The number of new tokens to count.</param>
    public void Add(ReadOnlySpan<int> tokens, int? last, int[] beams, double sum, int length)
    {
        var score = sum / Math.Pow(length, lengthPenalty);
        if (_kept.Count >= size && score <= _worst) return;
        _kept.Add(new(tokens.ToArray(), last, beams, score));
        if (_kept.Count > size)
        {
            _kept.Remove(_kept.MinBy(h => h.Score)!);
            _worst = _kept.Min(h => h.Score);
        }
        else _worst = Math.Min(score, _worst);
    }

    /// <summary>Whether no unfinished text can become better than those kept.</summary>
    /// <param name="best">The best sum of logarithms among all continuations.</param>
    /// <param name="length">How many new tokens they have.</param>
    public bool IsDone(double best, int length)
    {
        if (_kept.Count < size) return false;
        if (earlyStopping == true) return true;
        var reach = earlyStopping is null && lengthPenalty > 0 ? longest : length;
        return _worst >= best / Math.Pow(reach, lengthPenalty);
    }
}
