using Microsoft.ML;
using Microsoft.ML.Data;

namespace Keras.Transformers;

/// <summary>Adds a pretrained model's outputs for texts or images to the data: an embedding, or a class with its probabilities.</summary>
/// <remarks>Rows are computed when they are read, a batch of the model at once, and only where one of the added columns is read. Safe from many threads at once. <c>mlContext.Model.Save</c> and <c>Load</c> keep it,
/// see <see cref="ModelStorage"/>; <c>CreatePredictionEngine</c> takes it.</remarks>
public sealed class PretrainedModelTransformer : ITransformer
{
    readonly TransformSettings _settings;
    readonly Func<RowModel> _load;
    object? _lock = new();
    RowModel? _model;

    internal PretrainedModelTransformer(RowModel model) => (_settings, _model, _load) = (model.Settings, model, () => model);

    /// <summary>Makes a transformer whose model is loaded on first use, once for all threads; after a failure, the next use tries again.</summary>
    internal PretrainedModelTransformer(TransformSettings settings, Func<RowModel> load) => (_settings, _load) = (settings, load);

    RowModel Model => LazyInitializer.EnsureInitialized(ref _model, ref _lock, _load);

    /// <summary>The names of the model's classes, by number; none where it makes embeddings.</summary>
    public IReadOnlyList<string> Labels => Model.Labels;

    /// <summary>Whether it maps rows one by one: true.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The data's columns, and those that are added.</summary>
    /// <param name="inputSchema">The data's columns.</param>
    /// <exception cref="ColumnMismatchException">A column is missing, or holds no texts or no images.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new RowMapping(Model, inputSchema).OutputSchema;

    /// <summary>The data with the added columns; they are computed as cursors read them.</summary>
    /// <param name="input">The data.</param>
    /// <exception cref="ColumnMismatchException">A column is missing, or holds no texts or no images.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedDataView(input, new(Model, input.Schema));
    }

    /// <summary>Computes the added columns of single rows.</summary>
    /// <param name="inputSchema">The rows' columns.</param>
    /// <exception cref="ColumnMismatchException">A column is missing, or holds no texts or no images.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new RowMapping(Model, inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ModelFile.Save(ctx, _settings, () => Model.Pipeline);
}
