using Microsoft.ML;

namespace Keras.Transformers;

public static partial class TransformersCatalog
{
    /// <summary>Turns images into vectors by a pretrained model without a head: the state of the whole image, or the pooler's.</summary>
    /// <param name="catalog">The catalog: <c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The column that is added, a vector of Single as long as the model is wide.</param>
    /// <param name="inputColumnName">The column of the images, paths of files or vectors of Byte with their contents (JPEG, PNG, GIF, BMP, WebP).</param>
    /// <param name="model">The folder of the model, or its name on the hub.</param>
    /// <param name="imageFolder">The folder that paths count from; default the working folder.</param>
    /// <param name="usePooler">Whether the vector is the pooler's, of models that have a trained one; default false.</param>
    /// <param name="batchSize">The number of rows read ahead and given to the model at once; default 32.</param>
    /// <param name="storage">How a saved pipeline stores the model; default in its file.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <exception cref="ValueRangeException">batchSize is less than 1.</exception>
    /// <exception cref="UnsupportedException">The model does not embed images.</exception>
    /// <exception cref="ConfigException">The model's folder is damaged.</exception>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a model on the hub.</exception>
    public static PretrainedModelEstimator EmbedImagesWithTransformer(this TransformsCatalog catalog, string outputColumnName, string inputColumnName, string model, string? imageFolder = null, bool usePooler = false,
        int batchSize = DefaultBatchSize, ModelStorage storage = ModelStorage.InFile)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Load(ImageEmbedding(outputColumnName, inputColumnName, imageFolder, usePooler), model, batchSize, storage);
    }

    /// <summary>Turns images into vectors by a pipeline of the task "image-feature-extraction".</summary>
    /// <param name="catalog">The catalog: <c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The column that is added, a vector of Single as long as the model is wide.</param>
    /// <param name="inputColumnName">The column of the images, paths of files or vectors of Byte with their contents.</param>
    /// <param name="pipeline">The pipeline; its batch_size says how many rows are read ahead.</param>
    /// <param name="imageFolder">The folder that paths count from; default the working folder.</param>
    /// <param name="usePooler">Whether the vector is the pooler's, of models that have a trained one; default false.</param>
    /// <param name="storage">In the file of a saved pipeline, <see cref="ModelStorage.InFile"/>; a pipeline's trained model has no name.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <exception cref="UnsupportedException">Storage is by name, or the pipeline has an option that the transform decides.</exception>
    public static PretrainedModelEstimator EmbedImagesWithTransformer(this TransformsCatalog catalog, string outputColumnName, string inputColumnName, ImageFeatureExtractionPipeline pipeline, string? imageFolder = null, bool usePooler = false,
        ModelStorage storage = ModelStorage.InFile)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Over(ImageEmbedding(outputColumnName, inputColumnName, imageFolder, usePooler), pipeline, storage);
    }

    /// <summary>Classifies images by a pretrained model with a trained head.</summary>
    /// <param name="catalog">The catalog: <c>mlContext.Transforms</c>.</param>
    /// <param name="model">The folder of the model, or its name on the hub.</param>
    /// <param name="inputColumnName">The column of the images, paths of files or vectors of Byte with their contents (JPEG, PNG, GIF, BMP, WebP); default "ImagePath".</param>
    /// <param name="imageFolder">The folder that paths count from; default the working folder.</param>
    /// <param name="predictedLabelColumnName">The most probable class, a key with the model's labels as its values: MapKeyToValue makes a text of it. Default "PredictedLabel".</param>
    /// <param name="scoreColumnName">The probabilities of all classes, a vector of Single whose slots have the labels' names. Default "Score".</param>
    /// <param name="probabilityColumnName">For models with two classes, the probability of the second. Default "Probability".</param>
    /// <param name="batchSize">The number of rows read ahead and given to the model at once; default 32.</param>
    /// <param name="storage">How a saved pipeline stores the model; default in its file.</param>
    /// <returns>The estimator, which has <see cref="PretrainedModelEstimator.Labels"/>.</returns>
    /// <exception cref="ArgumentException">A name is empty, or two added columns have one name.</exception>
    /// <exception cref="ValueRangeException">batchSize is less than 1.</exception>
    /// <exception cref="UnsupportedException">The model has no trained head for it, or says a number and no class.</exception>
    /// <exception cref="ConfigException">The model's folder is damaged.</exception>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a model on the hub.</exception>
    public static PretrainedModelEstimator ClassifyImagesWithTransformer(this TransformsCatalog catalog, string model, string inputColumnName = "ImagePath", string? imageFolder = null, string predictedLabelColumnName = "PredictedLabel",
        string scoreColumnName = "Score", string probabilityColumnName = "Probability", int batchSize = DefaultBatchSize, ModelStorage storage = ModelStorage.InFile)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Load(Classes("image-classification", inputColumnName, predictedLabelColumnName, scoreColumnName, probabilityColumnName) with { ImageFolder = imageFolder }, model, batchSize, storage);
    }

    /// <summary>Classifies images by a pipeline of the task "image-classification".</summary>
    /// <param name="catalog">The catalog: <c>mlContext.Transforms</c>.</param>
    /// <param name="pipeline">The pipeline; its batch_size says how many rows are read ahead, and its function_to_apply counts.</param>
    /// <param name="inputColumnName">The column of the images, paths of files or vectors of Byte with their contents; default "ImagePath".</param>
    /// <param name="imageFolder">The folder that paths count from; default the working folder.</param>
    /// <param name="predictedLabelColumnName">The most probable class, a key with the model's labels as its values. Default "PredictedLabel".</param>
    /// <param name="scoreColumnName">The probabilities of all classes, a vector of Single. Default "Score".</param>
    /// <param name="probabilityColumnName">For models with two classes, the probability of the second. Default "Probability".</param>
    /// <param name="storage">In the file of a saved pipeline, <see cref="ModelStorage.InFile"/>; a pipeline's trained model has no name.</param>
    /// <returns>The estimator, which has <see cref="PretrainedModelEstimator.Labels"/>.</returns>
    /// <exception cref="ArgumentException">A name is empty, or two added columns have one name.</exception>
    /// <exception cref="UnsupportedException">The model says a number and no class; storage is by name; or the pipeline has an option that the transform decides.</exception>
    public static PretrainedModelEstimator ClassifyImagesWithTransformer(this TransformsCatalog catalog, ImageClassificationPipeline pipeline, string inputColumnName = "ImagePath", string? imageFolder = null,
        string predictedLabelColumnName = "PredictedLabel", string scoreColumnName = "Score", string probabilityColumnName = "Probability", ModelStorage storage = ModelStorage.InFile)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Over(Classes("image-classification", inputColumnName, predictedLabelColumnName, scoreColumnName, probabilityColumnName) with { ImageFolder = imageFolder }, pipeline, storage);
    }

    static TransformSettings ImageEmbedding(string output, string input, string? folder, bool usePooler)
    {
        ArgumentException.ThrowIfNullOrEmpty(output, "outputColumnName");
        ArgumentException.ThrowIfNullOrEmpty(input, "inputColumnName");
        return new() { Task = "image-feature-extraction", Inputs = [input], Outputs = [output], ImageFolder = folder, UsePooler = usePooler };
    }
}
