namespace Keras.Transformers;

/// <summary>The outputs of a model whose decoder predicts words from an encoder's states.</summary>
public sealed class TFSeq2SeqLMOutput : TransformerLossOutput
{
    static readonly string[] Names =
        ["loss", "logits", "past_key_values", "decoder_hidden_states", "decoder_attentions", "cross_attentions", "encoder_last_hidden_state", "encoder_hidden_states", "encoder_attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>Scores of words before softmax, (B, T, V).</summary>
    public Tensor logits { get => Require(); init => Put(value); }

    /// <summary>The decoder's keys and values in its own layout; null unless requested.</summary>
    public Tensors? past_key_values { get => Get(); init => Put(value); }

    /// <summary>The decoder's embeddings and the states after each of its layers, each (B, T, C); null unless requested.</summary>
    public Tensors? decoder_hidden_states { get => Get(); init => Put(value); }

    /// <summary>The attention probabilities of each layer of the decoder, each (B, H, T, T); null unless requested.</summary>
    public Tensors? decoder_attentions { get => Get(); init => Put(value); }

    /// <summary>The probabilities of each layer's attention to the encoder, each (B, H, T, S); null unless requested.</summary>
    public Tensors? cross_attentions { get => Get(); init => Put(value); }

    /// <summary>The states after the encoder's last layer, (B, S, E), before they are projected.</summary>
    public Tensor encoder_last_hidden_state { get => Require(); init => Put(value); }

    /// <summary>The encoder's embeddings and the states after each of its layers, each (B, S, E); null unless requested.</summary>
    public Tensors? encoder_hidden_states { get => Get(); init => Put(value); }

    /// <summary>The attention probabilities of each layer of the encoder, each (B, H, S, S); null unless requested.</summary>
    public Tensors? encoder_attentions { get => Get(); init => Put(value); }
}
