namespace Keras.Transformers;

public sealed partial class Dataset
{
    /// <summary>Renames a column.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    /// <exception cref="ArgumentException">There is already a column of the new name, or the new name is empty.</exception>
    public Dataset rename_column(string original_column_name, string new_column_name)
    {
        ArgumentNullException.ThrowIfNull(original_column_name);
        ArgumentException.ThrowIfNullOrEmpty(new_column_name);
        return rename_columns(new Dictionary<string, string> { [original_column_name] = new_column_name });
    }

    /// <summary>Renames columns, given the new names by old name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    /// <exception cref="ArgumentException">Two columns would have one name.</exception>
    public Dataset rename_columns(IReadOnlyDictionary<string, string> column_mapping)
    {
        ArgumentNullException.ThrowIfNull(column_mapping);
        foreach (var name in column_mapping.Keys) features.IndexOf(name);
        var renamed = new Features();
        foreach (var (name, feature) in features)
            if (column_mapping.GetValueOrDefault(name, name) is var other && !renamed.ContainsKey(other)) renamed.Add(other, feature);
            else throw new ArgumentException($"Two columns would be called {Known.Say(other)}. Remove or rename the other first.", nameof(column_mapping));
        return WithColumns(renamed, [.. Enumerable.Range(0, num_columns)], "rename_columns", column_mapping.OrderBy(c => c.Key, StringComparer.Ordinal).SelectMany(c => new[] { c.Key, c.Value }).ToArray());
    }

    /// <summary>Keeps all columns except these.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public Dataset remove_columns(params string[] column_names)
    {
        ArgumentNullException.ThrowIfNull(column_names);
        foreach (var name in column_names) features.IndexOf(name);
        return select_columns([.. this.column_names.Except(column_names)]);
    }

    /// <summary>Keeps only these columns, in this order.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public Dataset select_columns(params string[] column_names)
    {
        ArgumentNullException.ThrowIfNull(column_names);
        return WithColumns(Named(column_names), [.. column_names.Select(features.IndexOf)], "select_columns", column_names);
    }

