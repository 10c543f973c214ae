namespace Keras.Transformers;

/// <summary>Decides which of several data sets gives the next row.</summary>
static class Interleaving
{
    /// <summary>Takes rows by turns, for as many rounds as the shortest or longest data set has rows.</summary>
    public static List<int> ByTurns(int[] lengths, bool all)
    {
        var rows = new List<int>();
        var rounds = all ? lengths.Max() : lengths.Min();
        for (var round = 0; round < rounds; round++)
            for (int i = 0, start = 0; i < lengths.Length; start += lengths[i++]) rows.Add(start + (round % lengths[i]));
        return rows;
    }

    /// <summary>Draws turns endlessly.</summary>
    /// <exception cref="ArgumentException">The probabilities do not fit.</exception>
    public static IEnumerable<int> Turns(int sets, double[] probabilities, int? seed, bool all)
    {
        if (probabilities.Length != sets || probabilities.Any(p => !(p >= 0 && p <= 1)) || Math.Abs(probabilities.Sum() - 1) > 1e-8)
            throw new ArgumentException($"The probabilities do not fit the data sets. Expected: {sets} probabilities whose sum is 1. Received: {Known.Say(probabilities)}.", nameof(probabilities));
        if (all && probabilities.Contains(0)) throw new ArgumentException("A data set of probability 0 is never exhausted. Leave it out, or use \"first_exhausted\".", nameof(probabilities));
        return Drawn(probabilities, NumpyRandom.Of(seed));
    }

    static IEnumerable<int> Drawn(double[] probabilities, NumpyRandom random)
    {
        double[] sums = [.. probabilities];
        for (var i = 1; i < sums.Length; i++) sums[i] += sums[i - 1];
        while (true)
        {
            var draw = random.NextDouble() * sums[^1];
            var i = 0;
            while (i < sums.Length - 1 && draw >= sums[i]) i++;
            yield return i;
        }
    }

    /// <summary>Takes the next row of a data set at each drawn turn.</summary>
    public static List<int> Rows(int[] lengths, IEnumerable<int> turns, bool all)
    {
        var rows = new List<int>();
        var (at, starts) = (new int[lengths.Length], new int[lengths.Length]);
        for (var i = 1; i < starts.Length; i++) starts[i] = starts[i - 1] + lengths[i - 1];
        var exhausted = new bool[lengths.Length];
        foreach (var i in turns)
        {
            rows.Add(starts[i] + at[i]);
            at[i]++;
            if (at[i] < lengths[i]) continue;
            (at[i], exhausted[i]) = (0, true);
            if (!all || exhausted.All(e => e)) return rows;
        }
        return rows;
    }
}
