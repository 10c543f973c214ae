using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers;

/// <summary>A cursor over the rows of a data set, in its order or a shuffled one.</summary>
sealed class DatasetCursor : DataViewRowCursor
{
    readonly DatasetDataView _view;
    readonly int[]? _order;
    readonly bool[] _active;
    ColumnData[] _columns = [];
    long _position = -1;
    bool _ended;
    int _row, _first, _end;

    public DatasetCursor(DatasetDataView view, IEnumerable<DataViewSchema.Column> columns, int[]? order)
    {
        (_view, _order, _active) = (view, order, new bool[view.Targets.Length]);
        foreach (var column in columns) _active[IndexOf(column)] = true;
    }

    public override DataViewSchema Schema => _view.Schema;

    public override long Position => _position;

    public override long Batch => 0;

    public override bool MoveNext()
    {
        if (_ended || _position + 1 >= _view.Data.num_rows) return End();
        _position++;
        var (rows, table) = (_view.Data.Rows, _view.Data.View);
        var row = rows[_order is null ? (int)_position : _order[_position]];
        if (row < _first || row >= _end)
        {
            var chunk = table.ChunkOf(row);
            (_columns, _first) = (table.Chunks[chunk].Columns, table.StartOf(chunk));
            _end = _first + table.Chunks[chunk].Rows;
        }
        _row = row - _first;
        return true;
    }

    /// <summary>Ends the cursor for good.</summary>
    bool End()
    {
        (_ended, _position, _columns) = (true, -1, []);
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        End();
        base.Dispose(disposing);
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[IndexOf(column)];

    /// <exception cref="InvalidOperationException">The column was not asked for, or is of another type.</exception>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var i = IndexOf(column);
        if (!_active[i]) throw new InvalidOperationException($"The column {Known.Say(column.Name)} was not asked for when the cursor was made.");
        return _view.Targets[i].Getter(() => _position >= 0 ? (_columns[i], _row) : throw new InvalidOperationException("The cursor stands on no row: call MoveNext first.")) as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"The column {Known.Say(column.Name)} has values of another type. Expected: {column.Type.RawType}. Received: {typeof(TValue)}.");
    }

    /// <summary>Identifies rows by their index in the data set, whatever the order.</summary>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new((ulong)(_order is null ? _position : _order[_position]), 0);

    int IndexOf(DataViewSchema.Column column) =>
        (uint)column.Index < (uint)_active.Length && Schema[column.Index].Name == column.Name ? column.Index : throw new ArgumentException($"There is no such column in the data view. Received: {Known.Say(column.Name)}.", nameof(column));
}
