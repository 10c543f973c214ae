namespace Keras.Transformers;

/// <summary>Joins a function's results with the columns that stay. The first piece decides the features of all.</summary>
sealed class MapOutput(Features input, MapOptions options)
{
    Features? _features;

    /// <summary>The features of the result, known once the first piece is made.</summary>
    public Features Features => _features ?? options.Features ?? Without(input);

    Features Without(Features all) => new(all.Where(c => !options.RemoveColumns.Contains(c.Key)));

    /// <summary>The rows from a function over batches; if it returned null, the batch stays.</summary>
    /// <exception cref="ShapeMismatchException">Its columns differ in length, or differ from the columns that stay.</exception>
    public (ColumnData[] Columns, int Rows) OfBatch(DatasetBatch batch, DatasetRecord? record, int firstRow)
    {
        var columns = record?.Columns ?? new Dictionary<string, object?>();
        var features = FeaturesOf(columns.Select(c => KeyValuePair.Create(c.Key, (Func<Feature>)(() => TypeInference.OfRows(c.Value ?? Array.Empty<object>(), c.Key)))));
        var made = new Dictionary<string, ColumnData>();
        foreach (var (name, values) in columns)
        {
            var builder = new ColumnBuilder(features[name], name);
            At(firstRow, () => builder.AppendBatch(values ?? Array.Empty<object>()));
            made[name] = builder.Build();
        }
        var rows = made.Count > 0 ? made.First().Value.Length : batch.num_rows;
        foreach (var (name, column) in made)
            if (column.Length != rows) throw Lengths($"{rows} rows, as in \"{made.First().Key}\"", $"{column.Length} in \"{name}\"", firstRow, "Return columns of one length.");
        var kept = features.Keys.Where(n => !made.ContainsKey(n)).ToArray();
        if (kept.Length > 0 && rows != batch.num_rows)
            throw Lengths($"{batch.num_rows} rows, as in the columns that stay ({Known.List(kept)})", $"{rows}", firstRow, "Name the columns that do not fit in remove_columns, all of them with ds.column_names.");
        return ([.. features.Keys.Select(n => made.TryGetValue(n, out var column) ? column : batch.Data[batch.features.IndexOf(n)])], rows);
    }

    /// <summary>The rows from a function over single rows.</summary>
    public (ColumnData[] Columns, int Rows) OfRows(DatasetBatch batch, DatasetRecord?[] records, int firstRow)
    {
        var names = records.FirstOrDefault(r => r is not null)?.Columns.Keys.ToArray() ?? [];
        for (var i = 0; i < records.Length; i++)
            if ((records[i] is null) != (names.Length == 0 && records[0] is null) || (records[i] is { } r && (r.Columns.Count != names.Length || !names.All(r.Columns.ContainsKey))))
                throw new ShapeMismatchException("A row has other columns than the rows before", $"row {firstRow + i}", Known.List(names), records[i] is { } bad ? Known.List(bad.Columns.Keys) : "null", "Return the same columns for every row, with null where there is nothing.");
        var features = FeaturesOf(names.Select(n => KeyValuePair.Create(n, (Func<Feature>)(() => RowFeature(records, n)))));
        ColumnBuilder[] builders = [.. names.Select(n => new ColumnBuilder(features[n], n))];
        for (var i = 0; i < records.Length; i++)
            for (var c = 0; c < builders.Length; c++)
                AppendRow(builders[c], records[i]!.Columns[names[c]], firstRow + i);
        return ([.. features.Keys.Select(n => Array.IndexOf(names, n) is >= 0 and var i ? builders[i].Build() : batch.Data[batch.features.IndexOf(n)])], batch.num_rows);
    }

    static void AppendRow(ColumnBuilder builder, object? value, int row) => At(row - builder.Length, () => builder.AppendObject(value is BatchColumn column ? Plain(column) : value));

    static object? Plain(BatchColumn column) => column.IsScalar ? column.Values.GetValue(0) : column.HasRows ? column.ToRows() : column.Width == 1 ? column.Values : column.Values.Cast<object>().Chunk(column.Width).ToArray();

    static Feature RowFeature(DatasetRecord?[] records, string name)
    {
        Feature? common = null;
        foreach (var record in records) common = TypeInference.Join(common, TypeInference.OfValue(record!.Columns[name], name), name);
        return common ?? new Value("null");
    }

    /// <summary>The features of the result: remaining columns keep their order, new ones follow; a replaced column keeps its feature if that can hold the values.</summary>
    Features FeaturesOf(IEnumerable<KeyValuePair<string, Func<Feature>>> made)
    {
        if (_features is not null) return _features;
        var features = Without(input);
        foreach (var (name, infer) in made)
        {
            if (options.Features?.TryGetValue(name, out var given) == true) features[name] = given;
            else if (infer() is var inferred) features[name] = input.TryGetValue(name, out var before) && Holds(before, inferred) ? before : inferred;
        }
        if (options.Features is { } all)
        {
            if (all.Count != features.Count || all.Keys.Any(n => !features.ContainsKey(n)))
                throw new ArgumentException($"features names other columns than the result has. Expected: {Known.List(features.Keys)}. Received: {Known.List(all.Keys)}.", "features");
            foreach (var (name, feature) in all)
                if (!feature.Storage.Equals(features[name].Storage)) throw new ArgumentException($"features changes the type of the column {Known.Say(name)}, which the function does not return. Expected: {features[name]}. Received: {feature}. Use cast_column.", "features");
            features = new(features.Select(c => KeyValuePair.Create(c.Key, all[c.Key])));
        }
        return _features = features;
    }

    static bool Holds(Feature before, Feature inferred) => before.Equals(inferred) || (before.Storage, inferred.Storage) switch
    {
        (_, Value { dtype: "null" }) => true,
        (Value { Element: var b }, Value { Element: var i }) => b.IsNumber && i.IsNumber ? b.Kind == i.Kind || b.Kind == ElementKind.Float : b.Kind == i.Kind,
        (Sequence b, Sequence i) => b.length == i.length && Holds(b.feature, i.feature),
        (Features b, Features i) => b.Count == i.Count && b.All(c => i.TryGetValue(c.Key, out var other) && Holds(c.Value, other)),
        _ => false,
    };

    static ShapeMismatchException Lengths(string expected, string received, int firstRow, string remedy) =>
        new("The columns that a function returned for a batch do not fit each other", $"the batch from row {firstRow}", expected, received, remedy);

    /// <summary>Appends a value; errors name its row in the data set, not in the piece.</summary>
    static void At(int firstRow, Action append)
    {
        try
        {
            append();
        }
        catch (DTypeMismatchException e) when (firstRow > 0)
        {
            throw new DTypeMismatchException(e.Message, $"rows from {firstRow} on");
        }
    }
}
