namespace Keras.Transformers;

/// <summary>The inputs of <see cref="TFVisionTextDualEncoderModel"/>.</summary>
public sealed record VisionTextDualEncoderInputs : LayerArguments
{
    /// <summary>Token ids, (texts, T), integers.</summary>
    public Tensor? input_ids { get; init; }

    /// <summary>Images as the vision model takes them, (images, C, H, W).</summary>
    public Tensor? pixel_values { get; init; }

    /// <summary>1 for tokens, 0 for padding, (texts, T); default all tokens.</summary>
    public Tensor? attention_mask { get; init; }

    /// <summary>The position of each token, (texts, T), integers; default as in the text model.</summary>
    public Tensor? position_ids { get; init; }

    /// <summary>The segment of each token, (texts, T), integers; default as in the text model.</summary>
    public Tensor? token_type_ids { get; init; }

    /// <summary>Whether the output holds the contrastive loss, which needs text i and image i to belong together; default false.</summary>
    public bool? return_loss { get; init; }

    /// <summary>Whether attention probabilities are returned; default the configurations'.</summary>
    public bool? output_attentions { get; init; }

    /// <summary>Whether the states of every layer are returned; default the configurations'.</summary>
    public bool? output_hidden_states { get; init; }
}
