namespace Keras.Transformers;

/// <summary>Turns texts into vectors: the model's states for each token, or, pooled, one for the text.</summary>
/// <remarks>Source: transformers/pipelines/feature_extraction.py; pooling and normalize are sentence-transformers'.</remarks>
public sealed class FeatureExtractionPipeline : Pipeline<ExtractedFeatures>
{
    internal static readonly string[] Names = [nameof(PipelineOptions.truncation), nameof(PipelineOptions.max_length), nameof(PipelineOptions.pooling), nameof(PipelineOptions.normalize)];

    /// <summary>A pipeline of a model without a head.</summary>
    /// <param name="model">The model, as <see cref="TFAutoModel"/> makes it.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="batch_size">The number of texts in one call of the model; default 1.</param>
    /// <param name="options">The default options of calls: truncation, max_length, pooling, normalize.</param>
    /// <exception cref="UnsupportedException">The model has a head, or takes no texts.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    public FeatureExtractionPipeline(TFPreTrainedModel model, PreTrainedTokenizerBase tokenizer, int batch_size = 1, PipelineOptions? options = null)
        : base("feature-extraction", Names, PipelineTask.Require("feature-extraction", model), tokenizer ?? throw new ArgumentNullException(nameof(tokenizer)), null, batch_size, options) { }

    private protected override IReadOnlyList<PipelineOutputs<ExtractedFeatures>> Run(IReadOnlyList<PipelineInput> batch, PipelineOptions options, CancellationToken cancellation) =>
        [.. Extract(this, [.. batch.Select(i => i.Texts(task))], options, options.pooling ?? "none", options.normalize ?? false, cancellation).Select(f => new PipelineOutputs<ExtractedFeatures>([new(f)]))];

    /// <summary>The rows of texts, pooled and scaled.</summary>
    internal static IEnumerable<float[][]> Extract(Pipeline pipeline, (string First, string? Second)[] texts, PipelineOptions options, string pooling, bool normalize, CancellationToken cancellation)
    {
        EncodingFast[] rows = [.. texts.Select(t => ModelCalls.Encode(pipeline, t.First, t.Second, options))];
        foreach (var values in ModelCalls.Rows(pipeline, rows, ["last_hidden_state"], perToken: true, cancellation))
        {
            var states = values[0];
            float[][] features = pooling switch
            {
                "mean" => [[.. Enumerable.Range(0, states.Width).Select(c => (float)Enumerable.Range(0, states.Count).Average(t => (double)states.Values[(t * states.Width) + c]))]],
                "cls" => [states[0].ToArray()],
                _ => [.. states.Values.Chunk(states.Width)],
            };
            yield return normalize ? Array.ConvertAll(features, Scores.Unit) : features;
        }
    }
}