    /// <summary>Converts all columns to other types: text becomes numbers, numbers get class names, and so on.</summary>
    /// <param name="features">The types, one for each column.</param>
    /// <param name="cancellation_token">Cancels between batches.</param>
    /// <exception cref="ArgumentException">The columns differ from those of the data set.</exception>
    /// <exception cref="DTypeMismatchException">A value does not convert; the message says which.</exception>
    /// <exception cref="ValueRangeException">A number does not fit, or a label is not a class.</exception>
    public Dataset cast(Features features, CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count != num_columns || features.Keys.Any(n => !this.features.ContainsKey(n)))
            throw new ArgumentException($"features names other columns. Expected: {Known.List(column_names)}. Received: {Known.List(features.Keys)}.", nameof(features));
        string[] changed = [.. column_names.Where(n => !this.features[n].Equals(features[n]))];
        Features all = new(column_names.Select(n => KeyValuePair.Create(n, features[n])));
        var next = Fingerprints.Next(_fingerprint, "cast", features.ToString());
        if (changed.All(n => this.features[n].Storage.Equals(features[n].Storage) && features[n] is not ClassLabel)) return new(new Table(all, _table.Chunks), _rows, next, CacheFolder, split, _format);
        MapOptions options = new() { What = "Casting the dataset", Function = () => 0, BatchSize = RowsOfPiece, NewFingerprint = next, Cancellation = cancellation_token };
        var (_, path) = MapRun.Place(this, options);
        if (path is not null && File.Exists(path)) return new(ArrowFile.Open(path), next, CacheFolder, split);
        using var progress = new DatasetProgress(options.What, num_rows);
        var table = ArrowCache.Write(path, sink =>
        {
            MapRun.InPieces(this, options, (_, _) => null, (batch, _, start) => () =>
            {
                sink(all, [.. all.Select((c, i) => Casts.Cast(batch.Data[i], batch.features.At(i), c.Value, c.Key, start))], batch.num_rows);
                progress.Add(batch.num_rows);
            });
            return all;
        });
        return new(table, RowMap.All(table.Rows), next, CacheFolder, split, _format);
    }

    /// <summary>Converts a column to another type.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    /// <inheritdoc cref="cast"/>
    public Dataset cast_column(string column, Feature feature, CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentNullException.ThrowIfNull(feature);
        features.IndexOf(column);
        return cast(new(features.Select(c => KeyValuePair.Create(c.Key, c.Key == column ? feature : c.Value))), cancellation_token);
    }

    /// <summary>Adds a column.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="column">One value for each row: an array, a list, a column.</param>
    /// <param name="feature">Its type; default: inferred from the values.</param>
    /// <exception cref="ArgumentException">There is a column of this name, or the number of values is another than that of rows.</exception>
    /// <exception cref="DTypeMismatchException">The values have no type in common.</exception>
    public Dataset add_column(string name, object column, Feature? feature = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(column);
        if (features.ContainsKey(name)) throw new ArgumentException($"There is a column {Known.Say(name)} already. Remove it first, or use map.", nameof(name));
        var builder = new ColumnBuilder(feature ?? TypeInference.OfRows(column, name), name);
        builder.AppendBatch(column);
        if (builder.Length != num_rows) throw new ArgumentException($"The number of values differs from the number of rows. Expected: {num_rows}. Received: {builder.Length}.", nameof(column));
        return Joined([this, new(new Table(new([KeyValuePair.Create(name, builder.Feature)]), [new TableChunk([builder.Build()], num_rows)]), Fingerprints.New())]);
    }

    /// <summary>Turns a column of texts or numbers into classes, named by its sorted values.</summary>
    /// <param name="column">The column.</param>
    /// <param name="include_nulls">Whether nulls form a separate class, "None". Default false: they stay nulls.</param>
    /// <param name="cancellation_token">Cancels between batches.</param>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    /// <exception cref="UnsupportedException">The column holds lists, records or bytes.</exception>
    public Dataset class_encode_column(string column, bool include_nulls = false, CancellationToken cancellation_token = default)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (features[column] is not Value { Element.Kind: not ElementKind.Bytes })
            throw new UnsupportedException("A column cannot become classes", $"column \"{column}\"", "texts, flags or numbers", $"{features[column]}");
        var different = unique(column);
        var order = new RowOrder(different.Data, column, false, false);
        int[] rows = [.. Enumerable.Range(0, different.Count).Where(i => include_nulls || !different.IsNull(i))];
        Array.Sort(rows, order.Compare);
        string[] names = [.. rows.Select(i => different.IsNull(i) ? "None" : different[i].ToString())];
        var numbers = names.Index().ToDictionary(n => n.Item, n => (long)n.Index);
        var labels = new ClassLabel(names: names);
        Features all = new(features.Select(c => KeyValuePair.Create(c.Key, c.Key == column ? labels : c.Value)));
        return map(batch => new() { [column] = batch[column].Select(v => v.IsNull && !include_nulls ? (object?)null : numbers[v.IsNull ? "None" : v.ToString()]).ToArray() }, batched: true, features: all,
            new_fingerprint: Fingerprints.Next(_fingerprint, "class_encode_column", column, include_nulls), desc: "Casting to class labels", cancellation_token: cancellation_token);
    }

    /// <summary>Turns the members of records into separate columns, "record.member".</summary>
    /// <param name="max_depth">The maximum number of nested record levels to flatten. Default 16.</param>
    /// <exception cref="ArgumentOutOfRangeException">The depth is below 1.</exception>
    public Dataset flatten(int max_depth = 16)
    {
        Require.Count(1, max_depth);
        var data = this;
        for (var depth = 0; depth < max_depth && data.features.Values.Any(f => f is Features or Image); depth++) data = data.FlattenOnce();
        return data;
    }

    Dataset FlattenOnce()
    {
        var flat = new Features();
        var sources = new List<(int Column, int Member)>();
        foreach (var (i, (name, feature)) in features.Index())
        {
            var record = feature as Features ?? (feature is Image ? (Features)feature.Storage : null);
            if (record is null)
            {
                flat.Add(name, feature);
                sources.Add((i, -1));
                continue;
            }
            foreach (var (m, (member, inner)) in record.Index())
            {
                flat.Add($"{name}.{member}", inner);
                sources.Add((i, m));
            }
        }
        var table = new Table(flat, _table.Chunks.Select(c => c.With(all => [.. sources.Select(s => s.Member < 0 ? all[s.Column] : Casts.Member(all[s.Column], s.Member))])));
        return new(table, _rows, Fingerprints.Next(_fingerprint, "flatten"), CacheFolder, split);
    }

    /// <summary>Returns the same data set showing only some columns, with a format for its values.</summary>
    /// <param name="type">null, "numpy", "tensorflow" ("tf") or "arrow"; values convert themselves, so this is kept in files and changes nothing else.</param>
    /// <param name="columns">The columns that rows and batches show; default: all.</param>
    /// <param name="output_all_columns">Whether the other columns are shown nevertheless. Default false.</param>
    /// <exception cref="ArgumentException">There is no such type.</exception>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public Dataset with_format(string? type = null, IEnumerable<string>? columns = null, bool output_all_columns = false)
    {
        string[]? shown = columns?.ToArray();
        foreach (var name in shown ?? []) features.IndexOf(name);
        return new(_table, _rows, _fingerprint, CacheFolder, split, new(DatasetFormat.TypeOf(type), shown, output_all_columns));
    }

    Dataset WithColumns(Features renamed, int[] columns, string what, params object?[] arguments) =>
        new(_table.Project(renamed, columns), _rows, Fingerprints.Next(_fingerprint, what, arguments), CacheFolder, split, _format.Columns is null ? _format : _format with { Columns = null });
}
