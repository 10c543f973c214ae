namespace Keras.Examples;

/// <summary>An n-gram model with interpolated, modified Kneser-Ney smoothing: the baseline for a neural model of the same tokens.</summary>
/// <remarks>Source: Chen and Goodman 1999, "An empirical study of smoothing techniques for language modeling".</remarks>
sealed class KneserNey
{
    readonly int _order, _vocabulary;
    readonly Level[] _levels;

    /// <param name="rows">Texts as tokens, each with a first one that is not predicted.</param>
    /// <param name="order">The longest n-gram.</param>
    /// <param name="vocabulary">The size of the vocabulary.</param>
    public KneserNey(IEnumerable<int[]> rows, int order, int vocabulary)
    {
        (_order, _vocabulary, _levels) = (order, vocabulary, new Level[order]);
        var texts = rows.Select(Key).ToList();
        var counts = texts.SelectMany(t => Windows(t, order)).CountBy(w => w).ToDictionary();
        for (var n = order; n >= 1; n--)
        {
            _levels[n - 1] = new(counts);
            if (n == 1) break;
            // A shorter n-gram counts by the number of different tokens before it, or, at the beginning of a text, by how often it occurs.
            var shorter = counts.Keys.CountBy(w => w[1..]).ToDictionary();
            if (n > 2)
                foreach (var (start, count) in texts.Where(t => t.Length >= n - 1).CountBy(t => t[..(n - 1)])) shorter[start] = shorter.GetValueOrDefault(start) + count;
            counts = shorter;
        }
    }

    /// <summary>The negative log-probability of a row's tokens from a position on, each given those before.</summary>
    public double Surprise(int[] row, int first)
    {
        var text = Key(row);
        return Enumerable.Range(first, row.Length - first).Sum(i => -Math.Log(Probability(text[i], text[Math.Max(0, i - _order + 1)..i])));
    }

    double Probability(char token, string context)
    {
        var shorter = context.Length == 0 ? 1.0 / _vocabulary : Probability(token, context[1..]);
        var level = _levels[context.Length];
        if (!level.Contexts.TryGetValue(context, out var seen)) return shorter;
        var count = level.Counts.GetValueOrDefault(context + token);
        return ((count - level.Discount(count)) / seen.Total) + (seen.Discounted / seen.Total * shorter);
    }

    static string Key(int[] row) => string.Concat(row.Select(id => (char)id));

    static IEnumerable<string> Windows(string text, int length) => Enumerable.Range(0, Math.Max(0, text.Length - length + 1)).Select(i => text.Substring(i, length));

    /// <summary>The n-grams of one length.</summary>
    sealed class Level
    {
        readonly double[] _discounts;

        public Level(Dictionary<string, int> counts)
        {
            Counts = counts;
            var times = counts.Values.CountBy(c => c).ToDictionary();
            double Times(int count) => Math.Max(1, times.GetValueOrDefault(count));
            var share = Times(1) / (Times(1) + (2 * Times(2)));
            _discounts = [0, .. Enumerable.Range(1, 3).Select(c => Math.Clamp(c - ((c + 1) * share * Times(c + 1) / Times(c)), 0, c))];
            Contexts = counts.GroupBy(c => c.Key[..^1]).ToDictionary(g => g.Key, g => (Total: (double)g.Sum(c => c.Value), Discounted: g.Sum(c => Discount(c.Value))));
        }

        public Dictionary<string, int> Counts { get; }

        public Dictionary<string, (double Total, double Discounted)> Contexts { get; }

        public double Discount(int count) => _discounts[Math.Min(count, 3)];
    }
}
