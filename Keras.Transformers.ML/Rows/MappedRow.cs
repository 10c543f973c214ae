using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers;

/// <summary>A row with a model's columns, computed on first use; read by prediction engines.</summary>
sealed class MappedRow : DataViewRow
{
    readonly RowMapping _mapping;
    readonly DataViewRow _input;
    readonly bool[] _active;
    readonly Func<PipelineInput>? _read;
    float[] _values = [];
    long? _computed;

    public MappedRow(RowMapping mapping, DataViewRow input, bool[] active)
    {
        (_mapping, _input, _active) = (mapping, input, active);
        if (active.AsSpan(mapping.InputSchema.Count).Contains(true)) _read = mapping.Inputs.Reader(input);
    }

    public override DataViewSchema Schema => _mapping.OutputSchema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[_mapping.IndexOf(column)];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var i = _mapping.IndexOf(column);
        if (_active[i] && _mapping.Added(column) is null) return _input.GetGetter<TValue>(_mapping.InputSchema[i]);
        return RowMapping.Typed<TValue>(_active[i] ? _mapping.Added(column)!.Getter(Values) : null, column);
    }

    float[] Values()
    {
        if (_computed == _input.Position) return _values;
        _values = _mapping.Model.Run([_read!()])[0];
        _computed = _input.Position;
        return _values;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _input.Dispose();
        base.Dispose(disposing);
    }
}
