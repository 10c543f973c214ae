using System.Collections;
using System.Runtime.CompilerServices;

namespace Keras.Transformers;

/// <summary>One file pattern or several, such as "*.json" or "data/*".</summary>
[CollectionBuilder(typeof(FilePatternNames), nameof(Of))]
public sealed class FilePatternNames : IReadOnlyList<string>
{
    readonly string[] _patterns;

    FilePatternNames(string[] patterns) => _patterns = patterns.Any(string.IsNullOrEmpty) ? throw new ArgumentException("A pattern is empty.", nameof(patterns)) : patterns;

    /// <summary>Creates a list of patterns.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <exception cref="ArgumentException">One of the patterns is empty.</exception>
    public static FilePatternNames Of(ReadOnlySpan<string> patterns) => new(patterns.ToArray());

    /// <summary>Converts one pattern to a list of one.</summary>
    /// <exception cref="ArgumentException">The pattern is empty.</exception>
    public static implicit operator FilePatternNames(string pattern) => new([pattern ?? throw new ArgumentNullException(nameof(pattern))]);

    /// <summary>Converts an array of patterns.</summary>
    /// <exception cref="ArgumentException">One of the patterns is empty.</exception>
    public static implicit operator FilePatternNames(string[] patterns) => new([.. patterns ?? throw new ArgumentNullException(nameof(patterns))]);

    /// <summary>Converts a list of patterns.</summary>
    /// <exception cref="ArgumentException">One of the patterns is empty.</exception>
    public static implicit operator FilePatternNames(List<string> patterns) => new([.. patterns ?? throw new ArgumentNullException(nameof(patterns))]);

    /// <summary>The number of patterns.</summary>
    public int Count => _patterns.Length;

    /// <summary>The pattern at an index.</summary>
    public string this[int index] => _patterns[index];

    /// <summary>The patterns in order.</summary>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_patterns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
