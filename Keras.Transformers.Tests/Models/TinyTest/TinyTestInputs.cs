namespace Keras.Transformers.Tests;

/// <summary>What the bare model takes.</summary>
record TinyTestInputs : LayerArguments
{
    /// <summary>Nothing given yet.</summary>
    public TinyTestInputs() { }

    public Tensor? input_ids { get; init; }

    public Tensor? attention_mask { get; init; }

    public Tensor? inputs_embeds { get; init; }

    public Tensors? past_key_values { get; init; }

    public KeyValueCache? cache { get; init; }

    public bool? use_cache { get; init; }

    public bool? output_attentions { get; init; }

    public bool? output_hidden_states { get; init; }
}

/// <summary>What a head takes.</summary>
sealed record TinyTestLabelledInputs : TinyTestInputs
{
    public Tensor? labels { get; init; }
}
