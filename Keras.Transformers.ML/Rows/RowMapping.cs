using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers;

/// <summary>A model bound to the columns of some data: all columns of the data, then those that the model adds.</summary>
sealed class RowMapping : IRowToRowMapper
{
    /// <exception cref="ColumnMismatchException">A column is missing or of another type.</exception>
    public RowMapping(RowModel model, DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        (Model, InputSchema, Inputs) = (model, schema, new(model.Settings, schema));
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema);
        foreach (var output in model.Outputs) builder.AddColumn(output.Name, output.Type, output.Annotations);
        OutputSchema = builder.ToSchema();
    }

    public RowModel Model { get; }

    public InputColumns Inputs { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>The model's output behind a column of the output schema; null for a column of the data.</summary>
    public OutputColumn? Added(DataViewSchema.Column column) => column.Index >= InputSchema.Count ? Model.Outputs[column.Index - InputSchema.Count] : null;

    /// <summary>Whether each column of the output schema is requested.</summary>
    public bool[] Active(IEnumerable<DataViewSchema.Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var active = new bool[OutputSchema.Count];
        foreach (var column in columns) active[IndexOf(column)] = true;
        return active;
    }

    public int IndexOf(DataViewSchema.Column column) => (uint)column.Index < (uint)OutputSchema.Count && OutputSchema[column.Index].Name == column.Name ? column.Index
        : throw new ArgumentException($"There is no such column in the data view. Received: \"{column.Name}\".", nameof(column));

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var active = Active(dependingColumns);
        return InputSchema.Where(c => active[c.Index]).Concat(active.AsSpan(InputSchema.Count).Contains(true) ? Inputs.Columns : []).DistinctBy(c => c.Index);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema != InputSchema) throw new ArgumentException("A row is of another schema than the one that the transform was bound to. Give a row of InputSchema.", nameof(input));
        return new MappedRow(this, input, Active(activeColumns));
    }

    /// <summary>Casts a column's getter to the caller's type.</summary>
    /// <exception cref="InvalidOperationException">The column was not asked for, or is of another type.</exception>
    public static ValueGetter<TValue> Typed<TValue>(Delegate? getter, DataViewSchema.Column column) => getter switch
    {
        null => throw new InvalidOperationException($"The column \"{column.Name}\" was not asked for when the cursor was made."),
        ValueGetter<TValue> typed => typed,
        _ => throw new InvalidOperationException($"The column \"{column.Name}\" has values of another type. Expected: {column.Type.RawType}. Received: {typeof(TValue)}."),
    };
}
