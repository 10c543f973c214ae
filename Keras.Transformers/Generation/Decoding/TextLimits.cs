namespace Keras.Transformers;

/// <summary>The conditions that end texts.</summary>
/// <param name="NewTokens">The maximum number of new tokens.</param>
/// <param name="Eos">Tokens that end a text.</param>
/// <param name="Pad">The padding after a text that has ended before others.</param>
/// <param name="Criteria">Further reasons to end a text.</param>
sealed record TextLimits(int NewTokens, IReadOnlyList<int> Eos, int Pad, StoppingCriteriaList Criteria)
{
    /// <summary>Whether a text has ended with its last token.</summary>
    public bool Ends(ReadOnlySpan<int> tokens, int last) => Eos.Contains(last) || Criteria.Apply(tokens);

    /// <summary>Whether the criteria, which ignore beams, end every row.</summary>
    public bool EndAll(Decoder decoder)
    {
        for (var row = 0; row < decoder.Rows; row++)
            if (!Criteria.Apply(decoder.Tokens(row))) return false;
        return true;
    }
}
