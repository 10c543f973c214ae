namespace Keras.Transformers;

/// <summary>What <see cref="TFVisionTextDualEncoderModel"/> takes.</summary>
public sealed record VisionTextDualEncoderInputs : LayerArguments
{
    /// <summary>Token ids, (texts, T), integers.</summary>
    public Tensor? input_ids { get; init; }

    /// <summary>Images as the model of images takes them, (images, C, H, W).</summary>
    public Tensor? pixel_values { get; init; }

    /// <summary>1 for tokens, 0 for padding, (texts, T); default all tokens.</summary>
    public Tensor? attention_mask { get; init; }

    /// <summary>The position of each token, (texts, T), integers; default as the model of texts'.</summary>
    public Tensor? position_ids { get; init; }

    /// <summary>The segment of each token, (texts, T), integers; default as the model of texts'.</summary>
    public Tensor? token_type_ids { get; init; }

    /// <summary>Whether the output holds the contrastive loss, for which the image of each text has its number; default false.</summary>
    public bool? return_loss { get; init; }

    /// <summary>Whether attention probabilities are returned; default the configurations'.</summary>
    public bool? output_attentions { get; init; }

    /// <summary>Whether the states of every layer are returned; default the configurations'.</summary>
    public bool? output_hidden_states { get; init; }
}
