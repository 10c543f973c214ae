namespace Keras.Transformers;

/// <summary>How a decoder runs.</summary>
/// <param name="Repeats">The number of rows of each text: beams, candidates or samples.</param>
/// <param name="NewTokens">The maximum number of new tokens.</param>
/// <param name="Guesses">The maximum number of guessed tokens computed together with the next one.</param>
/// <param name="UseCache">Whether keys and values are cached; otherwise each step recomputes all tokens.</param>
/// <param name="Jit">Whether XLA compiles the step.</param>
/// <param name="Eager">Whether everything runs eagerly, without traces.</param>
/// <param name="Attentions">Whether attention probabilities are returned.</param>
/// <param name="HiddenStates">Whether the states of every layer are returned.</param>
/// <param name="Reorders">Whether rows continue other rows from step to step.</param>
/// <param name="PreparesStep">Whether steps of one token, with the choice that the prompt has, are compiled on another thread while the prompt is computed.</param>
sealed record DecoderOptions(int Repeats, int NewTokens, int Guesses, bool UseCache, bool Jit, bool Eager, bool Attentions, bool HiddenStates, bool Reorders, bool PreparesStep)
{
    /// <summary>The key of all that the graphs depend on.</summary>
    public string Key => $"{Repeats} {UseCache} {Attentions} {HiddenStates} {Reorders}";
}
