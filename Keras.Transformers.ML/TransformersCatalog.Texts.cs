using Microsoft.ML;

namespace Keras.Transformers;

/// <summary>Pretrained models of texts and images in the catalogs of an <see cref="MLContext"/>.</summary>
public static partial class TransformersCatalog
{
    const int DefaultBatchSize = 32;

    /// <summary>Turns texts into vectors by a pretrained model without a head.</summary>
    /// <param name="catalog">The catalog: <c>mlContext.Transforms.Text</c>.</param>
    /// <param name="outputColumnName">The column that is added, a vector of Single as long as the model is wide.</param>
    /// <param name="inputColumnName">The column of the texts; null for <paramref name="outputColumnName"/>. A missing text is an empty one.</param>
    /// <param name="model">The folder of the model, or its name on the hub.</param>
    /// <param name="pooling">How to pool the tokens' vectors into one; default their mean.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1; default true.</param>
    /// <param name="maximumTokens">The length at which texts are truncated; default the model's maximum.</param>
    /// <param name="batchSize">The number of rows read ahead and given to the model at once; default 32.</param>
    /// <param name="storage">How a saved pipeline stores the model; default in its file.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <exception cref="ValueRangeException">batchSize or maximumTokens is less than 1.</exception>
    /// <exception cref="UnsupportedException">The model does not embed texts.</exception>
    /// <exception cref="ConfigException">The model's folder is damaged.</exception>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a model on the hub.</exception>
    /// <example><code>
    /// using Keras.Transformers;
    /// using Microsoft.ML;
    ///
    /// var ml = new MLContext(seed: 1);
    /// var pipeline = ml.Transforms.Text.EmbedWithTransformer("Features", "Text", "models/bert-tiny")
    ///     .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
    ///     .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy());
    /// </code></example>
    public static PretrainedModelEstimator EmbedWithTransformer(this TransformsCatalog.TextTransforms catalog, string outputColumnName, string? inputColumnName, string model, TextPooling pooling = TextPooling.Mean, bool normalize = true,
        int? maximumTokens = null, int batchSize = DefaultBatchSize, ModelStorage storage = ModelStorage.InFile)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Load(TextEmbedding(outputColumnName, inputColumnName, pooling, normalize) with { MaximumTokens = maximumTokens }, model, batchSize, storage);
    }

    /// <summary>Turns texts into vectors by a pipeline of the task "feature-extraction".</summary>
    /// <param name="catalog">The catalog: <c>mlContext.Transforms.Text</c>.</param>
    /// <param name="outputColumnName">The column that is added, a vector of Single as long as the model is wide.</param>
    /// <param name="inputColumnName">The column of the texts; null for <paramref name="outputColumnName"/>. A missing text is an empty one.</param>
    /// <param name="pipeline">The pipeline; its batch_size says how many rows are read ahead, and its max_length counts.</param>
    /// <param name="pooling">How to pool the tokens' vectors into one; default their mean.</param>
    /// <param name="normalize">Whether vectors are scaled to length 1; default true.</param>
    /// <param name="storage">In the file of a saved pipeline, <see cref="ModelStorage.InFile"/>; a pipeline's trained model has no name.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    /// <exception cref="UnsupportedException">Storage is by name, or the pipeline has an option that the transform decides.</exception>
    public static PretrainedModelEstimator EmbedWithTransformer(this TransformsCatalog.TextTransforms catalog, string outputColumnName, string? inputColumnName, FeatureExtractionPipeline pipeline, TextPooling pooling = TextPooling.Mean,
        bool normalize = true, ModelStorage storage = ModelStorage.InFile)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Over(TextEmbedding(outputColumnName, inputColumnName, pooling, normalize), pipeline, storage);
    }

    /// <summary>Classifies texts, or pairs of texts, by a pretrained model with a trained head.</summary>
    /// <param name="catalog">The catalog: <c>mlContext.Transforms.Text</c>.</param>
    /// <param name="model">The folder of the model, or its name on the hub.</param>
    /// <param name="inputColumnName">The column of the texts; default "Text". A missing text is an empty one.</param>
    /// <param name="secondInputColumnName">The column of the second texts of pairs; default none.</param>
    /// <param name="predictedLabelColumnName">The most probable class, a key with the model's labels as its values: MapKeyToValue makes a text of it. Default "PredictedLabel".</param>
    /// <param name="scoreColumnName">The probabilities of all classes, a vector of Single whose slots have the labels' names. Default "Score".</param>
    /// <param name="probabilityColumnName">For models with two classes, the probability of the second. Default "Probability".</param>
    /// <param name="maximumTokens">The length at which texts are truncated; default the model's maximum.</param>
    /// <param name="batchSize">The number of rows read ahead and given to the model at once; default 32.</param>
    /// <param name="storage">How a saved pipeline stores the model; default in its file.</param>
    /// <returns>The estimator, which has <see cref="PretrainedModelEstimator.Labels"/>.</returns>
    /// <exception cref="ArgumentException">A name is empty, or two added columns have one name.</exception>
    /// <exception cref="ValueRangeException">batchSize or maximumTokens is less than 1.</exception>
    /// <exception cref="UnsupportedException">The model has no trained head for it, or says a number and no class.</exception>
    /// <exception cref="ConfigException">The model's folder is damaged.</exception>
    /// <exception cref="RepositoryNotFoundException">There is neither such a folder nor such a model on the hub.</exception>
    public static PretrainedModelEstimator ClassifyWithTransformer(this TransformsCatalog.TextTransforms catalog, string model, string inputColumnName = "Text", string? secondInputColumnName = null,
        string predictedLabelColumnName = "PredictedLabel", string scoreColumnName = "Score", string probabilityColumnName = "Probability", int? maximumTokens = null, int batchSize = DefaultBatchSize, ModelStorage storage = ModelStorage.InFile)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Load(TextClasses(inputColumnName, secondInputColumnName, predictedLabelColumnName, scoreColumnName, probabilityColumnName) with { MaximumTokens = maximumTokens }, model, batchSize, storage);
    }

    /// <summary>Classifies texts, or pairs of texts, by a pipeline of the task "text-classification".</summary>
    /// <param name="catalog">The catalog: <c>mlContext.Transforms.Text</c>.</param>
    /// <param name="pipeline">The pipeline; its batch_size says how many rows are read ahead, and its max_length and function_to_apply count.</param>
    /// <param name="inputColumnName">The column of the texts; default "Text". A missing text is an empty one.</param>
    /// <param name="secondInputColumnName">The column of the second texts of pairs; default none.</param>
    /// <param name="predictedLabelColumnName">The most probable class, a key with the model's labels as its values. Default "PredictedLabel".</param>
    /// <param name="scoreColumnName">The probabilities of all classes, a vector of Single. Default "Score".</param>
    /// <param name="probabilityColumnName">For models with two classes, the probability of the second. Default "Probability".</param>
    /// <param name="storage">In the file of a saved pipeline, <see cref="ModelStorage.InFile"/>; a pipeline's trained model has no name.</param>
    /// <returns>The estimator, which has <see cref="PretrainedModelEstimator.Labels"/>.</returns>
    /// <exception cref="ArgumentException">A name is empty, or two added columns have one name.</exception>
    /// <exception cref="UnsupportedException">The model says a number and no class; storage is by name; or the pipeline has an option that the transform decides.</exception>
    public static PretrainedModelEstimator ClassifyWithTransformer(this TransformsCatalog.TextTransforms catalog, TextClassificationPipeline pipeline, string inputColumnName = "Text", string? secondInputColumnName = null,
        string predictedLabelColumnName = "PredictedLabel", string scoreColumnName = "Score", string probabilityColumnName = "Probability", ModelStorage storage = ModelStorage.InFile)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Over(TextClasses(inputColumnName, secondInputColumnName, predictedLabelColumnName, scoreColumnName, probabilityColumnName), pipeline, storage);
    }

    static TransformSettings TextEmbedding(string output, string? input, TextPooling pooling, bool normalize)
    {
        ArgumentException.ThrowIfNullOrEmpty(output, "outputColumnName");
        if (input is { Length: 0 }) throw new ArgumentException("The name of a column is empty. Give a name, or null for that of the output.", "inputColumnName");
        if (!Enum.IsDefined(pooling)) throw new ArgumentOutOfRangeException(nameof(pooling), pooling, $"There is no such pooling. Expected: {string.Join(" or ", Enum.GetNames<TextPooling>())}.");
        return new() { Task = "feature-extraction", Inputs = [input ?? output], Outputs = [output], Pooling = pooling, Normalize = normalize };
    }

    static TransformSettings TextClasses(string input, string? second, string label, string score, string probability)
    {
        if (second is { Length: 0 }) throw new ArgumentException("The name of a column is empty. Give a name, or null where texts do not come in pairs.", "secondInputColumnName");
        return Classes("text-classification", input, label, score, probability) is var settings && second is not null ? settings with { Inputs = [input, second] } : settings;
    }

    static TransformSettings Classes(string task, string input, string label, string score, string probability)
    {
        ArgumentException.ThrowIfNullOrEmpty(input, "inputColumnName");
        ArgumentException.ThrowIfNullOrEmpty(label, "predictedLabelColumnName");
        ArgumentException.ThrowIfNullOrEmpty(score, "scoreColumnName");
        ArgumentException.ThrowIfNullOrEmpty(probability, "probabilityColumnName");
        string[] outputs = [label, score, probability];
        if (outputs.Distinct(StringComparer.Ordinal).Count() < outputs.Length) throw new ArgumentException($"Two added columns have one name. Received: {string.Join(", ", outputs)}.", "scoreColumnName");
        return new() { Task = task, Inputs = [input], Outputs = outputs };
    }

    static PretrainedModelEstimator Load(TransformSettings settings, string model, int batchSize, ModelStorage storage)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        if (settings.MaximumTokens < 1) throw new ValueRangeException("A text would have no tokens", "maximumTokens", "1 or more", $"{settings.MaximumTokens}");
        if (batchSize < 1) throw new ValueRangeException("A batch holds nothing", nameof(batchSize), "1 or more", $"{batchSize}");
        return new(RowModel.Load(settings with { Model = model, BatchSize = batchSize, Storage = Checked(storage) }, model));
    }

    static PretrainedModelEstimator Over(TransformSettings settings, Pipeline pipeline, ModelStorage storage)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        // It is not known whether a model still equals what its folder holds.
        if (Checked(storage) == ModelStorage.ByName)
            throw new UnsupportedException("A pipeline cannot be kept by the name of its model, which may have learnt since it was loaded", "ModelStorage.ByName", "the folder of the model, or its name on the hub", "a pipeline", "Use ModelStorage.InFile, or save the model (save_pretrained) and give its folder.");
        var given = pipeline.Options;
        RequireSame(settings, given, pipeline.model.config.num_labels);
        return new(new(settings with { BatchSize = pipeline.batch_size, MaximumTokens = given.max_length, Function = given.function_to_apply }, pipeline));
    }

    /// <summary>Checks that a pipeline's options agree with those that the transform sets itself.</summary>
    static void RequireSame(TransformSettings settings, PipelineOptions given, int labels)
    {
        foreach (var (name, said, needed) in new (string, object?, object)[]
        {
            (nameof(given.top_k), given.top_k < labels ? given.top_k : null, "all labels"), (nameof(given.truncation), given.truncation, true), (nameof(given.pool), given.pool, settings.UsePooler),
            (nameof(given.pooling), given.pooling, settings.Pooling == TextPooling.Mean ? "mean" : "cls"), (nameof(given.normalize), given.normalize, settings.Normalize),
        })
            if (said is not null && !said.Equals(needed)) throw new UnsupportedException("A pipeline has an option that the transform decides", $"{settings.Task}, {name}", $"{needed}", $"{said}", "Make the pipeline without it, and give the transform's own arguments.");
    }

    static ModelStorage Checked(ModelStorage storage) => Enum.IsDefined(storage) ? storage
        : throw new ArgumentOutOfRangeException(nameof(storage), storage, $"There is no such storage. Expected: {string.Join(" or ", Enum.GetNames<ModelStorage>())}.");
}
