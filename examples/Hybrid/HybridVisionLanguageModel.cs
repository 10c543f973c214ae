using Keras.Layers;
using Keras.Transformers;
using static Keras.Api;

namespace Keras.Examples;

/// <summary>A text and an image model below dense layers: does the text name what the image shows?</summary>
sealed class HybridVisionLanguageModel : Model
{
    public const int Inner = 64;

    public readonly TFPreTrainedModel text, image;
    readonly Dense joined = new(Inner, "gelu"), head = new(1);
    readonly string _language, _vision;

    /// <summary>Makes a model from the models in two folders and new dense layers.</summary>
    public HybridVisionLanguageModel(string language, string vision)
    {
        (_language, _vision) = (language, vision);
        (text, image) = (TFAutoModel.from_pretrained(language), TFAutoModel.from_pretrained(vision));
        joined.build(new Shape(-1, ((BertConfig)text.config).hidden_size + ((ViTConfig)image.config).hidden_size));
        head.build(new Shape(-1, Inner));
    }

    /// <summary>The constructor's arguments, from which a .keras file recreates the model.</summary>
    public override Dictionary<string, object?> get_config() => new() { ["language"] = _language, ["vision"] = _vision };

    /// <summary>Computes a logit, (B, 1), from "text" (the tokenizer's output) and "image" (the processor's output).</summary>
    public override Tensors call(Tensors inputs, bool training = false)
    {
        var words = text.Apply(inputs["text"], training: training).last_hidden_state[.., 0];
        var picture = image.Apply(inputs["image"], training: training).last_hidden_state[.., 0];
        return head.Apply(joined.Apply(ops.concatenate([words, picture], axis: -1)));
    }
}
