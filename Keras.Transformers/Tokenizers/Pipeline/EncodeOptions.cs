namespace Keras.Transformers;

/// <summary>The options of one call of a tokenizer, as they were passed.</summary>
sealed record EncodeOptions(
    bool AddSpecialTokens = true,
    PaddingStrategy Padding = default,
    TruncationStrategy? Truncation = null,
    int? MaxLength = null,
    int Stride = 0,
    bool IsSplitIntoWords = false,
    int? PadToMultipleOf = null,
    string? PaddingSide = null,
    string? ReturnTensors = null,
    bool? ReturnTokenTypeIds = null,
    bool? ReturnAttentionMask = null,
    bool ReturnOverflowingTokens = false,
    bool ReturnSpecialTokensMask = false,
    bool ReturnOffsetsMapping = false,
    bool ReturnLength = false,
    bool? SplitSpecialTokens = null);

/// <summary>A text, whole or split into words.</summary>
readonly record struct TextInput(string? Text, IReadOnlyList<string>? Words)
{
    public static TextInput Of(string text) => new(text ?? throw new ArgumentNullException(nameof(text), "A text of the batch is null."), null);

    public static TextInput OfWords(IEnumerable<string> words) => new(null, words as IReadOnlyList<string> ?? [.. words]);

    public int Length
    {
        get
        {
            if (Text is not null) return Text.Length;
            var length = 0;
            foreach (var word in Words!) length += word.Length;
            return length;
        }
    }
}

/// <summary>A text or a pair of texts.</summary>
readonly record struct TextPair(TextInput First, TextInput? Second);
