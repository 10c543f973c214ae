namespace Keras.Transformers;

/// <summary>What <c>generate</c> needs from a model: scores of the next token, with the keys and values of earlier tokens kept in a cache.</summary>
public interface ICausalLanguageModel
{
    /// <summary>The form of its keys and values.</summary>
    CacheForm CacheForm { get; }

    /// <summary>The maximum number of tokens that it has positions for.</summary>
    int PositionCount { get; }

    /// <summary>Scores of the next tokens, (B, N, V), for the requested positions, and other requested outputs.</summary>
    /// <param name="inputs">The tokens, and the cached state of earlier ones.</param>
    TFCausalLMOutputWithCrossAttentions Decode(DecoderInputs inputs);

    /// <summary>Keys and values in the layout that the model's outputs have.</summary>
    /// <param name="cache">The cache that holds them.</param>
    Tensors PastOf(KeyValueCache cache);

    /// <summary>A cache of keys and values in the layout that the model's outputs have.</summary>
    /// <param name="past_key_values">The keys and values.</param>
    /// <exception cref="ShapeMismatchException">The keys and values do not fit the model.</exception>
    GrowingCache CacheOf(Tensors past_key_values);
}

/// <summary>The sizes of a decoder's keys and values.</summary>
/// <param name="Layers">The number of attention layers.</param>
/// <param name="Heads">Heads of keys and values, H.</param>
/// <param name="Size">The size of a head, D.</param>
public sealed record CacheForm(int Layers, int Heads, int Size);

/// <summary>The inputs of one call of a decoder.</summary>
public sealed record DecoderInputs
{
    /// <summary>Token ids, (B, T), int32; this or <see cref="inputs_embeds"/>.</summary>
    public Tensor? input_ids { get; init; }

    /// <summary>Word vectors instead of ids, (B, T, C).</summary>
    public Tensor? inputs_embeds { get; init; }

    /// <summary>1 for tokens, 0 for padding, (B, past + T), or as wide as the cache.</summary>
    public required Tensor attention_mask { get; init; }

    /// <summary>The position of each token, (B, T), int32.</summary>
    public required Tensor position_ids { get; init; }

    /// <summary>The segment of each token, (B, T), int32; default none.</summary>
    public Tensor? token_type_ids { get; init; }

    /// <summary>An encoder's states to attend to, (B, S, C); default none.</summary>
    public Tensor? encoder_hidden_states { get; init; }

    /// <summary>1 for an encoder's tokens, 0 for padding, (B, S); default all tokens.</summary>
    public Tensor? encoder_attention_mask { get; init; }

    /// <summary>The cache for keys and values; null to keep none.</summary>
    public KeyValueCache? cache { get; init; }

    /// <summary>The positions in T whose scores are needed, (N), int32.</summary>
    public required Tensor scored { get; init; }

    /// <summary>Whether attention probabilities are returned.</summary>
    public bool output_attentions { get; init; }

    /// <summary>Whether the states of every layer are returned.</summary>
    public bool output_hidden_states { get; init; }
}
