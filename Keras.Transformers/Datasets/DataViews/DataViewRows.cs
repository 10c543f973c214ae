using Microsoft.ML;

namespace Keras.Transformers;

/// <summary>The rows of an ML.NET data view, read once from front to back.</summary>
sealed class DataViewRows
{
    const int RowsOfPiece = 1000;

    readonly IDataView _view;
    readonly (DataViewSchema.Column Column, DataViewSource Source)[] _columns;
    readonly Features _own;

    /// <param name="view">The view; columns that it hides are left out.</param>
    /// <param name="features">The types; null for those of the view.</param>
    /// <exception cref="ArgumentException">features names other columns.</exception>
    /// <exception cref="UnsupportedException">A column is of a type that data sets do not have.</exception>
    public DataViewRows(IDataView view, Features? features)
    {
        _view = view;
        _columns = [.. view.Schema.Where(c => !c.IsHidden).Select(c => (c, DataViewSources.Of(c)))];
        _own = new(_columns.Select(c => KeyValuePair.Create(c.Column.Name, c.Source.Feature)));
        Dataset.SameNames(_own.Keys, features);
        Features = features is null ? _own : new(_own.Keys.Select(n => KeyValuePair.Create(n, features[n])));
    }

    public Features Features { get; }

    public IEnumerable<DatasetBatch> Read(CancellationToken cancellation)
    {
        using var cursor = _view.GetRowCursor(_columns.Select(c => c.Column));
        Action<ColumnBuilder>[] readers = [.. _columns.Select(c => c.Source.Reader(cursor, c.Column))];
        var (builders, count, first) = (Builders(), 0, 0);
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < readers.Length; i++) readers[i](builders[i]);
            if (++count < RowsOfPiece) continue;
            yield return Batch(builders, count, first);
            (builders, count, first) = (Builders(), 0, first + count);
        }
        if (count > 0) yield return Batch(builders, count, first);
    }

    ColumnBuilder[] Builders() => [.. _own.Select(c => new ColumnBuilder(c.Value, c.Key))];

    DatasetBatch Batch(ColumnBuilder[] builders, int rows, int first) => new(Features, [.. builders.Select((b, i) => Casts.Cast(b.Build(), _own.At(i), Features.At(i), _own.NameAt(i), first))], rows);
}
