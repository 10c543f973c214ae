namespace Keras.Transformers;

/// <summary>Text could not be encoded, padded or decoded with the given options.</summary>
public sealed class TokenizationException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null)
    : KerasException(what, where, expected, received, remedy);

/// <summary>A folder holds none of the files that a tokenizer's vocabulary can be read from.</summary>
public sealed class VocabularyNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null)
    : KerasException(what, where, expected, received, remedy);
