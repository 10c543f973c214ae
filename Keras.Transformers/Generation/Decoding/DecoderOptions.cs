namespace Keras.Transformers;

/// <summary>How a decoder runs.</summary>
/// <param name="Repeats">How many rows each text has: beams, candidates, samples.</param>
/// <param name="NewTokens">The greatest number of tokens that are added.</param>
/// <param name="Guesses">The greatest number of tokens that are computed at once in addition to the next.</param>
/// <param name="UseCache">Whether keys and values are kept, rather than all tokens computed again in each step.</param>
/// <param name="Jit">Whether XLA compiles the step.</param>
/// <param name="Eager">Whether nothing is traced.</param>
/// <param name="Attentions">Whether attention probabilities are returned.</param>
/// <param name="HiddenStates">Whether the states of every layer are returned.</param>
/// <param name="Reorders">Whether rows continue other rows from step to step.</param>
sealed record DecoderOptions(int Repeats, int NewTokens, int Guesses, bool UseCache, bool Jit, bool Eager, bool Attentions, bool HiddenStates, bool Reorders)
{
    /// <summary>What the graphs depend on.</summary>
    public string Key => $"{Repeats} {UseCache} {Attentions} {HiddenStates} {Reorders}";
}
