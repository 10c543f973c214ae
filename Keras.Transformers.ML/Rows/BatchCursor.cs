using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers;

/// <summary>Reads a batch of rows ahead, so that the model gets them at once, and iterates over them. A batch is only computed if an added column is read.</summary>
sealed class BatchCursor : DataViewRowCursor
{
    readonly RowMapping _mapping;
    readonly DataViewRowCursor _source;
    readonly bool[] _active;
    readonly KeptColumn?[] _kept;
    readonly ValueGetter<DataViewRowId> _id;
    readonly DataViewRowId[] _ids;
    readonly long[] _batches;
    readonly Func<PipelineInput>? _read;
    readonly List<PipelineInput> _inputs = [];
    float[][]? _values;
    long _position = -1;
    int _row, _rows;
    bool _ended;

    public BatchCursor(RowMapping mapping, DataViewRowCursor source, bool[] active)
    {
        (_mapping, _source, _active) = (mapping, source, active);
        if (active.AsSpan(mapping.InputSchema.Count).Contains(true)) _read = mapping.Inputs.Reader(source);
        // Without the model, no rows need to be read ahead.
        var size = _read is null ? 1 : mapping.Model.Pipeline.batch_size;
        (_ids, _batches, _id) = (new DataViewRowId[size], new long[size], source.GetIdGetter());
        _kept = [.. mapping.InputSchema.Select(c => active[c.Index] ? KeptColumn.Of(source, c, size) : null)];
    }

    public override DataViewSchema Schema => _mapping.OutputSchema;

    public override long Position => _position;

    public override long Batch => _position < 0 ? 0 : _batches[_row];

    public override bool MoveNext()
    {
        if (_ended) return false;
        if (++_row >= _rows && !Fill()) return End();
        _position++;
        return true;
    }

    bool Fill()
    {
        (_row, _rows, _values) = (0, 0, null);
        _inputs.Clear();
        while (_rows < _ids.Length && _source.MoveNext())
        {
            foreach (var column in _kept) column?.Keep(_rows);
            if (_read is not null) _inputs.Add(_read());
            _id(ref _ids[_rows]);
            _batches[_rows++] = _source.Batch;
        }
        return _rows > 0;
    }

    /// <summary>Ends the cursor for good.</summary>
    bool End()
    {
        (_ended, _position) = (true, -1);
        return false;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[_mapping.IndexOf(column)];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var i = _mapping.IndexOf(column);
        return RowMapping.Typed<TValue>(!_active[i] ? null : _mapping.Added(column) is { } added ? added.Getter(Values) : _kept[i]!.Getter(Row), column);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[Row()];

    float[] Values()
    {
        var row = Row();
        return (_values ??= _mapping.Model.Run([.. _inputs]))[row];
    }

    int Row() => _position >= 0 ? _row : throw new InvalidOperationException("The cursor stands on no row: call MoveNext first.");

    protected override void Dispose(bool disposing)
    {
        if (disposing) _source.Dispose();
        End();
        base.Dispose(disposing);
    }
}
