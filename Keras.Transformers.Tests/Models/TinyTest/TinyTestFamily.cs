using System.Collections.Immutable;
using static Keras.Api;

namespace Keras.Transformers.Tests;

/// <summary>A family from outside, declared.</summary>
static class TinyTestFamily
{
    public static readonly ModelFamily Declaration = new()
    {
        ModelType = "tiny-test",
        Config = () => new TinyTestConfig(),
        Tasks = ImmutableDictionary.CreateRange(new Dictionary<Type, ModelClass>
        {
            [typeof(TFAutoModel)] = ModelClass.Of<TFTinyTestModel>(),
            [typeof(TFAutoModelForCausalLM)] = ModelClass.Of<TFTinyTestLMHeadModel>(),
            [typeof(TFAutoModelForSequenceClassification)] = ModelClass.Of<TFTinyTestForSequenceClassification>(),
        }),
        Tokenizer = TinyTestTokenizer.Declaration,
        Weights = TinyTestWeights.Dialect,
        Benchmark = new(ModelClass.Of<TFTinyTestForSequenceClassification>(), new Dictionary<string, Func<PretrainedConfig>> { ["tiny"] = () => new TinyTestConfig() },
            inputs => ops.arange(0, ops.shape(inputs["input_ids"])[0], dtype: "int32") % 2),
        SampleVocabulary = TinyTestTokenizer.Sample,
    };
}
