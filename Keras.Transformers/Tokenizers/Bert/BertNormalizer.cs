using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>
/// BERT's text normalisation, in the reference's order: clean, set Chinese characters apart, strip accents, lower-case.
/// </summary>
/// <remarks>
/// Nearly every UTF-16 unit becomes exactly one other, which a table answers; the few that vanish, grow, or have to be ordered
/// among their neighbours take the slow way. A unit that is half of nothing counts as U+FFFD, as it would in UTF-8.
/// </remarks>
sealed class BertNormalizer
{
    /// <summary>The table's answer for units that are not simply replaced; no unit ever becomes half a character.</summary>
    const char Slow = '\uD800';

    const int Replacement = 0xFFFD, CapitalIWithDot = 0x130, DotAbove = 0x307;

    static readonly char[]?[] Maps = new char[]?[16];

    readonly bool _clean, _ideographs, _strip, _lower;
    readonly char[] _map;

    public BertNormalizer(bool cleanText, bool handleChineseChars, bool stripAccents, bool lowercase)
    {
        (_clean, _ideographs, _strip, _lower) = (cleanText, handleChineseChars, stripAccents, lowercase);
        var index = (cleanText ? 1 : 0) | (handleChineseChars ? 2 : 0) | (stripAccents ? 4 : 0) | (lowercase ? 8 : 0);
        _map = Maps[index] ??= MakeMap();
    }

    /// <summary>Normalises a piece that begins at <paramref name="shift"/> in the original text.</summary>
    public void Normalize(ReadOnlySpan<char> piece, int shift, NormalizedText target)
    {
        target.Reset(shift, piece.Length);
        ref var map = ref MemoryMarshal.GetArrayDataReference(_map);
        var i = 0;
        var buffer = target.Buffer;
        while (i < piece.Length && i < buffer.Length)
        {
            var mapped = Unsafe.Add(ref map, piece[i]);
            if (mapped == Slow)
            {
                if (!IsPlainPair(piece, i)) break;
                buffer[i] = piece[i++];
                mapped = piece[i];
            }
            buffer[i++] = mapped;
        }
        target.Length = i;
        while (i < piece.Length)
        {
            target.LeaveIdentity();
            target.EnsureCapacity(target.Length + piece.Length - i);
            i = NormalizeRun(piece, i, target);
        }
    }

    /// <summary>A pair of surrogates that stays as it is: most emoji.</summary>
    bool IsPlainPair(ReadOnlySpan<char> piece, int i)
    {
        if (i + 1 >= piece.Length || !char.IsSurrogatePair(piece[i], piece[i + 1])) return false;
        return char.ConvertToUtf32(piece[i], piece[i + 1]) is >= 0x1F300 and < 0x20000; // none is removed, decomposed, ordered or cased
    }

    /// <summary>Goes on from <paramref name="i"/>, through at most one slow character, and returns where it stopped.</summary>
    int NormalizeRun(ReadOnlySpan<char> piece, int i, NormalizedText target)
    {
        for (; i < piece.Length; i++)
        {
            var mapped = _map[piece[i]];
            if (mapped == Slow) return NormalizeSlowly(piece, i, target);
            target.Append(mapped, i, 1);
        }
        return i;
    }

    int NormalizeSlowly(ReadOnlySpan<char> piece, int i, NormalizedText target)
    {
        var c = CodePointAt(piece, i, out var length);
        if (_clean && UnicodeFacts.Removed.Contains(c)) return i + length;
        if (_ideographs && UnicodeFacts.Ideograph.Contains(c))
        {
            target.EnsureCapacity(target.Length + piece.Length - i + 4);
            target.Append(' ', i, length);
            if (_strip) c = Decomposed(c);
            target.AppendCodePoint(c, i, length);
            target.Append(' ', i, length);
            return i + length;
        }
        if (_strip) return NormalizeCluster(piece, i, target);

        target.EnsureCapacity(target.Length + piece.Length - i + 4);
        if (_lower && c == CapitalIWithDot)
        {
            target.Append('i', i, length);
            target.Append((char)DotAbove, i, length);
        }
        else target.AppendCodePoint(_lower ? UnicodeFacts.ToLower(c) : c, i, length);
        return i + length;
    }

    static int Decomposed(int ideograph)
    {
        Span<int> parts = stackalloc int[UnicodeFacts.LongestDecomposition];
        UnicodeFacts.Decompose(ideograph, parts);
        return parts[0];
    }

    /// <summary>
    /// A character and the marks that follow it: decomposed, put in canonical order, freed of accents. As in the reference, parts take
    /// the places of the originals in their new order, and parts that a decomposition inserted share the place before them.
    /// </summary>
    int NormalizeCluster(ReadOnlySpan<char> piece, int i, NormalizedText target)
    {
        var parts = target.Cluster;
        parts.Clear();
        i = Gather(piece, i, parts);
        for (var next = i; next < piece.Length;)
        {
            var c = CodePointAt(piece, next, out var length);
            if (_clean && UnicodeFacts.Removed.Contains(c)) next += length;
            else if (StartsCluster(c)) break;
            else i = next = Gather(piece, next, parts);
        }

        target.EnsureCapacity(target.Length + 2 * parts.Count + piece.Length - i);
        var order = IsOrdered(parts) ? null : CanonicalOrder(parts);
        var origin = -1; // of the part before
        for (var k = 0; k < parts.Count; k++)
        {
            var part = parts[order?[k] ?? k];
            if (!part.Inserted) origin = NextOrigin(parts, origin);
            if (UnicodeFacts.Mark.Contains(part.CodePoint)) continue;
            var place = parts[Math.Max(origin, 0)];
            target.AppendCodePoint(_lower ? UnicodeFacts.ToLower(part.CodePoint) : part.CodePoint, place.Start, place.Length);
        }
        return i;
    }

