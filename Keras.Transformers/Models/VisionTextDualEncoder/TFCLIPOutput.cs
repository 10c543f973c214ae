namespace Keras.Transformers;

/// <summary>What a model returns that puts images and texts into one space.</summary>
public sealed class TFCLIPOutput : TransformerLossOutput
{
    static readonly string[] Names = ["loss", "logits_per_image", "logits_per_text", "text_embeds", "image_embeds", "text_model_output", "vision_model_output"];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Fields => Names;

    /// <summary>How much each image is like each text: the cosine of their embeddings times the factor, (images, texts).</summary>
    public Tensor logits_per_image { get => Require(); init => Put(value); }

    /// <summary>The same the other way round, (texts, images).</summary>
    public Tensor logits_per_text { get => Require(); init => Put(value); }

    /// <summary>The texts in the common space, of length 1, (texts, P).</summary>
    public Tensor text_embeds { get => Require(); init => Put(value); }

    /// <summary>The images in the common space, of length 1, (images, P).</summary>
    public Tensor image_embeds { get => Require(); init => Put(value); }

    /// <summary>All that the model of texts returned.</summary>
    public Tensors text_model_output { get => this["text_model_output"]; init => Put(value); }

    /// <summary>All that the model of images returned.</summary>
    public Tensors vision_model_output { get => this["vision_model_output"]; init => Put(value); }
}
