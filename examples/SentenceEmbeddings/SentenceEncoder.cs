using System.Numerics.Tensors;
using Keras.Transformers;

namespace Keras.Examples;

/// <summary>Turns sentences into vectors of length 1, as sentence-transformers does.</summary>
/// <param name="folder">A folder with a BERT and its tokenizer.</param>
public sealed class SentenceEncoder(string folder)
{
    readonly FeatureExtractionPipeline _extract = (FeatureExtractionPipeline)Pipelines.pipeline("feature-extraction", folder, batch_size: 32, pooling: "mean", normalize: true, truncation: true);

    /// <summary>The maximum number of tokens of a sentence that count; default 128, as all-MiniLM-L6-v2 was trained.</summary>
    public int MaxLength { get; init; } = 128;

    /// <summary>A vector for each sentence.</summary>
    public float[][] Encode(IReadOnlyList<string> sentences) => [.. _extract.Apply(sentences, new() { max_length = MaxLength }).Select(f => f[0].features[0])];

    /// <summary>The cosine of the angle between two vectors.</summary>
    public static float Cosine(float[] a, float[] b) => TensorPrimitives.CosineSimilarity<float>(a, b);
}
