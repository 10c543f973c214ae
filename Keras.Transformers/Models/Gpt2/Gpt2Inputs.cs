namespace Keras.Transformers;

/// <summary>The inputs that every GPT-2 model takes.</summary>
/// <remarks>In a list of inputs past_key_values come late, as for BERT; Hugging Face has them second.</remarks>
public record Gpt2Inputs : LayerArguments
{
    /// <summary>Token ids, (B, T), integers from 0 to vocab_size - 1; this or <see cref="inputs_embeds"/>. With a past, only the new tokens.</summary>
    public Tensor? input_ids { get; init; }

    /// <summary>1 for tokens, 0 for padding, (B, past + T); default all tokens.</summary>
    public Tensor? attention_mask { get; init; }

    /// <summary>Ids of words whose vectors are added, (B, T), from 0 to vocab_size - 1; default none.</summary>
    public Tensor? token_type_ids { get; init; }

    /// <summary>The position of each token, (B, T), integers; default 0, 1, 2..., after those of the past and not counting padding before the first token.</summary>
    public Tensor? position_ids { get; init; }

    /// <summary>1 for heads that are kept, 0 for others, (H) or (L, H); default all.</summary>
    public Tensor? head_mask { get; init; }

    /// <summary>Word vectors instead of ids, (B, T, C).</summary>
    public Tensor? inputs_embeds { get; init; }

    /// <summary>An encoder's states to attend to, (B, S, C); default none.</summary>
    public Tensor? encoder_hidden_states { get; init; }

    /// <summary>1 for an encoder's tokens, 0 for padding, (B, S); default all tokens.</summary>
    public Tensor? encoder_attention_mask { get; init; }

    /// <summary>The keys and values that an earlier call returned, in Hugging Face's layout: for each layer (2, B, H, S, D); then attention_mask covers all tokens.</summary>
    public Tensors? past_key_values { get; init; }

    /// <summary>The cache in which keys and values are kept instead of being returned; default none.</summary>
    public KeyValueCache? cache { get; init; }

    /// <summary>Whether keys and values are returned; default the configuration's.</summary>
    public bool? use_cache { get; init; }

    /// <summary>Whether attention probabilities are returned; default the configuration's.</summary>
    public bool? output_attentions { get; init; }

    /// <summary>Whether the states of every layer are returned; default the configuration's.</summary>
    public bool? output_hidden_states { get; init; }
}

/// <summary>The inputs of a GPT-2 model with one kind of labels.</summary>
public sealed record Gpt2LabelledInputs : Gpt2Inputs
{
    /// <summary>The labels for the model's head; if given, the output holds a loss.</summary>
    public Tensor? labels { get; init; }
}

/// <summary>The inputs of <see cref="TFGPT2ForQuestionAnswering"/>.</summary>
public sealed record Gpt2QuestionAnsweringInputs : Gpt2Inputs
{
    /// <summary>The first token of the answer, (B), from 0.</summary>
    public Tensor? start_positions { get; init; }

    /// <summary>The last token of the answer, (B), from 0.</summary>
    public Tensor? end_positions { get; init; }
}

/// <summary>The inputs of <see cref="TFGPT2DoubleHeadsModel"/>; all inputs of tokens have an additional axis, (B, choices, T).</summary>
public sealed record Gpt2DoubleHeadsInputs : Gpt2Inputs
{
    /// <summary>The token of each text whose state decides the choice, (B, choices), from 0; default the last.</summary>
    public Tensor? mc_token_ids { get; init; }

    /// <summary>The words to predict, (B, choices, T), -100 for ignored labels.</summary>
    public Tensor? labels { get; init; }

    /// <summary>The index of the right text, (B), from 0.</summary>
    public Tensor? mc_labels { get; init; }
}
