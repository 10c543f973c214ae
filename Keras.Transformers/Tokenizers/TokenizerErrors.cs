namespace Keras.Transformers;

/// <summary>Thrown when text cannot be encoded, padded or decoded with the given options.</summary>
public sealed class TokenizationException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null)
    : KerasException(what, where, expected, received, remedy);

/// <summary>Thrown when a folder holds none of the files that a tokenizer's vocabulary can be read from.</summary>
public sealed class VocabularyNotFoundException(string what, string? where = null, string? expected = null, string? received = null, string? remedy = null)
    : KerasException(what, where, expected, received, remedy);
