namespace Keras.Transformers;

public sealed partial class Dataset
{
    /// <summary>Joins data sets with equal numbers of rows column by column.</summary>
    internal static Dataset Joined(IReadOnlyList<Dataset> sets)
    {
        var features = new Features();
        foreach (var (name, feature) in sets.SelectMany(s => s.features))
            if (features.ContainsKey(name)) throw new ArgumentException($"Two of the data sets have a column {Known.Say(name)}. Rename or remove one.", "dsets");
            else features.Add(name, feature);
        foreach (var set in sets)
            if (set.num_rows != sets[0].num_rows) throw new ArgumentException($"The data sets differ in their number of rows, so they cannot be put side by side. Expected: {sets[0].num_rows}. Received: {set.num_rows}.", "dsets");
        // Use the chunks of the first; gather the others' rows for each.
        var chunks = new List<TableChunk>();
        var first = sets[0];
        string[] files = [.. sets.SelectMany(s => s.cache_files).Distinct()];
        for (var start = 0; start < first.num_rows;)
        {
            var count = first._rows.IsRange && first._table.ChunkOf(first._rows[start]) is var chunk
                ? Math.Min(first._table.StartOf(chunk) + first._table.Chunks[chunk].Rows - first._rows[start], first.num_rows - start)
                : Math.Min(RowsOfPiece, first.num_rows - start);
            var from = start;
            chunks.Add(new(count, () => [.. sets.SelectMany(s => s.GatherAll(from, count).Data)], files));
            start += count;
        }
        return new(new Table(features, chunks), Fingerprints.Next("", "joined", sets.Select(s => s._fingerprint)), first.CacheFolder, first.split);
    }

    /// <summary>Concatenates data sets with equal columns.</summary>
    internal static Dataset Stacked(IReadOnlyList<Dataset> sets)
    {
        var first = sets[0];
        var features = first.features;
        foreach (var (i, set) in sets.Index()) features = SameColumns(features, set, i);
        var chunks = new List<TableChunk>();
        var rows = new List<int>();
        var isRange = sets.All(s => s._rows.IsRange && s._rows.Count == s._table.Rows);
        var offset = 0L;
        foreach (var set in sets)
        {
            int[] order = [.. features.Keys.Select(set.features.IndexOf)];
            var cast = features.Any(c => !set.features[c.Key].Storage.Equals(c.Value.Storage));
            foreach (var chunk in set._table.Chunks)
                chunks.Add(chunk.With(all => [.. order.Select((c, i) => cast ? Casts.Cast(all[c], set.features.At(c), features.At(i), features.NameAt(i), 0) : all[c])]));
            if (!isRange)
                for (var i = 0; i < set.num_rows; i++) rows.Add(checked((int)(offset + set._rows[i])));
            offset += set._table.Rows;
        }
        var table = new Table(features, chunks);
        return new(table, isRange ? RowMap.All(table.Rows) : RowMap.All(table.Rows).Select([.. rows]), Fingerprints.Next("", "stacked", sets.Select(s => s._fingerprint)), first.CacheFolder, first.split);
    }

    static Features SameColumns(Features features, Dataset set, int index)
    {
        if (set.num_columns != features.Count || set.column_names.Any(n => !features.ContainsKey(n)))
            throw new ArgumentException($"The data set {index} has other columns than the first. Expected: {Known.List(features.Keys)}. Received: {Known.List(set.column_names)}.", "dsets");
        return new(features.Select(c => KeyValuePair.Create(c.Key, Common(c.Value, set.features[c.Key], c.Key, index))));
    }

    static Feature Common(Feature a, Feature b, string name, int index)
    {
        if (a.Equals(b)) return a;
        if (a is Value { dtype: "null" }) return b;
        if (b is Value { dtype: "null" }) return a;
        throw new ArgumentException($"The column {Known.Say(name)} of data set {index} has another type. Expected: {a}. Received: {b}. Use cast_column first.", "dsets");
    }
}
