namespace Keras.Transformers;

/// <summary>The inputs of a transformer layer, and of the stack of layers.</summary>
sealed record TransformerLayerInputs : LayerArguments
{
    /// <summary>The states of a sequence, (B, T, C).</summary>
    public Tensor states { get; init; } = null!;

    /// <summary>Added to the scores, broadcastable to (B, H, T, S); null for nothing.</summary>
    public Tensor? mask { get; init; }

    /// <summary>The factors of the heads, (H) or (L, H); null for 1.</summary>
    public Tensor? head_mask { get; init; }

    /// <summary>An encoder's states, (B, S, C), to attend to; null for none.</summary>
    public Tensor? encoder_states { get; init; }

    /// <summary>Added to the scores of an encoder's states.</summary>
    public Tensor? encoder_mask { get; init; }

    /// <summary>Keys and values of earlier tokens; null for none.</summary>
    public KeyValueCache? cache { get; init; }

    public bool output_attentions { get; init; }
}

/// <summary>The outputs of a transformer layer.</summary>
sealed class TransformerLayerOutput : ModelOutput
{
    static readonly string[] Names = ["states", "attentions", "cross_attentions"];

    protected override IReadOnlyList<string> Fields => Names;

    public Tensor states { get => Require(); init => Put(value); }

    public Tensor? attentions { get => Get(); init => Put(value); }

    public Tensor? cross_attentions { get => Get(); init => Put(value); }
}
