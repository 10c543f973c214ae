namespace Keras.Transformers;

/// <summary>The inputs that every vision transformer takes.</summary>
public record ViTInputs : LayerArguments
{
    /// <summary>Images, (B, C, H, W) or, if only the last axis equals num_channels, (B, H, W, C); floats as the model's image processor makes them.</summary>
    public Tensor? pixel_values { get; init; }

    /// <summary>1 for heads that are kept, 0 for others, (H) or (L, H); default all.</summary>
    public Tensor? head_mask { get; init; }

    /// <summary>Whether images may differ in size from the model's: the position vectors are then resized to their patches; default false.</summary>
    /// <remarks>Uses TensorFlow's bicubic interpolation, a = -0.5, like Hugging Face TF; its PyTorch classes have a = -0.75, which changes the outputs by about 0.01.</remarks>
    public bool? interpolate_pos_encoding { get; init; }

    /// <summary>Whether attention probabilities are returned; default the configuration's.</summary>
    public bool? output_attentions { get; init; }

    /// <summary>Whether the states of every layer are returned; default the configuration's.</summary>
    public bool? output_hidden_states { get; init; }
}

/// <summary>The inputs of a vision transformer with patches that can be masked.</summary>
public sealed record ViTMaskedInputs : ViTInputs
{
    /// <summary>Creates an empty set of inputs.</summary>
    public ViTMaskedInputs() { }

    /// <summary>Creates inputs without masked patches.</summary>
    /// <param name="inputs">The inputs.</param>
    public ViTMaskedInputs(ViTInputs inputs) : base(inputs) { }

    /// <summary>1 for patches that the mask token replaces, 0 for others, (B, N), row after row of the image's patches; default none.</summary>
    public Tensor? bool_masked_pos { get; init; }
}

/// <summary>The inputs of a vision transformer with labels.</summary>
public sealed record ViTLabelledInputs : ViTInputs
{
    /// <summary>The labels for the model's head; if given, the output holds a loss.</summary>
    public Tensor? labels { get; init; }
}
