using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>How often each sequence of words or characters occurs in a text.</summary>
static class NGrams
{
    /// <summary>Counts sequences of n items; each is a text, and joined by a separator of lines, which no word has.</summary>
    public static Dictionary<string, int> Count(IReadOnlyList<string> items, int n, string between = "\u2028")
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i + n <= items.Count; i++) CollectionsMarshal.GetValueRefOrAddDefault(counts, n == 1 ? items[i] : string.Join(between, Enumerable.Range(i, n).Select(j => items[j])), out _)++;
        return counts;
    }

    /// <summary>How many of one are in the other too.</summary>
    public static int Common(Dictionary<string, int> a, Dictionary<string, int> b) => a.Sum(g => Math.Min(g.Value, b.GetValueOrDefault(g.Key)));

    /// <summary>The most that one of several texts has of each.</summary>
    public static Dictionary<string, int> Most(IEnumerable<Dictionary<string, int>> texts)
    {
        var most = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (gram, count) in texts.SelectMany(t => t)) most[gram] = Math.Max(count, most.GetValueOrDefault(gram));
        return most;
    }
}
