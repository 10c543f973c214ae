namespace Keras.Transformers;

/// <summary>The inputs of <see cref="TFEncoderDecoderModel"/>.</summary>
public sealed record EncoderDecoderInputs : LayerArguments
{
    /// <summary>The tokens that the encoder reads, (B, S), integers; this, <see cref="inputs_embeds"/> or <see cref="encoder_outputs"/>.</summary>
    public Tensor? input_ids { get; init; }

    /// <summary>1 for the encoder's tokens, 0 for padding, (B, S); default all tokens. The decoder attends to those with a 1.</summary>
    public Tensor? attention_mask { get; init; }

    /// <summary>The decoder's tokens, (B, T), integers; by default made from <see cref="labels"/>. With a past, only the new tokens.</summary>
    public Tensor? decoder_input_ids { get; init; }

    /// <summary>1 for the decoder's tokens, 0 for padding, (B, past + T); default all tokens.</summary>
    public Tensor? decoder_attention_mask { get; init; }

    /// <summary>The encoder's outputs, or only its states, (B, S, E); the encoder is then not run.</summary>
    public Tensors? encoder_outputs { get; init; }

    /// <summary>The decoder's keys and values that an earlier call returned.</summary>
    public Tensors? past_key_values { get; init; }

    /// <summary>Word vectors instead of the encoder's tokens, (B, S, E).</summary>
    public Tensor? inputs_embeds { get; init; }

    /// <summary>Word vectors instead of the decoder's tokens, (B, T, C).</summary>
    public Tensor? decoder_inputs_embeds { get; init; }

    /// <summary>The words to predict, (B, T), -100 for ignored labels; if given, the output holds a loss.</summary>
    public Tensor? labels { get; init; }

    /// <summary>The segment of each of the encoder's tokens, (B, S), integers; default as the encoder's.</summary>
    public Tensor? token_type_ids { get; init; }

    /// <summary>The position of each of the encoder's tokens, (B, S), integers; default as the encoder's.</summary>
    public Tensor? position_ids { get; init; }

    /// <summary>The position of each of the decoder's tokens, (B, T), integers; default as the decoder's.</summary>
    public Tensor? decoder_position_ids { get; init; }

    /// <summary>The segment of each of the decoder's tokens, (B, T), integers; default none.</summary>
    public Tensor? decoder_token_type_ids { get; init; }

    /// <summary>Whether keys and values are returned; default the decoder's configuration's.</summary>
    public bool? use_cache { get; init; }

    /// <summary>Whether attention probabilities are returned; default the configurations'.</summary>
    public bool? output_attentions { get; init; }

    /// <summary>Whether the states of every layer are returned; default the configurations'.</summary>
    public bool? output_hidden_states { get; init; }
}
