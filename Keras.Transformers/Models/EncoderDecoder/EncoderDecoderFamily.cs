using System.Collections.Immutable;

namespace Keras.Transformers;

/// <summary>Declares the family of text encoders with decoders.</summary>
static class EncoderDecoderFamily
{
    public static readonly ModelFamily Declaration = new()
    {
        ModelType = "encoder-decoder",
        Config = () => new EncoderDecoderConfig(),
        Tasks = ImmutableDictionary.CreateRange(new Dictionary<Type, ModelClass> { [typeof(TFAutoModelForSeq2SeqLM)] = ModelClass.Of<TFEncoderDecoderModel>() }),
        TokenizerPart = "encoder",
    };
}
