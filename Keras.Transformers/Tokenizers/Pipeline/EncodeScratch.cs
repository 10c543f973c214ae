namespace Keras.Transformers;

/// <summary>The buffers that one thread uses while encoding.</summary>
public sealed class EncodeScratch
{
    const int KeptUnits = 1 << 20;

    [ThreadStatic] static EncodeScratch? s_current;

    internal EncodeScratch() { }

    /// <summary>The list that receives the tokens.</summary>
    public TokenList Tokens { get; } = new();

    /// <summary>A buffer for normalised text.</summary>
    public NormalizedText Text { get; } = new();

    /// <summary>Text that is composed after normalisation.</summary>
    internal NormalizedText Composed { get; } = new();

    /// <summary>A word that is normalised further.</summary>
    internal NormalizedText Word { get; } = new();

    /// <summary>The buffers for merging pairs in a word.</summary>
    internal BytePairScratch BytePairs { get; } = new();

    internal List<TextPart> RawParts { get; } = [];

    internal List<TextPart> NormalizedParts { get; } = [];

    /// <summary>The buffers of this thread, for one sequence at a time.</summary>
    internal static EncodeScratch Rent()
    {
        if (s_current is null || s_current.Text.Buffer.Length > KeptUnits) s_current = new();
        return s_current;
    }
}
