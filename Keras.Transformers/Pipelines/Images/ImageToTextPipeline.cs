namespace Keras.Transformers;

/// <summary>Describes images in words.</summary>
/// <remarks>Source: transformers/pipelines/image_to_text.py.</remarks>
public sealed class ImageToTextPipeline : Pipeline<GeneratedText>
{
    internal static readonly string[] Names = [.. TextGenerationPipeline.OfGenerate, nameof(PipelineOptions.generate_kwargs)];

    /// <summary>A pipeline of a model that makes texts from images.</summary>
    /// <param name="model">The model, as <see cref="TFAutoModelForVision2Seq"/> makes it.</param>
    /// <param name="tokenizer">The tokenizer of its decoder.</param>
    /// <param name="image_processor">Its processor of images.</param>
    /// <param name="batch_size">The number of images in one call of the model; default 1.</param>
    /// <param name="options">The default options of calls: options of <c>generate</c>.</param>
    /// <exception cref="UnsupportedException">The model does not make texts of images.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    public ImageToTextPipeline(TFPreTrainedModel model, PreTrainedTokenizerBase tokenizer, ViTImageProcessor image_processor, int batch_size = 1, PipelineOptions? options = null)
        : base("image-to-text", Names, PipelineTask.Require("image-to-text", model), tokenizer ?? throw new ArgumentNullException(nameof(tokenizer)), image_processor ?? throw new ArgumentNullException(nameof(image_processor)), batch_size, options) { }

    private protected override IReadOnlyList<PipelineOutputs<GeneratedText>> Run(IReadOnlyList<PipelineInput> batch, PipelineOptions options, CancellationToken cancellation)
    {
        var config = model.generation_config.update(options.Generation(TextGenerationPipeline.OfGenerate));
        var sequences = model.generate(PipelineImages.Tensors(this, batch), config, tokenizer: Tokenizer, cancellationToken: cancellation).sequences;
        string[] texts = Tokenizer.batch_decode(sequences, skip_special_tokens: true);
        return [.. texts.Chunk(texts.Length / batch.Count).Select(t => new PipelineOutputs<GeneratedText>([.. t.Select(s => new GeneratedText(s))]))];
    }
}
