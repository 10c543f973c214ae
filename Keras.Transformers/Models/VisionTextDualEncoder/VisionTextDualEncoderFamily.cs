using System.Collections.Immutable;

namespace Keras.Transformers;

/// <summary>Declares the family of models that embed images and texts in a common space.</summary>
static class VisionTextDualEncoderFamily
{
    public static readonly ModelFamily Declaration = new()
    {
        ModelType = "vision-text-dual-encoder",
        Config = () => new VisionTextDualEncoderConfig(),
        Tasks = ImmutableDictionary.CreateRange(new Dictionary<Type, ModelClass> { [typeof(TFAutoModel)] = ModelClass.Of<TFVisionTextDualEncoderModel>() }),
        TokenizerPart = "text_config",
        ImageProcessorPart = "vision_config",
        Processor = (nameof(VisionTextDualEncoderProcessor), folder => VisionTextDualEncoderProcessor.from_pretrained(folder)),
    };
}
