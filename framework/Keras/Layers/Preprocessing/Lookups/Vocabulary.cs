using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Keras.Layers;

/// <summary>The vocabulary of a lookup layer: texts, integers, a tensor of these, or the name of a text file with one per line.</summary>
[CollectionBuilder(typeof(Vocabulary), nameof(Create))]
public sealed class Vocabulary : IEnumerable<string>
{
    readonly Func<Encoding, bool, object[]> _read;

    Vocabulary(Func<Encoding, bool, object[]> read, string? path = null) => (_read, Path) = (read, path);

    /// <summary>The vocabulary's file; null if the tokens were given directly.</summary>
    internal string? Path { get; }

    /// <summary>The tokens in order: strings or longs.</summary>
    /// <param name="encoding">The encoding of texts in tensors.</param>
    /// <param name="areNumbers">Whether the tokens are numbers.</param>
    internal object[] Tokens(Encoding encoding, bool areNumbers) => _read(encoding, areNumbers);

    /// <summary>A vocabulary of these texts.</summary>
    public static Vocabulary Create(ReadOnlySpan<string> tokens) => OfList([.. tokens]);

    /// <summary>The texts of the vocabulary.</summary>
    public IEnumerator<string> GetEnumerator() => Tokens(Encoding.UTF8, false).Select(t => Convert.ToString(t, CultureInfo.InvariantCulture)!).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A text file with one token per line, by its name.</summary>
    public static implicit operator Vocabulary(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new((encoding, areNumbers) => OfFile(path, encoding, areNumbers), path);
    }

    /// <summary>A vocabulary of these texts.</summary>
    public static implicit operator Vocabulary(string[] tokens) => OfList(tokens);

    /// <summary>A vocabulary of these texts.</summary>
    public static implicit operator Vocabulary(List<string> tokens) => OfList(tokens);

    /// <summary>A vocabulary of these integers.</summary>
    public static implicit operator Vocabulary(int[] tokens) => OfList(tokens);

    /// <summary>A vocabulary of these integers.</summary>
    public static implicit operator Vocabulary(long[] tokens) => OfList(tokens);

    /// <summary>The elements of a vector of texts or integers.</summary>
    public static implicit operator Vocabulary(Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.ndim != 1) throw new ShapeMismatchException("A vocabulary has the wrong shape", "vocabulary", "shape (N)", tokens.shape.ToString());
        return new((encoding, areNumbers) => TokenTexts.Read(tokens, encoding, areNumbers, "vocabulary"));
    }

    static Vocabulary OfList<T>(IReadOnlyList<T> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        object[] items = [.. tokens.Select((t, i) => (object?)t ?? throw new ArgumentException($"A vocabulary holds null at index {i}. Expected: texts or whole numbers."))];
        return new((_, areNumbers) =>
        {
            if (items.Length > 0 && areNumbers == items[0] is string)
                throw new DTypeMismatchException("A vocabulary does not fit its layer", "vocabulary", areNumbers ? "whole numbers" : "texts", areNumbers ? "texts" : "whole numbers", areNumbers ? "Use StringLookup for texts." : "Use IntegerLookup for whole numbers.");
            return areNumbers ? Array.ConvertAll(items, i => (object)Convert.ToInt64(i, CultureInfo.InvariantCulture)) : items;
        });
    }

    static object[] OfFile(string path, Encoding encoding, bool areNumbers)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no vocabulary file '{path}'.", path);
        return TokenTexts.OfLines(TokenTexts.LinesOf(File.ReadAllBytes(path), encoding, path), areNumbers, path);
    }
}
