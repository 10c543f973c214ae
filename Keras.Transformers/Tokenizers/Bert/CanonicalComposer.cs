namespace Keras.Transformers;

/// <summary>Unicode normalisation form C.</summary>
static class CanonicalComposer
{
    const char FirstMark = '\u0300';

    /// <summary>Whether composition may change a text: only characters from U+0300 on compose with one before.</summary>
    public static bool MayChange(ReadOnlySpan<char> text) => text.ContainsAnyInRange(FirstMark, char.MaxValue);

    /// <summary>Composes a text; a composed character's source covers those of its parts.</summary>
    public static void Compose(UnicodeEdition unicode, ReadOnlySpan<char> text, NormalizedText target)
    {
        target.Reset(0, text.Length);
        target.LeaveIdentity();
        var parts = target.Cluster;
        for (var i = 0; i < text.Length;)
        {
            parts.Clear();
            i = Clusters.Gather(unicode, text, i, parts);
            while (i < text.Length && !EndsBefore(unicode, text, i)) i = Clusters.Gather(unicode, text, i, parts);
            ComposeRun(unicode, parts, target);
        }
    }

    /// <summary>Whether nothing from here on composes with what comes before; two starters may (Hangul), so only plain ones end a run.</summary>
    static bool EndsBefore(UnicodeEdition unicode, ReadOnlySpan<char> text, int i) => text[i] < FirstMark && Clusters.Starts(unicode, text[i]);

    static void ComposeRun(UnicodeEdition unicode, List<ClusterPart> parts, NormalizedText target)
    {
        var ordered = Clusters.CanonicalOrder(parts) is { } order ? [.. order.Select(i => parts[i])] : new List<ClusterPart>(parts);
        var (starter, lastClass) = (-1, -1); // of the characters between the starter and here
        var composed = new List<ClusterPart>(ordered.Count);
        foreach (var part in ordered)
        {
            if (starter >= 0 && lastClass < part.Class && unicode.Compose(composed[starter].CodePoint, part.CodePoint) is >= 0 and var whole)
            {
                composed[starter] = Union(whole, composed[starter], part);
                continue;
            }
            lastClass = part.Class;
            if (part.Class == 0) (starter, lastClass) = (composed.Count, -1);
            composed.Add(part);
        }
        target.EnsureCapacity(target.Length + 2 * composed.Count);
        foreach (var part in composed) target.AppendCodePoint(part.CodePoint, part.Start, part.Length);
    }

    static ClusterPart Union(int codePoint, ClusterPart first, ClusterPart second)
    {
        var start = Math.Min(first.Start, second.Start);
        return new(codePoint, 0, false, start, Math.Max(first.Start + first.Length, second.Start + second.Length) - start);
    }
}
