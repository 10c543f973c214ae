namespace Keras.Transformers;

/// <summary>Hugging Face's <c>datasets</c> functions; with <c>using static Keras.Transformers.Datasets;</c> they are called by their own names.</summary>
public static partial class Datasets
{
    /// <summary>Loads a data set written by <see cref="Dataset.save_to_disk"/> or by Python; its files stay memory-mapped.</summary>
    /// <param name="dataset_path">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileFormatException">The folder is damaged, or holds several splits: use <see cref="DatasetDict.load_from_disk"/>.</exception>
    public static Dataset load_from_disk(string dataset_path) => Dataset.load_from_disk(dataset_path);

    /// <summary>Joins data sets: with equal columns one after another (axis 0), or with equal numbers of rows side by side (axis 1). Nothing is copied.</summary>
    /// <param name="dsets">The data sets.</param>
    /// <param name="axis">0, the default, or 1.</param>
    /// <exception cref="ArgumentException">There are no data sets, or they do not match.</exception>
    public static Dataset concatenate_datasets(IEnumerable<Dataset> dsets, int axis = 0)
    {
        Dataset[] sets = [.. dsets ?? throw new ArgumentNullException(nameof(dsets))];
        if (sets.Length == 0 || sets.Contains(null!)) throw new ArgumentException("There is no data set, or one is null. Expected: one data set or more, none null.", nameof(dsets));
        if (axis is not (0 or 1)) throw new ArgumentOutOfRangeException(nameof(axis), axis, "Expected: 0 or 1.");
        return sets.Length == 1 ? sets[0] : axis == 0 ? Dataset.Stacked(sets) : Dataset.Joined(sets);
    }

    /// <summary>Mixes the rows of several data sets, in turn or at random.</summary>
    /// <param name="datasets">Data sets of the same columns.</param>
    /// <param name="probabilities">The probability of taking a row from each; default: round robin.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <param name="stopping_strategy">"first_exhausted" (default): ends when one has no rows left; "all_exhausted": when all have been read, with shorter ones repeated.</param>
    /// <exception cref="ArgumentException">There are no data sets, one has no rows, or they or the probabilities do not match.</exception>
    public static Dataset interleave_datasets(IEnumerable<Dataset> datasets, double[]? probabilities = null, int? seed = null, string stopping_strategy = "first_exhausted")
    {
        Dataset[] sets = [.. datasets ?? throw new ArgumentNullException(nameof(datasets))];
        if (seed is { } given) Require.Count(0, given, nameof(seed));
        Known.OneOf(stopping_strategy, nameof(stopping_strategy), "first_exhausted", "all_exhausted");
        if (sets.Length == 0 || sets.Any(s => s is null || s.num_rows == 0)) throw new ArgumentException("There is no data set, or one without rows. Expected: one data set or more, each with rows.", nameof(datasets));
        var (lengths, all) = (sets.Select(s => s.num_rows).ToArray(), stopping_strategy == "all_exhausted");
        var turns = probabilities is null ? null : Interleaving.Turns(sets.Length, probabilities, seed, all);
        return concatenate_datasets(sets).select(turns is null ? Interleaving.ByTurns(lengths, all) : Interleaving.Rows(lengths, turns, all));
    }

    /// <summary>Shows the progress of long operations on standard error (the default).</summary>
    public static void enable_progress_bars() => DatasetProgress.Enabled = true;

    /// <summary>Hides the progress of long operations.</summary>
    public static void disable_progress_bars() => DatasetProgress.Enabled = false;
}
