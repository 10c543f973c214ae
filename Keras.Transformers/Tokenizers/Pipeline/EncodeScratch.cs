namespace Keras.Transformers;

/// <summary>The buffers of one encoding thread.</summary>
sealed class EncodeScratch
{
    const int KeptUnits = 1 << 20;

    [ThreadStatic] static EncodeScratch? s_current;

    public TokenList Tokens { get; } = new();

    public NormalizedText Text { get; } = new();

    /// <summary>Text that is composed after normalisation.</summary>
    public NormalizedText Composed { get; } = new();

    /// <summary>A word that is normalised further.</summary>
    public NormalizedText Word { get; } = new();

    public List<TextPart> RawParts { get; } = [];

    public List<TextPart> NormalizedParts { get; } = [];

    /// <summary>The buffers of this thread, for one sequence at a time.</summary>
    public static EncodeScratch Rent()
    {
        if (s_current is null || s_current.Text.Buffer.Length > KeptUnits) s_current = new();
        return s_current;
    }
}
