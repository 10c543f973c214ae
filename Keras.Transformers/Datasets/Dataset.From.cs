namespace Keras.Transformers;

public sealed partial class Dataset
{
    /// <summary>Creates a data set in memory from columns by name.</summary>
    /// <param name="mapping">Arrays or lists of one length.</param>
    /// <param name="features">The types; default: inferred from the values.</param>
    /// <exception cref="ArgumentException">The columns differ in length, or features names others.</exception>
    /// <exception cref="DTypeMismatchException">The values of a column have no type in common, or another than the column.</exception>
    public static Dataset from_dict(IEnumerable<KeyValuePair<string, object>> mapping, Features? features = null)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        var columns = mapping.ToList();
        SameNames(columns.Select(c => c.Key), features);
        var made = new Features();
        var data = new List<ColumnData>();
        foreach (var (name, values) in columns)
        {
            if (values is null) throw new ArgumentException($"The column {Known.Say(name)} is null.", nameof(mapping));
            var builder = new ColumnBuilder(features?[name] ?? TypeInference.OfRows(values, name), name);
            builder.AppendBatch(values);
            made.Add(name, builder.Feature);
            data.Add(builder.Build());
            if (data[^1].Length != data[0].Length) throw new ArgumentException($"Columns differ in length. Expected: {data[0].Length}, as {Known.Say(columns[0].Key)}. Received: {data[^1].Length} in {Known.Say(name)}.", nameof(mapping));
        }
        return new(new Table(made, data.Count == 0 || data[0].Length == 0 ? [] : [new TableChunk([.. data], data[0].Length)]), Fingerprints.New());
    }

    /// <summary>Creates a data set in memory from records: dictionaries, or objects whose public properties are the columns.</summary>
    /// <param name="mapping">The records. A key that a dictionary does not have is null there.</param>
    /// <param name="features">The types; default: inferred from the values.</param>
    /// <exception cref="DTypeMismatchException">The values of a column have no type in common, or another than the column.</exception>
    public static Dataset from_list<T>(IEnumerable<T> mapping, Features? features = null)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        return InMemory(mapping, features);
    }

    /// <summary>Creates a data set in memory from what a function yields, as <see cref="from_list{T}"/> does.</summary>
    /// <param name="generator">Yields records.</param>
    /// <param name="features">The types; default: inferred from the values.</param>
    /// <exception cref="DTypeMismatchException">The values of a column have no type in common, or another than the column.</exception>
    public static Dataset from_generator<T>(Func<IEnumerable<T>> generator, Features? features = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return InMemory(generator(), features);
    }

    /// <summary>Creates a data set in memory from records that arrive asynchronously, as <see cref="from_list{T}"/> does.</summary>
    /// <param name="generator">Yields records.</param>
    /// <param name="features">The types; default: inferred from the values.</param>
    /// <param name="cancellation_token">Cancels between records.</param>
    /// <exception cref="DTypeMismatchException">The values of a column have no type in common, or another than the column.</exception>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public static async Task<Dataset> from_async<T>(IAsyncEnumerable<T> generator, Features? features = null, CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(generator);
        var rows = new List<T>();
        await foreach (var row in generator.WithCancellation(cancellation_token).ConfigureAwait(false)) rows.Add(row);
        return InMemory(rows, features);
    }

    static Dataset InMemory<T>(IEnumerable<T> rows, Features? features)
    {
        var columns = new OrderedDictionary<string, List<object?>>();
        foreach (var name in features?.Keys ?? []) columns[name] = [];
        var count = 0;
        foreach (var row in rows)
        {
            foreach (var (name, value) in Records.Members(row, count))
            {
                if (!columns.TryGetValue(name, out var values))
                {
                    if (features is not null) throw new ArgumentException($"Record {count} has a column that features does not name. Expected: {Known.List(features.Keys)}. Received: {Known.Say(name)}.", nameof(features));
                    columns[name] = values = [.. Enumerable.Repeat<object?>(null, count)];
                }
                if (values.Count == count) values.Add(value);
            }
            count++;
            foreach (var values in columns.Values)
                if (values.Count < count) values.Add(null);
        }
        return from_dict(columns.Select(c => KeyValuePair.Create(c.Key, (object)c.Value)), features);
    }

    internal static void SameNames(IEnumerable<string> names, Features? features)
    {
        string[] all = [.. names];
        if (features is not null && (features.Count != all.Length || all.Any(n => !features.ContainsKey(n))))
            throw new ArgumentException($"features names other columns. Expected: {Known.List(all)}. Received: {Known.List(features.Keys)}.", nameof(features));
    }
}
