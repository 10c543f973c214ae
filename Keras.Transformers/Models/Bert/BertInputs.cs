namespace Keras.Transformers;

/// <summary>The inputs that every BERT model takes.</summary>
public record BertInputs : LayerArguments
{
    /// <summary>Token ids, (B, T), integers from 0 to vocab_size - 1; this or <see cref="inputs_embeds"/>.</summary>
    public Tensor? input_ids { get; init; }

    /// <summary>1 for tokens, 0 for padding, (B, T), or (B, T, S) for each token its own; default all tokens.</summary>
    public Tensor? attention_mask { get; init; }

    /// <summary>The segment of each token, (B, T), integers from 0 to type_vocab_size - 1; default 0.</summary>
    public Tensor? token_type_ids { get; init; }

    /// <summary>The position of each token, (B, T), integers; default 0, 1, 2..., after those of the past.</summary>
    public Tensor? position_ids { get; init; }

    /// <summary>1 for heads that are kept, 0 for others, (H) or (L, H); default all.</summary>
    public Tensor? head_mask { get; init; }

    /// <summary>Word vectors instead of ids, (B, T, C).</summary>
    public Tensor? inputs_embeds { get; init; }

    /// <summary>Whether attention probabilities are returned; default the configuration's.</summary>
    public bool? output_attentions { get; init; }

    /// <summary>Whether the states of every layer are returned; default the configuration's.</summary>
    public bool? output_hidden_states { get; init; }

    /// <summary>The ids as int32; null if vectors are given.</summary>
    /// <exception cref="ArgumentException">Both ids and vectors are given, or neither.</exception>
    internal Tensor? Ids(string owner)
    {
        if (input_ids is null == inputs_embeds is null) throw new ArgumentException($"{owner} takes either input_ids or inputs_embeds. Received: {(input_ids is null ? "neither" : "both")}.");
        return Integers(input_ids);
    }

    /// <summary>Casts ids, which may be int64, to int32; null for null.</summary>
    internal static Tensor? Integers(Tensor? ids) => ids is null ? null : Api.ops.cast(ids, "int32");
}

/// <summary>The inputs of BERT without a head, which can be a decoder.</summary>
public record BertDecoderInputs : BertInputs
{
    /// <summary>Creates an empty set of inputs.</summary>
    public BertDecoderInputs() { }

    /// <summary>Creates decoder inputs from those of an encoder.</summary>
    /// <param name="encoder">The inputs.</param>
    public BertDecoderInputs(BertInputs encoder) : base(encoder) { }

    /// <summary>An encoder's states to attend to, (B, S, C); default none.</summary>
    public Tensor? encoder_hidden_states { get; init; }

    /// <summary>1 for an encoder's tokens, 0 for padding, (B, S); default all tokens.</summary>
    public Tensor? encoder_attention_mask { get; init; }

    /// <summary>The keys and values that an earlier call returned, in Hugging Face's layout: for each layer (B, H, S, D) twice, with cross-attention four times; input_ids then
    /// holds only the new words, and attention_mask covers all.</summary>
    public Tensors? past_key_values { get; init; }

    /// <summary>The cache in which a decoder keeps keys and values instead of returning them; default none.</summary>
    public KeyValueCache? cache { get; init; }

    /// <summary>Whether keys and values are returned; default the configuration's.</summary>
    public bool? use_cache { get; init; }
}

/// <summary>The inputs of a BERT model with one kind of labels.</summary>
public sealed record BertLabelledInputs : BertInputs
{
    /// <summary>The labels for the model's head; if given, the output holds a loss.</summary>
    public Tensor? labels { get; init; }
}

/// <summary>The inputs of <see cref="TFBertLMHeadModel"/>.</summary>
public sealed record BertLMHeadInputs : BertDecoderInputs
{
    /// <summary>The words to predict, (B, T), -100 for ignored labels.</summary>
    public Tensor? labels { get; init; }
}

/// <summary>The inputs of <see cref="TFBertForNextSentencePrediction"/>.</summary>
public sealed record BertNextSentenceInputs : BertInputs
{
    /// <summary>0 if the second sentence follows the first, 1 if not, (B).</summary>
    public Tensor? next_sentence_label { get; init; }
}

/// <summary>The inputs of <see cref="TFBertForPreTraining"/>.</summary>
public sealed record BertForPreTrainingInputs : BertInputs
{
    /// <summary>The masked words, (B, T), -100 for all others.</summary>
    public Tensor? labels { get; init; }

    /// <summary>0 if the second sentence follows the first, 1 if not, (B).</summary>
    public Tensor? next_sentence_label { get; init; }
}

/// <summary>The inputs of <see cref="TFBertForQuestionAnswering"/>.</summary>
public sealed record BertForQuestionAnsweringInputs : BertInputs
{
    /// <summary>The first token of the answer, (B), from 0.</summary>
    public Tensor? start_positions { get; init; }

    /// <summary>The last token of the answer, (B), from 0.</summary>
    public Tensor? end_positions { get; init; }
}
