using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keras.Transformers;

/// <summary>
/// BERT's text normalisation, in the reference's order: clean, separate Chinese characters, strip accents, lower-case.
/// </summary>
/// <remarks>
/// Nearly every UTF-16 unit becomes exactly one other, found in a table; the few that vanish, grow, or must be ordered
/// among their neighbours take the slow path. An unpaired surrogate counts as U+FFFD, as it would in UTF-8.
/// </remarks>
sealed class BertNormalizer
{
    /// <summary>The table's entry for units that take the slow path; no unit ever becomes a surrogate.</summary>
    const char Slow = '\uD800';

    const int CapitalIWithDot = 0x130, DotAbove = 0x307;

    readonly UnicodeEdition _unicode;
    readonly bool _clean, _ideographs, _strip, _lower;
    readonly char[] _map;

    public BertNormalizer(UnicodeEdition unicode, bool cleanText, bool handleChineseChars, bool stripAccents, bool lowercase)
    {
        (_unicode, _clean, _ideographs, _strip, _lower) = (unicode, cleanText, handleChineseChars, stripAccents, lowercase);
        var index = (cleanText ? 1 : 0) | (handleChineseChars ? 2 : 0) | (stripAccents ? 4 : 0) | (lowercase ? 8 : 0);
        _map = unicode.CharacterMaps.GetOrAdd(index, _ => MakeMap());
    }

    /// <summary>Normalises a piece that begins at <paramref name="shift"/> in the original text.</summary>
    public void Normalize(ReadOnlySpan<char> piece, int shift, NormalizedText target)
    {
        target.Reset(shift, piece.Length);
        ref var map = ref MemoryMarshal.GetArrayDataReference(_map);
        var buffer = target.Buffer;
        var i = NormalizePrintable(piece, buffer);
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

    /// <summary>Normalises printable ASCII, of which only the case can change, 16 units at a time; returns the number of units done.</summary>
    int NormalizePrintable(ReadOnlySpan<char> piece, Span<char> target)
    {
        var from = MemoryMarshal.Cast<char, ushort>(piece);
        var to = MemoryMarshal.Cast<char, ushort>(target);
        var toLower = Vector256.Create((ushort)(_lower ? 'a' - 'A' : 0));
        var i = 0;
        for (; i <= Math.Min(from.Length, to.Length) - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            var units = Vector256.Create(from[i..]);
            if (Vector256.GreaterThanAny(units - Vector256.Create((ushort)' '), Vector256.Create((ushort)('~' - ' ')))) break;
            var isCapital = Vector256.LessThanOrEqual(units - Vector256.Create((ushort)'A'), Vector256.Create((ushort)('Z' - 'A')));
            (units + (isCapital & toLower)).CopyTo(to[i..]);
        }
        return i;
    }

    /// <summary>Whether a surrogate pair stays as it is, like most emoji.</summary>
    bool IsPlainPair(ReadOnlySpan<char> piece, int i)
    {
        if (i + 1 >= piece.Length || !char.IsSurrogatePair(piece[i], piece[i + 1])) return false;
        var c = char.ConvertToUtf32(piece[i], piece[i + 1]);
        return c is >= 0x1F300 and < 0x20000 && !(_clean && _unicode.Removed.Contains(c)); // none is decomposed, ordered or cased
    }

    /// <summary>Continues from <paramref name="i"/>, through at most one slow character, and returns where it stopped.</summary>
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
        var c = Clusters.CodePointAt(piece, i, out var length);
        if (_clean && _unicode.Removed.Contains(c)) return i + length;
        if (_ideographs && _unicode.Ideograph.Contains(c))
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
        else target.AppendCodePoint(_lower ? UnicodeEdition.ToLower(c) : c, i, length);
        return i + length;
    }

    int Decomposed(int ideograph)
    {
        Span<int> parts = stackalloc int[UnicodeEdition.LongestDecomposition];
        _unicode.Decompose(ideograph, parts);
        return parts[0];
    }

    /// <summary>
    /// Decomposes a character and its marks, puts them in canonical order and strips accents. As in the reference, parts take
    /// the positions of the originals in their new order, and parts that a decomposition inserted share the position before them.
    /// </summary>
    int NormalizeCluster(ReadOnlySpan<char> piece, int i, NormalizedText target)
    {
        var parts = target.Cluster;
        parts.Clear();
        i = Clusters.Gather(_unicode, piece, i, parts);
        for (var next = i; next < piece.Length;)
        {
            var c = Clusters.CodePointAt(piece, next, out var length);
            if (_clean && _unicode.Removed.Contains(c)) next += length;
            else if (Clusters.Starts(_unicode, c)) break;
            else i = next = Clusters.Gather(_unicode, piece, next, parts);
        }

        target.EnsureCapacity(target.Length + 2 * parts.Count + piece.Length - i);
        var order = Clusters.CanonicalOrder(parts);
        var origin = -1; // of the part before
        for (var k = 0; k < parts.Count; k++)
        {
            var part = parts[order?[k] ?? k];
            if (!part.Inserted) origin = NextOrigin(parts, origin);
            if (_unicode.Mark.Contains(part.CodePoint)) continue;
            var place = parts[Math.Max(origin, 0)];
            target.AppendCodePoint(_lower ? UnicodeEdition.ToLower(part.CodePoint) : part.CodePoint, place.Start, place.Length);
        }
        return i;
    }

    static int NextOrigin(List<ClusterPart> parts, int origin)
    {
        do origin++;
        while (parts[origin].Inserted);
        return origin;
    }

    char[] MakeMap()
    {
        var map = new char[0x10000];
        for (var c = 0; c < map.Length; c++) map[c] = (char)c;
        MarkSlow(map, 0xD800, 0xDFFF);
        if (_strip)
        {
            MarkSlow(map, _unicode.Mark);
            MarkSlow(map, UnicodeEdition.HangulBase, UnicodeEdition.HangulBase + UnicodeEdition.HangulCount - 1);
            foreach (var c in _unicode.Combining)
                if (c < map.Length) map[c] = Slow;
            foreach (var c in _unicode.Decomposable)
                if (c < map.Length) map[c] = Stripped(c);
        }
        if (_ideographs) MarkSlow(map, _unicode.Ideograph);
        if (_clean)
        {
            for (var i = 0; i < _unicode.Space.RangeCount; i++)
                for (var (c, end) = _unicode.Space.Range(i); c <= end; c++) map[c] = ' ';
            MarkSlow(map, _unicode.Removed);
        }
        if (_lower)
            for (var c = 0; c < map.Length; c++)
                if (map[c] != Slow) map[c] = map[c] == CapitalIWithDot ? Slow : char.ToLowerInvariant(map[c]);
        return map;
    }

    /// <summary>The single unit of a character without its accents, or <see cref="Slow"/>.</summary>
    char Stripped(int c)
    {
        Span<int> parts = stackalloc int[UnicodeEdition.LongestDecomposition];
        var count = _unicode.Decompose(c, parts);
        var left = Slow;
        foreach (var part in parts[..count])
        {
            if (_unicode.Mark.Contains(part)) continue;
            if (left != Slow || part >= 0x10000 || _unicode.CombiningClass(part) != 0) return Slow;
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
