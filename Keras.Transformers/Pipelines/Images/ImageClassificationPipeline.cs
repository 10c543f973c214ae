namespace Keras.Transformers;

/// <summary>Classifies images.</summary>
/// <remarks>Known deviation: for models whose problem_type is "multi_label_classification" it applies a sigmoid and for "single_label_classification" a softmax; Hugging Face 4.46 confuses the two.
/// Source: transformers/pipelines/image_classification.py.</remarks>
public sealed class ImageClassificationPipeline : Pipeline<LabelScore>
{
    internal static readonly string[] Names = [nameof(PipelineOptions.top_k), nameof(PipelineOptions.function_to_apply)];

    const int DefaultCount = 5;

    /// <summary>A pipeline of a model that classifies images.</summary>
    /// <param name="model">The model, as <see cref="TFAutoModelForImageClassification"/> makes it.</param>
    /// <param name="image_processor">Its processor of images.</param>
    /// <param name="batch_size">The number of images in one call of the model; default 1.</param>
    /// <param name="options">The default options of calls: top_k, function_to_apply.</param>
    /// <exception cref="UnsupportedException">The model does not classify images.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    public ImageClassificationPipeline(TFPreTrainedModel model, ViTImageProcessor image_processor, int batch_size = 1, PipelineOptions? options = null)
        : base("image-classification", Names, PipelineTask.Require("image-classification", model), null, image_processor ?? throw new ArgumentNullException(nameof(image_processor)), batch_size, options) { }

    private protected override IReadOnlyList<PipelineOutputs<LabelScore>> Run(IReadOnlyList<PipelineInput> batch, PipelineOptions options, CancellationToken cancellation) =>
        [.. ModelCalls.Split(ModelCalls.Host(model.predict_on_batch(PipelineImages.Tensors(this, batch)), "logits", 0)).Select(l => Scores.Labels(l, model.config, options.function_to_apply, options.top_k ?? DefaultCount))];
}
