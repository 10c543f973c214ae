using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>The beginning of texts: tokens, mask, and other inputs.</summary>
sealed class Prompt
{
    /// <summary>The number of texts, B.</summary>
    public required int Batch { get; init; }

    /// <summary>The number of tokens that processors see and sequences start with, T; 0 if only vectors are given.</summary>
    public int TokenCount => Ids.Length / Batch;

    /// <summary>The tokens, (B, T), including those of a past.</summary>
    public required int[] Ids { get; init; }

    /// <summary>The number of positions in the prompt, including a past; the width of each text's mask.</summary>
    public required int Length { get; init; }

    /// <summary>1 for tokens, 0 for padding, (B, <see cref="Length"/>).</summary>
    public required int[] Mask { get; init; }

    /// <summary>Word vectors, (B, T, C), in place of ids in the first call; null for none.</summary>
    public Tensor? Embeddings { get; init; }

    /// <summary>The segment of each token, (B, T); null for none. New tokens continue the last segment.</summary>
    public int[]? TokenTypes { get; init; }

    /// <summary>The encoder's outputs, to which the model attends; null for none.</summary>
    public EncodedPrompt? Encoder { get; init; }

    /// <summary>Keys and values of the first tokens, from an earlier call; null for none.</summary>
    public GrowingCache? Past { get; init; }

    /// <summary>The number of tokens in <see cref="Past"/>.</summary>
    public int PastLength => (int)(Past?.Length.Known ?? 0);

    /// <summary>A row of the mask.</summary>
    public ReadOnlySpan<int> MaskOf(int text) => Mask.AsSpan(text * Length, Length);

    /// <summary>The positions of a text's tokens, without counting padding; masked tokens get position 1, as in PyTorch.</summary>
    public int[] Positions(int text)
    {
        var positions = new int[Length];
        var seen = 0;
        for (var i = 0; i < Length; i++) positions[i] = MaskOf(text)[i] == 0 ? 1 : seen++;
        return positions;
    }

    /// <summary>The number of unmasked tokens in a text.</summary>
    public int Count(int text) => Length - MaskOf(text).Count(0);

    /// <summary>The tokens with which processors compare new ones: the encoder's, otherwise the prompt's, int32 (B, E); null if there are none.</summary>
    public Tensor? Compared => Encoder is { IsOwn: true } encoder ? encoder.Tokens : TokenCount > 0 ? Tensor(Ids, Batch, TokenCount) : null;

    /// <summary>Makes an int32 tensor.</summary>
    public static Tensor Tensor(int[] values, params long[] shape) => Tf.Constant(HostTensor.Of<int>(values, new Shape(shape)));
}

/// <summary>The outputs of an encoder that a decoder attends to.</summary>
/// <param name="States">(B, S, C).</param>
/// <param name="Mask">1 for states that count, 0 for others, (B, S); null for all.</param>
/// <param name="IsOwn">Whether the model's own encoder made them, rather than the caller.</param>
sealed record EncodedPrompt(Tensor States, Tensor? Mask, bool IsOwn)
{
    /// <summary>The encoder's input tokens, int32 (B, E); null if it takes none.</summary>
    public Tensor? Tokens { get; init; }

    /// <summary>The encoder's other outputs: encoder_attentions, encoder_hidden_states.</summary>
    public Tensors? Others { get; init; }

    /// <summary>The same outputs, repeated for several rows of each text.</summary>
    public EncodedPrompt Repeated(int count) => count == 1 ? this : this with { States = Api.ops.repeat(States, count, 0), Mask = Mask is null ? null : Api.ops.repeat(Mask, count, 0) };
}
