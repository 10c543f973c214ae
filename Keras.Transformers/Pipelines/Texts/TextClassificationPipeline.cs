namespace Keras.Transformers;

/// <summary>Classifies texts, or pairs of texts.</summary>
/// <remarks>Source: transformers/pipelines/text_classification.py.</remarks>
public sealed class TextClassificationPipeline : Pipeline<LabelScore>
{
    internal static readonly string[] Names = [nameof(PipelineOptions.top_k), nameof(PipelineOptions.function_to_apply), nameof(PipelineOptions.truncation), nameof(PipelineOptions.max_length)];

    /// <summary>A pipeline of a model that classifies texts.</summary>
    /// <param name="model">The model, as <see cref="TFAutoModelForSequenceClassification"/> makes it.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="batch_size">The number of texts in one call of the model; default 1.</param>
    /// <param name="options">The default options of calls: top_k, function_to_apply, truncation, max_length.</param>
    /// <exception cref="UnsupportedException">The model does not classify texts.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    public TextClassificationPipeline(TFPreTrainedModel model, PreTrainedTokenizerBase tokenizer, int batch_size = 1, PipelineOptions? options = null)
        : base("text-classification", Names, PipelineTask.Require("text-classification", model), tokenizer ?? throw new ArgumentNullException(nameof(tokenizer)), null, batch_size, options) { }

    private protected override IReadOnlyList<PipelineOutputs<LabelScore>> Run(IReadOnlyList<PipelineInput> batch, PipelineOptions options, CancellationToken cancellation)
    {
        EncodingFast[] rows = [.. batch.Select(i => i.Texts(task)).Select(t => ModelCalls.Encode(this, t.First, t.Second, options))];
        return [.. ModelCalls.Rows(this, rows, ["logits"], perToken: false, cancellation).Select(r => Scores.Labels(r[0].Values, model.config, options.function_to_apply, options.top_k ?? 1))];
    }
}
