using System.Numerics.Tensors;

namespace Keras.Transformers;

/// <summary>Computes the similarity of texts to others, by the cosines of their pooled states.</summary>
/// <remarks>A task of the hub's inference service; Python's pipelines do not have it.</remarks>
public sealed class SentenceSimilarityPipeline : Pipeline<SentenceLikeness>
{
    internal static readonly string[] Names = [nameof(PipelineOptions.sentences), nameof(PipelineOptions.truncation), nameof(PipelineOptions.max_length), nameof(PipelineOptions.pooling)];

    /// <summary>A pipeline of a model without a head, best one of sentence-transformers.</summary>
    /// <param name="model">The model, as <see cref="TFAutoModel"/> makes it.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="batch_size">The number of texts in one call of the model; default 1.</param>
    /// <param name="options">The default options of calls: sentences, which each input is compared with; truncation; max_length; pooling, "mean" by default.</param>
    /// <exception cref="UnsupportedException">The model has a head, or takes no texts.</exception>
    /// <exception cref="ArgumentException">The task has no such option.</exception>
    public SentenceSimilarityPipeline(TFPreTrainedModel model, PreTrainedTokenizerBase tokenizer, int batch_size = 1, PipelineOptions? options = null)
        : base("sentence-similarity", Names, PipelineTask.Require("sentence-similarity", model), tokenizer ?? throw new ArgumentNullException(nameof(tokenizer)), null, batch_size, options) { }

    private protected override IReadOnlyList<PipelineOutputs<SentenceLikeness>> Run(IReadOnlyList<PipelineInput> batch, PipelineOptions options, CancellationToken cancellation)
    {
        if (options.sentences is not { Count: > 0 } others) throw new ValueRangeException("There are no texts to compare with", $"{task}, sentences", "one text or more", "none", "Give sentences: Apply(text, new() { sentences = [\"...\"] }).");
        if (options.pooling == "none") throw new ValueRangeException("Texts have no single vector without pooling", $"{task}, pooling", "\"mean\" or \"cls\"", "\"none\"");
        (string, string?)[] texts = [.. batch.Select(i => i.Text(task)).Concat(others).Select(t => (t, (string?)null))];
        float[][] vectors = [.. FeatureExtractionPipeline.Extract(this, texts, options, options.pooling ?? "mean", normalize: false, cancellation).Select(f => f[0])];
        var compared = vectors[batch.Count..];
        return [.. vectors.Take(batch.Count).Select(v => new PipelineOutputs<SentenceLikeness>([new([.. compared.Select(c => TensorPrimitives.CosineSimilarity<float>(v, c))])]))];
    }
}
