namespace Keras.Transformers;

/// <summary>Classifies images by labels that the model was not trained for: how like the image is to "This is a photo of {label}.".</summary>
/// <remarks>Source: transformers/pipelines/zero_shot_image_classification.py.</remarks>
public sealed class ZeroShotImageClassificationPipeline : Pipeline<LabelScore>
{
    internal static readonly string[] Names = [nameof(PipelineOptions.candidate_labels), nameof(PipelineOptions.hypothesis_template)];

    const string Template = "This is a photo of {}.";

    /// <summary>A pipeline of a model that puts images and texts into one space.</summary>
    /// <param name="model">The model, a <see cref="TFVisionTextDualEncoderModel"/>.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="image_processor">Its processor of images.</param>
    /// <param name="batch_size">The number of images in one call of the model; default 1.</param>
    /// <param name="options">The default options of calls: candidate_labels, hypothesis_template.</param>
    /// <exception cref="UnsupportedException">The model does not compare images with texts.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    public ZeroShotImageClassificationPipeline(TFPreTrainedModel model, PreTrainedTokenizerBase tokenizer, ViTImageProcessor image_processor, int batch_size = 1, PipelineOptions? options = null)
        : base("zero-shot-image-classification", Names, PipelineTask.Require("zero-shot-image-classification", model), tokenizer ?? throw new ArgumentNullException(nameof(tokenizer)),
            image_processor ?? throw new ArgumentNullException(nameof(image_processor)), batch_size, options)
    { }

    private protected override IReadOnlyList<PipelineOutputs<LabelScore>> Run(IReadOnlyList<PipelineInput> batch, PipelineOptions options, CancellationToken cancellation)
    {
        var labels = options.candidate_labels ?? throw new ValueRangeException("There are no labels", $"{task}, candidate_labels", "one label or more", "none", "Give candidate_labels: Apply(image, new() { candidate_labels = [\"cat\", \"dog\"] }).");
        EncodingFast[] rows = [.. labels.Select(l => Tokenizer.Apply([(options.hypothesis_template ?? Template).Replace("{}", l, StringComparison.Ordinal)])[0])];
        var inputs = new Tensors(ModelCalls.LabelInputs(this, rows).Named().Concat(PipelineImages.Tensors(this, batch).Named()));
        // Images and texts differ in number, so predict cannot batch them.
        var logits = ModelCalls.Split(ModelCalls.Host(model.Apply(inputs), "logits_per_image", 0));
        return [.. logits.Select(l => Scores.Softmax(l)).Select(s => new PipelineOutputs<LabelScore>([.. Scores.Greatest(s, s.Length).Select(i => new LabelScore(labels[i], s[i], scoreFirst: true))]))];
    }
}
