namespace Keras.Transformers;

/// <summary>The outputs of a model that embeds images and texts in a common space.</summary>
public sealed class TFCLIPOutput : TransformerLossOutput
{
    static readonly string[] Names = ["loss", "logits_per_image", "logits_per_text", "text_embeds", "image_embeds", "text_model_output", "vision_model_output"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>How similar each image is to each text: the cosine of their embeddings times the learned factor, (images, texts).</summary>
    public Tensor logits_per_image { get => Require(); init => Put(value); }

    /// <summary>The transposed similarities, (texts, images).</summary>
    public Tensor logits_per_text { get => Require(); init => Put(value); }

    /// <summary>The embeddings of the texts in the common space, normalised to length 1, (texts, P).</summary>
    public Tensor text_embeds { get => Require(); init => Put(value); }

    /// <summary>The embeddings of the images in the common space, normalised to length 1, (images, P).</summary>
    public Tensor image_embeds { get => Require(); init => Put(value); }

    /// <summary>All outputs of the text model.</summary>
    public Tensors text_model_output { get => this["text_model_output"]; init => Put(value); }

    /// <summary>All outputs of the vision model.</summary>
    public Tensors vision_model_output { get => this["vision_model_output"]; init => Put(value); }
}
