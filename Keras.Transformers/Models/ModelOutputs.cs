namespace Keras.Transformers;

/// <summary>What every transformer may return beside its main output.</summary>
public abstract class TransformerOutput : ModelOutput
{
    /// <summary>The embeddings and the states behind each layer, each (B, T, C); null unless asked for.</summary>
    public Tensors? hidden_states { get => Get(); init => Put(value); }

    /// <summary>The attention probabilities of each layer, behind dropout, each (B, H, T, S); null unless asked for.</summary>
    public Tensors? attentions { get => Get(); init => Put(value); }
}

/// <summary>What a backbone returns that may be a decoder.</summary>
public sealed class TFBaseModelOutputWithPoolingAndCrossAttentions : TransformerOutput
{
    static readonly string[] Names = ["last_hidden_state", "pooler_output", "past_key_values", "hidden_states", "attentions", "cross_attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>The states behind the last layer, (B, T, C).</summary>
    public Tensor last_hidden_state { get => Require(); init => Put(value); }

    /// <summary>The first state through a dense layer and tanh, (B, C).</summary>
    /// <exception cref="KeyNotFoundException">The model was made without a pooler.</exception>
    public Tensor pooler_output { get => Require(); init => Put(value); }

    /// <summary>For each layer its keys and values, each (B, H, S, D), of a decoder with cross-attention also the encoder's; null unless asked for.</summary>
    public Tensors? past_key_values { get => Get(); init => Put(value); }

    /// <summary>The cross-attention probabilities of each layer, each (B, H, T, S); null unless asked for and given an encoder's states.</summary>
    public Tensors? cross_attentions { get => Get(); init => Put(value); }
}

/// <summary>What a backbone with a pooler returns that is no decoder.</summary>
public sealed class TFBaseModelOutputWithPooling : TransformerOutput
{
    static readonly string[] Names = ["last_hidden_state", "pooler_output", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>The states behind the last layer and its normalisation, (B, T, C).</summary>
    public Tensor last_hidden_state { get => Require(); init => Put(value); }

    /// <summary>The first state through a dense layer and an activation, (B, C).</summary>
    /// <exception cref="KeyNotFoundException">The model was made without a pooler.</exception>
    public Tensor pooler_output { get => Require(); init => Put(value); }
}

/// <summary>What a decoder without a head returns.</summary>
public sealed class TFBaseModelOutputWithPastAndCrossAttentions : TransformerOutput
{
    static readonly string[] Names = ["last_hidden_state", "past_key_values", "hidden_states", "attentions", "cross_attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>The states behind the last layer, (B, T, C).</summary>
    public Tensor last_hidden_state { get => Require(); init => Put(value); }

    /// <summary>For each layer its keys and values, (2, B, H, S, D); null unless asked for.</summary>
    public Tensors? past_key_values { get => Get(); init => Put(value); }

    /// <summary>The cross-attention probabilities of each layer, each (B, H, T, S); null unless asked for and given an encoder's states.</summary>
    public Tensors? cross_attentions { get => Get(); init => Put(value); }
}

/// <summary>What a model with a head returns: perhaps a loss, then predictions.</summary>
public abstract class TransformerHeadOutput : TransformerOutput, ILossOutput
{
    /// <summary>The loss: one value for each sample, (B), or the mean over tokens, (1); null without labels.</summary>
    public Tensor? loss { get => Get(); init => Put(value); }

    void ILossOutput.SetLoss(Tensor? value) => Put(value, nameof(loss));
}

/// <summary>What a model of two models returns: perhaps a loss, then predictions and what each of both gave.</summary>
public abstract class TransformerLossOutput : ModelOutput, ILossOutput
{
    /// <summary>The mean loss, (1); null where none was asked for.</summary>
    public Tensor? loss { get => Get(); init => Put(value); }

    void ILossOutput.SetLoss(Tensor? value) => Put(value, nameof(loss));
}

/// <summary>An output that may hold a loss.</summary>
interface ILossOutput
{
    /// <summary>Sets the loss.</summary>
    void SetLoss(Tensor? value);
}

/// <summary>What a head with one kind of scores returns.</summary>
public abstract class TransformerLogitsOutput : TransformerHeadOutput
{
    static readonly string[] Names = ["loss", "logits", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>Scores before softmax: (B, labels), of a head for each token (B, T, labels).</summary>
    public Tensor logits { get => Require(); init => Put(value); }
}

/// <summary>What a sequence classifier returns; logits (B, labels).</summary>
public sealed class TFSequenceClassifierOutput : TransformerLogitsOutput;

/// <summary>What a decoder that classifies sequences returns; logits (B, labels).</summary>
public sealed class TFSequenceClassifierOutputWithPast : TransformerLogitsOutput
{
    static readonly string[] Names = ["loss", "logits", "past_key_values", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>For each layer its keys and values, (2, B, H, S, D); null unless asked for.</summary>
    public Tensors? past_key_values { get => Get(); init => Put(value); }
}

/// <summary>What a head that fills masked words returns; logits (B, T, V).</summary>
public sealed class TFMaskedLMOutput : TransformerLogitsOutput;

/// <summary>What a head that labels each token returns; logits (B, T, labels).</summary>
public sealed class TFTokenClassifierOutput : TransformerLogitsOutput;

/// <summary>What a head that tells whether one sentence follows another returns; logits (B, 2), index 0 for "it follows".</summary>
public sealed class TFNextSentencePredictorOutput : TransformerLogitsOutput;

/// <summary>What a head that chooses among texts returns; logits (B, choices).</summary>
public sealed class TFMultipleChoiceModelOutput : TransformerLogitsOutput;

/// <summary>What a head that predicts the next word returns; logits (B, T, V).</summary>
public sealed class TFCausalLMOutputWithCrossAttentions : TransformerLogitsOutput
{
    static readonly string[] Names = ["loss", "logits", "past_key_values", "hidden_states", "attentions", "cross_attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>For each layer its keys and values, each (B, H, S, D), of a decoder with cross-attention also the encoder's; null unless asked for.</summary>
    public Tensors? past_key_values { get => Get(); init => Put(value); }

    /// <summary>The cross-attention probabilities of each layer, each (B, H, T, S); null unless asked for and given an encoder's states.</summary>
    public Tensors? cross_attentions { get => Get(); init => Put(value); }
}

/// <summary>What a head that finds the answer in a text returns.</summary>
public sealed class TFQuestionAnsweringModelOutput : TransformerHeadOutput
{
    static readonly string[] Names = ["loss", "start_logits", "end_logits", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>For each token the score that the answer begins with it, (B, T).</summary>
    public Tensor start_logits { get => Require(); init => Put(value); }

    /// <summary>For each token the score that the answer ends with it, (B, T).</summary>
    public Tensor end_logits { get => Require(); init => Put(value); }
}

/// <summary>What a head returns that paints hidden patches.</summary>
public sealed class TFMaskedImageModelingOutput : TransformerHeadOutput
{
    static readonly string[] Names = ["loss", "reconstruction", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>The images as the model paints them, in the form of the images given: (B, C, H, W) or (B, H, W, C).</summary>
    public Tensor reconstruction { get => Require(); init => Put(value); }
}
