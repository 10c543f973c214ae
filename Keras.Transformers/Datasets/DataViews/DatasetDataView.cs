using Microsoft.ML;

namespace Keras.Transformers;

/// <summary>A data set as ML.NET sees it: rows are read from the mapped files as a cursor comes to them.</summary>
sealed class DatasetDataView : IDataView
{
    public DatasetDataView(Dataset data)
    {
        Data = data;
        Targets = [.. data.View.Features.Select(c => DataViewTargets.Of(c.Value, c.Key))];
        var schema = new DataViewSchema.Builder();
        foreach (var (i, target) in Targets.Index()) schema.AddColumn(data.View.Features.NameAt(i), target.Type, target.Annotations);
        Schema = schema.ToSchema();
    }

    public Dataset Data { get; }

    public DataViewTarget[] Targets { get; }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => true;

    public long? GetRowCount() => Data.num_rows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        int[]? order = null;
        if (rand is not null) rand.Shuffle(order = [.. Enumerable.Range(0, Data.num_rows)]);
        return new DatasetCursor(this, columnsNeeded, order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
}
