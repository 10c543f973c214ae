namespace Keras.Transformers;

/// <summary>Turns images into vectors: the model's states for each patch, the first for the whole image, or with <see cref="PipelineOptions.pool"/> the pooler's row.</summary>
/// <remarks>Source: transformers/pipelines/image_feature_extraction.py.</remarks>
public sealed class ImageFeatureExtractionPipeline : Pipeline<ExtractedFeatures>
{
    internal static readonly string[] Names = [nameof(PipelineOptions.pool)];

    /// <summary>A pipeline of a model without a head.</summary>
    /// <param name="model">The model, as <see cref="TFAutoModel"/> makes it.</param>
    /// <param name="image_processor">Its processor of images.</param>
    /// <param name="batch_size">The number of images in one call of the model; default 1.</param>
    /// <param name="options">The default options of calls: pool.</param>
    /// <exception cref="UnsupportedException">The model has a head, or takes no images.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    public ImageFeatureExtractionPipeline(TFPreTrainedModel model, ViTImageProcessor image_processor, int batch_size = 1, PipelineOptions? options = null)
        : base("image-feature-extraction", Names, PipelineTask.Require("image-feature-extraction", model), null, image_processor ?? throw new ArgumentNullException(nameof(image_processor)), batch_size, options) { }

    /// <summary>Whether the pooler's weights came from no file, so that it would give noise.</summary>
    internal bool HasUntrainedPooler { get; set; }

    private protected override IReadOnlyList<PipelineOutputs<ExtractedFeatures>> Run(IReadOnlyList<PipelineInput> batch, PipelineOptions options, CancellationToken cancellation)
    {
        var pooled = options.pool ?? false;
        if (pooled && HasUntrainedPooler) throw new UnsupportedException("The model's file has no pooler", $"{task}, pool", "false, or a model with a trained pooler", "true", "Leave pool out and take the first row, features[0].");
        var outputs = model.predict_on_batch(PipelineImages.Tensors(this, batch));
        if (pooled && outputs.IsDictionary && !outputs.Keys.Contains("pooler_output")) throw new UnsupportedException("The model has no pooler", $"{task}, pool", "false, or a model with a pooler", "true");
        var (values, shape) = ModelCalls.Host(outputs, pooled ? "pooler_output" : "last_hidden_state", pooled ? 1 : 0);
        return [.. ModelCalls.Split((values, shape)).Select(v => new PipelineOutputs<ExtractedFeatures>([new([.. v.Chunk((int)shape[-1])])]))];
    }
}
