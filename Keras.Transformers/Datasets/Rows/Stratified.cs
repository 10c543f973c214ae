namespace Keras.Transformers;

/// <summary>Splits rows so that every class has the same proportion in both parts.</summary>
static class Stratified
{
    /// <exception cref="ArgumentException">The column has no labels, a class has one row, or a part has fewer rows than classes.</exception>
    public static (int[] Train, int[] Test) Split(Dataset data, string column, int train, int test, NumpyRandom random)
    {
        if (data.features[column] is not ClassLabel)
            throw new ArgumentException($"The rows cannot be stratified by this column. Expected: a column of ClassLabel. Received: {data.features[column]}. Use class_encode_column(\"{column}\") first.", "stratify_by_column");
        return Split(data[column], train, test, random);
    }

    /// <param name="labels">The class of each row.</param>
    /// <param name="train">How many rows the first part has.</param>
    /// <param name="test">How many rows the second part has.</param>
    /// <param name="random">The random generator.</param>
    /// <exception cref="ArgumentException">A class has one row, or a part has fewer rows than classes.</exception>
    public static (int[] Train, int[] Test) Split(long[] labels, int train, int test, NumpyRandom random)
    {
        var classes = labels.Index().GroupBy(l => l.Item, l => l.Index).OrderBy(g => g.Key).Select(g => g.ToArray()).ToArray();
        if (classes.Any(c => c.Length < 2)) throw new ArgumentException($"A class has only one row, which cannot be in both parts. Expected: two rows or more of each of {classes.Length} classes.", "stratify_by_column");
        if (train < classes.Length || test < classes.Length) throw new ArgumentException($"A part has fewer rows than there are classes. Expected: {classes.Length} at least. Received: {train} and {test}.", "stratify_by_column");

        int[] counts = [.. classes.Select(c => c.Length)];
        var trainCounts = Share(counts, train, random);
        var testCounts = Share([.. counts.Zip(trainCounts, (all, taken) => all - taken)], test, random);
        var (trainRows, testRows) = (new List<int>(), new List<int>());
        for (var i = 0; i < classes.Length; i++)
        {
            var order = random.Permutation(counts[i]);
            trainRows.AddRange(order.Take(trainCounts[i]).Select(r => classes[i][r]));
            testRows.AddRange(order.Skip(trainCounts[i]).Take(testCounts[i]).Select(r => classes[i][r]));
        }
        return (random.Permuted(trainRows), random.Permuted(testRows));
    }

    /// <summary>The number of draws for each class: the integer parts of its share, then by largest remainder, with ties drawn at random.</summary>
    static int[] Share(int[] counts, int draws, NumpyRandom random)
    {
        double total = counts.Sum();
        // Compute in this order: rounding decides which remainders are equal.
        double[] exact = [.. counts.Select(c => (long)draws * c / total)];
        int[] share = [.. exact.Select(e => (int)Math.Floor(e))];
        var missing = draws - share.Sum();
        if (missing <= 0) return share;
        double[] rest = [.. exact.Zip(share, (e, s) => e - s)];
        foreach (var value in rest.Distinct().OrderDescending())
        {
            int[] equal = [.. Enumerable.Range(0, rest.Length).Where(i => rest[i] == value)];
            var now = Math.Min(equal.Length, missing);
            foreach (var i in random.Choice(equal, now)) share[i]++;
            missing -= now;
            if (missing == 0) break;
        }
        return share;
    }
}
