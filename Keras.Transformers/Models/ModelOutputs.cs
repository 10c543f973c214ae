namespace Keras.Transformers;

/// <summary>What an encoder returns.</summary>
public class TFBaseModelOutput : ModelOutput
{
    static readonly string[] Names = ["last_hidden_state", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>The states behind the last layer, (B, T, C).</summary>
    public Tensor last_hidden_state { get => Require(); init => Put(value); }

    /// <summary>The embeddings and the states behind each layer, each (B, T, C); null unless asked for.</summary>
    public Tensors? hidden_states { get => Get(); init => Put(value); }

    /// <summary>The attention probabilities of each layer, behind dropout, each (B, H, T, T); null unless asked for.</summary>
    public Tensors? attentions { get => Get(); init => Put(value); }
}

/// <summary>What an encoder with a pooler returns.</summary>
public sealed class TFBaseModelOutputWithPooling : TFBaseModelOutput
{
    static readonly string[] Names = ["last_hidden_state", "pooler_output", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>The first state through a dense layer and tanh, (B, C).</summary>
    /// <exception cref="KeyNotFoundException">The model was made without a pooler.</exception>
    public Tensor pooler_output { get => Require(); init => Put(value); }
}

/// <summary>What a sequence classifier returns.</summary>
public sealed class TFSequenceClassifierOutput : ModelOutput
{
    static readonly string[] Names = ["loss", "logits", "hidden_states", "attentions"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>The loss of each sample, (B); null without labels.</summary>
    public Tensor? loss { get => Get(); init => Put(value); }

    /// <summary>Scores before softmax, (B, labels).</summary>
    public Tensor logits { get => Require(); init => Put(value); }

    /// <summary>The embeddings and the states behind each layer, each (B, T, C); null unless asked for.</summary>
    public Tensors? hidden_states { get => Get(); init => Put(value); }

    /// <summary>The attention probabilities of each layer, behind dropout, each (B, H, T, T); null unless asked for.</summary>
    public Tensors? attentions { get => Get(); init => Put(value); }
}
