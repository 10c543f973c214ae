using Keras.Transformers;
using static Keras.Api;

namespace Keras.Examples;

/// <summary>Makes initial word vectors from those of a larger model.</summary>
static class WordVectors
{
    /// <summary>A vector for each token of a byte-level tokenizer, (V, width): the mean of the BERT's vectors of its pieces, projected onto the principal components.</summary>
    /// <param name="tokenizer">The tokens.</param>
    /// <param name="folder">A BERT with its tokenizer.</param>
    /// <param name="width">The length of the vectors.</param>
    /// <param name="deviation">Their overall standard deviation.</param>
    public static Tensor Of(PreTrainedTokenizerBase tokenizer, string folder, int width, float deviation)
    {
        var own = AutoTokenizer.from_pretrained(folder);
        var known = TFBertModel.from_pretrained(folder).get_input_embeddings();
        var knownWidth = (int)known.shape[1]!;
        var values = ops.convert_to_tensor(known).ToArray<float>();
        var vectors = new float[tokenizer.Count, knownWidth];
        for (var id = 0; id < tokenizer.Count; id++)
        {
            var pieces = Pieces(own, tokenizer.decode(id));
            foreach (var piece in pieces)
                for (var d = 0; d < knownWidth; d++) vectors[id, d] += values[(piece * knownWidth) + d] / pieces.Length;
        }
        Tensor words = vectors;
        words -= ops.mean(words, axis: 0, keepdims: true);
        var (_, directions) = ops.eigh(ops.matmul(ops.transpose(words), words));
        words = ops.matmul(words, directions[.., (knownWidth - width)..]);
        return words * (deviation / ops.std(words));
    }

    /// <summary>The pieces of a word or, without a leading space, of a word's rest.</summary>
    static int[] Pieces(PreTrainedTokenizerBase own, string token)
    {
        if (!token.StartsWith(' ') && own.convert_tokens_to_ids($"##{token}") is var rest && rest != own.unk_token_id) return [rest];
        return [.. own.encode(token, add_special_tokens: false).Where(id => id != own.unk_token_id)];
    }
}
