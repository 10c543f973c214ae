using System.Buffers;
using System.Text;

namespace Keras.Transformers;

/// <summary>A part of a text: an added token, or (id -1) the text in between.</summary>
readonly record struct TextPart(int Start, int End, int Id, AddedToken? Token);

/// <summary>Finds added tokens in a text: the leftmost, and there the longest.</summary>
sealed class TokenMatcher
{
    readonly record struct Entry(string Text, int Id, AddedToken Token);

    public static readonly TokenMatcher None = new([]);

    readonly Dictionary<char, Entry[]> _byFirst;
    readonly SearchValues<char> _firsts;

    TokenMatcher(Dictionary<char, Entry[]> byFirst)
    {
        _byFirst = byFirst;
        _firsts = SearchValues.Create([.. byFirst.Keys]);
    }

    /// <summary>Whether there is nothing to find.</summary>
    public bool IsEmpty => _byFirst.Count == 0;

    public static TokenMatcher Of(IEnumerable<(string Text, int Id, AddedToken Token)> tokens)
    {
        var byFirst = tokens.Where(t => t.Text.Length > 0).DistinctBy(t => t.Text).GroupBy(t => t.Text[0]).ToDictionary(
            g => g.Key, g => g.Select(t => new Entry(t.Text, t.Id, t.Token)).OrderByDescending(e => e.Text.Length).ToArray());
        return byFirst.Count == 0 ? None : new(byFirst);
    }

    /// <summary>Splits a text into added tokens and the text in between.</summary>
    /// <param name="text">The text.</param>
    /// <param name="skipSpecial">Whether special tokens count as ordinary text.</param>
    /// <param name="parts">Receives the parts, none of which is empty.</param>
    public void Split(ReadOnlySpan<char> text, bool skipSpecial, List<TextPart> parts)
    {
        var last = 0;
        for (var from = 0; from < text.Length;)
        {
            var first = text[from..].IndexOfAny(_firsts);
            if (first < 0) break;
            first += from;
            if (Longest(text[first..]) is not { } entry)
            {
                from = first + 1;
                continue;
            }
            var (start, end) = (first, first + entry.Text.Length);
            from = end;
            if ((skipSpecial && entry.Token.special) || (entry.Token.single_word && TouchesWord(text, start, end))) continue;
            if (entry.Token.lstrip) start = Math.Max(last, SpacesBefore(text, start));
            if (entry.Token.rstrip) end = SpacesBehind(text, end);
            if (last < start) parts.Add(new(last, start, -1, null));
            parts.Add(new(start, end, entry.Id, entry.Token));
            last = end;
        }
        if (last < text.Length) parts.Add(new(last, text.Length, -1, null));
    }

    Entry? Longest(ReadOnlySpan<char> text)
    {
        foreach (var entry in _byFirst[text[0]])
            if (text.StartsWith(entry.Text, StringComparison.Ordinal)) return entry;
        return null;
    }

    static bool TouchesWord(ReadOnlySpan<char> text, int start, int end)
    {
        if (start > 0)
        {
            Rune.DecodeLastFromUtf16(text[..start], out var before, out _);
            if (UnicodeEdition.IsWordCharacter(before.Value)) return true;
        }
        if (end == text.Length) return false;
        Rune.DecodeFromUtf16(text[end..], out var behind, out _);
        return UnicodeEdition.IsWordCharacter(behind.Value);
    }

    static int SpacesBefore(ReadOnlySpan<char> text, int start)
    {
        while (start > 0 && char.IsWhiteSpace(text[start - 1])) start--;
        return start;
    }

    static int SpacesBehind(ReadOnlySpan<char> text, int end)
    {
        while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
        return end;
    }
}
