namespace Keras.Transformers;

/// <summary>What <c>generate</c> returns: the token sequences and other requested outputs. It converts to the tensor of sequences.</summary>
/// <remarks>One class represents Hugging Face's outputs of all decoding methods (GenerateDecoderOnlyOutput, GenerateBeamDecoderOnlyOutput, and for models with an encoder
/// GenerateEncoderDecoderOutput, GenerateBeamEncoderDecoderOutput).</remarks>
public sealed class GenerateOutput : ModelOutput
{
    static readonly string[] Names =
    [
        "sequences", "sequences_scores", "scores", "logits", "beam_indices", "encoder_attentions", "encoder_hidden_states", "attentions", "decoder_attentions", "cross_attentions", "hidden_states",
        "decoder_hidden_states", "past_key_values",
    ];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>The tokens of each text, including the prompt, (B · num_return_sequences, T), int32; texts that ended before others are padded.</summary>
    public Tensor sequences { get => Require(); init => Put(value); }

    /// <summary>With beam search, each text's score: the sum of its log-probabilities, divided by its length to the power of length_penalty, (B · num_return_sequences); otherwise null.</summary>
    public Tensor? sequences_scores { get => Get(); init => Put(value); }

    /// <summary>The scores of each step after all processors, each (R, V), R being the number of texts, times that of beams; null without output_scores.</summary>
    public Tensors? scores { get => Get(); init => Put(value); }

    /// <summary>The model's unprocessed scores of each step, each (R, V); null without output_logits.</summary>
    public Tensors? logits { get => Get(); init => Put(value); }

    /// <summary>With beam search, the row of <see cref="scores"/> that each new token came from, -1 after a text's end, (B · num_return_sequences, T - prompt), int32; otherwise null.</summary>
    public Tensor? beam_indices { get => Get(); init => Put(value); }

    /// <summary>The encoder's attention probabilities, layer by layer, (B, H, S, S); null without an encoder or output_attentions.</summary>
    public Tensors? encoder_attentions { get => Get(); init => Put(value); }

    /// <summary>The encoder's embeddings and the states after each layer, (B, S, E); null without an encoder or output_hidden_states.</summary>
    public Tensors? encoder_hidden_states { get => Get(); init => Put(value); }

    /// <summary>The decoder's attentions of a model with an encoder, as <see cref="attentions"/> for other models.</summary>
    public Tensors? decoder_attentions { get => Get(); init => Put(value); }

    /// <summary>For each step, the probabilities of each layer's attention to the encoder, (R, H, T, S); null without output_attentions and an encoder's states.</summary>
    public Tensors? cross_attentions { get => Get(); init => Put(value); }

    /// <summary>The decoder's hidden states of a model with an encoder, as <see cref="hidden_states"/> for other models.</summary>
    public Tensors? decoder_hidden_states { get => Get(); init => Put(value); }

    /// <summary>For each step the attention probabilities of each layer, (R, H, T, S); null without output_attentions.</summary>
    public Tensors? attentions { get => Get(); init => Put(value); }

    /// <summary>For each step, the embeddings and the states after each layer, (R, T, C); null without output_hidden_states.</summary>
    public Tensors? hidden_states { get => Get(); init => Put(value); }

    /// <summary>The keys and values of all tokens but the last, in the model's layout, from which a later call can continue; null without return_dict_in_generate, and for beam
    /// search and contrastive search, whose rows are not the texts.</summary>
    public Tensors? past_key_values { get => Get(); init => Put(value); }

    /// <summary>Makes the output of a call.</summary>
    /// <param name="sequences">The texts.</param>
    /// <param name="record">The recorded outputs of the steps.</param>
    /// <param name="past">Keys and values; null for none.</param>
    /// <param name="ofEncoder">Whether the model has an encoder, which gives the decoder's fields their longer names.</param>
    /// <param name="encoder">The encoder's attentions and states by field; null for none.</param>
    internal static GenerateOutput Of(Tensor sequences, StepRecord record, Tensors? past, bool ofEncoder, Tensors? encoder)
    {
        var output = new GenerateOutput { sequences = sequences, scores = record["scores"], logits = record["logits"], cross_attentions = record["cross_attentions"], past_key_values = past };
        foreach (var name in new[] { "attentions", "hidden_states" }) output.Put(record[name], ofEncoder ? $"decoder_{name}" : name);
        foreach (var (name, value) in encoder?.Named() ?? []) output.Put(value, name);
        return output;
    }

    internal void SetBeams(Tensor scores, Tensor beams)
    {
        Put(scores, nameof(sequences_scores));
        Put(beams, nameof(beam_indices));
    }

    /// <summary>Converts to <see cref="sequences"/>.</summary>
    public static implicit operator Tensor(GenerateOutput output) => (output ?? throw new ArgumentNullException(nameof(output))).sequences;
}
