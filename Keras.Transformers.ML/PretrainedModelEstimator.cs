using Microsoft.ML;

namespace Keras.Transformers;

/// <summary>Puts a pretrained model into an ML.NET pipeline. Nothing is fitted: the model stays as it is, and later trainers learn from its outputs.</summary>
public sealed class PretrainedModelEstimator : IEstimator<PretrainedModelTransformer>
{
    readonly RowModel _model;

    internal PretrainedModelEstimator(RowModel model) => _model = model;

    /// <summary>The names of the model's classes, by number; none where it makes embeddings.</summary>
    public IReadOnlyList<string> Labels => _model.Labels;

    /// <summary>Checks the data's columns.</summary>
    /// <param name="input">The data; no row is read.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ColumnMismatchException">A column is missing, or holds no texts or no images.</exception>
    public PretrainedModelTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new PretrainedModelTransformer(_model);
        _ = transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <summary>The columns that there will be, before there is data.</summary>
    /// <param name="inputSchema">The data's columns.</param>
    /// <exception cref="ColumnMismatchException">A column is missing, or holds no texts or no images.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumns.Check(_model.Settings, inputSchema);
        var added = new DataViewSchema.Builder();
        foreach (var output in _model.Outputs) added.AddColumn(output.Name, output.Type, output.Annotations);
        var columns = inputSchema.ToDictionary(c => c.Name, StringComparer.Ordinal);
        foreach (var column in SchemaShape.Create(added.ToSchema())) columns[column.Name] = column;
        return new(columns.Values);
    }
}
