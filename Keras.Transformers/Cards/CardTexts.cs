using System.Collections;
using System.Runtime.CompilerServices;

namespace Keras.Transformers;

/// <summary>One text or several: the value of a model card's field.</summary>
[CollectionBuilder(typeof(CardTexts), nameof(Of))]
public sealed class CardTexts : IReadOnlyList<string>
{
    readonly string[] _texts;

    CardTexts(string[] texts) => _texts = texts.Any(string.IsNullOrWhiteSpace) ? throw new ArgumentException("A text is empty.", nameof(texts)) : texts;

    /// <summary>Creates a list of texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <exception cref="ArgumentException">One of the texts is empty.</exception>
    public static CardTexts Of(ReadOnlySpan<string> texts) => new(texts.ToArray());

    /// <summary>Converts one text to a list of one.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static implicit operator CardTexts(string text) => new([text ?? throw new ArgumentNullException(nameof(text))]);

    /// <summary>Converts an array of texts.</summary>
    /// <exception cref="ArgumentException">One of the texts is empty.</exception>
    public static implicit operator CardTexts(string[] texts) => new([.. texts ?? throw new ArgumentNullException(nameof(texts))]);

    /// <summary>The number of texts.</summary>
    public int Count => _texts.Length;

    /// <summary>The text at an index.</summary>
    public string this[int index] => _texts[index];

    /// <summary>The texts in order.</summary>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_texts).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
