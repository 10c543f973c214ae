using System.Numerics.Tensors;
using Keras.Transformers;
using static Keras.Api;

namespace Keras.Examples;

/// <summary>Turns sentences into vectors of length 1, as sentence-transformers does.</summary>
/// <param name="folder">A folder with a BERT and its tokenizer.</param>
public sealed class SentenceEncoder(string folder)
{
    readonly TFPreTrainedModel _model = TFAutoModelForTextEncoding.from_pretrained(folder);
    readonly PreTrainedTokenizerBase _tokenizer = AutoTokenizer.from_pretrained(folder);

    /// <summary>The most tokens of a sentence that count; default 128, as all-MiniLM-L6-v2 was trained.</summary>
    public int MaxLength { get; init; } = 128;

    /// <summary>A vector for each sentence.</summary>
    public float[][] Encode(IReadOnlyList<string> sentences)
    {
        var inputs = _tokenizer.Apply(sentences, padding: true, truncation: true, max_length: MaxLength);
        Tensors tensors = inputs;
        var states = _model.Apply(tensors)["last_hidden_state"].Single;
        var weights = ops.expand_dims(ops.cast(tensors["attention_mask"].Single, "float32"), -1);
        var means = ops.sum(states * weights, axis: 1) / ops.sum(weights, axis: 1);
        var vectors = ops.normalize(means, axis: -1);
        return [.. vectors.ToArray<float>().Chunk(checked((int)vectors.shape[-1]))];
    }

    /// <summary>The cosine of the angle between two vectors.</summary>
    public static float Cosine(float[] a, float[] b) => TensorPrimitives.CosineSimilarity<float>(a, b);
}
