namespace Keras.Transformers;

/// <summary>Reads an Arrow file as a data file.</summary>
sealed class ArrowFileReader(string path) : RowReader(path)
{
    readonly Lazy<Table> _table = new(() => ArrowFile.Open(path));

    public override Features Infer(int? rows, CancellationToken cancellation) => _table.Value.Features;

    public override IEnumerable<DatasetBatch> Read(Features features, CancellationToken cancellation)
    {
        var own = _table.Value.Features;
        if (own.Count != features.Count || own.Keys.Any(n => !features.ContainsKey(n))) throw new FileFormatException("A file has other columns than the first", Path, Known.List(features.Keys), Known.List(own.Keys));
        int[] order = [.. features.Keys.Select(own.IndexOf)];
        var row = 0;
        foreach (var chunk in _table.Value.Chunks)
        {
            cancellation.ThrowIfCancellationRequested();
            var columns = chunk.Columns;
            yield return new(features, [.. order.Select((c, i) => Casts.Cast(columns[c], own.At(c), features.At(i), features.NameAt(i), row))], chunk.Rows);
            row += chunk.Rows;
        }
    }
}
