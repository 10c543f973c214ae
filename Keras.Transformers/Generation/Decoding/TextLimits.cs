namespace Keras.Transformers;

/// <summary>When texts end.</summary>
/// <param name="NewTokens">The greatest number of new tokens.</param>
/// <param name="Eos">Tokens that end a text.</param>
/// <param name="Pad">What follows a text that has ended before others.</param>
/// <param name="Criteria">Further reasons to end a text.</param>
sealed record TextLimits(int NewTokens, IReadOnlyList<int> Eos, int Pad, StoppingCriteriaList Criteria)
{
    /// <summary>Whether a text has ended with its last token.</summary>
    public bool Ends(ReadOnlySpan<int> tokens, int last) => Eos.Contains(last) || Criteria.Apply(tokens);

    /// <summary>Whether the criteria, which know nothing of beams, end every row.</summary>
    public bool EndAll(Decoder decoder)
    {
        for (var row = 0; row < decoder.Rows; row++)
            if (!Criteria.Apply(decoder.Tokens(row))) return false;
        return true;
    }
}
