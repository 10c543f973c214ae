namespace Keras.Transformers;

/// <summary>
/// Splits text as GPT-2's pattern does: the English endings 's 't 're 've 'm 'll 'd; runs of letters, of numbers and of other characters, each with one
/// leading space; white space, whose last character goes to the next word if that can take it.
/// </summary>
static class ByteLevelPreTokenizer
{
    /// <summary>The kinds of characters in the pattern.</summary>
    internal enum Kind : byte
    {
        Other,
        Letter,
        Number,
        Space,
        Surrogate,
    }

    const int CodePoints = 0x110000;

    internal static readonly string[] Endings = ["s", "t", "re", "ve", "m", "ll", "d"];

    static readonly Lazy<Kind[]> Kinds = new(() =>
    {
        var kinds = new Kind[CodePoints];
        var unicode = UnicodeEdition.Fast;
        foreach (var (set, kind) in new[] { (unicode.Letter, Kind.Letter), (unicode.Number, Kind.Number), (unicode.Space, Kind.Space) })
            for (var i = 0; i < set.RangeCount; i++)
                if (set.Range(i) is var (start, end)) kinds.AsSpan(start..(end + 1)).Fill(kind);
        kinds.AsSpan(0xD800, 0x800).Fill(Kind.Surrogate);
        return kinds;
    });

    /// <summary>The kind of every code point.</summary>
    internal static ReadOnlySpan<Kind> KindsOfCodePoints => Kinds.Value;

    /// <summary>The end of the word that begins at <paramref name="start"/>, which is before the end of the text.</summary>
    public static int End(ReadOnlySpan<char> text, int start)
    {
        var kinds = Kinds.Value;
        var unit = text[start];
        if (unit == '\'' && EndingLength(text[(start + 1)..]) is > 0 and var length) return start + 1 + length;

        var first = KindAt(kinds, text, start, out var width);
        var next = start + width;
        if (first != Kind.Space) return Run(kinds, text, next, first);
        if (unit == ' ' && next < text.Length && KindAt(kinds, text, next, out width) is not Kind.Space and var kind) return Run(kinds, text, next + width, kind);

        var end = Run(kinds, text, next, Kind.Space);
        return end < text.Length && end > next ? end - 1 : end;
    }

    static int Run(Kind[] kinds, ReadOnlySpan<char> text, int at, Kind kind)
    {
        while (at < text.Length && KindAt(kinds, text, at, out var width) == kind) at += width;
        return at;
    }

    static Kind KindAt(Kind[] kinds, ReadOnlySpan<char> text, int at, out int width)
    {
        var kind = kinds[text[at]];
        width = 1;
        return kind == Kind.Surrogate ? KindOfPair(kinds, text, at, out width) : kind;
    }

    static Kind KindOfPair(Kind[] kinds, ReadOnlySpan<char> text, int at, out int width) => kinds[Clusters.CodePointAt(text, at, out width)];

    static int EndingLength(ReadOnlySpan<char> rest)
    {
        foreach (var ending in Endings)
            if (rest.StartsWith(ending, StringComparison.Ordinal)) return ending.Length;
        return 0;
    }
}
