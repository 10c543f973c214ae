namespace Keras.Transformers;

/// <summary>The rows to hold out for evaluation.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Seed">The seed that selects them.</param>
/// <param name="Stratify">Whether every class has the same proportion in both parts; null to do so if possible.</param>
sealed record HeldOut(int Rows, int Seed, bool? Stratify)
{
    /// <summary>Splits rows into those to train on and those held out.</summary>
    /// <param name="data">All rows.</param>
    /// <param name="column">The column with each row's class; null if there is none.</param>
    /// <exception cref="JobOptionException">Classes cannot be stratified as asked, or a label is missing.</exception>
    public (Dataset Train, Dataset Held) Split(Dataset data, string? column)
    {
        if (Stratify == true && column is null) throw Impossible("rows of one class each", "rows of several classes, of numbers, or of none");
        if (Stratify != false && column is not null && Numbers(data, column) is var classes && IsPossible(classes))
        {
            var (train, held) = Stratified.Split(classes, data.num_rows - Rows, Rows, NumpyRandom.Of(Seed));
            return (data.select(train), data.select(held));
        }
        var parts = data.train_test_split(test_size: Rows, seed: Seed);
        return (parts["train"], parts["test"]);
    }

    bool IsPossible(long[] classes)
    {
        int[] counts = [.. classes.CountBy(c => c).Select(c => c.Value)];
        if (counts.Length > 1 && counts.All(c => c > 1) && Math.Min(Rows, classes.Length - Rows) >= counts.Length) return true;
        return Stratify == true ? throw Impossible("two rows or more of each class, and room for each class in both parts", $"{counts.Length} classes, the rarest with {counts.Min()} row(s); {classes.Length - Rows} rows to learn from, {Rows} held back") : false;
    }

    static long[] Numbers(Dataset data, string column)
    {
        var (numbers, classes) = (new Dictionary<string, long>(StringComparer.Ordinal), new List<long>(data.num_rows));
        foreach (var batch in data.select_columns(column).iter(1000))
            foreach (var cell in batch[column])
            {
                var name = JobLabels.Name(cell);
                if (!numbers.TryGetValue(name, out var number)) numbers[name] = number = numbers.Count;
                classes.Add(number);
            }
        return [.. classes];
    }

    static JobOptionException Impossible(string expected, string received) =>
        new(nameof(TrainingJob.Stratify), "Classes cannot have the same share of both parts", expected, received, "Leave it out, hold back more rows, or give rows of their own to judge by.");
}
