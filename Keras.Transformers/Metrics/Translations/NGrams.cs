using System.Runtime.InteropServices;

namespace Keras.Transformers;

/// <summary>Counts how often each sequence of words or characters occurs in a text.</summary>
static class NGrams
{
    /// <summary>Counts sequences of n items, joined by a line separator, which no word contains.</summary>
    public static Dictionary<string, int> Count(IReadOnlyList<string> items, int n, string between = "\u2028")
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i + n <= items.Count; i++) CollectionsMarshal.GetValueRefOrAddDefault(counts, n == 1 ? items[i] : string.Join(between, Enumerable.Range(i, n).Select(j => items[j])), out _)++;
        return counts;
    }

    /// <summary>The number of common n-grams.</summary>
    public static int Common(Dictionary<string, int> a, Dictionary<string, int> b) => a.Sum(g => Math.Min(g.Value, b.GetValueOrDefault(g.Key)));

    /// <summary>The maximum count of each n-gram in any of several texts.</summary>
    public static Dictionary<string, int> Most(IEnumerable<Dictionary<string, int>> texts)
    {
        var most = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (gram, count) in texts.SelectMany(t => t)) most[gram] = Math.Max(count, most.GetValueOrDefault(gram));
        return most;
    }
}
