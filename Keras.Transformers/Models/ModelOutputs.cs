namespace Keras.Transformers;

/// <summary>The outputs that every transformer can return besides its main output.</summary>
public abstract class TransformerOutput : ModelOutput
{
    /// <summary>The embeddings and the states after each layer, each (B, T, C); null unless requested.</summary>
    public Tensors? hidden_states { get => Get(); init => Put(value); }

    /// <summary>The attention probabilities of each layer, after dropout, each (B, H, T, S); null unless requested.</summary>
    public Tensors? attentions { get => Get(); init => Put(value); }
}

/// <summary>The outputs of a model without a head that can be a decoder.</summary>
public sealed class TFBaseModelOutputWithPoolingAndCrossAttentions : TransformerOutput
{
    static readonly string[] Names = ["last_hidden_state", "pooler_output", "past_key_values", "hidden_states", "attentions", "cross_attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>The states after the last layer, (B, T, C).</summary>
    public Tensor last_hidden_state { get => Require(); init => Put(value); }

    /// <summary>The first state through a dense layer and tanh, (B, C).</summary>
    /// <exception cref="KeyNotFoundException">The model was made without a pooler.</exception>
    public Tensor pooler_output { get => Require(); init => Put(value); }

    /// <summary>For each layer its keys and values, each (B, H, S, D), of a decoder with cross-attention also the encoder's; null unless requested.</summary>
    public Tensors? past_key_values { get => Get(); init => Put(value); }

    /// <summary>The cross-attention probabilities of each layer, each (B, H, T, S); null unless requested and given an encoder's states.</summary>
    public Tensors? cross_attentions { get => Get(); init => Put(value); }
}

/// <summary>The outputs of a model without a head, with a pooler, that is not a decoder.</summary>
public sealed class TFBaseModelOutputWithPooling : TransformerOutput
{
    static readonly string[] Names = ["last_hidden_state", "pooler_output", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>The states after the last layer and its normalisation, (B, T, C).</summary>
    public Tensor last_hidden_state { get => Require(); init => Put(value); }

    /// <summary>The first state through a dense layer and an activation, (B, C).</summary>
    /// <exception cref="KeyNotFoundException">The model was made without a pooler.</exception>
    public Tensor pooler_output { get => Require(); init => Put(value); }
}

/// <summary>The outputs of a decoder without a head.</summary>
public sealed class TFBaseModelOutputWithPastAndCrossAttentions : TransformerOutput
{
    static readonly string[] Names = ["last_hidden_state", "past_key_values", "hidden_states", "attentions", "cross_attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>The states after the last layer, (B, T, C).</summary>
    public Tensor last_hidden_state { get => Require(); init => Put(value); }

    /// <summary>For each layer its keys and values, (2, B, H, S, D); null unless requested.</summary>
    public Tensors? past_key_values { get => Get(); init => Put(value); }

    /// <summary>The cross-attention probabilities of each layer, each (B, H, T, S); null unless requested and given an encoder's states.</summary>
    public Tensors? cross_attentions { get => Get(); init => Put(value); }
}

/// <summary>The outputs of a model with a head: a loss if there are labels, then predictions.</summary>
public abstract class TransformerHeadOutput : TransformerOutput, ILossOutput
{
    /// <summary>The loss: one value for each sample, (B), or the mean over tokens, (1); null without labels.</summary>
    public Tensor? loss { get => Get(); init => Put(value); }

    void ILossOutput.SetLoss(Tensor? value) => Put(value, nameof(loss));
}

/// <summary>The outputs of a composed model: a loss if requested, then predictions and the outputs of both parts.</summary>
public abstract class TransformerLossOutput : ModelOutput, ILossOutput
{
    /// <summary>The mean loss, (1); null if none was requested.</summary>
    public Tensor? loss { get => Get(); init => Put(value); }

    void ILossOutput.SetLoss(Tensor? value) => Put(value, nameof(loss));
}

/// <summary>An output that can hold a loss.</summary>
interface ILossOutput
{
    /// <summary>Sets the loss.</summary>
    void SetLoss(Tensor? value);
}

/// <summary>The outputs of a head with one kind of scores.</summary>
public abstract class TransformerLogitsOutput : TransformerHeadOutput
{
    static readonly string[] Names = ["loss", "logits", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>Scores before softmax: (B, labels), or (B, T, labels) for a head that scores each token.</summary>
    public Tensor logits { get => Require(); init => Put(value); }
}

/// <summary>The outputs of a sequence classifier; logits (B, labels).</summary>
public sealed class TFSequenceClassifierOutput : TransformerLogitsOutput;

/// <summary>The outputs of a decoder that classifies sequences; logits (B, labels).</summary>
public sealed class TFSequenceClassifierOutputWithPast : TransformerLogitsOutput
{
    static readonly string[] Names = ["loss", "logits", "past_key_values", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>For each layer its keys and values, (2, B, H, S, D); null unless requested.</summary>
    public Tensors? past_key_values { get => Get(); init => Put(value); }
}

/// <summary>The outputs of a head that predicts masked words; logits (B, T, V).</summary>
public sealed class TFMaskedLMOutput : TransformerLogitsOutput;

/// <summary>The outputs of a head that labels each token; logits (B, T, labels).</summary>
public sealed class TFTokenClassifierOutput : TransformerLogitsOutput;

/// <summary>The outputs of a head that predicts whether one sentence follows another; logits (B, 2), index 0 for "it follows".</summary>
public sealed class TFNextSentencePredictorOutput : TransformerLogitsOutput;

/// <summary>The outputs of a head that chooses one of several texts; logits (B, choices).</summary>
public sealed class TFMultipleChoiceModelOutput : TransformerLogitsOutput;

/// <summary>The outputs of a head that predicts the next word; logits (B, T, V).</summary>
public sealed class TFCausalLMOutputWithCrossAttentions : TransformerLogitsOutput
{
    static readonly string[] Names = ["loss", "logits", "past_key_values", "hidden_states", "attentions", "cross_attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>For each layer its keys and values, each (B, H, S, D), of a decoder with cross-attention also the encoder's; null unless requested.</summary>
    public Tensors? past_key_values { get => Get(); init => Put(value); }

    /// <summary>The cross-attention probabilities of each layer, each (B, H, T, S); null unless requested and given an encoder's states.</summary>
    public Tensors? cross_attentions { get => Get(); init => Put(value); }
}

/// <summary>The outputs of a head that finds the answer to a question in a text.</summary>
public sealed class TFQuestionAnsweringModelOutput : TransformerHeadOutput
{
    static readonly string[] Names = ["loss", "start_logits", "end_logits", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>The score of each token as the start of the answer, (B, T).</summary>
    public Tensor start_logits { get => Require(); init => Put(value); }

    /// <summary>For each token, the score that the answer ends with it, (B, T).</summary>
    public Tensor end_logits { get => Require(); init => Put(value); }
}

/// <summary>The outputs of a head that reconstructs masked patches.</summary>
public sealed class TFMaskedImageModelingOutput : TransformerHeadOutput
{
    static readonly string[] Names = ["loss", "reconstruction", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>The reconstructed images, in the layout of the images given: (B, C, H, W) or (B, H, W, C).</summary>
    public Tensor reconstruction { get => Require(); init => Put(value); }
}
