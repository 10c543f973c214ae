namespace Keras.Transformers;

/// <summary>Receives the tokens of <c>generate</c> as they are generated.</summary>
/// <remarks>Source: transformers/generation/streamers.py, BaseStreamer.</remarks>
public abstract class BaseStreamer
{
    /// <summary>Receives tokens: first those of the prompt, then those of each step.</summary>
    /// <param name="value">The tokens, text by text.</param>
    /// <param name="texts">The number of texts.</param>
    public abstract void put(IReadOnlyList<int> value, int texts);

    /// <summary>Called when generation is over.</summary>
    public abstract void end();
}