    static int NextOrigin(List<ClusterPart> parts, int origin)
    {
        do origin++;
        while (parts[origin].Inserted);
        return origin;
    }

    static int Gather(ReadOnlySpan<char> piece, int i, List<ClusterPart> parts)
    {
        Span<int> decomposition = stackalloc int[UnicodeFacts.LongestDecomposition];
        var c = CodePointAt(piece, i, out var length);
        var count = UnicodeFacts.Decompose(c, decomposition);
        for (var k = 0; k < count; k++)
            parts.Add(new(decomposition[k], UnicodeFacts.CombiningClass(decomposition[k]), k > 0, i, length));
        return i + length;
    }

    static bool StartsCluster(int codePoint)
    {
        Span<int> decomposition = stackalloc int[UnicodeFacts.LongestDecomposition];
        UnicodeFacts.Decompose(codePoint, decomposition);
        return UnicodeFacts.CombiningClass(decomposition[0]) == 0;
    }

    static bool IsOrdered(List<ClusterPart> parts)
    {
        for (var i = 1; i < parts.Count; i++)
            if (parts[i].Class != 0 && parts[i - 1].Class > parts[i].Class) return false;
        return true;
    }

    /// <summary>Indices of the parts with every run of marks sorted by class, equal classes as they came.</summary>
    static int[] CanonicalOrder(List<ClusterPart> parts)
    {
        var order = new int[parts.Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            if (parts[start].Class != 0)
            {
                while (end < order.Length && parts[end].Class != 0) end++;
                if (end - start > 1) SortByClass(order.AsSpan(start..end), parts);
            }
            start = end;
        }
        return order;
    }

    static void SortByClass(Span<int> indices, List<ClusterPart> parts)
    {
        var keys = new long[indices.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = ((long)parts[indices[i]].Class << 32) | (uint)indices[i];
        Array.Sort(keys);
        for (var i = 0; i < keys.Length; i++) indices[i] = (int)keys[i];
    }

    static int CodePointAt(ReadOnlySpan<char> piece, int i, out int length)
    {
        var unit = piece[i];
        length = 1;
        if (!char.IsSurrogate(unit)) return unit;
        if (i + 1 >= piece.Length || !char.IsSurrogatePair(unit, piece[i + 1])) return Replacement;
        length = 2;
        return char.ConvertToUtf32(unit, piece[i + 1]);
    }

    char[] MakeMap()
    {
        var map = new char[0x10000];
        for (var c = 0; c < map.Length; c++) map[c] = (char)c;
        MarkSlow(map, 0xD800, 0xDFFF);
        if (_strip)
        {
            MarkSlow(map, UnicodeFacts.Mark);
            MarkSlow(map, UnicodeFacts.HangulBase, UnicodeFacts.HangulBase + UnicodeFacts.HangulCount - 1);
            foreach (var c in UnicodeFacts.Combining)
                if (c < map.Length) map[c] = Slow;
            foreach (var c in UnicodeFacts.Decomposable)
                if (c < map.Length) map[c] = Stripped(c);
        }
        if (_ideographs) MarkSlow(map, UnicodeFacts.Ideograph);
        if (_clean)
        {
            for (var i = 0; i < UnicodeFacts.Space.RangeCount; i++)
                for (var (c, end) = UnicodeFacts.Space.Range(i); c <= end; c++) map[c] = ' ';
            MarkSlow(map, UnicodeFacts.Removed);
        }
        if (_lower)
            for (var c = 0; c < map.Length; c++)
                if (map[c] != Slow) map[c] = map[c] == CapitalIWithDot ? Slow : char.ToLowerInvariant(map[c]);
        return map;
    }

    /// <summary>The only unit that is left of a character without its accents, or <see cref="Slow"/>.</summary>
    static char Stripped(int c)
    {
        Span<int> parts = stackalloc int[UnicodeFacts.LongestDecomposition];
        var count = UnicodeFacts.Decompose(c, parts);
        var left = Slow;
        foreach (var part in parts[..count])
        {
            if (UnicodeFacts.Mark.Contains(part)) continue;
            if (left != Slow || part >= 0x10000 || UnicodeFacts.CombiningClass(part) != 0) return Slow;
            left = (char)part;
        }
        return left;
    }

    static void MarkSlow(char[] map, CodePointSet set)
    {
        for (var i = 0; i < set.RangeCount; i++)
            if (set.Range(i) is var (start, end) && start < map.Length) MarkSlow(map, start, Math.Min(end, map.Length - 1));
    }

    static void MarkSlow(char[] map, int start, int end) => map.AsSpan(start..(end + 1)).Fill(Slow);
}
