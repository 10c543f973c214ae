namespace Keras.Transformers;

/// <summary>Gathers characters with their combining marks, and puts these into Unicode's canonical order.</summary>
static class Clusters
{
    const int Replacement = 0xFFFD;

    /// <summary>Reads a code point; an unpaired surrogate counts as U+FFFD, which it would become in UTF-8.</summary>
    public static int CodePointAt(ReadOnlySpan<char> text, int i, out int length)
    {
        var unit = text[i];
        length = 1;
        if (!char.IsSurrogate(unit)) return unit;
        if (i + 1 >= text.Length || !char.IsSurrogatePair(unit, text[i + 1])) return Replacement;
        length = 2;
        return char.ConvertToUtf32(unit, text[i + 1]);
    }

    /// <summary>Adds the decomposition of the code point at <paramref name="i"/> and returns where the next one begins.</summary>
    public static int Gather(UnicodeEdition unicode, ReadOnlySpan<char> text, int i, List<ClusterPart> parts)
    {
        Span<int> decomposition = stackalloc int[UnicodeEdition.LongestDecomposition];
        var c = CodePointAt(text, i, out var length);
        var count = unicode.Decompose(c, decomposition);
        for (var k = 0; k < count; k++) parts.Add(new(decomposition[k], unicode.CombiningClass(decomposition[k]), k > 0, i, length));
        return i + length;
    }

    /// <summary>Whether a code point does not combine with the one before it.</summary>
    public static bool Starts(UnicodeEdition unicode, int codePoint)
    {
        Span<int> decomposition = stackalloc int[UnicodeEdition.LongestDecomposition];
        unicode.Decompose(codePoint, decomposition);
        return unicode.CombiningClass(decomposition[0]) == 0;
    }

    /// <summary>The indices of the parts with every run of marks stably sorted by class; null if they are already in order.</summary>
    public static int[]? CanonicalOrder(List<ClusterPart> parts)
    {
        if (IsOrdered(parts)) return null;
        var order = new int[parts.Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            if (parts[start].Class != 0)
            {
                while (end < order.Length && parts[end].Class != 0) end++;
                SortByClass(order.AsSpan(start..end), parts);
            }
            start = end;
        }
        return order;
    }

    static bool IsOrdered(List<ClusterPart> parts)
    {
        for (var i = 1; i < parts.Count; i++)
            if (parts[i].Class != 0 && parts[i - 1].Class > parts[i].Class) return false;
        return true;
    }

    static void SortByClass(Span<int> indices, List<ClusterPart> parts)
    {
        var keys = new long[indices.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = ((long)parts[indices[i]].Class << 32) | (uint)indices[i];
        Array.Sort(keys);
        for (var i = 0; i < keys.Length; i++) indices[i] = (int)keys[i];
    }
}
