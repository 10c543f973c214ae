using System.Collections.Immutable;

namespace Keras.Transformers;

/// <summary>Declares the family of image encoders with decoders.</summary>
static class VisionEncoderDecoderFamily
{
    public static readonly ModelFamily Declaration = new()
    {
        ModelType = "vision-encoder-decoder",
        Config = () => new VisionEncoderDecoderConfig(),
        Tasks = ImmutableDictionary.CreateRange(new Dictionary<Type, ModelClass> { [typeof(TFAutoModelForVision2Seq)] = ModelClass.Of<TFVisionEncoderDecoderModel>() }),
        TokenizerPart = "decoder",
        ImageProcessorPart = "encoder",
    };
}
