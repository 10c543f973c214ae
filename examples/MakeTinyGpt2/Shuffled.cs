using System.Collections;

namespace Keras.Examples;

/// <summary>Texts in a new order for each enumeration.</summary>
sealed class Shuffled(IEnumerable<string> texts, int seed) : IEnumerable<string>
{
    readonly string[] _texts = [.. texts];
    readonly Random _random = new(seed);

    public IEnumerator<string> GetEnumerator()
    {
        _random.Shuffle(_texts);
        return ((IEnumerable<string>)[.. _texts]).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
