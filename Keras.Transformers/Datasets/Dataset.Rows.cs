namespace Keras.Transformers;

public sealed partial class Dataset
{
    /// <summary>Selects rows by index, in the given order and with repetitions; nothing is copied.</summary>
    /// <param name="indices">Numbers from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Dataset select(IEnumerable<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        int[] rows = [.. indices];
        foreach (var row in rows)
            if ((uint)row >= (uint)num_rows) throw new ArgumentOutOfRangeException(nameof(indices), row, $"The data set has {num_rows} rows.");
        return With(_rows.Select(rows), "select", rows);
    }

    /// <summary>Selects the rows of a range: <c>ds.select(..100)</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range reaches beyond the data set.</exception>
    public Dataset select(Range indices)
    {
        var (start, count) = indices.GetOffsetAndLength(num_rows);
        return With(_rows.Slice(start, count), "select", start, count);
    }

    /// <summary>Selects the first rows, or all if there are fewer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public Dataset take(int n) => select(..Math.Min(Require.Count(0, n), num_rows));

    /// <summary>Leaves out the first rows; the result is empty if there are no more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public Dataset skip(int n) => select(Math.Min(Require.Count(0, n), num_rows)..);

    /// <summary>Selects one of several parts of about the same size.</summary>
    /// <param name="num_shards">The number of parts.</param>
    /// <param name="index">The index, from 0.</param>
    /// <param name="contiguous">Whether a part is rows that follow each other (default), or every num_shards-th row.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public Dataset shard(int num_shards, int index, bool contiguous = true)
    {
        Require.Count(1, num_shards);
        if (index < 0 || index >= num_shards) throw new ArgumentOutOfRangeException(nameof(index), index, $"Expected: a part from 0 to {num_shards - 1}.");
        if (!contiguous) return With(_rows.Select([.. Enumerable.Range(0, num_rows).Where(i => i % num_shards == index)]), "shard", num_shards, index);
        var (size, longer) = (num_rows / num_shards, num_rows % num_shards);
        var start = (index * size) + Math.Min(index, longer);
        return select(start..(start + size + (index < longer ? 1 : 0)));
    }

    /// <summary>Puts the rows in a random order; a seed gives the same order as in Python.</summary>
    /// <param name="seed">The seed; default: another order each time.</param>
    /// <exception cref="ArgumentOutOfRangeException">The seed is negative.</exception>
    public Dataset shuffle(int? seed = null) => With(_rows.Select(NumpyRandom.Of(seed).Permutation(num_rows)), "shuffle", (object?)seed ?? Fingerprints.New());

    /// <summary>Sorts the rows by a column; equal rows keep their order.</summary>
    /// <param name="column_names">The column.</param>
    /// <param name="reverse">Whether the largest come first. Default false.</param>
    /// <param name="null_placement">Where nulls go: "at_end" (default) or "at_start".</param>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    /// <exception cref="UnsupportedException">Its values have no order.</exception>
    public Dataset sort(string column_names, bool reverse = false, string null_placement = "at_end") => sort([column_names ?? throw new ArgumentNullException(nameof(column_names))], [reverse], null_placement);

    /// <summary>Sorts the rows by several columns, the first being the most important.</summary>
    /// <param name="column_names">The columns.</param>
    /// <param name="reverse">For each column, or once for all, whether the largest come first. Default false.</param>
    /// <param name="null_placement">Where nulls go: "at_end" (default) or "at_start".</param>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    /// <exception cref="UnsupportedException">Its values have no order.</exception>
    public Dataset sort(string[] column_names, bool[]? reverse = null, string null_placement = "at_end")
    {
        ArgumentNullException.ThrowIfNull(column_names);
        Known.OneOf(null_placement, nameof(null_placement), "at_end", "at_start", "first", "last");
        reverse ??= [false];
        if (reverse.Length != 1 && reverse.Length != column_names.Length) throw new ArgumentException($"reverse does not fit column_names. Expected: one direction, or {column_names.Length}. Received: {reverse.Length}.", nameof(reverse));
        var first = null_placement is "at_start" or "first";
        RowOrder[] orders = [.. column_names.Select((name, i) => new RowOrder(this[name].Data, name, reverse[reverse.Length == 1 ? 0 : i], first))];
        int[] rows = [.. Enumerable.Range(0, num_rows)];
        Array.Sort(rows, (a, b) =>
        {
            foreach (var order in orders)
                if (order.Compare(a, b) is not 0 and var difference) return difference;
            return a - b;
        });
        return With(_rows.Select(rows), "sort", column_names, reverse, null_placement);
    }

    /// <summary>The distinct values of a column, in the order of their first appearance.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public DatasetColumn unique(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var values = this[column];
        var builder = new ColumnBuilder(values.feature, column);
        var seen = new HashSet<DatasetValue>();
        foreach (var value in values)
            if (seen.Add(value)) builder.AppendObject(value);
        return new(builder.Build(), values.feature, column);
    }

    /// <summary>Splits the rows into a part for training and one for testing, a <see cref="DatasetDict"/> with "train" and "test"; a seed gives the same parts as in Python.</summary>
    /// <param name="test_size">The rows for testing, or their fraction in (0, 1); default: the rest after train_size, or 0.25.</param>
    /// <param name="train_size">The rows for training, or their fraction in (0, 1); default: the rest.</param>
    /// <param name="shuffle">Whether rows are drawn (default), or the first are for training.</param>
    /// <param name="stratify_by_column">A column of <see cref="ClassLabel"/> whose classes are equally distributed in both parts.</param>
    /// <param name="seed">The seed; default: other parts each time.</param>
    /// <exception cref="ArgumentException">The sizes do not fit the data set, or the column cannot be stratified by.</exception>
    public DatasetDict train_test_split(double? test_size = null, double? train_size = null, bool shuffle = true, string? stratify_by_column = null, int? seed = null)
    {
        var (test, train) = SplitSizes.Of(num_rows, test_size, train_size);
        var (trainRows, testRows) = !shuffle
            ? stratify_by_column is null
                ? (Enumerable.Range(0, train).ToArray(), Enumerable.Range(train, test).ToArray())
                : throw new ArgumentException("Rows cannot be stratified without shuffling. Pass shuffle: true.", nameof(stratify_by_column))
            : stratify_by_column is null
                ? SplitSizes.Draw(NumpyRandom.Of(seed).Permutation(num_rows), train, test)
                : Stratified.Split(this, stratify_by_column, train, test, NumpyRandom.Of(seed));
        object?[] arguments = [test_size, train_size, shuffle, stratify_by_column, shuffle && seed is null ? Fingerprints.New() : seed];
        return new([
            new("train", With(_rows.Select(trainRows), "train", arguments)),
            new("test", With(_rows.Select(testRows), "test", arguments)),
        ]);
    }
}
