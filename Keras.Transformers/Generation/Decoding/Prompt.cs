using Keras.Graphs;

namespace Keras.Transformers;

/// <summary>What texts begin with: tokens, which of them count, and what goes with them.</summary>
sealed class Prompt
{
    /// <summary>The number of texts, B.</summary>
    public required int Batch { get; init; }

    /// <summary>How many tokens processors see and sequences begin with, T; 0 where only vectors are given.</summary>
    public int TokenCount => Ids.Length / Batch;

    /// <summary>The tokens, (B, T), those of a past included.</summary>
    public required int[] Ids { get; init; }

    /// <summary>How many places the prompt fills, those of a past included; each text's mask is so wide.</summary>
    public required int Length { get; init; }

    /// <summary>1 for tokens, 0 for padding, (B, <see cref="Length"/>).</summary>
    public required int[] Mask { get; init; }

    /// <summary>Word vectors, (B, T, C), in place of ids in the first call; null for none.</summary>
    public Tensor? Embeddings { get; init; }

    /// <summary>The segment of each token, (B, T); null for none. The tokens that follow are of the last one's.</summary>
    public int[]? TokenTypes { get; init; }

    /// <summary>What an encoder has made of other inputs, which the model attends to; null for none.</summary>
    public EncodedPrompt? Encoder { get; init; }

    /// <summary>Keys and values of the first tokens, from an earlier call; null for none.</summary>
    public GrowingCache? Past { get; init; }

    /// <summary>How many tokens <see cref="Past"/> holds.</summary>
    public int PastLength => (int)(Past?.Length.Known ?? 0);

    /// <summary>A row of the mask.</summary>
    public ReadOnlySpan<int> MaskOf(int text) => Mask.AsSpan(text * Length, Length);

    /// <summary>The positions of a text's tokens: padding does not count. What is masked gets position 1, as in PyTorch.</summary>
    public int[] Positions(int text)
    {
        var positions = new int[Length];
        var seen = 0;
        for (var i = 0; i < Length; i++) positions[i] = MaskOf(text)[i] == 0 ? 1 : seen++;
        return positions;
    }

    /// <summary>How many tokens of a text count.</summary>
    public int Count(int text) => Length - MaskOf(text).Count(0);

    /// <summary>The tokens that processors compare new ones with: an encoder's, else the prompt's own, int32 (B, E); null if there are none.</summary>
    public Tensor? Compared => Encoder is { IsOwn: true } encoder ? encoder.Tokens : TokenCount > 0 ? Tensor(Ids, Batch, TokenCount) : null;

    /// <summary>Whole numbers as a tensor.</summary>
    public static Tensor Tensor(int[] values, params long[] shape) => Tf.Constant(HostTensor.Of<int>(values, new Shape(shape)));
}

/// <summary>The outputs of an encoder that a decoder attends to.</summary>
/// <param name="States">(B, S, C).</param>
/// <param name="Mask">1 for states that count, 0 for others, (B, S); null for all.</param>
/// <param name="IsOwn">Whether the model's own encoder made them, rather than the caller.</param>
sealed record EncodedPrompt(Tensor States, Tensor? Mask, bool IsOwn)
{
    /// <summary>The tokens that the encoder has read, int32 (B, E); null where it reads none.</summary>
    public Tensor? Tokens { get; init; }

    /// <summary>What else the encoder returned: encoder_attentions, encoder_hidden_states.</summary>
    public Tensors? Others { get; init; }

    /// <summary>The same outputs, repeated for several rows of each text.</summary>
    public EncodedPrompt Repeated(int count) => count == 1 ? this : this with { States = Api.ops.repeat(States, count, 0), Mask = Mask is null ? null : Api.ops.repeat(Mask, count, 0) };
}
