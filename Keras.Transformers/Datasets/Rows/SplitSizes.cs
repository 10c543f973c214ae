namespace Keras.Transformers;

/// <summary>Computes the numbers of rows for training and testing.</summary>
static class SplitSizes
{
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public static (int Test, int Train) Of(int rows, double? test_size, double? train_size)
    {
        if (test_size is null && train_size is null) test_size = 0.25;
        var test = Rows(test_size, rows, nameof(test_size), Math.Ceiling);
        var train = Rows(train_size, rows, nameof(train_size), Math.Floor);
        var (testRows, trainRows) = (test ?? rows - train!.Value, train ?? rows - test!.Value);
        if (testRows + trainRows > rows || testRows < 0 || trainRows < 0)
            throw new ArgumentException($"The parts are larger than the data set. Expected: {rows} rows at most. Received: {trainRows} for training and {testRows} for testing.", nameof(test_size));
        if (trainRows == 0) throw new ArgumentException($"Nothing would be left for training. Expected: a smaller test_size. Received: {testRows} of {rows} rows.", nameof(test_size));
        return (testRows, trainRows);
    }

    public static (int[] Train, int[] Test) Draw(int[] order, int train, int test) => (order[test..(test + train)], order[..test]);

    static int? Rows(double? size, int rows, string name, Func<double, double> round)
    {
        if (size is not { } given) return null;
        if (double.IsNaN(given) || given <= 0 || given > rows || (given >= 1 && given != Math.Floor(given)))
            throw new ArgumentOutOfRangeException(name, given, $"Expected: a share in (0, 1), or from 1 to {rows} rows.");
        return given < 1 ? (int)round(given * rows) : (int)given;
    }
}
