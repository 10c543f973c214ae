using Microsoft.ML;

namespace Keras.Transformers;

/// <summary>Data with the columns that a model adds. Nothing is computed until a cursor reads one of them.</summary>
sealed class MappedDataView(IDataView source, RowMapping mapping) : IDataView
{
    public DataViewSchema Schema => mapping.OutputSchema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = mapping.Active(columnsNeeded);
        return new BatchCursor(mapping, source.GetRowCursor(mapping.GetDependencies(mapping.OutputSchema.Where(c => active[c.Index])), rand), active);
    }

    /// <summary>Returns a single cursor, since the model uses all cores for a batch.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
}
